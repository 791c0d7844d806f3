"""Bringing the tables of a database up to date, with Alembic, when the app starts.

`python -m frontend.store.migrations "add notes to visits"` writes a new migration from the
difference between `tables.py` and the migrations so far; read it before keeping it.
"""

from __future__ import annotations

from pathlib import Path
from threading import Lock
from typing import Final

from alembic import command
from alembic.config import Config
from alembic.util import CommandError
from sqlalchemy import Connection, Engine, column, func, select, table, update
from sqlalchemy.exc import SQLAlchemyError

from frontend.errors import DatabaseUnusableError
from frontend.store.transactions import WRITE_LOCK_FIRST

_FOLDER: Final = Path(__file__).parent

_POSTGRESQL_LOCK: Final = 7_546_239_171
"""Any number that nothing else in the same database uses for an advisory lock."""

_VERSION: Final = table("alembic_version", column("version_num"))

# Alembic keeps the migration under way in variables of its module, one for the whole process.
_ONE_AT_A_TIME: Final = Lock()


def upgrade(engine: Engine) -> None:
    """Run the migrations that the database has not had yet, all of them or none.

    Several copies of the app may start at once: the first one migrates, the others wait and then
    find nothing to do. Something is written even so, which shows that writing is possible.

    Raises:
        DatabaseUnusableError: If the database cannot be reached or written, or was made by a
            newer version of the app.
    """
    try:
        with (
            _ONE_AT_A_TIME,
            engine.execution_options(**{WRITE_LOCK_FIRST: True}).begin() as connection,
        ):
            if connection.dialect.name == "postgresql":
                connection.execute(select(func.pg_advisory_xact_lock(_POSTGRESQL_LOCK)))
            command.upgrade(configuration(connection), "head")
            # SQLite only notices that a file is read-only when something is written to it.
            connection.execute(update(_VERSION).values(version_num=_VERSION.c.version_num))
    except SQLAlchemyError as error:
        cause = getattr(error, "orig", None) or error
        raise DatabaseUnusableError(
            f"The database {engine.url.render_as_string(hide_password=True)} cannot be opened or "
            f"written ({cause}). Check that it is there, that this user may write it and its "
            "folder, and that the disk is not full, or choose another one with "
            "SKINXAI_DATABASE_URL."
        ) from error
    except CommandError as error:
        raise DatabaseUnusableError(
            f"The database {engine.url.render_as_string(hide_password=True)} does not fit this "
            f"version of the app ({error}). Was it made by a newer version?"
        ) from error


def configuration(connection: Connection) -> Config:
    """Alembic's configuration for running on an open connection."""
    config = Config()
    # Config reads % as the start of a reference, and a path may contain one.
    config.set_main_option("script_location", str(_FOLDER).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config
