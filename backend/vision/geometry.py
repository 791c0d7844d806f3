"""The aligned crop: one canonical square on which regions, masks and heat maps are defined.

The eyes lie level, their centres 0.36 of the side apart and at 0.42 of the height, so that the
whole face from hairline to chin is inside.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
import numpy.typing as npt

EYE_DISTANCE: Final = 0.36
"""Distance between the eye centres, as a share of the crop's side."""
EYE_HEIGHT: Final = 0.42
"""Height of the eye centres below the crop's top, as a share of its side."""
CROP_SIDE_PX: Final = 512
"""Side of the crop that the server returns and that heat maps are drawn on, in pixels."""

FloatArray = npt.NDArray[np.float64]
Photo = npt.NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class AlignedCrop:
    """The canonical square cut from a photo.

    Attributes:
        pixels: RGB uint8 (S, S, 3).
        to_photo: float64 (2, 3), the affine map from crop pixels (x, y, 1) to photo pixels.
    """

    pixels: Photo
    to_photo: FloatArray


def eye_positions(side_px: int) -> tuple[tuple[float, float], tuple[float, float]]:
    """Where the eye centres lie on the crop: first the one on the image's left, then the other.

    >>> eye_positions(100)
    ((32.0, 42.0), (68.0, 42.0))
    """
    half_distance = EYE_DISTANCE * side_px / 2
    height = EYE_HEIGHT * side_px
    return (side_px / 2 - half_distance, height), (side_px / 2 + half_distance, height)


def crop_to_photo(left_eye: npt.ArrayLike, right_eye: npt.ArrayLike, side_px: int) -> FloatArray:
    """The similarity transform that carries crop pixels to photo pixels.

    Args:
        left_eye: (x, y) of the eye centre on the image's left, photo pixels.
        right_eye: (x, y) of the eye centre on the image's right, photo pixels.
        side_px: side of the crop.

    Returns:
        float64 (2, 3).

    Raises:
        ValueError: the two eyes coincide.

    >>> (crop_to_photo((32, 42), (68, 42), 100).round(6) + 0.0).tolist()
    [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0]]
    """
    left, right = np.asarray(left_eye, float), np.asarray(right_eye, float)
    between = right - left
    if not np.hypot(*between) > 0:
        raise ValueError(f"expected two distinct eye centres, got {left} and {right}")
    crop_left, crop_right = eye_positions(side_px)
    # As complex numbers a similarity is one multiplication: rotation and scale together.
    turn = complex(*between) / (crop_right[0] - crop_left[0])
    linear = np.array([[turn.real, -turn.imag], [turn.imag, turn.real]])
    shift = left - linear @ np.asarray(crop_left)
    return np.hstack([linear, shift[:, None]])


def invert(transform: FloatArray) -> FloatArray:
    """The inverse of a (2, 3) affine transform, float64 (2, 3)."""
    return np.asarray(cv2.invertAffineTransform(transform), dtype=np.float64)


def transform_points(points: npt.ArrayLike, transform: FloatArray) -> FloatArray:
    """Apply a (2, 3) affine transform to points (N, 2); returns float64 (N, 2)."""
    return np.asarray(points, float) @ transform[:, :2].T + transform[:, 2]


def align(
    photo: Photo,
    *,
    left_eye: npt.ArrayLike,
    right_eye: npt.ArrayLike,
    side_px: int = CROP_SIDE_PX,
) -> AlignedCrop:
    """Cut the canonical square out of a photo.

    Args:
        photo: RGB uint8 (H, W, 3).
        left_eye: (x, y) of the eye centre on the image's left, photo pixels.
        right_eye: (x, y) of the eye centre on the image's right, photo pixels.
        side_px: side of the crop.

    Returns:
        The crop; what lies outside the photo repeats the photo's border.

    Raises:
        ValueError: the two eyes coincide.
    """
    to_photo = crop_to_photo(left_eye, right_eye, side_px)
    source, to_source = _shrunk_for(photo, to_photo, side_px)
    pixels = cv2.warpAffine(
        source,
        to_source,
        (side_px, side_px),
        flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP,
        borderMode=cv2.BORDER_REPLICATE,
    )
    return AlignedCrop(pixels=np.asarray(pixels, dtype=np.uint8), to_photo=to_photo)


def _shrunk_for(photo: Photo, to_photo: FloatArray, side_px: int) -> tuple[Photo, FloatArray]:
    # Bilinear sampling skips pixels when it shrinks by more than two, which would make fine skin
    # texture depend on the camera's resolution; averaging whole pixels first keeps it the same.
    scale = float(np.hypot(to_photo[0, 0], to_photo[1, 0]))
    if scale < 1.5:
        return photo, to_photo
    height, width = photo.shape[:2]
    corners = np.array([(0, 0), (0, side_px), (side_px, 0), (side_px, side_px)])
    needed = transform_points(corners, to_photo)
    margin = 2 * scale
    left, top = np.clip(needed.min(axis=0) - margin, 0, (width - 1, height - 1)).astype(int)
    right, bottom = np.maximum(needed.max(axis=0) + margin, (left + 1, top + 1)).astype(int)
    part, factors = shrink(photo[top:bottom, left:right], scale)
    # Pixel centres lie at whole numbers, so x of the photo is (x - left + 0.5) / factor - 0.5.
    to_part = to_photo / factors[:, None]
    to_part[:, 2] += (0.5 - np.array([left, top])) / factors - 0.5
    return part, to_part


def shrink(photo: Photo, factor: float) -> tuple[Photo, FloatArray]:
    """A smaller copy of a photo, each of its pixels the mean of those that it covers.

    It is halved as often as possible before the rest of the factor is averaged, which takes half
    the time; at the right and lower edge less than one pixel of the copy is left out.

    Args:
        photo: RGB uint8 (H, W, 3).
        factor: how many pixels of the photo one pixel of the copy shall be wide, at least 1.

    Returns:
        The copy, RGB uint8, at least one pixel wide and high, and how many pixels of the photo one
        of its pixels is wide and high, float64 (2,): the factor, but for rounding.

    >>> copy, factors = shrink(np.zeros((250, 500, 3), np.uint8), 2.5)
    >>> copy.shape, factors.tolist()
    ((100, 200, 3), [2.5, 2.5])
    """
    height, width = photo.shape[:2]
    halvings = int(math.log2(min(factor, height, width)))
    for _ in range(halvings):
        height, width = height // 2, width // 2
        covered = photo[: 2 * height, : 2 * width]
        photo = np.asarray(cv2.resize(covered, (width, height), interpolation=cv2.INTER_AREA))
    rest = factor / 2**halvings
    size = (max(1, round(width / rest)), max(1, round(height / rest)))
    if size != (width, height):
        photo = np.asarray(cv2.resize(photo, size, interpolation=cv2.INTER_AREA))
    return photo, np.array([width / size[0], height / size[1]]) * 2**halvings
