"""What several kinds of tests need: the two real programs, running, and photos to send them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.programs import RunningService, start_service

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="session")
def sample_photo() -> Path:
    """The good photo: a JPEG of a generated face that belongs to nobody."""
    return ROOT / "frontend/assets/sample_face.jpg"


@pytest.fixture(scope="session")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningService]:
    """The model server and the app, started as `make run` starts them, on a fresh database."""
    database = tmp_path_factory.mktemp("database") / "skin_notes.db"
    running = start_service(database=database)
    yield running
    running.stop()
