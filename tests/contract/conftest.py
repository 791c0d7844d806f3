"""The real model server in this process, on a small models folder, answering a test client."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from backend.app import create_app, load_analyser
from backend.settings import Settings
from backend.vision.prediction import Analyser
from tests.support.models import write_models
from tests.support.photos import encode, face_photo


@pytest.fixture(scope="session")
def small_models(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A complete models folder with random networks."""
    return write_models(tmp_path_factory.mktemp("models"))


@pytest.fixture(scope="session")
def analyser(small_models: Path) -> Analyser:
    """Its networks, loaded once for all servers but `client`, which loads them as it starts."""
    return load_analyser(Settings(models_dir=small_models, device="cpu"))


@pytest.fixture(scope="session")
def client(small_models: Path) -> Iterator[TestClient]:
    """A client of a server with default settings, save for small limits on size."""
    settings = Settings(models_dir=small_models, max_photo_mb=2, max_batch_photos=3, device="cpu")
    with TestClient(create_app(settings)) as client:
        yield client


@pytest.fixture(scope="session")
def good_photo() -> bytes:
    """A JPEG of one face."""
    return encode(face_photo(), quality=95)
