"""Opening the database: SQLite by default, PostgreSQL by URL."""

from __future__ import annotations

import logging
from pathlib import Path
from sqlite3 import Connection as SqliteConnection
from typing import Final

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError, NoSuchModuleError

from frontend.errors import DatabaseUnusableError
from frontend.store.migrations import upgrade
from frontend.store.transactions import WRITE_LOCK_FIRST

_LOG: Final = logging.getLogger(__name__)

_BUSY_TIMEOUT_MS: Final = 5000


def open_database(database_url: str) -> Engine:
    """Open a database, making it if it is missing, and bring its tables up to date.

    Args:
        database_url: An SQLAlchemy URL such as `sqlite:///data/skin_notes.db` or
            `postgresql+psycopg://user:password@host/name`. The folder of an SQLite file is made
            when it is missing.

    Raises:
        DatabaseUnusableError: If the URL makes no sense, its driver is not installed, or the
            database cannot be reached, written or brought up to date.
    """
    engine = make_engine(database_url)
    try:
        upgrade(engine)
    except DatabaseUnusableError:
        engine.dispose()
        raise
    _LOG.info("database ready: %s", _shown(engine.url))
    return engine


def make_engine(database_url: str) -> Engine:
    """Make the engine for a database without touching its tables.

    Raises:
        DatabaseUnusableError: If the URL makes no sense, its driver is not installed, or the
            folder of an SQLite file cannot be made.
    """
    try:
        url = make_url(database_url)
        if url.get_backend_name() == "sqlite":
            return _sqlite_engine(url)
        # An error is logged with its statement; without its values, which may name a person.
        return create_engine(url, pool_pre_ping=True, hide_parameters=True)
    except (ArgumentError, NoSuchModuleError) as error:
        # The message of the cause repeats the URL, and with it a password.
        raise DatabaseUnusableError(
            "SKINXAI_DATABASE_URL is no database address; expected something like "
            "sqlite:///data/skin_notes.db or postgresql+psycopg://user:password@host/name."
        ) from error
    except ModuleNotFoundError as error:
        raise DatabaseUnusableError(
            f"The database needs the Python package {error.name}, which is not installed. That for "
            "PostgreSQL comes with .venv/bin/pip install -c constraints.txt -e '.[postgresql]'."
        ) from error


def _sqlite_engine(url: URL) -> Engine:
    if not url.database or url.database == ":memory:":
        raise DatabaseUnusableError(
            "SKINXAI_DATABASE_URL names no file: a database in memory would forget everything."
        )
    # With uri=true the path is a URI with options of its own, made by somebody who knows it.
    if "uri" not in url.query:
        _make_folder(Path(url.database).parent)
    engine = create_engine(url, hide_parameters=True)
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _make_folder(folder: Path) -> None:
    try:
        # What is inside is nobody else's business on a shared machine.
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise DatabaseUnusableError(
            f"The data folder {folder} cannot be made: {error.strerror}. Choose another place "
            "with SKINXAI_DATABASE_URL, or change the rights of the folder above it."
        ) from error


def _prepare_sqlite(connection: SqliteConnection, _record: object) -> None:
    # Python's driver begins transactions late and never around CREATE TABLE. With its own
    # handling off and an explicit BEGIN (below), a failed migration leaves nothing half made.
    connection.isolation_level = None
    # The time-out comes first, because switching to WAL may itself have to wait.
    connection.execute(f"PRAGMA busy_timeout = {_BUSY_TIMEOUT_MS:d}")
    connection.execute("PRAGMA journal_mode = WAL")
    # With NORMAL, a power cut could take back what was saved last, though its page had said so, and
    # bring back what was deleted last. Waiting for the disk costs some 4 ms a commit, where NORMAL
    # takes 0.04: median of 300 on a rented machine whose virtual disk was busy with other work.
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA foreign_keys = ON")
    # What a person deletes is overwritten with zeros, not only marked as free space.
    connection.execute("PRAGMA secure_delete = ON")


def _begin_sqlite(connection: Connection) -> None:
    write_lock_first = connection.get_execution_options().get(WRITE_LOCK_FIRST, False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if write_lock_first else "BEGIN")


def _shown(url: URL) -> str:
    return url.render_as_string(hide_password=True)
