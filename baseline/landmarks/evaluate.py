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

from backend.vision.face import FaceDetector, the_one_face
from backend.vision.geometry import FloatArray, invert, transform_points
from backend.vision.landmarks import LandmarkNetwork, fit_similarity
from baseline.landmarks.metric import ErrorSummary, normalised_errors, summarise
from baseline.landmarks.photos import LabelledPhoto, load_photos
from baseline.landmarks.points import eye_distance
from baseline.landmarks.warp import Deformation, turned_head
from baseline.splits import Split, people

logger = logging.getLogger(__name__)

Change = Callable[[LabelledPhoto], LabelledPhoto]

_SMALL_EYE_DISTANCE_PX: Final = 45.0
_DIM: Final = 0.25


def as_taken(photo: LabelledPhoto) -> LabelledPhoto:
    """The photo itself."""
    return photo


def tilted(photo: LabelledPhoto, degrees: float) -> LabelledPhoto:
    """The photo turned about its centre, clockwise on the screen."""
    height, width = photo.pixels.shape[:2]
    transform = cv2.getRotationMatrix2D((width / 2, height / 2), -degrees, 1.0)
    pixels = cv2.warpAffine(
        photo.pixels, transform, (width, height), borderMode=cv2.BORDER_REPLICATE
    )
    landmarks = transform_points(photo.landmarks, np.asarray(transform, dtype=np.float64))
    return LabelledPhoto(photo.person, np.asarray(pixels, dtype=np.uint8), landmarks)


def small(photo: LabelledPhoto) -> LabelledPhoto:
    """The photo shrunk until the eyes are 45 px apart."""
    factor = _SMALL_EYE_DISTANCE_PX / eye_distance(photo.landmarks)
    height, width = photo.pixels.shape[:2]
    size = (round(width * factor), round(height * factor))
    pixels = cv2.resize(photo.pixels, size, interpolation=cv2.INTER_AREA)
    landmarks = (photo.landmarks + 0.5) * np.array([size[0] / width, size[1] / height]) - 0.5
    return LabelledPhoto(photo.person, np.asarray(pixels, dtype=np.uint8), landmarks)


def dim(photo: LabelledPhoto) -> LabelledPhoto:
    """The photo at a quarter of its brightness, with the noise of a small sensor."""
    noise = np.random.default_rng(int(photo.person)).normal(0, 6, photo.pixels.shape)
    darker = np.clip(photo.pixels * _DIM + noise, 0, 255)
    return LabelledPhoto(photo.person, darker.astype(np.uint8), photo.landmarks)


def turned(photo: LabelledPhoto, degrees: float) -> LabelledPhoto:
    """The photo warped as if the head had turned to one side, to first order in depth."""
    deformation = Deformation(bumps=turned_head(np.deg2rad(degrees), 0.0))
    eyes = photo.landmarks[:2]
    to_photo = fit_similarity([(-0.5, 0.0), (0.5, 0.0)], eyes)
    to_face = invert(to_photo)
    height, width = photo.pixels.shape[:2]
    grid = np.stack(np.meshgrid(np.arange(width), np.arange(height)), axis=-1).reshape(-1, 2)
    sources = deformation.to_source(transform_points(grid, to_face))
    places = transform_points(sources, to_photo).reshape(height, width, 2).astype(np.float32)
    pixels = cv2.remap(
        photo.pixels,
        places[..., 0],
        places[..., 1],
        cv2.INTER_LINEAR,
        borderMode=cv2.BORDER_REPLICATE,
    )
    moved = deformation.from_source(transform_points(photo.landmarks, to_face))
    landmarks = transform_points(moved, to_photo)
    return LabelledPhoto(photo.person, np.asarray(pixels, dtype=np.uint8), landmarks)


CHANGES: Final[Mapping[str, Change]] = {
    "as taken": as_taken,
    "tilted by 15 degrees": lambda photo: tilted(photo, 15.0),
    "turned by 15 degrees": lambda photo: turned(photo, 15.0),
    "eyes 45 px apart": small,
    "a quarter of the light": dim,
}


def measure(
    network: LandmarkNetwork,
    photos: Sequence[LabelledPhoto],
    change: Change = as_taken,
    *,
    detector: FaceDetector | None = None,
) -> tuple[ErrorSummary, int]:
    """Errors of a network on photos.

    Args:
        network: in evaluation mode.
        photos: with true points.
        change: what happens to each photo first.
        detector: dlib's by default.

    Returns:
        The errors on the photos with a detected face, and how many photos had none.
    """
    searching = FaceDetector() if detector is None else detector
    errors: list[FloatArray] = []
    missed = 0
    for photo in map(change, photos):
        detections = searching.detect(photo.pixels)
        if not detections:
            missed += 1
            continue
        predicted = network.locate(photo.pixels, the_one_face(detections).box)
        errors.append(normalised_errors(predicted, photo.landmarks))
    return summarise(errors), missed


def report(network: LandmarkNetwork, photos: Sequence[LabelledPhoto]) -> dict[str, object]:
    """Errors under every change, ready for JSON; in per cent of the eye distance."""
    rows: dict[str, object] = {}
    for name, change in CHANGES.items():
        summary, missed = measure(network, photos, change)
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
    network = LandmarkNetwork.load(arguments.weights)
    photos = load_photos(arguments.faces, people(arguments.split))
    print(json.dumps(report(network, photos), indent=2))


if __name__ == "__main__":
    main()
