"""The London Set's photos in memory: shrunk, with their points and a mask of the person."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import cv2
import numpy as np
import numpy.typing as npt

from backend.vision.geometry import FloatArray, Photo
from baseline.faces.folder import face_of

HAIR_AND_NECK: Final = (*range(145, 158), 183, 184)
"""Outline of the hair and the neck: people differ so much that these points are half a guess."""
TRAINING_SIDE_PX: Final = 380
"""Side of a photo kept for training: its eyes are then about 57 px apart, 36 on the crop."""
_BACKGROUND_LEVEL: Final = 150
"""The studio's background is lighter than this in every channel, 8-bit levels."""
_BACKGROUND_SPREAD: Final = (38, 38, 38)
"""How far the background's pixels lie from where a flood starts, 8-bit levels."""


@dataclass(frozen=True, slots=True)
class LabelledPhoto:
    """A photo with its hand-placed points.

    Attributes:
        person: id such as `002`.
        pixels: RGB uint8 (H, W, 3).
        landmarks: float64 (189, 2), pixels of `pixels`.
    """

    person: str
    pixels: Photo
    landmarks: FloatArray


def load_photo(faces: Path, person: str, *, side_px: int | None = None) -> LabelledPhoto:
    """Read one person's photo and points.

    Args:
        faces: the folder that holds `photos/`.
        person: id such as `002`.
        side_px: shrink the photo's longer side to this; None keeps it.

    Raises:
        FacesUnusableError: the photo or its points are missing or unreadable.
    """
    found = face_of(faces, person)
    pixels, landmarks = found.read_photo(), found.read_landmarks()
    if side_px is not None:
        height, width = pixels.shape[:2]
        scale = side_px / max(height, width)
        size = (round(width * scale), round(height * scale))
        pixels = np.asarray(cv2.resize(pixels, size, interpolation=cv2.INTER_AREA), np.uint8)
        landmarks = (landmarks + 0.5) * np.array([size[0] / width, size[1] / height]) - 0.5
    return LabelledPhoto(person, pixels, landmarks)


def load_photos(
    faces: Path, persons: Sequence[str], *, side_px: int | None = None
) -> list[LabelledPhoto]:
    """Read several people's photos, in order; raises what `load_photo` raises."""
    return [load_photo(faces, person, side_px=side_px) for person in persons]


def person_mask(photo: LabelledPhoto) -> npt.NDArray[np.float32]:
    """Where the person is, before a light and even studio background.

    White clothes may be taken for background; face and hair are not.

    Returns:
        float32 (H, W): 1 on the person, 0 on the background, soft over about a pixel.
    """
    height, width = photo.pixels.shape[:2]
    smooth = cv2.GaussianBlur(photo.pixels, (0, 0), 0.8)
    face_points = np.delete(photo.landmarks, HAIR_AND_NECK, axis=0)
    # The face is painted over, so that no flood can enter light skin.
    outline = cv2.convexHull(np.round(face_points).astype(np.int32))
    cv2.fillConvexPoly(smooth, outline, (0, 0, 0))
    flooded = np.zeros((height + 2, width + 2), np.uint8)
    flags = 4 | cv2.FLOODFILL_MASK_ONLY | cv2.FLOODFILL_FIXED_RANGE | (255 << 8)
    for seed in [(x, y) for y in range(0, height, 12) for x in (0, width - 1)]:
        is_light = int(smooth[seed[1], seed[0]].min()) > _BACKGROUND_LEVEL
        if is_light and not flooded[seed[1] + 1, seed[0] + 1]:
            cv2.floodFill(
                smooth, flooded, seed, (0, 0, 0), _BACKGROUND_SPREAD, _BACKGROUND_SPREAD, flags
            )
    soft = cv2.GaussianBlur(255 - flooded[1:-1, 1:-1], (0, 0), 0.8)
    return np.asarray(soft, dtype=np.float32) / np.float32(255.0)
