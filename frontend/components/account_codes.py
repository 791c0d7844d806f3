"""The person's own page: recovery codes."""

from __future__ import annotations

import json
from html import escape

import streamlit as st

from frontend.components.account_password import (
    ask_present_password,
    client_of,
    show_refusal,
)
from frontend.components.notice import paragraphs_html
from frontend.errors import AccountError
from frontend.screen import SignedIn


def show_codes(page: SignedIn) -> None:
    """Draw the section: how many codes are left, and the way to new ones."""
    words = page.screen.words.access
    recovery = page.screen.services.recovery
    st.header(words.codes_title, anchor=False)
    left = st.empty()
    with st.expander(words.codes_make, key="codes"):
        st.html(paragraphs_html([words.codes_note, words.codes_renew_note]))
        with st.form("codes_form", border=False, clear_on_submit=True):
            present = ask_present_password(page, key="codes_password")
            sent = st.form_submit_button(words.codes_make, key="codes_submit", type="primary")
        codes = _renew(page, present) if sent else None
    count = recovery.count(page.user.id)
    left.html(
        '<p class="sn-text sn-codes-left">'
        f"{escape(words.codes_left.format(count=count) if count else words.codes_none)}</p>"
    )
    if codes is not None:
        # The title is in the person's language, so the dialog is made here and not on import.
        st.dialog(words.codes_title, dismissible=False)(_show_once)(page, codes)


def _renew(page: SignedIn, present: str) -> tuple[str, ...] | None:
    shared = page.screen.services
    try:
        shared.accounts.confirm(page.user, present, address=client_of(page))
    except AccountError as error:
        show_refusal(page, error)
        return None
    return shared.recovery.renew(page.user.id)


def _show_once(page: SignedIn, codes: tuple[str, ...]) -> None:
    words = page.screen.words.access
    st.html(paragraphs_html([words.codes_once]))
    # Written by the page itself: a download button would put them at a public /media address.
    text = "\n".join(codes)
    st.code(text, language=None)
    st.html(
        f'<a class="sn-save" href="#" download="skin-notes-codes.txt">{escape(words.codes_file)}'
        "</a><script>document.querySelector('.sn-save').href=URL.createObjectURL("
        f"new Blob([{json.dumps(text)}],{{type:'text/plain'}}))</script>",
        unsafe_allow_javascript=True,
    )
    if st.button(words.codes_saved, key="codes_saved", type="primary", width="stretch"):
        st.rerun()
