"""Making what was deleted really be gone."""

from __future__ import annotations

from contextlib import closing

from sqlalchemy import Engine


def forget_changes(engine: Engine) -> None:
    """Empty SQLite's log of changes, in which deleted rows would stand for a while longer.

    While somebody else reads, the log is emptied at a later change instead.
    """
    if engine.dialect.name != "sqlite":
        return
    with closing(engine.raw_connection()) as connection, closing(connection.cursor()) as cursor:
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
