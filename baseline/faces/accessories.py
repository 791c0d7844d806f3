"""What people wear in front of their faces: glasses, a fringe, a beard."""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np
import numpy.typing as npt

from backend.vision.geometry import FloatArray
from backend.vision.landmarks import LEFT_EYE, RIGHT_EYE

FloatPicture = npt.NDArray[np.float32]
"""RGB float32 (H, W, 3), 0 to 255."""
_TEMPLES: Final = (109, 112)
_BEARD: Final = (111, 125, 126, 127, 128, 129, 130, 131, 132, 133, 114, 163, 92, 90, 88, 160)
_SUBPIXEL_BITS: Final = 4

Cover = npt.NDArray[np.uint8]
"""How far something hides each pixel, uint8 (H, W), 255 wholly."""


def random_accessories(
    generator: np.random.Generator, picture: FloatPicture, landmarks: FloatArray
) -> FloatPicture:
    """Put each accessory on at times.

    Args:
        generator: decides which, and how each looks.
        picture: RGB float32 (H, W, 3), 0 to 255.
        landmarks: float64 (189, 2), pixels of the picture.
    """
    worn = picture
    for probability, put_on in ((0.1, random_beard), (0.12, random_fringe), (0.25, random_glasses)):
        if generator.random() < probability:
            worn = put_on(generator, worn, landmarks)
    return worn


def random_glasses(
    generator: np.random.Generator, picture: FloatPicture, landmarks: FloatArray
) -> FloatPicture:
    """Put glasses on: two lenses, a bridge, the arms; at times tinted or with a reflection.

    Args:
        generator: of their shape and colour.
        picture: RGB float32 (H, W, 3), 0 to 255.
        landmarks: float64 (189, 2), pixels of the picture.
    """
    eyes = landmarks[[LEFT_EYE, RIGHT_EYE]]
    along = eyes[1] - eyes[0]
    unit = float(np.hypot(*along))
    across = np.array([-along[1], along[0]])
    half = generator.uniform((0.27, 0.19), (0.40, 0.33))
    squareness = float(generator.uniform(2.0, 6.0))
    lower = float(generator.uniform(0.0, 0.1))
    angles = np.linspace(0, 2 * np.pi, 40, endpoint=False)
    outline = np.stack([np.cos(angles), np.sin(angles)], axis=1)
    # A superellipse: round at 2, nearly a rectangle at 6.
    outline /= (np.abs(outline) ** squareness).sum(axis=1, keepdims=True) ** (1 / squareness)
    axes = np.stack([along * half[0], across * half[1]])
    lenses = [eye + across * lower + outline @ axes for eye in eyes]
    width_px = max(1, round(unit * float(generator.uniform(0.015, 0.07))))
    colour = _frame_colour(generator)
    worn = _lenses(generator, picture, lenses)
    bars = [lens[index] for lens, index in zip(lenses, (0, 20), strict=True)]
    arms = [
        (lenses[0][20], landmarks[_TEMPLES[0]]),
        (lenses[1][0], landmarks[_TEMPLES[1]]),
    ]
    cover = np.zeros(picture.shape[:2], np.uint8)
    for lens in lenses:
        _line(cover, lens, width_px, closed=True)
    for ends in [tuple(bars), *arms]:
        _line(cover, np.array(ends), width_px, closed=False)
    return _over(worn, colour, _share(cover))


def _frame_colour(generator: np.random.Generator) -> FloatArray:
    if generator.random() < 0.6:
        return generator.uniform(5, 60) * np.ones(3)
    return generator.uniform(20, 230, 3)


def _lenses(
    generator: np.random.Generator, picture: FloatPicture, lenses: list[FloatArray]
) -> FloatPicture:
    kind = generator.random()
    if kind < 0.5:
        return picture
    cover = np.zeros(picture.shape[:2], np.uint8)
    for lens in lenses:
        cv2.fillPoly(cover, [_fixed(lens)], 255, cv2.LINE_AA, _SUBPIXEL_BITS)
    if kind < 0.75:
        return _over(picture, np.full(3, 15.0), _share(cover) * generator.uniform(0.1, 0.75))
    stripe = np.zeros_like(cover)
    height, width = picture.shape[:2]
    ends = generator.uniform((0, 0.2), (1, 0.6), (2, 2)) * (width, height)
    _line(stripe, ends, int(generator.integers(2, max(3, width // 8))), closed=False)
    glare = _share(cv2.GaussianBlur(stripe, (0, 0), 1.5)) * _share(cover)
    return _over(picture, np.full(3, 250.0), glare * generator.uniform(0.2, 0.8))


def random_fringe(
    generator: np.random.Generator, picture: FloatPicture, landmarks: FloatArray
) -> FloatPicture:
    """Let hair fall over the forehead, in the colour that the hair has."""
    eyes = landmarks[[LEFT_EYE, RIGHT_EYE]]
    unit = float(np.hypot(*(eyes[1] - eyes[0])))
    top = landmarks[139]
    x, y = np.clip(
        np.round(top - (0, 0.25 * unit)).astype(int), 0, np.array(picture.shape[1::-1]) - 1
    )
    colour = picture[y, x] + generator.normal(0, 8, 3)
    cover = np.zeros(picture.shape[:2], np.uint8)
    for _ in range(int(generator.integers(6, 30))):
        start = top + unit * generator.uniform((-0.8, -0.3), (0.8, 0.0))
        end = start + unit * generator.uniform((-0.35, 0.3), (0.35, 1.1))
        middle = (start + end) / 2 + unit * generator.normal(0, 0.08, 2)
        width_px = max(1, round(unit * float(generator.uniform(0.01, 0.09))))
        _line(cover, np.array([start, middle, end]), width_px, closed=False)
    soft = _share(cv2.GaussianBlur(cover, (0, 0), 0.6))
    return _over(picture, colour, soft * generator.uniform(0.6, 1.0))


def random_beard(
    generator: np.random.Generator, picture: FloatPicture, landmarks: FloatArray
) -> FloatPicture:
    """Darken jaw, chin and upper lip as stubble or a beard does; the lips stay."""
    cover = np.zeros(picture.shape[:2], np.uint8)
    cv2.fillPoly(cover, [_fixed(landmarks[list(_BEARD)])], 255, cv2.LINE_AA, _SUBPIXEL_BITS)
    lips = landmarks[[*range(87, 94), *range(108, 103, -1)]]
    cv2.fillPoly(cover, [_fixed(lips)], 0, cv2.LINE_AA, _SUBPIXEL_BITS)
    eyes = landmarks[[LEFT_EYE, RIGHT_EYE]]
    unit = float(np.hypot(*(eyes[1] - eyes[0])))
    soft = _share(cv2.GaussianBlur(cover, (0, 0), 0.05 * unit + 0.3))
    hairs = generator.uniform(0.5, 1.0, cover.shape) * generator.uniform(0.2, 0.9)
    colour = generator.uniform(10, 60) * np.array([1.0, 0.85, 0.7])
    return _over(picture, colour, soft * hairs)


def _line(cover: Cover, points: FloatArray, width_px: int, *, closed: bool) -> None:
    cv2.polylines(cover, [_fixed(points)], closed, 255, width_px, cv2.LINE_AA, _SUBPIXEL_BITS)


def _fixed(points: FloatArray) -> npt.NDArray[np.int32]:
    return np.round(np.asarray(points) * 2**_SUBPIXEL_BITS).astype(np.int32)


def _share(cover: npt.ArrayLike) -> FloatArray:
    return np.asarray(cover, dtype=np.float64) / 255.0


def _over(picture: FloatPicture, colour: FloatArray, share: FloatArray) -> FloatPicture:
    covered = picture * (1 - share[..., None]) + colour * share[..., None]
    return np.asarray(covered, dtype=np.float32)
