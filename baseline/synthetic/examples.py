"""The sample face as a canvas and as a folder of faces: pictures that may be shown to anybody."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import cv2
import numpy as np

from backend.vision.engines.reference import load_locator
from backend.vision.face import FaceFinder
from backend.vision.geometry import FloatArray, Photo
from backend.vocabulary import GRADES, Attribute
from baseline.faces.folder import FacesUnusableError, list_faces
from baseline.synthetic.canvas import Canvas, CanvasMaker
from baseline.synthetic.generate import DataSetPlan, generate
from baseline.synthetic.optics import to_srgb
from baseline.synthetic.severity import clear
from baseline.synthetic.simulator import paint_all

_ROOT: Final = Path(__file__).resolve().parents[2]
_PICTURE: Final = _ROOT / "frontend" / "assets" / "sample_face.jpg"
_LANDMARKS: Final = _ROOT / "models" / "landmarks.safetensors"
_SEED: Final = 11


def write_faces(folder: Path, persons: Sequence[str]) -> Path:
    """A folder in the layout that the simulator reads, in which everybody is the sample face.

    Args:
        folder: gets `photos/` with a picture and its landmarks for each person.
        persons: their ids, such as `002`.

    Returns:
        The folder.
    """
    picture, landmarks = _sample()
    (folder / "photos").mkdir(parents=True, exist_ok=True)
    lines = [str(len(landmarks)), *(f"{x:.1f}\t{y:.1f}" for x, y in landmarks)]
    for person in persons:
        cv2.imwrite(str(folder / f"photos/{person}_03.jpg"), picture[..., ::-1])
        (folder / f"photos/{person}_03.tem").write_text("\n".join(lines), encoding="utf-8")
    return folder


def example_folder(folder: Path, *, count: int = 240) -> Path:
    """Simulated photos of the sample face and its parts, with labels as the original's.

    Grades occur as often as in the original's photos; a tenth of them are not rated.

    Returns:
        The folder of the photos.
    """
    plan = DataSetPlan(
        write_faces(folder / "faces", ["sample"]), None, count, seed=_SEED, side_px=320,
        unrated=0.1, parts=True, masks=False,
    )  # fmt: skip
    generate(folder / "examples", plan, workers=2)
    return folder / "examples"


def example_grades(attribute: Attribute, *, side_px: int = 256) -> Iterator[tuple[int, Photo]]:
    """The sample face with one sign at each grade and nothing else, RGB uint8 (S, S, 3)."""
    canvas = _canvas(side_px)
    for grade in GRADES:
        severities = {one: clear(one) for one in Attribute} | {attribute: float(grade)}
        painted = paint_all(canvas, severities, np.random.default_rng(_SEED))
        yield grade, to_srgb(painted.canvas.light)


def _sample() -> tuple[Photo, FloatArray]:
    pixels = cv2.imread(str(_PICTURE), cv2.IMREAD_COLOR)
    if pixels is None:
        raise FacesUnusableError(f"{_PICTURE} is not a readable picture")
    picture = np.ascontiguousarray(pixels[..., ::-1], dtype=np.uint8)
    found = FaceFinder(load_locator(_LANDMARKS)).find(picture)
    return picture, found.landmarks.astype(np.float64)


def _canvas(side_px: int) -> Canvas:
    with TemporaryDirectory() as folder:
        faces = list_faces(write_faces(Path(folder), ["sample"]))
        maker = CanvasMaker(faces, side_px=side_px)
    return maker.make_from(["sample"], weights=[1.0], rng=np.random.default_rng(_SEED))
