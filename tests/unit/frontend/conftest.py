"""A database that is ready to be used at once."""

from __future__ import annotations

from pathlib import Path

import pytest

from frontend.store import open_database


@pytest.fixture(scope="session")
def ready_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An SQLite file with the tables of today, to be copied: making them takes far longer."""
    file = tmp_path_factory.mktemp("database") / "skin_notes.db"
    open_database(f"sqlite:///{file}").dispose()
    return file
