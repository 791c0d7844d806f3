"""A browser's tab without the browser: asks the app for pages as its scripts do."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.sync.client import ClientConnection, connect
from websockets.typing import Subprotocol

from benchmarks.programs import Started
from frontend.sessions import COOKIE_NAME

_PATIENCE_S: Final = 120.0


class Tab:
    """One open page of the app."""

    def __init__(self, websocket: ClientConnection) -> None:
        """Speak over a connection on which nothing was said yet."""
        self._websocket = websocket

    def go(self, page: str = "", query: str = "") -> None:
        """Have a page drawn to its end.

        Args:
            page: its path, without the slash.
            query: what follows the question mark of its address.

        Raises:
            RuntimeError: the page shows an error of the app, or stays empty.
        """
        asked = BackMsg()
        asked.rerun_script.page_name = page
        asked.rerun_script.query_string = query
        self._websocket.send(asked.SerializeToString())
        told, parts = ForwardMsg(), 0
        while not self._is_the_end(told):
            told.ParseFromString(self._websocket.recv(timeout=_PATIENCE_S, decode=False))
            kind = told.WhichOneof("type")
            if kind == "delta" and told.delta.new_element.WhichOneof("type") == "exception":
                raise RuntimeError(f"/{page}: {told.delta.new_element.exception.message}")
            parts += kind == "delta"
        if not parts:
            raise RuntimeError(f"/{page}: expected something to be drawn, got nothing")

    @staticmethod
    def _is_the_end(told: ForwardMsg) -> bool:
        # A page that asks to be drawn anew ends early, and goes on.
        ended = told.WhichOneof("type") == "script_finished"
        return ended and told.script_finished == ForwardMsg.FINISHED_SUCCESSFULLY


@contextmanager
def open_tab(running: Started, *, token: str | None = None) -> Iterator[Tab]:
    """Open a tab; nothing is drawn in it before it goes to a page.

    Args:
        running: the app.
        token: of the session of who is signed in; None for a visitor.
    """
    # Beside the address where it tells how it is.
    address = running.url.replace("http:", "ws:", 1) + "/stream"
    cookie = {} if token is None else {"Cookie": f"{COOKIE_NAME}={token}"}
    with connect(
        address,
        subprotocols=[Subprotocol("streamlit")],
        additional_headers=cookie,
        max_size=None,
        proxy=None,
    ) as websocket:
        yield Tab(websocket)
