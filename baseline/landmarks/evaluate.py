"""Measure a landmark network: `python -m baseline.landmarks.evaluate --faces FOLDER`.

Every figure is of the whole way a photo takes in the server: the detector's box, two passes, and
points in photo pixels. Beside the plain photos stand changed ones, as phones make them.
"""

from __future__ import annotations

import argparse
import json
import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Final

import cv2
import numpy as np

from backend.errors import FaceNotFoundError
from backend.vision.engines.reference import load_locator
from backend.vision.face import FaceDetector, FaceFinder
from backend.vision.geometry import FloatArray, invert, transform_points
from backend.vision.landmarks import LandmarkLocator
from baseline.faces.accessories import random_glasses
from baseline.faces.changes import changed, face_to_photo, scaled, seen, tilted
from baseline.faces.mouth import MouthOpening
from baseline.faces.photos import LabelledPhoto, load_photos
from baseline.faces.view import HeadView
from baseline.faces.warp import Bump, Deformation, FaceChange
from baseline.landmarks.metric import ErrorSummary, normalised_errors, summarise
from baseline.landmarks.points import eye_distance
from baseline.splits import Split, people

logger = logging.getLogger(__name__)

Change = Callable[[LabelledPhoto], LabelledPhoto]

_SMALL_EYE_DISTANCE_PX: Final = 45.0
_FAR_EYE_DISTANCE_PX: Final = 62.0
_LARGE_PHOTO_PX: Final = (4000, 3000)
_DIM: Final = 0.25
_BLUR_SIGMA: Final = 0.05
_SMILE_WIDER, _SMILE_HIGHER = 0.12, 0.08


def as_taken(photo: LabelledPhoto) -> LabelledPhoto:
    """The photo itself."""
    return photo


def small(photo: LabelledPhoto) -> LabelledPhoto:
    """The photo shrunk until the eyes are 45 px apart."""
    return scaled(photo, _SMALL_EYE_DISTANCE_PX / eye_distance(photo.landmarks))


def far_away(photo: LabelledPhoto) -> LabelledPhoto:
    """The photo shrunk until the eyes are 62 px apart, somewhere in a picture of 12 megapixels."""
    factor = _FAR_EYE_DISTANCE_PX / eye_distance(photo.landmarks)
    shrunk = scaled(photo, factor)
    generator = np.random.default_rng(int(photo.person))
    height, width = shrunk.pixels.shape[:2]
    room = np.array(_LARGE_PHOTO_PX) - (width, height)
    x, y = (int(value) for value in generator.integers(0, room))
    pixels = np.full((*_LARGE_PHOTO_PX[::-1], 3), 170, np.uint8)
    pixels[y : y + height, x : x + width] = shrunk.pixels
    return LabelledPhoto(photo.person, pixels, shrunk.landmarks + np.array([x, y]))


def dim(photo: LabelledPhoto) -> LabelledPhoto:
    """The photo at a quarter of its brightness, with the noise of a small sensor."""
    noise = np.random.default_rng(int(photo.person)).normal(0, 6, photo.pixels.shape)
    darker = np.clip(photo.pixels * _DIM + noise, 0, 255)
    return LabelledPhoto(photo.person, darker.astype(np.uint8), photo.landmarks)


def blurred(photo: LabelledPhoto) -> LabelledPhoto:
    """The photo out of focus: a Gaussian of 5 % of the eye distance."""
    sigma = _BLUR_SIGMA * eye_distance(photo.landmarks)
    pixels = cv2.GaussianBlur(photo.pixels, (0, 0), sigma)
    return LabelledPhoto(photo.person, np.asarray(pixels, dtype=np.uint8), photo.landmarks)


def with_glasses(photo: LabelledPhoto) -> LabelledPhoto:
    """The photo with glasses painted on, another pair for each person."""
    generator = np.random.default_rng(int(photo.person))
    worn = random_glasses(generator, photo.pixels.astype(np.float32), photo.landmarks)
    pixels = np.clip(worn, 0, 255).astype(np.uint8)
    return LabelledPhoto(photo.person, pixels, photo.landmarks)


def smiling(photo: LabelledPhoto) -> LabelledPhoto:
    """The photo with the corners of the mouth drawn out and up, half of them showing teeth."""
    bumps = [
        Bump((side * 0.40, 1.05), 0.24, (-side * _SMILE_WIDER, _SMILE_HIGHER)) for side in (-1, 1)
    ]
    mouth = None
    if int(photo.person) % 2:
        face = transform_points(photo.landmarks, invert(face_to_photo(photo)))
        mouth = MouthOpening.of(face, up=0.04, down=0.12)
    return changed(photo, FaceChange(mouth=mouth, deformation=Deformation(tuple(bumps))))


CHANGES: Final[Mapping[str, Change]] = {
    "as taken": as_taken,
    "tilted by 15 degrees": lambda photo: tilted(photo, 15.0),
    "turned by 15 degrees": lambda photo: seen(photo, HeadView(yaw_deg=15.0)),
    "turned by 25 degrees": lambda photo: seen(photo, HeadView(yaw_deg=25.0)),
    "nodding by 15 degrees": lambda photo: seen(photo, HeadView(pitch_deg=15.0)),
    "taken from 30 cm": lambda photo: seen(photo, HeadView(distance=4.8)),
    "smiling": smiling,
    "with glasses": with_glasses,
    "out of focus": blurred,
    "eyes 45 px apart": small,
    "eyes 62 px apart in 12 megapixels": far_away,
    "a quarter of the light": dim,
}


def measure(
    locator: LandmarkLocator,
    photos: Sequence[LabelledPhoto],
    change: Change = as_taken,
    *,
    detector: FaceDetector | None = None,
) -> tuple[ErrorSummary, int]:
    """Errors of a locator on photos.

    Args:
        locator: with a trained network.
        photos: with true points.
        change: what happens to each photo first.
        detector: dlib's by default.

    Returns:
        The errors on the photos with a detected face, and how many photos had none.
    """
    finder = FaceFinder(locator, detector)
    errors: list[FloatArray] = []
    missed = 0
    for photo in map(change, photos):
        try:
            _, predicted = finder.locate(photo.pixels)
        except FaceNotFoundError:
            missed += 1
            continue
        errors.append(normalised_errors(predicted, photo.landmarks))
    return summarise(errors), missed


def report(locator: LandmarkLocator, photos: Sequence[LabelledPhoto]) -> dict[str, object]:
    """Errors under every change, ready for JSON; in per cent of the eye distance."""
    rows: dict[str, object] = {}
    for name, change in CHANGES.items():
        summary, missed = measure(locator, photos, change)
        rows[name] = {**asdict(summary), "not_detected": missed}
        logger.info("%s: %s, %d not detected", name, summary, missed)
    return rows


def main() -> None:
    """Read the command line and print the report as JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--faces", type=Path, required=True, help="folder of the London Set")
    parser.add_argument("--weights", type=Path, default=Path("models/landmarks.safetensors"))
    parser.add_argument("--split", type=Split, choices=list(Split), default=Split.TEST)
    arguments = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    locator = load_locator(arguments.weights)
    photos = load_photos(arguments.faces, people(arguments.split))
    print(json.dumps(report(locator, photos), indent=2))


if __name__ == "__main__":
    main()
