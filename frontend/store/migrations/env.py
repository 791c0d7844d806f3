"""What Alembic runs to migrate: on the connection it is given, in that connection's transaction."""

from __future__ import annotations

from typing import Any, Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext
from sqlalchemy import Connection

from frontend.store.tables import UtcDateTime, metadata


def _written(kind: str, item: Any, _autogenerate: AutogenContext) -> str | Literal[False]:
    # A migration has to go on working when the type in the code has changed or gone.
    if kind == "type" and isinstance(item, UtcDateTime):
        return "sa.DateTime(timezone=True)"
    return False


def _run(connection: Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=metadata,
        compare_server_default=True,
        # SQLite alters a table by copying it; writing migrations that way works on both.
        render_as_batch=True,
        render_item=_written,
    )
    with context.begin_transaction():
        context.run_migrations()


# Alembic loads this file under this name; an ordinary import of it does nothing.
if __name__ == "env_py":
    _run(context.config.attributes["connection"])
