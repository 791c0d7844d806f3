"""What a database that is locked, read-only or full does to a save: nothing by halves."""

from __future__ import annotations

import resource
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from sqlalchemy import Engine, create_engine, event
from sqlalchemy.exc import OperationalError

from frontend.accounts import User
from frontend.store import NewVisit, Repository
from frontend.store.erasing import forget_changes
from frontend.store.failures import DATABASE_FAILURES
from tests.support.saver import new_visit, picture_row


@pytest.fixture
def visit() -> NewVisit:
    return new_visit()


def pragma(engine: Engine, words: str) -> int:
    """Run a pragma on the one connection that the engine keeps."""
    with engine.connect() as connection:
        answer = connection.exec_driver_sql(f"PRAGMA {words}")
        return int(answer.scalar_one()) if answer.returns_rows else 0


def assert_saved_in_full_at_the_second_try(
    repository: Repository, user: User, visit: NewVisit
) -> None:
    assert repository.count_visits(user.id) == 0
    saved = repository.save_visit(user.id, visit, keep=picture_row())
    assert repository.visits(user.id) == [saved]
    assert saved.results == visit.results


@contextmanager
def locked(database_file: Path) -> Iterator[None]:
    """Somebody else is writing."""
    with closing(sqlite3.connect(database_file, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield
        other.execute("ROLLBACK")


def test_a_lock_that_outlasts_the_patience_loses_nothing(
    engine: Engine, repository: Repository, minji: User, database_file: Path, visit: NewVisit
) -> None:
    pragma(engine, "busy_timeout = 50")
    with locked(database_file), pytest.raises(OperationalError, match="database is locked"):
        repository.save_visit(minji.id, visit, keep=picture_row())
    assert_saved_in_full_at_the_second_try(repository, minji, visit)


def test_a_short_lock_is_waited_for_and_meanwhile_the_history_can_be_read(
    repository: Repository, minji: User, database_file: Path, visit: NewVisit
) -> None:
    first = repository.save_visit(minji.id, visit)
    with closing(
        sqlite3.connect(database_file, isolation_level=None, check_same_thread=False)
    ) as other:
        other.execute("BEGIN IMMEDIATE")
        assert repository.visits(minji.id) == [first]
        threading.Timer(0.1, other.execute, ("ROLLBACK",)).start()
        repository.save_visit(minji.id, new_visit())
    assert repository.count_visits(minji.id) == 2


@pytest.mark.usefixtures("database_file")
def test_a_database_that_became_read_only_still_shows_the_history(
    engine: Engine, repository: Repository, minji: User, visit: NewVisit
) -> None:
    earlier = repository.save_visit(minji.id, new_visit())
    pragma(engine, "query_only = ON")
    with pytest.raises(OperationalError, match="readonly database"):
        repository.save_visit(minji.id, visit, keep=picture_row())
    assert repository.visits(minji.id) == [earlier]
    pragma(engine, "query_only = OFF")
    repository.delete_visit(minji.id, earlier.id)
    assert_saved_in_full_at_the_second_try(repository, minji, visit)


@pytest.mark.usefixtures("database_file")
def test_a_full_database_loses_nothing(
    engine: Engine, repository: Repository, minji: User, visit: NewVisit
) -> None:
    # Room for the visit and its results, not for the picture that is written last.
    pragma(engine, f"max_page_count = {pragma(engine, 'page_count') + 4}")
    with pytest.raises(OperationalError, match="full"):
        repository.save_visit(minji.id, visit, keep=picture_row())
    assert repository.visits(minji.id) == []
    pragma(engine, f"max_page_count = {2**31 - 2}")
    assert_saved_in_full_at_the_second_try(repository, minji, visit)


def test_a_file_that_may_not_grow_loses_nothing(
    repository: Repository, minji: User, visit: NewVisit, database_file: Path
) -> None:
    # The operating system refuses as it does on a full disk: amid the write, after a part of it.
    log = database_file.with_name(database_file.name + "-wal")
    with files_up_to(log.stat().st_size + 20_000), pytest.raises(OperationalError):
        repository.save_visit(minji.id, visit, keep=picture_row())
    assert_saved_in_full_at_the_second_try(repository, minji, visit)


@contextmanager
def files_up_to(size_bytes: int) -> Iterator[None]:
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size_bytes, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_a_log_that_cannot_be_emptied_after_a_deletion_is_emptied_later(
    engine: Engine, repository: Repository, minji: User, database_file: Path,
    caplog: pytest.LogCaptureFixture,
) -> None:  # fmt: skip
    log = database_file.with_name(database_file.name + "-wal")
    for _ in range(30):
        repository.save_visit(minji.id, new_visit())
    # What is in the log does not fit into the file.
    with files_up_to(database_file.stat().st_size):
        forget_changes(engine)
    assert "waits to be emptied" in caplog.text
    assert log.stat().st_size > 0

    forget_changes(engine)
    assert log.stat().st_size == 0


def test_a_database_whose_connections_are_all_in_use_is_one_that_fails(tmp_path: Path) -> None:
    busy = create_engine(
        f"sqlite:///{tmp_path / 'busy.db'}", pool_size=1, max_overflow=0, pool_timeout=0.01
    )
    with busy.connect(), pytest.raises(DATABASE_FAILURES, match="timed out"):
        busy.connect()
    busy.dispose()


def test_a_disk_that_fails_when_a_save_is_confirmed_leaves_no_half_visit(
    engine: Engine, repository: Repository, minji: User, visit: NewVisit
) -> None:
    def fail(*_: object) -> None:
        raise sqlite3.OperationalError("disk I/O error")

    event.listen(engine, "commit", fail)
    with pytest.raises(sqlite3.OperationalError, match="disk I/O error"):
        repository.save_visit(minji.id, visit, keep=picture_row())
    event.remove(engine, "commit", fail)
    assert_saved_in_full_at_the_second_try(repository, minji, visit)
