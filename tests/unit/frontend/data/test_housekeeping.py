"""What the app does by itself while it runs."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlalchemy.exc import OperationalError

from frontend.accounts import User
from frontend.housekeeping import house_kept
from frontend.store import Repository
from tests.unit.frontend.data.test_repository import new_visit, rows_in_history


def test_what_nobody_can_bring_back_is_removed_at_the_start_and_later(
    engine: Engine, clock: Any, minji: User
) -> None:
    repository = Repository(engine, now=clock)

    async def run() -> None:
        async with house_kept(repository, every=timedelta(milliseconds=20)):
            for _ in range(2):
                visit = await asyncio.to_thread(repository.save_visit, minji.id, new_visit())
                await asyncio.to_thread(repository.delete_visit, minji.id, visit.id)
                assert rows_in_history(engine) == (1, 5)
                clock.advance(by=timedelta(minutes=15))
                while rows_in_history(engine) != (0, 0):
                    await asyncio.sleep(0.01)

    asyncio.run(asyncio.wait_for(run(), timeout=30))


def test_a_database_that_is_locked_now_is_tried_again(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    tries: list[int] = []

    def forget(_repository: Repository) -> int:
        tries.append(1)
        if len(tries) == 1:
            raise OperationalError("DELETE", {}, Exception("database is locked"))
        return 0

    monkeypatch.setattr(Repository, "forget_lost", forget)

    async def run() -> None:
        async with house_kept(Repository(engine), every=timedelta(milliseconds=5)):
            while len(tries) < 2:
                await asyncio.sleep(0.01)

    asyncio.run(asyncio.wait_for(run(), timeout=30))
