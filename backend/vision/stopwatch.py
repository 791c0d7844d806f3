"""Where the time of an analysis goes."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field


@dataclass(slots=True)
class Stopwatch:
    """Adds up the time spent per stage.

    Attributes:
        timings_ms: so far, in milliseconds.
    """

    timings_ms: dict[str, float] = field(default_factory=dict)

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Count the time inside the `with` block towards a stage."""
        started = time.perf_counter()
        try:
            yield
        finally:
            spent_ms = (time.perf_counter() - started) * 1000
            self.timings_ms[name] = self.timings_ms.get(name, 0.0) + spent_ms
