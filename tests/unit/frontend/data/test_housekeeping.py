"""What the app does by itself while it runs."""

from __future__ import annotations

import asyncio
import logging
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlalchemy.exc import IntegrityError, OperationalError

from frontend.accounts import User
from frontend.housekeeping import house_kept
from frontend.store import Repository
from tests.unit.frontend.data.test_repository import new_visit, rows_in_history


def test_what_nobody_can_bring_back_is_removed_at_the_start_and_later(
    engine: Engine, clock: Any, minji: User
) -> None:
    repository = Repository(engine, now=clock)

    async def run() -> None:
        chores = {"visits removed": repository.forget_lost}
        async with house_kept(chores, every=timedelta(milliseconds=20)):
            for _ in range(2):
                visit = await asyncio.to_thread(repository.save_visit, minji.id, new_visit())
                await asyncio.to_thread(repository.delete_visit, minji.id, visit.id)
                assert rows_in_history(engine) == (1, 5)
                clock.advance(by=timedelta(minutes=15))
                while rows_in_history(engine) != (0, 0):
                    await asyncio.sleep(0.01)

    asyncio.run(asyncio.wait_for(run(), timeout=30))


@pytest.mark.parametrize(
    "error",
    [
        OperationalError("DELETE", {}, Exception("database is locked")),
        IntegrityError("UPDATE", {}, Exception("duplicate key")),
        LookupError("promised more than an hour ago"),
    ],
)
def test_a_chore_that_fails_is_logged_in_full_and_tried_again_and_stops_no_other(
    caplog: pytest.LogCaptureFixture, error: Exception
) -> None:
    tries: list[str] = []

    def failing_at_first() -> int:
        tries.append("failing")
        if tries.count("failing") == 1:
            raise error
        return 0

    def other() -> int:
        tries.append("other")
        return 3

    async def run() -> None:
        chores = {"visits removed": failing_at_first, "photos moved": other}
        async with house_kept(chores, every=timedelta(milliseconds=5)):
            while tries.count("other") < 2:
                await asyncio.sleep(0.01)

    with caplog.at_level(logging.INFO, logger="frontend.housekeeping"):
        asyncio.run(asyncio.wait_for(run(), timeout=30))
    assert tries[:4] == ["failing", "other"] * 2
    assert "not possible this time: visits removed" in caplog.text
    assert f"{type(error).__name__}: " in caplog.text
    assert "Traceback" in caplog.text
    assert "photos moved: 3" in caplog.text
    assert "visits removed: 0" not in caplog.text
