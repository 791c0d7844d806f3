"""Logging in and signing up, in place of the page that was asked for."""

from __future__ import annotations

import json
from html import escape
from urllib.parse import urlencode

import streamlit as st

from frontend.accounts import LOGIN_ID_MAXIMUM, LOGIN_ID_MINIMUM, PASSWORD_MAXIMUM, PASSWORD_MINIMUM
from frontend.components.language_choice import choose_language
from frontend.components.notice import list_html, problem_html, waiting_html
from frontend.cookie_routes import NOTICE_PARAMETER
from frontend.errors import AccountError
from frontend.i18n import problem_text
from frontend.sample import sample_teaser
from frontend.screen import Screen
from frontend.sessions import open_path

_LOG_IN = "log_in"
_SIGN_UP = "sign_up"


def show(screen: Screen, *, address: str) -> None:
    """Draw the promise and the form.

    Args:
        screen: The page.
        address: Path of the page that was asked for; the person lands there once signed in.
    """
    promise, form = st.columns([6, 5], gap="large")
    with promise:
        _show_promise(screen)
    with form:
        _show_notice(screen)
    with form, st.container(border=True, key="auth_card"):
        _show_form(screen, address)
    with form:
        choose_language(screen)


def _show_notice(screen: Screen) -> None:
    """Say why the route that opens sessions sent the person back here."""
    code = st.query_params.get(NOTICE_PARAMETER)
    if code is not None and code in screen.words.problems:
        st.html(problem_html(problem_text(screen.words, code, {}), code=code))


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


def _show_form(screen: Screen, address: str) -> None:
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
    with st.form("auth", border=False):
        login_id = st.text_input(
            words.login.login_id,
            max_chars=LOGIN_ID_MAXIMUM,
            key="login_id",
            autocomplete="username",
        )
        if signing_up:
            st.caption(
                words.login.login_id_rule.format(minimum=LOGIN_ID_MINIMUM, maximum=LOGIN_ID_MAXIMUM)
            )
        password = st.text_input(
            words.login.password,
            max_chars=PASSWORD_MAXIMUM,
            key="password",
            type="password",
            autocomplete="new-password" if signing_up else "current-password",
        )
        if signing_up:
            st.caption(words.login.password_rule.format(minimum=PASSWORD_MINIMUM))
        sent = st.form_submit_button(
            words.login.sign_up if signing_up else words.login.log_in,
            key="auth_submit",
            type="primary",
            width="stretch",
        )
    if sent:
        _enter(screen, login_id or "", password or "", address, signing_up=signing_up)


def _enter(screen: Screen, login_id: str, password: str, address: str, *, signing_up: bool) -> None:
    accounts = screen.services.accounts
    try:
        if signing_up:
            user = accounts.sign_up(login_id, password)
        else:
            user = accounts.log_in(login_id, password)
    except AccountError as error:
        problem = problem_text(screen.words, error.code, error.params)
        st.html(problem_html(problem, code=error.code))
        return
    st.html(waiting_html(screen.words.login.entering))
    kept = {name: value for name, value in st.query_params.items() if name != NOTICE_PARAMETER}
    query = urlencode(kept)
    ticket = screen.services.sessions.issue_ticket(user.id)
    go_to(open_path(ticket, next_path=f"{address}?{query}" if query else address))


def go_to(path: str) -> None:
    """Send the browser to a path of this app, with a whole new page."""
    # A "</script>" inside the string would end the script early.
    target = json.dumps(path).replace("<", "\\u003c")
    st.html(f"<script>location.replace({target})</script>", unsafe_allow_javascript=True)
