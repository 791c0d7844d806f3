"""What the app does by itself now and then, while it runs."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Final

from starlette.concurrency import run_in_threadpool

EVERY: Final = timedelta(minutes=5)
"""Time between two rounds; the first one is at the start."""

Chores = Mapping[str, Callable[[], int]]
"""What is done in a round, in this order, and what each is called in the log; each tells how much
it has done."""

_log = logging.getLogger(__name__)


@asynccontextmanager
async def house_kept(chores: Chores, *, every: timedelta = EVERY) -> AsyncIterator[None]:
    """In the block, do the chores now and then.

    Args:
        chores: What to do.
        every: Time between two rounds.
    """
    rounds = asyncio.create_task(_go_round(chores, every=every))
    try:
        yield
    finally:
        rounds.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await rounds


async def _go_round(chores: Chores, *, every: timedelta) -> None:
    while True:
        for name, chore in chores.items():
            try:
                done = await run_in_threadpool(chore)
            except Exception:  # noqa: BLE001 - see below
                # Nobody waits for these rounds who could notice that they have ended, and photos
                # that were to be deleted would stay. Whatever failed, the log tells it in full, the
                # other chores are done, and the next round tries again.
                _log.exception("not possible this time: %s", name)
            else:
                if done:
                    _log.info("%s: %d", name, done)
        await asyncio.sleep(every.total_seconds())
