"""Which version of the networks grades now: asked once in a while, and heard with every answer."""

from __future__ import annotations

import logging
import math
import threading
import time
from collections.abc import Callable, Sequence
from typing import Final

from frontend.client import ModelServer, ServerError
from frontend.store import Visit

REMEMBERED_S: Final = 300.0
AWAY_S: Final = 15.0
"""How long nobody asks a server anew that did not tell."""
PATIENCE_S: Final = 0.3
"""How long a page waits for the version: a server that is well tells it in some milliseconds."""

_log = logging.getLogger(__name__)


class ServingVersion:
    """What the process knows of the model server's version; for all its threads."""

    def __init__(
        self, *, clock: Callable[[], float] = time.monotonic, patience_s: float = PATIENCE_S
    ) -> None:
        """Begin with nothing known.

        Args:
            clock: Tells seconds that only ever grow.
            patience_s: Longest wait of whoever asks.
        """
        self._clock = clock
        self._patience_s = patience_s
        self._deciding = threading.Lock()
        self._told: str | None = None
        self._until_s = -math.inf

    @property
    def told(self) -> str | None:
        """The version that was told last, without asking; None before there was one."""
        return self._told

    def hear(self, version: str) -> None:
        """Take the version that stands in an answer."""
        self._told = version
        self._until_s = self._clock() + REMEMBERED_S

    def ask(self, server: ModelServer) -> str | None:
        """The version that was told last, asked for where that was too long ago.

        While the server does not tell, that is what it told before; None if it never did. What it
        tells too late for this page counts from the next one on.
        """
        with self._deciding:
            is_due = self._clock() >= self._until_s
            if is_due:
                # One at a time: whoever comes meanwhile does not wait.
                self._until_s = self._clock() + AWAY_S
        if is_due:
            # A server that hangs holds a call for seconds, and must not hold the page.
            asking = threading.Thread(target=self._hear_from, args=(server,), daemon=True)
            asking.start()
            asking.join(self._patience_s)
        return self._told

    def _hear_from(self, server: ModelServer) -> None:
        try:
            self.hear(server.version())
        except ServerError as error:
            _log.warning("the version of the networks is not known: %s", error)
            self._until_s = self._clock() + AWAY_S


def last_version(visits: Sequence[Visit]) -> str:
    """The version that graded the check made last.

    Args:
        visits: At least one, in any order.
    """
    return max(visits, key=lambda visit: visit.saved_at).model_version
