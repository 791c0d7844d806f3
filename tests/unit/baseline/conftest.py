"""A tiny folder of faces, made from the sample face, in the layout the simulator reads."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest

from backend.vision.face import FaceFinder
from backend.vision.landmarks import LandmarkLocator
from baseline.faces.folder import list_faces
from baseline.synthetic.canvas import Canvas, CanvasMaker

ROOT = Path(__file__).resolve().parents[3]
SIDE_PX = 256


@pytest.fixture(scope="session")
def faces_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two training people and one validation person, all of them the sample face."""
    folder = tmp_path_factory.mktemp("faces")
    (folder / "photos").mkdir()
    picture = cv2.imread(str(ROOT / "frontend/assets/sample_face.jpg"))
    assert picture is not None
    finder = FaceFinder(LandmarkLocator.load(ROOT / "models/landmarks.safetensors"))
    landmarks = finder.find(np.ascontiguousarray(picture[..., ::-1])).landmarks
    lines = [str(len(landmarks)), *(f"{x:.1f}\t{y:.1f}" for x, y in landmarks)]
    for person in ("002", "003", "008"):
        cv2.imwrite(str(folder / f"photos/{person}_03.jpg"), picture)
        (folder / f"photos/{person}_03.tem").write_text("\n".join(lines))
    return folder


@pytest.fixture(scope="session")
def canvas(faces_folder: Path) -> Canvas:
    """The sample face as a canvas, cleaned, in a tone drawn by lot."""
    maker = CanvasMaker(list_faces(faces_folder)[:1], side_px=SIDE_PX)
    return maker.make_from(["002"], weights=[1.0], rng=np.random.default_rng(0))
