"""The person's own page: language, password, devices, codes, photos, data, leaving."""

from __future__ import annotations

from html import escape

import streamlit as st

from frontend.components.account_codes import show_codes
from frontend.components.account_deletion import show_deletion, show_leaving
from frontend.components.account_devices import show_devices
from frontend.components.account_password import show_password
from frontend.components.account_photos import show_kept_photos
from frontend.components.language_choice import choose_language
from frontend.components.new_credentials import tick_rules
from frontend.components.notice import paragraphs_html
from frontend.screen import SignedIn


def show(page: SignedIn) -> None:
    """Draw the page."""
    words = page.screen.words
    st.title(words.account.title, anchor=False)
    st.html(
        f'<div class="sn-card"><span class="sn-note">{escape(words.account.signed_in)}</span>'
        f'<strong class="sn-person">{escape(page.user.login_id)}</strong></div>'
    )
    choose_language(page.screen)
    show_password(page)
    show_devices(page)
    show_codes(page)
    show_kept_photos(page)
    st.header(words.account.data_title, anchor=False)
    st.html(paragraphs_html(words.account.data))
    st.header(words.account.log_out, anchor=False)
    show_leaving(page)
    show_deletion(page)
    tick_rules()
