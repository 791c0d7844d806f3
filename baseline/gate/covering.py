"""Things between the camera and the skin: a mask, a fringe, a hand, dark glasses, closed lids."""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np
import numpy.typing as npt

from backend.vision.geometry import FloatArray, Photo
from backend.vision.landmarks import LEFT_EYE, RIGHT_EYE
from backend.vision.regions import EYE_RINGS, OUTLINE
from baseline.faces.accessories import FloatPicture
from baseline.synthetic.noise import blur, octaves

Cover = npt.NDArray[np.float32]
"""How far something hides each pixel, float32 (H, W) in [0, 1]."""

_MASK_TOP, _MASK_BOTTOM = 0.35, 2.0
"""Where a mask reaches from and to, eye distances below the eyes."""
_FRINGE_BOTTOM: Final = -0.1
_LENS: Final = (0.36, 0.30)
_LASHES: Final = 0.02


def covered(
    pixels: Photo, landmarks: FloatArray, strength: float, rng: np.random.Generator
) -> Photo:
    """The photo with one thing before the face.

    Args:
        pixels: RGB uint8 (H, W, 3).
        landmarks: float64 (189, 2), pixels of the photo.
        strength: 0 nothing to 1 as much as such a thing hides.
        rng: draws which thing, and its colour.
    """
    level = _level(pixels, landmarks)
    face = np.zeros(pixels.shape[:2], np.uint8)
    cv2.fillPoly(face, [np.round(landmarks[list(OUTLINE)]).astype(np.int32)], 1)
    kind = int(rng.integers(4))
    if kind == 0:
        cover, colour = _mask(level, face, strength), rng.choice(_CLOTH) + rng.normal(0, 8, 3)
    elif kind == 1:
        top = _top(level, face)
        cover = _strands(level, top + strength * (_FRINGE_BOTTOM - top), rng)
        colour = rng.uniform(10, 90) * np.array([1.0, 0.85, 0.7])
    elif kind == 2:
        cover, colour = _hand(level, strength, rng), _skin_colour(pixels, landmarks)
    else:
        cover, colour = _lenses(level, strength), rng.uniform(5, 50, 3)
    thing = colour + 6 * octaves(pixels.shape[:2], pixels.shape[0] / 16, rng)[..., None]
    return _laid_over(pixels, np.asarray(thing, dtype=np.float32), blur(cover, 1.0))


_CLOTH: Final = np.array([(215.0, 225, 235), (150, 190, 215), (25, 25, 28), (230, 230, 228)])


def closed_eyes(pixels: Photo, landmarks: FloatArray, strength: float) -> Photo:
    """The lids lowered by this share of the eyes' opening, lashes at their edge.

    The lid is the skin above it, drawn down.

    Args:
        pixels: RGB uint8 (H, W, 3).
        landmarks: float64 (189, 2), pixels of the photo.
        strength: 0 open to 1 closed.
    """
    if strength == 0:
        return pixels
    height, width = pixels.shape[:2]
    rows, columns = np.mgrid[:height, :width].astype(np.float32)
    source_y = rows.copy()
    lashes = np.zeros((height, width), np.float32)
    unit = float(np.hypot(*(landmarks[RIGHT_EYE] - landmarks[LEFT_EYE])))
    for ring in EYE_RINGS:
        corners = landmarks[list(ring)]
        upper, lower = _lids(corners, width)
        opening = np.maximum(lower - upper, 1e-3)
        inside = (columns > corners[:, 0].min()) & (columns < corners[:, 0].max())
        share = (rows - upper[None, :]) / opening[None, :]
        lid = inside & (share >= 0) & (share <= strength)
        # Twice the opening above the eye is still lid and brow bone.
        stretch = (share / strength) * opening[None, :] * 0.9
        drawn = upper[None, :] - opening[None, :] * 0.9 + stretch
        source_y = np.where(lid, drawn, source_y)
        edge = upper + strength * opening
        near = np.exp(-(((rows - edge[None, :]) / (_LASHES * unit)) ** 2))
        lashes = np.maximum(lashes, np.where(inside, near, 0))
    moved = cv2.remap(pixels, columns, source_y.astype(np.float32), cv2.INTER_LINEAR)
    dark = np.full(3, 45.0, np.float32)
    return _laid_over(np.asarray(moved, np.uint8), dark, np.float32(0.7) * lashes)


def _lids(corners: FloatArray, width: int) -> tuple[FloatArray, FloatArray]:
    """Height of the upper and of the lower lid in each column, float64 (W,) each."""
    columns = np.arange(width, dtype=np.float64)
    ordered = np.argsort(corners[:, 0])
    first, last = corners[ordered[0]], corners[ordered[-1]]
    chord = np.interp(corners[:, 0], (first[0], last[0]), (first[1], last[1]))
    ends = np.isin(np.arange(len(corners)), ordered[[0, -1]])
    lids = []
    for part in (corners[:, 1] <= chord, corners[:, 1] >= chord):
        points = corners[part | ends]
        points = points[np.argsort(points[:, 0])]
        lids.append(np.interp(columns, points[:, 0], points[:, 1]))
    return lids[0], lids[1]


def _level(pixels: Photo, landmarks: FloatArray) -> FloatArray:
    """Where each pixel lies on the level face, float64 (H, W, 2); origin between the eyes."""
    eyes = landmarks[[LEFT_EYE, RIGHT_EYE]]
    along = eyes[1] - eyes[0]
    height, width = pixels.shape[:2]
    rows, columns = np.mgrid[:height, :width]
    away = np.stack([columns, rows], axis=-1) - eyes.mean(axis=0)
    squared = float(along @ along)
    x = away @ along / squared
    y = away @ np.array([-along[1], along[0]]) / squared
    return np.stack([x, y], axis=-1)


def _top(level: FloatArray, face: npt.NDArray[np.uint8]) -> float:
    return float(level[..., 1][face > 0].min())


def _mask(level: FloatArray, face: npt.NDArray[np.uint8], strength: float) -> Cover:
    top = _MASK_BOTTOM + strength * (_MASK_TOP - _MASK_BOTTOM)
    wide = cv2.dilate(face, np.ones((9, 9), np.uint8)) > 0
    # It is highest on the nose.
    below = level[..., 1] > top + 0.35 * level[..., 0] ** 2
    return np.asarray(wide & below, dtype=np.float32)


def _strands(level: FloatArray, bottom: float, rng: np.random.Generator) -> Cover:
    wave = 0.12 * np.sin(level[..., 0] * rng.uniform(8, 20) + rng.uniform(0, 6))
    inside = np.abs(level[..., 0]) < 1.2
    return np.asarray(inside & (level[..., 1] + wave < bottom), dtype=np.float32)


def _hand(level: FloatArray, strength: float, rng: np.random.Generator) -> Cover:
    side = 1.0 if rng.random() < 0.5 else -1.0
    centre = np.array([side * (1.6 - 1.0 * strength), rng.uniform(0.3, 1.3)])
    away = (level - centre) / np.array([0.35 + 0.45 * strength, 0.75])
    return np.asarray((away**2).sum(axis=-1) < 1, dtype=np.float32)


def _lenses(level: FloatArray, strength: float) -> Cover:
    cover = np.zeros(level.shape[:2], np.float32)
    for x in (-0.5, 0.5):
        away = (level - np.array([x, 0.06])) / np.array(_LENS) / (0.7 + 0.6 * strength)
        cover = np.maximum(cover, ((away**4).sum(axis=-1) < 1) * np.float32(strength))
    return np.asarray(cover, dtype=np.float32)


def _skin_colour(pixels: Photo, landmarks: FloatArray) -> FloatArray:
    x, y = np.round(landmarks[RIGHT_EYE] + 0.5 * (landmarks[88] - landmarks[RIGHT_EYE])).astype(int)
    around = pixels[y - 4 : y + 5, x - 4 : x + 5].reshape(-1, 3)
    return np.asarray(np.median(around, axis=0))


def _laid_over(pixels: Photo, thing: FloatPicture, cover: Cover) -> Photo:
    mixed = pixels * (1 - cover[..., None]) + thing * cover[..., None]
    return np.asarray(np.clip(mixed + 0.5, 0, 255), dtype=np.uint8)
