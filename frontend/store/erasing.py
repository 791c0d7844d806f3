"""Making what was deleted really be gone."""

from __future__ import annotations

import logging
from collections.abc import Callable
from contextlib import closing
from datetime import datetime
from typing import Final, Protocol

from sqlalchemy import Engine, func, select
from sqlalchemy.exc import OperationalError

from frontend.errors import PhotoStoreUnusableError
from frontend.moments import utc_now
from frontend.store.pictures import LOOSE, forget_removed, give_up_forgotten, loose_keys
from frontend.store.tables import kept_pictures
from frontend.store.transactions import WRITE_LOCK_FIRST

_log: Final = logging.getLogger(__name__)


class Removes(Protocol):
    """A store of objects."""

    def remove(self, key: str) -> None:
        """Remove an object; raise PhotoStoreUnusableError if that is not possible now."""


class Eraser:
    """Removes what belongs to nobody any more, from the photo store and from the database's file.

    To be called after a deletion is committed, and now and then: what a store or a database that is
    away keeps is removed when it is back, and so is what a process left behind that died meanwhile.
    """

    def __init__(
        self, engine: Engine, store: Removes | None, *, now: Callable[[], datetime] = utc_now
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
        """Remove what can be removed now; tell how many objects."""
        try:
            return self._erase()
        except OperationalError:
            # What was to be deleted is, and nobody should be told that it is not.
            _log.exception("deleted photos wait until the database is back")
            return 0

    def _erase(self) -> int:
        with self._engine.execution_options(**{WRITE_LOCK_FIRST: True}).begin() as connection:
            give_up_forgotten(connection, now=self._now())
            keys = loose_keys(connection)
        # With no transaction open: a store may take its time, and nobody has to wait for it.
        removed = [] if self._store is None else _remove(self._store, keys)
        if removed:
            with self._engine.begin() as connection:
                forget_removed(connection, removed)
        forget_changes(self._engine)
        return len(removed)

    def left(self) -> int:
        """How many objects are still to be removed."""
        statement = select(func.count()).select_from(kept_pictures).where(LOOSE)
        with self._engine.connect() as connection:
            return connection.execute(statement).scalar_one()


def _remove(store: Removes, keys: list[str]) -> list[str]:
    removed: list[str] = []
    for key in keys:
        try:
            store.remove(key)
        except PhotoStoreUnusableError as error:
            left = len(keys) - len(removed)
            _log.warning("%d deleted photos wait until their store is back: %s", left, error)
            break
        removed.append(key)
    return removed


def forget_changes(engine: Engine) -> None:
    """Empty SQLite's log of changes, in which deleted rows would stand for a while longer.

    While somebody else reads, the log is emptied at a later change instead.
    """
    if engine.dialect.name != "sqlite":
        return
    with closing(engine.raw_connection()) as connection, closing(connection.cursor()) as cursor:
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
