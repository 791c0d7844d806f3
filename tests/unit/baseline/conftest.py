"""A tiny folder of faces, made from the sample face, in the layout the simulator reads."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from baseline.faces.folder import list_faces
from baseline.splits import Split
from baseline.synthetic.canvas import Canvas, CanvasMaker
from baseline.synthetic.examples import write_faces
from baseline.synthetic.generate import DataSetPlan, generate
from baseline.synthetic.nuisance import EVERY_NUISANCE, Nuisance
from baseline.synthetic.severity import Severities

SIDE_PX = 256


@pytest.fixture(scope="session")
def faces_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two training people and one validation person, all of them the sample face."""
    return write_faces(tmp_path_factory.mktemp("faces"), ["002", "003", "008"])


@pytest.fixture(scope="session")
def photos(faces_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Four simulated photos with their labels in `train`, four of somebody else in `validation`."""
    folder = tmp_path_factory.mktemp("photos")
    for split in (Split.TRAIN, Split.VALIDATION):
        plan = DataSetPlan(
            faces_folder, split, 4, seed=3, side_px=192, severities=Severities.BALANCED,
            masks=False,
        )  # fmt: skip
        generate(folder / split, plan, workers=1)
    return folder


@pytest.fixture(scope="session")
def masked_photos(faces_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Six simulated photos of the sample face with the masks of what was painted."""
    folder = tmp_path_factory.mktemp("masked")
    plan = DataSetPlan(
        faces_folder, Split.TRAIN, 6, seed=5, side_px=512, severities=Severities.BALANCED,
        nuisances=EVERY_NUISANCE - {Nuisance.PHOTO_SIZE, Nuisance.BLUR},
    )  # fmt: skip
    generate(folder, plan, workers=1)
    return folder


@pytest.fixture(scope="session")
def canvas(faces_folder: Path) -> Canvas:
    """The sample face as a canvas, cleaned, in a tone drawn by lot."""
    maker = CanvasMaker(list_faces(faces_folder)[:1], side_px=SIDE_PX)
    return maker.make_from(["002"], weights=[1.0], rng=np.random.default_rng(0))
