"""Opening a database, and saying clearly why one cannot be opened."""

from __future__ import annotations

import stat
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from sqlalchemy import Engine, insert, select, text
from sqlalchemy.exc import IntegrityError, StatementError

from frontend.accounts import User
from frontend.errors import DatabaseUnusableError
from frontend.moments import NaiveDatetimeError, as_utc
from frontend.store import open_database
from frontend.store.tables import session_tickets


def test_a_missing_data_folder_is_made_for_this_user_alone(tmp_path: Path) -> None:
    file = tmp_path / "some" / "where" / "notes.db"
    open_database(f"sqlite:///{file}").dispose()
    assert file.is_file()
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700


@pytest.mark.usefixtures("database_file")
@pytest.mark.parametrize(
    ("pragma", "value"),
    [
        ("journal_mode", "wal"),
        ("foreign_keys", 1),
        ("busy_timeout", 5000),
        ("synchronous", 2),  # FULL
    ],
)
def test_every_connection_to_sqlite_is_prepared(
    engine: Engine, pragma: str, value: str | int
) -> None:
    with engine.connect() as first, engine.connect() as second:
        assert first.execute(text(f"PRAGMA {pragma}")).scalar_one() == value
        assert second.execute(text(f"PRAGMA {pragma}")).scalar_one() == value


@pytest.mark.usefixtures("database_file")
def test_a_failed_transaction_leaves_no_table_behind(engine: Engine) -> None:
    def fail() -> None:
        with engine.begin() as connection:
            connection.execute(text("CREATE TABLE half_made (id INTEGER)"))
            connection.execute(text("INSERT INTO sessions (token_hash) VALUES ('x')"))

    with pytest.raises(IntegrityError):
        fail()
    with engine.connect() as connection:
        names = connection.execute(text("SELECT name FROM sqlite_master")).scalars().all()
    assert "sessions" in names
    assert "half_made" not in names


def test_a_folder_in_place_of_the_file_is_refused_with_its_name(tmp_path: Path) -> None:
    (tmp_path / "notes.db").mkdir()
    with pytest.raises(DatabaseUnusableError, match=r"notes\.db cannot be opened or written"):
        open_database(f"sqlite:///{tmp_path / 'notes.db'}")


def test_a_data_folder_that_cannot_be_made_is_refused_with_its_name(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("a file, not a folder")
    with pytest.raises(DatabaseUnusableError, match=r"data folder .*/data cannot be made"):
        open_database(f"sqlite:///{tmp_path / 'data' / 'notes.db'}")


def test_a_database_that_is_up_to_date_but_read_only_is_refused(database_file: Path) -> None:
    open_database(f"sqlite:///{database_file}").dispose()
    with pytest.raises(DatabaseUnusableError, match="readonly database") as caught:
        open_database(f"sqlite:///file:{database_file}?mode=ro&uri=true")
    assert caught.value.code == "database_unusable"


def test_a_file_that_is_no_database_is_refused(database_file: Path) -> None:
    database_file.parent.mkdir()
    database_file.write_text("a shopping list, " * 100)
    with pytest.raises(DatabaseUnusableError, match="not a database"):
        open_database(f"sqlite:///{database_file}")


@pytest.mark.parametrize("database_url", ["sqlite://", "sqlite:///:memory:"])
def test_a_database_in_memory_is_refused(database_url: str) -> None:
    with pytest.raises(DatabaseUnusableError, match="forget everything"):
        open_database(database_url)


@pytest.mark.parametrize("database_url", ["data/notes.db", "nosuch://user:hunter2@host/name"])
def test_what_is_no_address_is_refused_without_repeating_a_password(database_url: str) -> None:
    with pytest.raises(DatabaseUnusableError, match="SKINXAI_DATABASE_URL") as caught:
        open_database(database_url)
    assert "hunter2" not in str(caught.value)


@pytest.mark.usefixtures("database_file")
def test_a_moment_in_seoul_comes_back_as_the_same_moment_in_utc(
    engine: Engine, minji: User
) -> None:
    seoul = timezone(timedelta(hours=9))
    moment = datetime(2026, 11, 23, 9, 30, 15, 123456, tzinfo=seoul)
    with engine.begin() as connection:
        connection.execute(
            insert(session_tickets).values(ticket_hash="h", user_id=minji.id, expires_at=moment)
        )
        stored = connection.execute(select(session_tickets.c.expires_at)).scalar_one()
        raw = connection.execute(text("SELECT expires_at FROM session_tickets")).scalar_one()
    assert stored == moment
    assert stored == datetime(2026, 11, 23, 0, 30, 15, 123456, tzinfo=UTC)
    assert stored.tzinfo is UTC
    assert raw == "2026-11-23 00:30:15.123456"


def test_a_naive_datetime_never_reaches_the_database(engine: Engine, minji: User) -> None:
    naive = datetime(2026, 11, 23, 9, 0)  # noqa: DTZ001 - naive on purpose
    statement = insert(session_tickets).values(ticket_hash="h", user_id=minji.id, expires_at=naive)
    with engine.begin() as connection, pytest.raises(StatementError) as caught:
        connection.execute(statement)
    assert isinstance(caught.value.orig, NaiveDatetimeError)
    with pytest.raises(NaiveDatetimeError, match="2026-11-23T09:00:00"):
        as_utc(naive)
