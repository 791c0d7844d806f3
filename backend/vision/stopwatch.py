"""The stages of an analysis, and where its time goes."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import StrEnum


class Stage(StrEnum):
    """What an analysis does, in its order."""

    DECODE = "decode"
    DETECT = "detect"
    PREDICT = "predict"
    EXPLAIN = "explain"
    ENCODE = "encode"


@dataclass(slots=True)
class Stopwatch:
    """Adds up the time spent per stage, tells when one begins, and can end the work within one.

    Attributes:
        on_stage: called with each stage as it begins, in the thread that does the work; not again
            when the same stage goes on.
        timings_ms: so far, in milliseconds.
        still_wanted: called now and then within a stage that may take long, in the same thread;
            raises to end the work.
    """

    on_stage: Callable[[Stage], None] | None = None
    timings_ms: dict[Stage, float] = field(default_factory=dict)
    still_wanted: Callable[[], None] = field(default=lambda: None, kw_only=True)
    _latest: Stage | None = field(default=None, init=False)

    @contextmanager
    def stage(self, stage: Stage) -> Iterator[None]:
        """Count the time inside the `with` block towards a stage."""
        if self.on_stage is not None and stage is not self._latest:
            self.on_stage(stage)
        self._latest = stage
        started = time.perf_counter()
        try:
            yield
        finally:
            spent_ms = (time.perf_counter() - started) * 1000
            self.timings_ms[stage] = self.timings_ms.get(stage, 0.0) + spent_ms
