"""An analysis under way, in a thread of its own.

Streamlit stops a page's script wherever it is as soon as the person does anything, and starts it
anew. An analysis that ran inside the script would be lost or done twice by a second press; one
that runs beside it is found again by the next run.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Final

from frontend.analysis import Analysis
from frontend.client import ModelServer
from frontend.vocabulary import Stage

PATIENCE_S: Final = 0.5
"""Longest wait for a change, after which whoever follows may look around."""


class AnalysisJob:
    """One photo, or the photos of one moment, being analysed."""

    def __init__(self, server: ModelServer, *photos: bytes) -> None:
        """Start at once.

        Args:
            server: Who analyses.
            photos: The files' bytes.
        """
        self._changed = threading.Condition()
        self._stage: Stage | None = None
        with_one_thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="analysis")
        self._future: Future[Analysis] = with_one_thread.submit(
            server.analyse, *photos, on_stage=self._enter
        )
        with_one_thread.shutdown(wait=False)
        self._future.add_done_callback(lambda _done: self._notify())

    def stages(self) -> Iterator[Stage | None]:
        """The stage it is in, whenever that changes and at least every `PATIENCE_S`, to the end.

        None stands for the time before the first stage.
        """
        while not self._future.done():
            told = self._stage
            yield told
            with self._changed:
                if self._stage is told and not self._future.done():
                    self._changed.wait(PATIENCE_S)

    def result(self) -> Analysis:
        """Wait for the end and give the analysis.

        Raises:
            ServerError: if there is none.
        """
        return self._future.result()

    def _enter(self, stage: Stage) -> None:
        with self._changed:
            self._stage = stage
            self._changed.notify_all()

    def _notify(self) -> None:
        with self._changed:
            self._changed.notify_all()
