"""What tests of the vision core need: a small models folder, and copies of it to break."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.support.models import write_models


@pytest.fixture(scope="session")
def tiny_models(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A complete models folder with random networks. Not to be changed."""
    return write_models(tmp_path_factory.mktemp("models"))


@pytest.fixture
def own_models(tiny_models: Path, tmp_path: Path) -> Path:
    """A copy of it that the test may break."""
    return Path(shutil.copytree(tiny_models, tmp_path / "models"))
