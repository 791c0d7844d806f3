"""The person's own page: language, what is stored, logging out."""

from __future__ import annotations

from html import escape

import streamlit as st

from frontend.components.language_choice import choose_language
from frontend.components.notice import paragraphs_html, waiting_html
from frontend.screen import SignedIn
from frontend.sessions import CLOSE_PATH


def show(page: SignedIn) -> None:
    """Draw the page."""
    words = page.screen.words
    st.title(words.account.title, anchor=False)
    st.html(
        f'<div class="sn-card"><span class="sn-note">{escape(words.account.signed_in)}</span>'
        f'<strong class="sn-person">{escape(page.user.login_id)}</strong></div>'
    )
    choose_language(page.screen)
    st.header(words.account.data_title, anchor=False)
    st.html(paragraphs_html(words.account.data))
    if st.button(words.account.log_out, key="log_out"):
        _leave(page)


def _leave(page: SignedIn) -> None:
    page.screen.memory.belong_to(None)
    st.html(waiting_html(page.screen.words.login.leaving))
    # Only the route can clear the cookie, and it answers to POST alone, so that no link on
    # another site logs anybody out.
    st.html(
        "<script>const form=document.createElement('form');form.method='post';"
        f"form.action='{CLOSE_PATH}';document.body.append(form);form.submit()</script>",
        unsafe_allow_javascript=True,
    )
