"""What every answer of the app tells the browser to refuse, and whose sockets it refuses itself.

The policy lets a page load nothing but what this app serves, whatever a bug might get into it,
and be shown inside no other site's frame. Inline scripts and styles have to stay allowed: the
framework writes its own, and so do the pages that hand over to the cookie routes. Evaluating text
as code stays allowed for the same reason, as the charts do it.
"""

from __future__ import annotations

from typing import Final
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

CONTENT_SECURITY_POLICY: Final = "; ".join(
    (
        "default-src 'self'",
        "script-src 'self' 'unsafe-inline' 'unsafe-eval' blob:",
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data: blob:",
        "font-src 'self' data:",
        "media-src 'self' data: blob:",
        "worker-src 'self' blob:",
        "connect-src 'self' data: blob:",
        "object-src 'none'",
        "base-uri 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
)

HEADERS: Final = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    # For browsers that know no frame-ancestors.
    "X-Frame-Options": "DENY",
    "X-Content-Type-Options": "nosniff",
    # The cookie routes tell by Referer whether a page of this app sent the browser there.
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(self), microphone=(), geolocation=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}

_FOR_GOOD: Final = "public, max-age=31536000, immutable"
_KEPT_BY_BROWSERS: Final = {
    # The version is in the folder's name.
    "/app/static/face_detection-": _FOR_GOOD,
    "/app/static/pretendard-": _FOR_GOOD,
    # Modules that import each other have to be of one version.
    "/app/static/guide/": "no-cache",
}
"""How long browsers keep what lies below a path, where Streamlit would leave it to them."""

_OK: Final = 200
_POLICY_VIOLATION: Final = 1008


class Guard:
    """Adds the headers to every answer and closes sockets that another site's page opened.

    Browsers let any site open a socket to any other, with the visitor's cookies. Streamlit allows
    pages of other ports of this machine, and asks a service on the internet for this machine's
    address before it refuses the rest; here, only a page of this very app gets through.
    """

    def __init__(self, app: ASGIApp) -> None:
        """Stand before an ASGI app."""
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request or socket."""
        if scope["type"] == "websocket" and not _same_origin(Headers(scope=scope)):
            await send({"type": "websocket.close", "code": _POLICY_VIOLATION})
            return
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers[name] = value
                if message["status"] == _OK:
                    for path, rule in _KEPT_BY_BROWSERS.items():
                        if scope["path"].startswith(path):
                            headers["Cache-Control"] = rule
            await send(message)

        await self._app(scope, receive, send_with_headers)


def _same_origin(headers: Headers) -> bool:
    # Programs that are no browsers send no Origin, and no cookies of anybody's either.
    origin = headers.get("origin")
    return origin is None or urlsplit(origin).netloc == headers.get("host")
