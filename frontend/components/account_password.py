"""The person's own page: changing the password."""

from __future__ import annotations

import streamlit as st

from frontend import visitor
from frontend.components.new_credentials import show_password_rules
from frontend.components.notice import done_html, paragraphs_html, problem_html
from frontend.errors import AccountError
from frontend.i18n import problem_text
from frontend.screen import SignedIn
from frontend.sessions import token_hash


def show_password(page: SignedIn) -> None:
    """Draw the section."""
    words = page.screen.words
    st.header(words.access.password_title, anchor=False)
    with st.expander(words.access.password_change, key="password_change"):
        st.html(paragraphs_html([words.access.password_note]))
        with st.form("new_password_form", border=False, clear_on_submit=True):
            present = ask_present_password(page, key="present_password")
            new = st.text_input(
                words.access.new_password,
                key="new_password",
                type="password",
                autocomplete="new-password",
            )
            show_password_rules(words, password_key="new_password", login_id=page.user.login_id)
            sent = st.form_submit_button(
                words.access.password_change, key="new_password_submit", type="primary"
            )
        if sent:
            _change(page, present, new or "")


def ask_present_password(page: SignedIn, *, key: str) -> str:
    """The field that asks for the present password, which guards whatever cannot be undone."""
    typed = st.text_input(
        page.screen.words.access.password_present,
        key=key,
        type="password",
        autocomplete="current-password",
    )
    return typed or ""


def client_of(page: SignedIn) -> str:
    """Where the request comes from."""
    return visitor.client_address(trust_proxy=page.screen.services.settings.trust_proxy)


def show_refusal(page: SignedIn, error: AccountError) -> None:
    """Say why it was refused."""
    problem = problem_text(page.screen.words, error.code, error.params)
    st.html(problem_html(problem, code=error.code))


def _change(page: SignedIn, present: str, new: str) -> None:
    token, words = visitor.session_token(), page.screen.words.access
    try:
        had_codes = page.screen.services.accounts.change_password(
            page.user,
            present,
            new,
            keep=None if token is None else token_hash(token),
            address=client_of(page),
        )
    except AccountError as error:
        show_refusal(page, error)
        return
    told = [words.password_changed, *([words.codes_ended] if had_codes else [])]
    st.html(done_html(" ".join(told)))
