"""Who may wait for an analysis, and for how long: a bounded line before the threads that do it."""

from __future__ import annotations

import math
import time
import traceback
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Final, TypeVar

import anyio
import anyio.from_thread
import anyio.to_thread

from backend.errors import OverloadedError

_Result = TypeVar("_Result")

_FIRST_GUESS_S: Final = 1.0
_MEMORY: Final = 0.8
"""How much of the mean service time is kept when the next one comes in."""


class Workers:
    """A bounded number of threads for blocking work, and a bounded line before them.

    A request takes a place before its photo is read and keeps it until it is answered, so that
    places bound the memory of the files: each by what one request may hold, see `uploads`. Threads
    bound that of the pixels, as each decodes one photo at a time, a burst's and a batch's too: some
    8 bytes a pixel, 10 of an AVIF and 16 of a WebP. Whoever comes when all places are taken is
    sent away at once.
    """

    def __init__(self, threads: int, *, line: int, patience_s: float) -> None:
        """Start with all places free.

        Args:
            threads: how many works run at the same time.
            line: how many requests may wait beside those that are worked on.
            patience_s: longest wait for a thread, seconds.
        """
        self._threads: Final = threads
        self._places: Final = threads + line
        self._patience_s: Final = patience_s
        self._limiter: Final = anyio.CapacityLimiter(threads)
        self._turns: Final = anyio.Semaphore(threads)
        self._taken = 0
        self._working = 0
        self._service_s = _FIRST_GUESS_S

    @property
    def waiting(self) -> int:
        """Requests that have a place and no thread."""
        return self._taken - self._working

    @property
    def working(self) -> int:
        """Threads at work."""
        return self._working

    @asynccontextmanager
    async def place(self) -> AsyncIterator[None]:
        """Take a place as long as the block runs.

        Raises:
            OverloadedError: all are taken.
        """
        if self._taken >= self._places:
            raise self._overloaded()
        self._taken += 1
        try:
            yield
        finally:
            self._taken -= 1

    async def run(self, work: Callable[[], _Result]) -> _Result:
        """Wait for a free thread, first come first served, then for the result.

        Whoever is cancelled while waiting is forgotten; a work that has begun goes on to where it
        asks `still_wanted`.

        Args:
            work: blocks.

        Raises:
            OverloadedError: no thread became free in time.
        """
        with anyio.move_on_after(self._patience_s) as waiting:
            await self._turns.acquire()
        if waiting.cancelled_caught:
            raise self._overloaded()
        self._working += 1
        began = time.perf_counter()
        try:
            return await anyio.to_thread.run_sync(_forgetful, work, limiter=self._limiter)
        finally:
            spent_s = time.perf_counter() - began
            self._service_s = _MEMORY * self._service_s + (1 - _MEMORY) * spent_s
            self._working -= 1
            self._turns.release()

    def _overloaded(self) -> OverloadedError:
        expected_s = self._taken * self._service_s / self._threads
        return OverloadedError(retry_after_s=max(1, math.ceil(expected_s)))


def _forgetful(work: Callable[[], _Result]) -> _Result:
    # The thread keeps the error that ended its latest work until it has other work to do.
    try:
        return work()
    except BaseException as error:
        forget_locals(error)
        raise


def forget_locals(error: BaseException | None) -> None:
    """Let go of what the functions held that an error ended, a photo's pixels among it.

    Args:
        error: keeps its sentence, its causes and the lines it passed.
    """
    while error is not None:
        traceback.clear_frames(error.__traceback__)
        error = error.__cause__ or error.__context__


def still_wanted() -> None:
    """End the work of this thread if nobody waits for its result any more.

    Called in a thread of `Workers.run`; raises what cancels the task that waits for it.
    """
    anyio.from_thread.check_cancelled()
