"""Setting a new password with a recovery code, below the form for logging in."""

from __future__ import annotations

import streamlit as st

from frontend import visitor
from frontend.components.journeys import enter
from frontend.components.new_credentials import show_password_rules
from frontend.components.notice import paragraphs_html, problem_html
from frontend.errors import AccountError
from frontend.i18n import problem_text
from frontend.screen import Screen


def show_recovery(screen: Screen, *, address: str) -> None:
    """Draw the form, folded away.

    Args:
        screen: The page.
        address: Path of the page that was asked for; the person lands there once signed in.
    """
    words = screen.words
    with st.expander(words.access.forgot, key="forgot"):
        st.html(paragraphs_html(words.access.forgot_how))
        with st.form("recovery", border=False):
            login_id = st.text_input(
                words.login.login_id,
                key="recovery_id",
                autocomplete="username",
            )
            code = st.text_input(
                words.access.recovery_code,
                key="recovery_code",
                autocomplete="off",
            )
            password = st.text_input(
                words.access.new_password,
                key="recovery_password",
                type="password",
                autocomplete="new-password",
            )
            show_password_rules(words, id_key="recovery_id", password_key="recovery_password")
            sent = st.form_submit_button(
                words.access.recover, key="recovery_submit", width="stretch"
            )
        if sent:
            _recover(screen, login_id or "", code or "", password or "", address=address)


def _recover(screen: Screen, login_id: str, code: str, password: str, *, address: str) -> None:
    shared = screen.services
    try:
        user = shared.recovery.use(
            login_id,
            code,
            password,
            address=visitor.client_address(trust_proxy=shared.settings.trust_proxy),
        )
    except AccountError as error:
        problem = problem_text(screen.words, error.code, error.params)
        st.html(problem_html(problem, code=error.code))
        return
    enter(screen, user, address=address)
