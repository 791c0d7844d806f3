"""Logging in and signing up, in place of the page that was asked for."""

from __future__ import annotations

from html import escape

import streamlit as st

from frontend import visitor
from frontend.accounts import User
from frontend.components.arrival import greet_visitor
from frontend.components.journeys import enter
from frontend.components.language_choice import choose_language
from frontend.components.new_credentials import show_id_rules, show_password_rules, tick_rules
from frontend.components.notice import list_html, problem_html
from frontend.components.recovery_form import show_recovery
from frontend.errors import AccountError
from frontend.i18n import problem_text
from frontend.sample import sample_teaser
from frontend.screen import Screen

_LOG_IN = "log_in"
_SIGN_UP = "sign_up"
_SUBMIT = "auth_submit"


def show(screen: Screen, *, address: str) -> None:
    """Draw the promise and the form.

    Args:
        screen: The page.
        address: Path of the page that was asked for; the person lands there once signed in.
    """
    # A place of its own: without it everything below would move when the notice goes.
    with st.container(key="arrival"):
        # Whoever has just sent the form wants to hear about that.
        if not st.session_state.get(_SUBMIT):
            greet_visitor(screen.words)
    promise, form = st.columns([6, 5], gap="large")
    with promise:
        _show_promise(screen)
    with form:
        with st.container(border=True, key="auth_card"):
            signing_up = _show_form(screen, address)
            if not signing_up:
                show_recovery(screen, address=address)
        choose_language(screen)
    tick_rules()


def _show_promise(screen: Screen) -> None:
    words = screen.words
    with st.container(key="hero"):
        st.title(words.login.promise, anchor=False)
        st.html(list_html(words.login.points, kind="points"))
        st.html(
            f'<figure class="sn-sample"><img src="{sample_teaser()}" '
            f'alt="{escape(words.login.sample_alternative)}">'
            f"<figcaption>{escape(words.login.sample_credit)}</figcaption></figure>"
        )
        if st.button(words.login.try_sample, key="try_sample"):
            st.switch_page(screen.pages.sample)


def _show_form(screen: Screen, address: str) -> bool:
    """Draw the form and deal with what was sent; tell whether it is for signing up."""
    words = screen.words
    mode = st.segmented_control(
        words.login.choice,
        [_LOG_IN, _SIGN_UP],
        default=_LOG_IN,
        required=True,
        format_func={_LOG_IN: words.login.log_in, _SIGN_UP: words.login.sign_up}.__getitem__,
        key="auth_mode",
        label_visibility="collapsed",
        width="stretch",
    )
    signing_up = mode == _SIGN_UP
    # Above the fields, because on a phone the button is the last thing that is in sight.
    refusal = st.empty()
    with st.form("auth", border=False):
        login_id = st.text_input(
            words.login.login_id,
            key="login_id",
            autocomplete="username",
        )
        if signing_up:
            show_id_rules(words, id_key="login_id")
        password = st.text_input(
            words.login.password,
            key="password",
            type="password",
            autocomplete="new-password" if signing_up else "current-password",
        )
        if signing_up:
            show_password_rules(words, id_key="login_id", password_key="password")
        sent = st.form_submit_button(
            words.login.sign_up if signing_up else words.login.log_in,
            key=_SUBMIT,
            type="primary",
            width="stretch",
        )
    if sent:
        try:
            user = _user_of(screen, login_id or "", password or "", signing_up=signing_up)
        except AccountError as error:
            problem = problem_text(words, error.code, error.params)
            refusal.html(problem_html(problem, code=error.code))
        else:
            enter(screen, user, address=address)
    return signing_up


def _user_of(screen: Screen, login_id: str, password: str, *, signing_up: bool) -> User:
    accounts = screen.services.accounts
    client = visitor.client_address(trust_proxy=screen.services.settings.trust_proxy)
    if signing_up:
        return accounts.sign_up(login_id, password, address=client)
    return accounts.log_in(login_id, password, address=client)
