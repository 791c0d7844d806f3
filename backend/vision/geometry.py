"""The aligned crop: one canonical square on which regions, masks and heat maps are defined.

The eyes lie level, their centres 0.36 of the side apart and at 0.42 of the height, so that the
whole face from hairline to chin is inside.
"""

from __future__ import annotations

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
    source, to_source = _shrunk_for(photo, to_photo)
    pixels = cv2.warpAffine(
        source,
        to_source,
        (side_px, side_px),
        flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP,
        borderMode=cv2.BORDER_REPLICATE,
    )
    return AlignedCrop(pixels=np.asarray(pixels, dtype=np.uint8), to_photo=to_photo)


def _shrunk_for(photo: Photo, to_photo: FloatArray) -> tuple[Photo, FloatArray]:
    # Bilinear sampling skips pixels when it shrinks by more than two, which would make fine skin
    # texture depend on the camera's resolution; averaging whole pixels first keeps it the same.
    scale = float(np.hypot(to_photo[0, 0], to_photo[1, 0]))
    if scale < 1.5:
        return photo, to_photo
    height, width = photo.shape[:2]
    size = (max(1, round(width / scale)), max(1, round(height / scale)))
    shrunk = cv2.resize(photo, size, interpolation=cv2.INTER_AREA)
    factors = np.array([size[0] / width, size[1] / height])
    # Pixel centres lie at whole numbers, so a resize maps x to (x + 0.5) * factor - 0.5.
    to_shrunk = to_photo * factors[:, None]
    to_shrunk[:, 2] += 0.5 * factors - 0.5
    return np.asarray(shrunk, dtype=np.uint8), to_shrunk
