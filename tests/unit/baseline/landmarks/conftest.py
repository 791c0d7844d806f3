"""A face with known landmarks."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from skimage.data import astronaut

from backend.vision.landmark_network import LandmarkNetwork
from backend.vision.landmarks import CROP_EYE_DISTANCE, crop_eyes
from baseline.faces.photos import LabelledPhoto

ROOT = Path(__file__).resolve().parents[4]


@pytest.fixture(scope="module")
def shape() -> np.ndarray:
    """The mean shape that the shipped network carries, float64 (189, 2)."""
    network = LandmarkNetwork.load(ROOT / "models" / "landmarks.safetensors")
    return network.mean_shape.double().numpy()


@pytest.fixture(scope="module")
def photo(shape: np.ndarray) -> LabelledPhoto:
    """The astronaut with the mean shape laid over her eyes."""
    scale = 42.0 / CROP_EYE_DISTANCE
    landmarks = (shape - crop_eyes().mean(axis=0)) * scale + np.array([225.0, 101.5])
    pixels = np.asarray(astronaut(), dtype=np.uint8)  # type: ignore[no-untyped-call]
    return LabelledPhoto("001", pixels, landmarks)
