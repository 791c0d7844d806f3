"""A real database in a temporary folder, and somebody to own what is saved in it.

Whatever uses `engine` is tested on SQLite and on PostgreSQL, unless it asks for SQLite's file. What
uses `photo_place` as well is tested on the two ways to run the app: on one machine, with a folder
beside SQLite, and on several, with S3 beside PostgreSQL.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine

from frontend.accounts import Accounts, User
from frontend.login_rules import Passwords
from frontend.photo_store import PhotoStore
from frontend.store import Repository, open_database
from tests.support.photo_places import Bucket, Folder, PhotoPlace, S3Server, s3_server
from tests.support.postgresql import PostgresqlServer, postgresql_server

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


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "engine" in metafunc.fixturenames:
        needs_file = "database_file" in metafunc.fixturenames
        kinds = ["sqlite"] if needs_file else ["sqlite", "postgresql"]
        metafunc.parametrize("engine", kinds, indirect=True)


@pytest.fixture(scope="session")
def postgresql() -> Iterator[PostgresqlServer]:
    with postgresql_server() as server:
        yield server


@pytest.fixture
def engine(request: pytest.FixtureRequest, ready_database: Path) -> Iterator[Engine]:
    with ExitStack() as stack:
        if request.param == "sqlite":
            file: Path = request.getfixturevalue("database_file")
            file.parent.mkdir()
            url = f"sqlite:///{shutil.copyfile(ready_database, file)}"
        else:
            server: PostgresqlServer = request.getfixturevalue("postgresql")
            url = stack.enter_context(server.database())
        opened = open_database(url)
        yield opened
        opened.dispose()


@pytest.fixture
def second_engine(engine: Engine) -> Iterator[Engine]:
    """Another copy of the app on the same database."""
    opened = open_database(engine.url.render_as_string(hide_password=False))
    yield opened
    opened.dispose()


@pytest.fixture(scope="session")
def s3() -> Iterator[S3Server]:
    with s3_server() as server:
        yield server


@pytest.fixture
def bucket(s3: S3Server, monkeypatch: pytest.MonkeyPatch) -> Bucket:
    """A place of its own on the server that the environment names from now on."""
    for name, value in s3.environment.items():
        monkeypatch.setenv(name, value)
    return s3.new_bucket()


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(tmp_path / "photos")


@pytest.fixture
def photo_place(request: pytest.FixtureRequest, engine: Engine) -> PhotoPlace:
    kind = "folder" if engine.dialect.name == "sqlite" else "bucket"
    place: PhotoPlace = request.getfixturevalue(kind)
    return place


@pytest.fixture
def photo_store(photo_place: PhotoPlace) -> PhotoStore:
    return photo_place.store()


@pytest.fixture
def repository(engine: Engine) -> Repository:
    return Repository(engine)


@pytest.fixture(scope="session")
def passwords() -> Passwords:
    """Made once: it hashes nobody's password first, which takes as long as a log-in."""
    return Passwords()


@pytest.fixture
def accounts(engine: Engine, passwords: Passwords) -> Accounts:
    return Accounts(engine, passwords=passwords)


@pytest.fixture
def minji(accounts: Accounts) -> User:
    return accounts.sign_up("minji", "correct horse")


@pytest.fixture
def jisoo(accounts: Accounts) -> User:
    return accounts.sign_up("jisoo", "battery staple")
