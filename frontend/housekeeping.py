"""What the app does by itself now and then, while it runs."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Final

from sqlalchemy.exc import OperationalError
from starlette.concurrency import run_in_threadpool

from frontend.store import Repository

EVERY: Final = timedelta(minutes=5)
"""Time between two rounds; the first one is at the start."""

_log = logging.getLogger(__name__)


@asynccontextmanager
async def house_kept(repository: Repository, *, every: timedelta = EVERY) -> AsyncIterator[None]:
    """In the block, remove for good what was deleted and can no longer be brought back.

    Args:
        repository: The visits.
        every: Time between two rounds.
    """
    rounds = asyncio.create_task(_go_round(repository, every=every))
    try:
        yield
    finally:
        rounds.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await rounds


async def _go_round(repository: Repository, *, every: timedelta) -> None:
    while True:
        try:
            removed = await run_in_threadpool(repository.forget_lost)
        except OperationalError:
            # A database that is locked or away now may be back at the next round.
            _log.exception("deleted visits could not be removed this time")
        else:
            if removed:
                _log.info("removed %d deleted visits for good", removed)
        await asyncio.sleep(every.total_seconds())
