"""Where things are on a face: the groups of its 189 landmarks, and the one list of regions.

Indices follow the template of the Face Research Lab London Set. Of a pair the first is the one on
the image's left, which is the person's own right; `Region` speaks of the person's own sides.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

import cv2
import numpy as np
import numpy.typing as npt

EYE_CENTRES: Final = (0, 1)
EYE_RINGS: Final = (
    (18, 34, 35, 36, 37, 38, 22, 30, 29, 28),
    (23, 39, 40, 41, 42, 43, 27, 33, 32, 31),
)
UNDER_EYES: Final = ((44, 45, 46), (47, 48, 49))
BROWS: Final = ((71, 72, 73, 74, 75, 76, 84, 83), (77, 78, 79, 80, 81, 82, 86, 85))
NOSE_RIDGES: Final = ((51, 52, 53, 54), (57, 58, 59, 60))
NOSE_WINGS: Final = ((61, 62, 63, 64, 65), (66, 67, 68, 69, 70))
NOSTRILS: Final = ((64, 65, 179), (182, 70, 69))
LIPS: Final = (*range(87, 94), *range(108, 103, -1))
NASOLABIAL_FOLDS: Final = ((158, 159, 160), (161, 162, 163))
HAIRLINE: Final = (*range(136, 143),)
OUTLINE: Final = (
    *range(134, 145), 112, 113, 114, *range(133, 124, -1), 111, 110, 109,
)  # fmt: skip
"""Once round the face: temple, hairline, temple, down one side, chin, up the other."""
FACE: Final = (
    *EYE_CENTRES, *EYE_RINGS[0], *EYE_RINGS[1], *UNDER_EYES[0], *UNDER_EYES[1],
    *NOSE_RIDGES[0], *NOSE_RIDGES[1], *NOSE_WINGS[0], *NOSE_WINGS[1],
    *BROWS[0], *BROWS[1], *LIPS, *NASOLABIAL_FOLDS[0], *NASOLABIAL_FOLDS[1],
)  # fmt: skip
"""Eyes, brows, nose, lips and folds."""
WHOLE_FACE: Final = (*FACE, *OUTLINE)
"""Those, the outline of the face and the hairline: no ears, hair or neck."""


class Region(StrEnum):
    """A part of the face on which grades and maps are told apart; left is the person's own."""

    FOREHEAD = "forehead"
    CHEEK_RIGHT = "cheek_right"
    CHEEK_LEFT = "cheek_left"
    CHIN = "chin"
    MOUTH = "mouth"
    NOSE = "nose"
    UNDER_EYE_RIGHT = "under_eye_right"
    UNDER_EYE_LEFT = "under_eye_left"
    GLABELLA = "glabella"


_OUTLINES: Final[Mapping[Region, tuple[int, ...]]] = {
    Region.FOREHEAD: (*range(134, 145), *range(82, 70, -1)),
    Region.CHEEK_RIGHT: (
        134, 71, 18, 44, 45, 46, 61, 62, 63, 158, 159, 160, 126, 125, 111, 110, 109,
    ),
    Region.CHEEK_LEFT: (
        144, 82, 27, 49, 48, 47, 66, 67, 68, 161, 162, 163, 132, 133, 114, 113, 112,
    ),
    Region.CHIN: (160, 176, 177, 178, 163, *range(132, 125, -1)),
    Region.MOUTH: (158, 63, 64, 180, 181, 69, 68, *range(161, 164), 178, 177, 176, 160, 159),
    Region.NOSE: (50, 46, 61, 62, 63, 64, 180, 181, 69, 68, 67, 66, 47, 56),
    Region.UNDER_EYE_RIGHT: (18, 28, 29, 30, 22, 46, 45, 44),
    Region.UNDER_EYE_LEFT: (27, 33, 32, 31, 23, 47, 48, 49),
    Region.GLABELLA: (76, 77, 56, 50),
}  # fmt: skip
"""Landmarks round each region; where two overlap, the later one has it."""
_GLABELLA_RISE: Final = 0.25
"""How far the glabella reaches above the inner ends of the brows, eye distances."""
_SUBPIXEL_BITS: Final = 4


def region_masks(landmarks: npt.ArrayLike, *, side_px: int) -> dict[Region, npt.NDArray[np.bool_]]:
    """Which pixels of a square belong to each region; no pixel to two.

    Eyes, brows and lips are cut out by the skin mask, not here.

    Args:
        landmarks: (189, 2), x and y, pixels of the square.
        side_px: its side.

    Returns:
        Per region bool (side_px, side_px). A region outside the square is empty.
    """
    points = np.asarray(landmarks, dtype=np.float64)
    numbers = np.zeros((side_px, side_px), np.uint8)
    for number, region in enumerate(Region, start=1):
        fill(numbers, outline_of(region, points), value=number)
    return {region: numbers == number for number, region in enumerate(Region, start=1)}


def outline_of(region: Region, landmarks: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """The corners of a region, float64 (N, 2), in the unit of the landmarks (189, 2)."""
    corners = landmarks[list(_OUTLINES[region])]
    if region is Region.GLABELLA:
        # The brows' inner ends lie on its lower half; no landmark marks its upper edge.
        left, right = landmarks[EYE_CENTRES[0]], landmarks[EYE_CENTRES[1]]
        along = right - left
        up = np.array([along[1], -along[0]]) * _GLABELLA_RISE
        corners = np.vstack([corners[0] + up, corners[1] + up, corners])
        corners = corners[[0, 1, 3, 4, 5, 2]]
    return np.asarray(corners)


def fill(
    picture: npt.NDArray[np.uint8], outline: npt.ArrayLike, *, value: int, margin_px: float = 0.0
) -> None:
    """Fill a polygon in place.

    Args:
        picture: uint8 (H, W).
        outline: (N, 2), corners in pixels; parts outside the picture are left out.
        value: what to fill with.
        margin_px: how far to fill beyond the outline.
    """
    exact = np.round(np.asarray(outline, dtype=np.float64) * 2**_SUBPIXEL_BITS)
    corners = [exact.astype(np.int32)]
    cv2.fillPoly(picture, corners, value, cv2.LINE_8, _SUBPIXEL_BITS)
    if margin_px > 0:
        width_px = max(1, round(2 * margin_px))
        cv2.polylines(picture, corners, True, value, width_px, cv2.LINE_8, _SUBPIXEL_BITS)
