"""Where on the aligned crop there is skin: no eyes, brows, lips, nostrils, hair or glasses.

Landmarks say where eyes, brows, lips and nostrils are, and where the face ends. Hair over the
forehead, a beard and the frame of glasses have to be seen: they are told from skin by how much
darker they are than the person's own skin nearby. What the networks measure has to stay in: dark
spots, redness, shine and wrinkles are less dark, or smaller and browner, than hair.
"""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np
import numpy.typing as npt

from backend.vision.geometry import Photo
from backend.vision.regions import (
    BROWS,
    EYE_CENTRES,
    EYE_RINGS,
    LIPS,
    NOSTRILS,
    OUTLINE,
    Region,
    fill,
    region_masks,
)

Mask = npt.NDArray[np.float32]

_LUMA: Final = np.array([0.2126, 0.7152, 0.0722], np.float32)
_DARK: Final = (0.34, 0.50)
"""Light of a pixel as a share of that of the skin about it: hair is below the first number, skin
above the second."""
_BROW_MARGIN, _EYE_MARGIN, _LIP_MARGIN, _NOSTRIL_MARGIN = 0.04, 0.07, 0.035, 0.02
"""How far the holes reach beyond their landmarks, eye distances: lashes, stray hairs, edges."""
_NEARBY: Final = 0.35
"""How far the light of the skin nearby is averaged, eye distances."""
_NEARBY_SHRINK: Final = 4
"""The average is so smooth that a copy this much smaller holds it."""
_STRAND_GAP: Final = 0.05
"""Lighter strands between dark ones are hair up to this width, eye distances."""
_EDGE: Final = 0.015
"""How soft the mask's edge is, eye distances."""
_SMALLEST_HIDER: Final = 0.012
"""Dark spots below this area are moles, not hair or frames; square eye distances."""
_REFERENCE: Final = (Region.CHEEK_LEFT, Region.CHEEK_RIGHT, Region.NOSE, Region.GLABELLA)


def skin_mask(crop: Photo, landmarks: npt.ArrayLike) -> Mask:
    """How far each pixel is skin.

    Args:
        crop: RGB uint8 (S, S, 3), the aligned crop.
        landmarks: (189, 2), x and y, pixels of the crop.

    Returns:
        float32 (S, S) in [0, 1].
    """
    points = np.asarray(landmarks, dtype=np.float64)
    unit_px = _eye_distance(points)
    drawn = drawn_skin(points, side_px=crop.shape[0])
    seen = drawn.astype(np.float32) * (1.0 - hidden(crop, drawn, points))
    return np.asarray(cv2.GaussianBlur(seen, (0, 0), _EDGE * unit_px), dtype=np.float32)


def drawn_skin(landmarks: npt.NDArray[np.float64], *, side_px: int) -> npt.NDArray[np.bool_]:
    """Inside the face's outline, outside eyes, brows, lips and nostrils, as the landmarks lie.

    Args:
        landmarks: float64 (189, 2), pixels of the square.
        side_px: its side.

    Returns:
        bool (side_px, side_px).
    """
    skin = np.zeros((side_px, side_px), np.uint8)
    fill(skin, landmarks[list(OUTLINE)], value=1)
    holes = [
        *((ring, _EYE_MARGIN) for ring in EYE_RINGS),
        *((brow, _BROW_MARGIN) for brow in BROWS),
        *((nostril, _NOSTRIL_MARGIN) for nostril in NOSTRILS),
        (LIPS, _LIP_MARGIN),
    ]
    unit_px = _eye_distance(landmarks)
    for corners, margin in holes:
        fill(skin, landmarks[list(corners)], value=0, margin_px=margin * unit_px)
    return skin.astype(np.bool_)


def lip_mask(landmarks: npt.ArrayLike, *, side_px: int) -> Mask:
    """How far each pixel is lip, or mouth between the lips: the hole that `skin_mask` has there.

    Args:
        landmarks: (189, 2), x and y, pixels of the square.
        side_px: its side.

    Returns:
        float32 (side_px, side_px) in [0, 1].
    """
    points = np.asarray(landmarks, dtype=np.float64)
    unit_px = _eye_distance(points)
    lips = np.zeros((side_px, side_px), np.uint8)
    fill(lips, points[list(LIPS)], value=1, margin_px=_LIP_MARGIN * unit_px)
    soft = cv2.GaussianBlur(lips.astype(np.float32), (0, 0), _EDGE * unit_px)
    return np.asarray(soft, dtype=np.float32)


def hidden(crop: Photo, drawn: npt.NDArray[np.bool_], landmarks: npt.NDArray[np.float64]) -> Mask:
    """How surely hair or a frame of glasses hides the skin.

    Args:
        crop: RGB uint8 (S, S, 3).
        drawn: bool (S, S), where the landmarks let skin be expected.
        landmarks: float64 (189, 2), pixels of the crop.

    Returns:
        float32 (S, S) in [0, 1].
    """
    unit_px = _eye_distance(landmarks)
    light = crop.astype(np.float32) @ _LUMA
    regions = region_masks(landmarks, side_px=crop.shape[0])
    reference = np.logical_or.reduce([regions[region] for region in _REFERENCE]) & drawn
    if not reference.any():
        return np.zeros(light.shape, np.float32)
    typical = float(np.median(light[reference]))
    nearby = _light_nearby(light, drawn, typical, sigma_px=_NEARBY * unit_px)
    low, high = _DARK
    darkness = np.clip((high - light / nearby) / (high - low), 0.0, 1.0)
    hiding = _without_moles(darkness, smallest_px=_SMALLEST_HIDER * unit_px**2)
    disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (round(_STRAND_GAP * unit_px) | 1,) * 2)
    return np.asarray(cv2.morphologyEx(hiding, cv2.MORPH_CLOSE, disc), dtype=np.float32)


def _light_nearby(
    light: Mask, drawn: npt.NDArray[np.bool_], typical: float, *, sigma_px: float
) -> Mask:
    # A shadow darkens the skin about it as well and must not count as hair; hair itself, which
    # would darken its own surroundings, is left out of the average.
    counted = (drawn & (light > _DARK[1] * typical)).astype(np.float32)
    layers = np.dstack([counted, light * counted])
    height, width = light.shape
    size = (max(1, width // _NEARBY_SHRINK), max(1, height // _NEARBY_SHRINK))
    small = cv2.resize(layers, size, interpolation=cv2.INTER_AREA)
    smooth = cv2.GaussianBlur(small, (0, 0), sigma_px / _NEARBY_SHRINK)
    weight, total = cv2.split(cv2.resize(smooth, (width, height)))
    prior = 0.05
    return np.asarray((total + prior * typical) / (weight + prior), dtype=np.float32)


def _without_moles(darkness: Mask, *, smallest_px: float) -> Mask:
    count, labels, statistics, _ = cv2.connectedComponentsWithStats(
        (darkness > 0.5).astype(np.uint8), connectivity=8
    )
    large = np.zeros(count, np.bool_)
    large[1:] = statistics[1:, cv2.CC_STAT_AREA] >= smallest_px
    near = cv2.dilate(large[labels].astype(np.uint8), np.ones((3, 3), np.uint8))
    return np.asarray(darkness * near, dtype=np.float32)


def _eye_distance(landmarks: npt.NDArray[np.float64]) -> float:
    left, right = landmarks[list(EYE_CENTRES)]
    return float(np.hypot(*(right - left)))
