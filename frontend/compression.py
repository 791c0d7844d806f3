"""What browsers keep for good travels compressed, and is compressed once.

Streamlit sends its own scripts as they are and counts on a proxy, since it would compress them anew
for every visitor. They are most of what a first visit loads, seconds over a phone's line.
"""

from __future__ import annotations

import posixpath
from typing import Final

from starlette.datastructures import Headers
from starlette.middleware.gzip import GZipMiddleware
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_FILES: Final = ("/static/", "/app/static/")
_OF_A_PART: Final = ("range", "if-none-match", "if-modified-since")
"""Requests with one of these headers are answered with less than the file."""
_OK: Final = 200
_KEPT_BYTES: Final = 32 * 1024 * 1024
"""Most that is kept; all files of Streamlit and of the app together take less than half of it."""


class CompressedOnce:
    """Compresses files, and remembers those that never change by what their answer says.

    They are a finite number: Streamlit's scripts have a hash in their names, and the app's own
    files of that kind a version in that of their folder. What is not a file passes through.

    One file has endless paths, such as /static/./js/ and /static//js/, and whoever knows that
    needs no account to ask for them. So only the answer to the shortest one is kept, and no more
    than a number of bytes in all.
    """

    def __init__(self, app: ASGIApp, *, kept_bytes: int = _KEPT_BYTES) -> None:
        """Stand before an ASGI app that says in Cache-Control what is immutable.

        Args:
            app: The app.
            kept_bytes: Most bytes of bodies that are remembered.
        """
        self._app = app
        self._compressing = GZipMiddleware(app)
        self._kept: dict[str, list[Message]] = {}
        self._room = kept_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request or socket."""
        if not _asks_for_a_file(scope):
            await self._app(scope, receive, send)
            return
        path = scope["path"]
        kept = self._kept.get(path)
        if kept is not None:
            for message in kept:
                await send(message)
            return
        answer = _Overheard(send)
        await self._compressing(scope, receive, answer.pass_on)
        is_new = path not in self._kept and posixpath.normpath(path) == path
        if answer.stays and answer.is_whole and is_new and answer.size <= self._room:
            self._kept[path] = answer.messages
            self._room -= answer.size


class _Overheard:
    """An answer on its way; what will be the same for everybody is noted down.

    Attributes:
        stays: Whether it is of a file that never changes, and was compressed.
        messages: All of such an answer.
    """

    def __init__(self, send: Send) -> None:
        self.stays = False
        self.messages: list[Message] = []
        self._send = send

    @property
    def size(self) -> int:
        """Bytes of the body that was noted down."""
        return sum(len(message.get("body", b"")) for message in self.messages)

    async def pass_on(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = Headers(raw=message["headers"])
            never_changes = "immutable" in headers.get("cache-control", "")
            is_compressed = "content-encoding" in headers
            self.stays = message["status"] == _OK and never_changes and is_compressed
        if self.stays:
            self.messages.append(message)
        await self._send(message)

    @property
    def is_whole(self) -> bool:
        """Whether it was noted down to its end: whoever asks may hang up before."""
        *_, last = self.messages
        return last["type"] == "http.response.body" and not last.get("more_body", False)


def _asks_for_a_file(scope: Scope) -> bool:
    if scope["type"] != "http" or scope["method"] != "GET":
        return False
    headers = Headers(scope=scope)
    takes_gzip = "gzip" in headers.get("accept-encoding", "")
    is_whole = not any(name in headers for name in _OF_A_PART)
    return scope["path"].startswith(_FILES) and takes_gzip and is_whole
