"""Sending the browser to the addresses that open and close sessions."""

from __future__ import annotations

import json
from urllib.parse import urlencode

import streamlit as st

from frontend.accounts import User
from frontend.components.notice import waiting_html
from frontend.cookie_routes import NOTICE_PARAMETER, close_path
from frontend.screen import Screen
from frontend.sessions import open_path


def enter(screen: Screen, user: User, *, address: str) -> None:
    """Sign a person in whose password was right, and show the page they asked for.

    Args:
        screen: The page.
        user: Who.
        address: Path of the page that was asked for; its query is kept.
    """
    st.html(waiting_html(screen.words.login.entering))
    kept = {name: value for name, value in st.query_params.items() if name != NOTICE_PARAMETER}
    query = urlencode(kept)
    ticket = screen.services.sessions.issue_ticket(user.id)
    target = open_path(ticket, next_path=f"{address}?{query}" if query else address)
    st.html(f"<script>location.replace({_quoted(target)})</script>", unsafe_allow_javascript=True)


def leave(screen: Screen, *, waiting: str, notice: str | None = None) -> None:
    """Sign this browser out.

    Args:
        screen: The page.
        waiting: What to say until the first page is there.
        notice: Code of what the first page then says, or None for nothing.
    """
    screen.memory.belong_to(None)
    st.html(waiting_html(waiting))
    # Only the route can clear the cookie, and it answers to POST alone, so that no link on
    # another site logs anybody out.
    st.html(
        "<script>const form=document.createElement('form');form.method='post';"
        f"form.action={_quoted(close_path(notice=notice))};"
        "document.body.append(form);form.submit()</script>",
        unsafe_allow_javascript=True,
    )


def _quoted(path: str) -> str:
    # A "</script>" inside the string would end the script early.
    return json.dumps(path).replace("<", "\\u003c")
