"""What several kinds of tests need: the two real programs, running, and photos to send them."""

from __future__ import annotations

import dataclasses
import gc
import os
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.programs import RunningService, start_service

ROOT = Path(__file__).resolve().parents[1]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Give each test an ID of its own: of those that share one, only the first runs side by side.

    Schemathesis makes a test of each operation and names it so, but pytest 9.2 leaves what stands
    in brackets out of the ID.
    """
    times = Counter(item.nodeid for item in items)
    for item in items:
        if times[item.nodeid] > 1:
            operation = item.name.partition("[")[2].removesuffix("]")
            # There is no public way to it.
            item._id = dataclasses.replace(item._id, params=operation)
    again = [
        nodeid for nodeid, count in Counter(item.nodeid for item in items).items() if count > 1
    ]
    if again:
        raise pytest.UsageError(f"tests share an ID, and most of them would not run: {again}")


def pytest_collection_finish() -> None:
    """Have what is loaded looked through for garbage no more: all of it stays to the end.

    Streamlit collects garbage after each page, which takes a tenth of a second otherwise.
    """
    gc.collect()
    gc.freeze()


def pytest_unconfigure() -> None:
    """Let go of it all, which some libraries would call a leak otherwise."""
    gc.unfreeze()


@pytest.fixture(scope="session")
def sample_photo() -> Path:
    """The good photo: a JPEG of a generated face that belongs to nobody."""
    return ROOT / "frontend/assets/sample_face.jpg"


@pytest.fixture(scope="session")
def graphs_dir() -> Path:
    """Where the programs that tests start keep their graphs: exporting takes half a minute."""
    return Path(os.environ["SKINXAI_GRAPHS_DIR"]).resolve()


@pytest.fixture(scope="session")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningService]:
    """The model server and the app, started as `make run` starts them, on a fresh database."""
    database = tmp_path_factory.mktemp("database") / "skin_notes.db"
    running = start_service(database=database)
    yield running
    running.stop()
