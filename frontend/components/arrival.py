"""Why somebody arrived at the page they see: what failed on the way, or what was just done."""

from __future__ import annotations

import streamlit as st

from frontend import visitor
from frontend.accounts import User
from frontend.components.notice import done_html, problem_html, scroll_up_html
from frontend.cookie_routes import NOTICE_PARAMETER
from frontend.errors import TicketUnusableError
from frontend.i18n import Words, problem_text

SESSION_ENDED = "session_ended"
"""Code of the problem that a cookie opens no session: expired, ended elsewhere or forged."""


def greet_visitor(words: Words) -> None:
    """Tell a visitor why they see the form, if there is anything to tell."""
    code = st.query_params.get(NOTICE_PARAMETER)
    if code is not None and code in words.access.notices:
        st.html(done_html(words.access.notices[code]))
    elif code == TicketUnusableError.code:
        _show_problem(words, code)
    elif visitor.session_token() is not None:
        _show_problem(words, SESSION_ENDED, script=scroll_up_html())


def greet_person(words: Words, user: User) -> None:
    """Tell a person who is signed in why they were sent to the first page."""
    if st.query_params.get(NOTICE_PARAMETER) == TicketUnusableError.code:
        st.html(done_html(words.access.still_signed_in.format(login_id=user.login_id)))


def _show_problem(words: Words, code: str, *, script: str = "") -> None:
    card = problem_html(problem_text(words, code, {}), code=code)
    st.html(card + script, unsafe_allow_javascript=bool(script))
