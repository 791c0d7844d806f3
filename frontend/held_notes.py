"""Notes that were typed but could not be saved, held for whoever typed them.

A session that ends in another tab, or a check deleted there, must not cost somebody what they have
just written. Logging in loads the page anew, so what the page remembers would not do. Held in this
process's memory alone, for a short time; another process knows nothing of it.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

from frontend.moments import utc_now

HELD_FOR: Final = timedelta(minutes=30)
_MOST: Final = 1000
"""Notes held at most; then the oldest goes. One has at most 500 characters."""


class HeldNotes:
    """Finds the note that a person had typed on one of their checks."""

    def __init__(self, *, now: Callable[[], datetime] = utc_now) -> None:
        """Begin with none.

        Args:
            now: The clock; tells the present moment, aware.
        """
        self._now = now
        self._lock = threading.Lock()
        self._held: dict[tuple[str, str], tuple[str, datetime]] = {}

    def hold(self, user_id: str, visit_id: str, text: str) -> None:
        """Hold what this person had typed on this check."""
        with self._lock:
            self._held.pop((user_id, visit_id), None)
            self._held[user_id, visit_id] = (text, self._now() + HELD_FOR)
            self._forget_old()

    def text_of(self, user_id: str, visit_id: str) -> str | None:
        """What this person had typed on this check, or None."""
        with self._lock:
            self._forget_old()
            held = self._held.get((user_id, visit_id))
        return None if held is None else held[0]

    def drop(self, user_id: str, visit_id: str) -> None:
        """Hold it no longer, since it has been saved."""
        with self._lock:
            self._held.pop((user_id, visit_id), None)

    def _forget_old(self) -> None:
        now = self._now()
        for key in [key for key, (_, until) in self._held.items() if until <= now]:
            del self._held[key]
        while len(self._held) > _MOST:
            del self._held[next(iter(self._held))]
