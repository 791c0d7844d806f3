"""Addresses of several parts, such as /history/old, lead to the page that their last part names.

Every page of the app has an address of one part. Streamlit would send its page for any other one
too, and that page looks for its scripts below the address and stays blank.
"""

from __future__ import annotations

from typing import Final
from urllib.parse import quote

from starlette.datastructures import Headers
from starlette.responses import RedirectResponse
from starlette.types import ASGIApp, Receive, Scope, Send

FOLDERS: Final = frozenset(
    {"_stcore", "app", "auth", "component", "media", "static", "export", "session"}
)
"""First parts of the addresses below which there is something: Streamlit's and the app's own."""


class OnePart:
    """Sends browsers that ask for a page at an address of several parts on to one of one part."""

    def __init__(self, app: ASGIApp) -> None:
        """Stand before an ASGI app."""
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request or socket."""
        page = _named_page(scope) if scope["type"] == "http" else None
        if page is None:
            await self._app(scope, receive, send)
            return
        query = scope["query_string"].decode("latin-1")
        there = f"/{quote(page, safe='')}" + (f"?{query}" if query else "")
        await RedirectResponse(there)(scope, receive, send)


def _named_page(scope: Scope) -> str | None:
    # Browsers say that they would like HTML when they open a page, and nowhere else.
    if scope["method"] != "GET" or "text/html" not in Headers(scope=scope).get("accept", ""):
        return None
    first, *more = scope["path"].removeprefix("/").split("/")
    if first in FOLDERS or first == "":
        return None
    parts = [part for part in more if part]
    return parts[-1] if parts else None
