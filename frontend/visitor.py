"""Who is looking, in which language and time zone: all that is read from the browser."""

from __future__ import annotations

from datetime import UTC, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import streamlit as st

from frontend.accounts import User
from frontend.cookie_routes import LANGUAGE_COOKIE_NAME
from frontend.i18n import Language, language_of
from frontend.sessions import COOKIE_NAME, Sessions


def session_token() -> str | None:
    """The session token that the browser sent, or None."""
    return st.context.cookies.get(COOKIE_NAME)


def current_user(sessions: Sessions) -> User | None:
    """Who is signed in, or None. Asked at every run, so that logging out elsewhere counts here."""
    token = session_token()
    return None if token is None else sessions.user_of(token)


def chosen_language() -> Language:
    """The language chosen earlier in this browser, else the browser's own."""
    tag = st.context.cookies.get(LANGUAGE_COOKIE_NAME)
    if tag in set(Language):
        return Language(tag)
    return language_of(st.context.locale)


def time_zone() -> tzinfo:
    """The browser's time zone; UTC for a name that is not known here."""
    name = st.context.timezone
    if not name:
        return UTC
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        return UTC
