"""Reads a folder of face photos with landmarks.

The folder follows the Face Research Lab London Set (DeBruine and Jones 2017,
doi:10.6084/m9.figshare.5047666.v5): `photos/<person>_*.jpg` with a `.tem` file beside each, whose
first line counts the landmarks and whose next lines give x and y in pixels of the photo.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from backend.errors import SkinXaiError
from backend.vision.geometry import FloatArray, Photo
from backend.vision.landmarks import POINT_COUNT


class FacesUnusableError(SkinXaiError):
    """The folder of faces misses something or holds a broken file; the message names it."""


@dataclass(frozen=True, slots=True)
class FaceFile:
    """One person's photo and the file of its landmarks."""

    person: str
    photo_path: Path
    landmarks_path: Path

    def read_photo(self) -> Photo:
        """The photo, RGB uint8 (H, W, 3).

        Raises:
            FacesUnusableError: the file is not a readable picture.
        """
        pixels = cv2.imread(str(self.photo_path), cv2.IMREAD_COLOR)
        if pixels is None:
            raise FacesUnusableError(f"{self.photo_path} is not a readable picture")
        return np.asarray(cv2.cvtColor(pixels, cv2.COLOR_BGR2RGB), dtype=np.uint8)

    def read_landmarks(self) -> FloatArray:
        """The landmarks, float64 (189, 2), photo pixels.

        Raises:
            FacesUnusableError: the file does not hold 189 points.
        """
        lines = self.landmarks_path.read_text().splitlines()
        try:
            count = int(lines[0])
            rows = [[float(n) for n in line.split()[:2]] for line in lines[1 : count + 1]]
            points = np.array(rows, dtype=np.float64)
        except (IndexError, ValueError) as error:
            raise FacesUnusableError(f"{self.landmarks_path} is not a landmark file") from error
        if points.shape != (POINT_COUNT, 2):
            raise FacesUnusableError(
                f"{self.landmarks_path}: expected {POINT_COUNT} points, got {points.shape[0]}"
            )
        return points


def list_faces(folder: Path) -> list[FaceFile]:
    """Every photo with landmarks below `folder/photos`, by person.

    Raises:
        FacesUnusableError: there is none.
    """
    found = [
        FaceFile(path.stem.split("_")[0], path.with_suffix(".jpg"), path)
        for path in sorted((folder / "photos").glob("*.tem"))
        if path.with_suffix(".jpg").exists()
    ]
    if not found:
        raise FacesUnusableError(
            f"{folder} holds no photos/*.jpg with a .tem file of landmarks beside them"
        )
    return found


def face_of(folder: Path, person: str) -> FaceFile:
    """The photo of one person, an id such as `002`.

    Raises:
        FacesUnusableError: there is none.
    """
    for face in list_faces(folder):
        if face.person == person:
            return face
    raise FacesUnusableError(f"{folder} holds no photo of {person} with its landmarks beside it")
