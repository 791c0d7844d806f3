"""Who is looking, from where, in which language and time zone: all that the browser tells."""

from __future__ import annotations

from datetime import UTC, tzinfo
from ipaddress import IPv4Address, IPv6Network, ip_address
from typing import Final
from urllib.parse import unquote, urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import streamlit as st

from frontend.accounts import User
from frontend.i18n import Language, language_of
from frontend.language_cookie import LANGUAGE_COOKIE_NAME
from frontend.sessions import COOKIE_NAME, Sessions

THIS_MACHINE: Final = "this machine"
UNKNOWN_ADDRESS: Final = "unknown"


def session_token() -> str | None:
    """The session token that the browser sent, or None."""
    return st.context.cookies.get(COOKIE_NAME)


def current_user(sessions: Sessions) -> User | None:
    """Who is signed in, or None. Asked at every run, so that logging out elsewhere counts here."""
    token = session_token()
    return None if token is None else sessions.user_of(token)


def client_address(*, trust_proxy: bool) -> str:
    """Where the request comes from, as far as it can be known: what attempts are counted by.

    Args:
        trust_proxy: Whether one proxy stands before the app; then the last entry of
            X-Forwarded-For, which the proxy itself has added, is the client.
    """
    forwarded = ",".join(st.context.headers.get_all("X-Forwarded-For"))
    if not forwarded:
        return network_of(st.context.ip_address)
    # Without a trusted proxy anybody can write the header, and Uvicorn believes it of whoever
    # runs on this machine, so neither it nor the address it may have replaced says anything.
    return network_of(forwarded.rpartition(",")[2]) if trust_proxy else UNKNOWN_ADDRESS


def network_of(address: str | None) -> str:
    """The address that counts as one client: of IPv6 the network, for a home has all of it.

    >>> network_of("203.0.113.9"), network_of("2001:db8:1:2:3:4:5:6"), network_of(None)
    ('203.0.113.9', '2001:db8:1:2::/64', 'this machine')
    """
    if address is None:
        return THIS_MACHINE
    try:
        client = ip_address(address.strip())
    except ValueError:
        return UNKNOWN_ADDRESS
    if isinstance(client, IPv4Address):
        return str(client)
    return str(client.ipv4_mapped or IPv6Network((int(client), 64), strict=False))


def chosen_language() -> Language:
    """The language chosen earlier in this browser, else the browser's own."""
    tag = st.context.cookies.get(LANGUAGE_COOKIE_NAME)
    if tag in set(Language):
        return Language(tag)
    return language_of(st.context.locale)


def page_path() -> str:
    """The last part of the address, which names a page; "" for the first one."""
    path = urlsplit(st.context.url or "").path
    return unquote(path.rstrip("/").rpartition("/")[2])


def time_zone() -> tzinfo:
    """The browser's time zone; UTC for a name that is not known here."""
    name = st.context.timezone
    if not name:
        return UTC
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        return UTC
