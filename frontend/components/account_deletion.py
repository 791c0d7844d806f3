"""The person's own page: logging out, and deleting the account."""

from __future__ import annotations

import logging
from html import escape

import streamlit as st

from frontend.components.account_password import (
    ask_present_password,
    client_of,
    show_refusal,
)
from frontend.components.failing_database import telling_of_a_failing_database
from frontend.components.journeys import leave
from frontend.components.notice import list_html
from frontend.errors import AccountError
from frontend.screen import SignedIn
from frontend.store.failures import DATABASE_FAILURES

_log = logging.getLogger(__name__)


def show_leaving(page: SignedIn) -> None:
    """Draw the two buttons that log out, here and everywhere."""
    words = page.screen.words
    with st.container(horizontal=True, key="leaving"):
        here = st.button(words.account.log_out, key="log_out")
        everywhere = st.button(words.access.everywhere, key="log_out_everywhere")
    if here:
        leave(page.screen, waiting=words.login.leaving)
    elif everywhere:
        page.screen.services.sessions.close_all(page.user.id)
        leave(page.screen, waiting=words.login.leaving, notice="logged_out_everywhere")


def show_deletion(page: SignedIn) -> None:
    """Draw the section that deletes the account, after a question."""
    words = page.screen.words.access
    st.header(words.delete_title, anchor=False)
    st.html(f'<p class="sn-text">{escape(words.delete_note)}</p>')
    if st.button(words.delete_open, key="delete_account"):
        st.dialog(words.delete_ask)(_ask)(page)


def _ask(page: SignedIn) -> None:
    words = page.screen.words.access
    st.html(list_html(words.delete_what, kind="points"))
    st.page_link(page.screen.pages.history, label=words.delete_export)
    with st.form("delete_form", border=False):
        present = ask_present_password(page, key="delete_password")
        sent = st.form_submit_button(words.delete_confirm, key="delete_confirm", width="stretch")
    if not sent:
        return
    with telling_of_a_failing_database(page.screen.words):
        try:
            page.screen.services.accounts.delete(page.user, present, address=client_of(page))
        except AccountError as error:
            show_refusal(page, error)
            return
        leave(page.screen, waiting=words.deleting, notice=_farewell(page))


def _farewell(page: SignedIn) -> str:
    """The notice that tells whether photos are still to be erased."""
    try:
        left = page.screen.services.kept_photos.erase.left()
    except DATABASE_FAILURES:
        # The account is gone, and nobody should be told that it is not.
        _log.exception("after an account was deleted the database failed")
        return "account_deleted_later"
    return "account_deleted_later" if left else "account_deleted"
