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
from frontend.i18n import write_day
from frontend.moments import utc_now
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
    st.code("\n".join(codes), language=None)
    # Written by the page itself: a download button would put them at a public /media address.
    text = json.dumps(_file_of(page, codes)).replace("<", "\\u003c")
    st.html(
        f'<a class="sn-save" href="#" download="skin-notes-codes.txt">{escape(words.codes_file)}'
        "</a><script>document.querySelector('.sn-save').href=URL.createObjectURL("
        f"new Blob([{text}],{{type:'text/plain'}}))</script>",
        unsafe_allow_javascript=True,
    )
    if st.button(words.codes_saved, key="codes_saved", type="primary", width="stretch"):
        st.rerun()


def _file_of(page: SignedIn, codes: tuple[str, ...]) -> str:
    """What is saved: found again in a year, it says what it is, whose, and of which day."""
    words = page.screen.words
    day = write_day(words, page.screen.local(utc_now()))
    told = {"app": words.app, "login_id": page.user.login_id, "day": day}
    head = [line.format_map(told) for line in words.access.codes_file_head]
    return "\n".join([*head, "", *codes, ""])
