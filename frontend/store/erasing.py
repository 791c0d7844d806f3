"""Making what was deleted really be gone."""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import datetime
from typing import Final, Protocol

from sqlalchemy import Engine, func, select

from frontend.errors import PhotoStoreUnusableError
from frontend.moments import utc_now
from frontend.store.failures import DATABASE_FAILURES
from frontend.store.pictures import LOOSE, forget_erased, give_up_forgotten, loose_keys
from frontend.store.tables import kept_pictures
from frontend.store.transactions import WRITE_LOCK_FIRST

_log: Final = logging.getLogger(__name__)


class Erases(Protocol):
    """A store of objects."""

    def erase(self, key: str) -> None:
        """Erase an object; raise PhotoStoreUnusableError if that is not possible now."""


class Eraser:
    """Erases what belongs to nobody any more, from the photo store and from the database's file.

    To be called after a deletion is committed, and now and then: what a store or a database that is
    away keeps is erased when it is back, and so is what a process left behind that died meanwhile.
    """

    def __init__(
        self, engine: Engine, store: Erases | None, *, now: Callable[[], datetime] = utc_now
    ) -> None:
        """Work on one database and its store.

        Args:
            engine: Of the database.
            store: Where the pictures lie, or None if it cannot be reached.
            now: The clock; tells the present moment, aware.
        """
        self._engine = engine
        self._store = store
        self._now = now

    def __call__(self) -> int:
        """Erase what can be erased now; tell how many objects."""
        try:
            return self._erase_all()
        except DATABASE_FAILURES:
            # What was to be deleted is, and nobody should be told that it is not.
            _log.exception("deleted photos wait until the database is back")
            return 0

    def _erase_all(self) -> int:
        with self._engine.execution_options(**{WRITE_LOCK_FIRST: True}).begin() as connection:
            give_up_forgotten(connection, now=self._now())
            keys = loose_keys(connection)
        # With no transaction open: a store may take its time, and nobody has to wait for it.
        erased = [] if self._store is None else _erase(self._store, keys)
        if erased:
            with self._engine.begin() as connection:
                forget_erased(connection, erased)
        forget_changes(self._engine)
        return len(erased)

    def left(self) -> int:
        """How many objects are still to be erased."""
        statement = select(func.count()).select_from(kept_pictures).where(LOOSE)
        with self._engine.connect() as connection:
            return connection.execute(statement).scalar_one()


def _erase(store: Erases, keys: list[str]) -> list[str]:
    erased: list[str] = []
    for key in keys:
        try:
            store.erase(key)
        except PhotoStoreUnusableError as error:
            left = len(keys) - len(erased)
            _log.warning("%d deleted photos wait until their store is back: %s", left, error)
            break
        erased.append(key)
    return erased


def forget_changes(engine: Engine) -> None:
    """Empty SQLite's log of changes, in which deleted rows would stand for a while longer.

    While somebody else reads, or the disk fails, it is emptied at a later change instead.
    """
    if engine.dialect.name != "sqlite":
        return
    with closing(engine.raw_connection()) as connection, closing(connection.cursor()) as cursor:
        try:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        except sqlite3.Error:
            # The driver's own error. What was to be deleted is, and nobody should be told that it
            # is not.
            _log.exception("the database's log of changes waits to be emptied")
