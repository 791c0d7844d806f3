"""Only who is signed in may upload.

Streamlit takes a file for any page that is open, and keeps it in memory until that page is left.
The form to sign in is such a page, so anybody could fill the memory without an account.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Final

from starlette.concurrency import run_in_threadpool
from starlette.requests import HTTPConnection
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from frontend.sessions import COOKIE_NAME, Sessions
from frontend.store.failures import DATABASE_FAILURES

_UPLOADS: Final = "/_stcore/upload_file/"
_METHODS: Final = frozenset({"PUT", "POST"})
_log = logging.getLogger(__name__)


class UploadsGuard:
    """Answers 401 to uploads without a session, and 503 while the database fails.

    Neither reads the file. All other requests pass.
    """

    def __init__(self, app: ASGIApp, *, get_sessions: Callable[[], Sessions]) -> None:
        """Stand before an ASGI app.

        Args:
            app: The app.
            get_sessions: Hands over the sessions when a request needs them, which lets the app be
                made before the database is open.
        """
        self._app = app
        self._get_sessions = get_sessions

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request or socket."""
        refusal = await self._refusal(scope) if _is_upload(scope) else None
        await (refusal or self._app)(scope, receive, send)

    async def _refusal(self, scope: Scope) -> PlainTextResponse | None:
        token = HTTPConnection(scope).cookies.get(COOKIE_NAME)
        try:
            if token is not None and await run_in_threadpool(self._opens_session, token):
                return None
        except DATABASE_FAILURES:
            _log.exception("the database failed before an upload")
            return PlainTextResponse("Uploading fails at the moment.", status_code=503)
        return PlainTextResponse("To upload a photo, log in.", status_code=401)

    def _opens_session(self, token: str) -> bool:
        return self._get_sessions().user_of(token) is not None


def _is_upload(scope: Scope) -> bool:
    return (
        scope["type"] == "http"
        and scope["method"] in _METHODS
        and scope["path"].startswith(_UPLOADS)
    )
