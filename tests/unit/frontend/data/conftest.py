"""A real database in a temporary folder, and somebody to own what is saved in it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine

from frontend.accounts import Accounts, User
from frontend.store import Repository, open_database

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


class Clock:
    """A clock that stands still until somebody moves it."""

    def __init__(self) -> None:
        self.moment = NOON

    def __call__(self) -> datetime:
        return self.moment

    def advance(self, *, by: timedelta) -> None:
        self.moment += by


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def database_file(tmp_path: Path) -> Path:
    return tmp_path / "data" / "skin_notes.db"


@pytest.fixture
def engine(database_file: Path) -> Iterator[Engine]:
    opened = open_database(f"sqlite:///{database_file}")
    yield opened
    opened.dispose()


@pytest.fixture
def second_engine(engine: Engine) -> Iterator[Engine]:
    """Another copy of the app on the same database."""
    opened = open_database(engine.url.render_as_string(hide_password=False))
    yield opened
    opened.dispose()


@pytest.fixture
def repository(engine: Engine) -> Repository:
    return Repository(engine)


@pytest.fixture
def accounts(engine: Engine) -> Accounts:
    return Accounts(engine)


@pytest.fixture
def minji(accounts: Accounts) -> User:
    return accounts.sign_up("minji", "correct horse")


@pytest.fixture
def jisoo(accounts: Accounts) -> User:
    return accounts.sign_up("jisoo", "battery staple")
