"""The addresses that set and clear the session cookie, which a Streamlit page cannot do.

| address                      | does                                                            |
|------------------------------|-----------------------------------------------------------------|
| GET /session/open?t=&next=   | turns a one-shot ticket into the session cookie, goes to `next` |
| POST /session/close?notice=  | ends the session, clears the cookie, goes to `/`                |

They answer 303. `next` has to be a path of this app; anything else counts as `/`. A ticket that
is unknown, used or expired leads to `/?notice=ticket_unusable`. Closing passes the notices of
`FAREWELLS` on to the first page.

Opening a session changes who the browser is signed in as, so it is refused like closing when
another site asked for it: otherwise somebody could sign a visitor in to an account of their own
and read what the visitor then saves there.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Final
from urllib.parse import urlencode, urlsplit

from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from frontend.devices import device_of
from frontend.errors import TicketUnusableError
from frontend.sessions import CLOSE_PATH, COOKIE_NAME, OPEN_PATH, Sessions

NOTICE_PARAMETER: Final = "notice"
"""Query parameter that tells the first page why somebody was sent there."""

FAREWELLS: Final = frozenset({"logged_out_everywhere", "account_deleted", "account_deleted_later"})
"""Notices that closing a session may pass on: why it was closed."""

_COOKIE_OUTLIVES_BY: Final = timedelta(days=7)


def cookie_routes(get_sessions: Callable[[], Sessions]) -> list[BaseRoute]:
    """The routes that set and clear the session cookie.

    Args:
        get_sessions: Hands over the sessions when a request needs them, which lets the routes be
            made before the database is open.
    """

    def open_session(request: Request) -> Response:
        if not _asked_by_this_site(request):
            return _go_to(_with_notice(TicketUnusableError.code))
        sessions = get_sessions()
        try:
            token = sessions.redeem(
                request.query_params.get("t", ""),
                device=device_of(request.headers.get("user-agent", "")),
            )
        except TicketUnusableError as error:
            return _go_to(_with_notice(error.code))
        _close_session_of(request, sessions)
        response = _go_to(local_path(request.query_params.get("next", "/")))
        response.set_cookie(
            COOKIE_NAME,
            token,
            # Longer than the session, so that who comes back late is told why the form is there.
            max_age=int((sessions.lifetime + _COOKIE_OUTLIVES_BY).total_seconds()),
            httponly=True,
            samesite="lax",
            secure=_over_https(request),
        )
        return response

    def close_session(request: Request) -> Response:
        if request.method != "POST":
            return PlainTextResponse(
                "To log out, use the button in the app.", status_code=405, headers={"Allow": "POST"}
            )
        if not _asked_by_this_site(request):
            return PlainTextResponse(
                "Another site asked to log you out, and was refused.", status_code=403
            )
        _close_session_of(request, get_sessions())
        notice = request.query_params.get(NOTICE_PARAMETER)
        response = _go_to(_with_notice(notice) if notice in FAREWELLS else "/")
        response.delete_cookie(
            COOKIE_NAME, httponly=True, samesite="lax", secure=_over_https(request)
        )
        return response

    # Streamlit answers every address nobody else claims with its own page, so the wrong method
    # has to be claimed as well.
    every_method = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"]
    return [
        Route(OPEN_PATH, open_session, methods=["GET"]),
        Route(CLOSE_PATH, close_session, methods=every_method),
    ]


def close_path(*, notice: str | None = None) -> str:
    """The address that ends the session and then says why on the first page.

    >>> close_path(), close_path(notice="account_deleted")
    ('/session/close', '/session/close?notice=account_deleted')
    """
    if notice is None:
        return CLOSE_PATH
    return f"{CLOSE_PATH}?{urlencode({NOTICE_PARAMETER: notice})}"


def local_path(address: str) -> str:
    """The address if it is a path of this app, else `/`.

    Browsers drop tabs and line ends from addresses and read a backslash as a slash, so a path
    with any of these may lead elsewhere.

    >>> local_path("/history?page=2")
    '/history?page=2'
    >>> local_path("//other.example/"), local_path("https://other.example/")
    ('/', '/')
    """
    leads_elsewhere = (
        not address.startswith("/")
        or address.startswith("//")
        or "\\" in address
        or any(ord(character) <= 0x20 or ord(character) == 0x7F for character in address)
    )
    return "/" if leads_elsewhere else address


def _close_session_of(request: Request, sessions: Sessions) -> None:
    token = request.cookies.get(COOKIE_NAME)
    if token:
        sessions.close(token)


def _asked_by_this_site(request: Request) -> bool:
    """Whether a page of this app caused the request, by what the browser says of it.

    Every current browser sends Sec-Fetch-Site over HTTPS and to localhost. Over plain HTTP in a
    home network it does not, but then Origin (with POST) or Referer tells.
    """
    site = request.headers.get("sec-fetch-site")
    if site is not None:
        return site == "same-origin"
    sender = request.headers.get("origin") or request.headers.get("referer")
    host = request.headers.get("host")
    return bool(sender and host) and urlsplit(sender or "").netloc == host


def _over_https(request: Request) -> bool:
    # Whoever forges the header of a proxy harms nobody but their own cookie.
    return request.url.scheme == "https" or request.headers.get("x-forwarded-proto", "") == "https"


def _with_notice(notice: str) -> str:
    return f"/?{urlencode({NOTICE_PARAMETER: notice})}"


def _go_to(path: str) -> RedirectResponse:
    # 303: whatever the method was, the browser goes on with GET.
    return RedirectResponse(path, status_code=303, headers={"Cache-Control": "no-store"})
