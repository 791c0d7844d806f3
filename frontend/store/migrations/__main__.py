"""Write a new migration: `python -m frontend.store.migrations "what it does"`."""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

from alembic import command
from alembic.script import ScriptDirectory

from frontend.store.engine import open_database
from frontend.store.migrations import configuration


def main() -> None:
    """Compare the tables with what the migrations so far make, and write down the difference."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("message", help="what the migration does, in a few words")
    message = parser.parse_args().message
    with tempfile.TemporaryDirectory() as folder:
        engine = open_database(f"sqlite:///{Path(folder) / 'scratch.db'}")
        with engine.begin() as connection:
            config = configuration(connection)
            number = 1 + len(list(ScriptDirectory.from_config(config).walk_revisions()))
            command.revision(config, message=message, autogenerate=True, rev_id=f"{number:04d}")
        engine.dispose()


if __name__ == "__main__":
    main()
