"""What tests of the vision core need: small models folders, landmarks and an aligned face."""

from __future__ import annotations

import shutil
from pathlib import Path

import cv2
import numpy as np
import pytest

from backend.vision.engines.reference import load_locator
from backend.vision.face import FaceFinder
from backend.vision.geometry import align, invert, transform_points
from backend.vision.landmarks import LandmarkLocator
from tests.support.models import write_models

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture(scope="session")
def tiny_models(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A complete models folder with random networks. Not to be changed."""
    return write_models(tmp_path_factory.mktemp("models"))


@pytest.fixture
def own_models(tiny_models: Path, tmp_path: Path) -> Path:
    """A copy of it that the test may break."""
    return Path(shutil.copytree(tiny_models, tmp_path / "models"))


@pytest.fixture(scope="module")
def locator() -> LandmarkLocator:
    return load_locator(ROOT / "models" / "landmarks.safetensors")


@pytest.fixture(scope="module")
def sample(locator: LandmarkLocator) -> tuple[np.ndarray, np.ndarray]:
    """The aligned sample face, RGB uint8 (256, 256, 3), and its landmarks (189, 2) on it."""
    picture = cv2.imread(str(ROOT / "frontend/assets/sample_face.jpg"))
    assert picture is not None
    photo = np.asarray(cv2.cvtColor(picture, cv2.COLOR_BGR2RGB), dtype=np.uint8)
    face = FaceFinder(locator).find(photo)
    crop = align(photo, left_eye=face.left_eye, right_eye=face.right_eye, side_px=256)
    return crop.pixels, transform_points(face.landmarks, invert(crop.to_photo))
