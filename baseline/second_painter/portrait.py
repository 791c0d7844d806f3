"""The face that is painted on: its pixels, where its skin is, and coordinates of its own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Self

import cv2
import numpy as np
import numpy.typing as npt

from backend.vision.geometry import CROP_SIDE_PX, FloatArray, Photo, align
from backend.vision.landmarks import LEFT_EYE, RIGHT_EYE
from backend.vision.regions import LIPS, OUTLINE, fill
from backend.vision.skin_mask import skin_mask

Plane = npt.NDArray[np.float32]
"""float32 (h, w), one number per pixel of the window."""
Picture = npt.NDArray[np.float32]
"""RGB float32 (h, w, 3) in [0, 1], the window's pixels."""

LUMA: Final = np.array([0.299, 0.587, 0.114], np.float32)
_MARGIN: Final = 0.1
"""How far the window reaches beyond the face's outline, eye distances."""
_LIP_EDGE: Final = 0.012
"""How soft the edge of the lips is, eye distances."""


@dataclass(frozen=True, slots=True)
class Portrait:
    """A window of a photo about the face, ready to be painted.

    Face coordinates have their origin between the eyes, x along the line from the eye on the
    image's left to the other, y down the face, and the distance between the eyes as their unit.

    Attributes:
        photo: RGB uint8 (H, W, 3), the whole photo.
        rows: the window's rows of the photo.
        columns: the window's columns of the photo.
        pixels: RGB float32 (h, w, 3) in [0, 1], the window.
        points: float64 (189, 2), the landmarks in face coordinates.
        to_window: float64 (2, 3), from face coordinates to the window's pixels.
        unit_px: distance between the eye centres, pixels.
        across: float32 (h, w), each pixel's x in face coordinates.
        down: float32 (h, w), each pixel's y in face coordinates.
        skin: float32 (h, w) in [0, 1], how far each pixel is skin.
        lips: float32 (h, w) in [0, 1], how far each pixel is lip.
    """

    photo: Photo
    rows: slice
    columns: slice
    pixels: Picture
    points: FloatArray
    to_window: FloatArray
    unit_px: float
    across: Plane
    down: Plane
    skin: Plane
    lips: Plane

    @classmethod
    def of(cls, photo: Photo, landmarks: npt.ArrayLike) -> Self:
        """Look at a face.

        Args:
            photo: RGB uint8 (H, W, 3).
            landmarks: (189, 2), photo pixels.

        Raises:
            ValueError: the eyes coincide, or the face lies outside the photo.
        """
        spots = np.asarray(landmarks, dtype=np.float64)
        between = spots[RIGHT_EYE] - spots[LEFT_EYE]
        unit_px = float(np.hypot(*between))
        if not unit_px > 0:
            raise ValueError(f"expected two distinct eye centres, got {spots[LEFT_EYE]} twice")
        rows, columns = _window(photo, spots, margin_px=_MARGIN * unit_px)
        corner = np.array([columns.start, rows.start])
        axes = np.column_stack([between, [-between[1], between[0]]])
        origin = (spots[LEFT_EYE] + spots[RIGHT_EYE]) / 2 - corner
        back = np.linalg.inv(axes)
        height, width = rows.stop - rows.start, columns.stop - columns.start
        y, x = np.mgrid[:height, :width] - origin[::-1, None, None]
        lips = np.zeros((height, width), np.uint8)
        fill(lips, spots[list(LIPS)] - corner, value=1)
        return cls(
            photo=photo,
            rows=rows,
            columns=columns,
            pixels=photo[rows, columns].astype(np.float32) / np.float32(255.0),
            points=(spots - corner - origin) @ back.T,
            to_window=np.column_stack([axes, origin]),
            unit_px=unit_px,
            across=(back[0, 0] * x + back[0, 1] * y).astype(np.float32),
            down=(back[1, 0] * x + back[1, 1] * y).astype(np.float32),
            skin=_skin(photo, spots)[rows, columns],
            lips=soften(lips.astype(np.float32), _LIP_EDGE * unit_px),
        )

    def spot(self, indices: Sequence[int], shift: tuple[float, float] = (0.0, 0.0)) -> FloatArray:
        """The mean of some landmarks, moved a little; float64 (2,), face coordinates."""
        return np.asarray(self.points[list(indices)].mean(axis=0) + np.asarray(shift))

    def blob(self, centre: npt.ArrayLike, radii: tuple[float, float]) -> Plane:
        """A soft ellipse, float32 (h, w): 1 at its centre, 0.61 one radius away.

        Args:
            centre: (x, y), face coordinates.
            radii: across and down, eye distances.
        """
        x, y = np.asarray(centre, dtype=np.float32)
        far = ((self.across - x) / radii[0]) ** 2 + ((self.down - y) / radii[1]) ** 2
        return np.asarray(np.exp(-far / 2), dtype=np.float32)

    def light(self) -> Plane:
        """The luma of the pixels, float32 (h, w) in [0, 1]."""
        return np.asarray(self.pixels @ LUMA, dtype=np.float32)


def soften(plane: Plane, sigma_px: float) -> Plane:
    """Blur by a Gaussian; float32, shaped like `plane`."""
    return np.asarray(cv2.GaussianBlur(plane, (0, 0), sigma_px), dtype=np.float32)


def _window(photo: Photo, landmarks: FloatArray, *, margin_px: float) -> tuple[slice, slice]:
    outline = landmarks[list(OUTLINE)]
    size = np.array(photo.shape[1::-1])
    low = np.clip(np.floor(outline.min(axis=0) - margin_px), 0, size).astype(int)
    high = np.clip(np.ceil(outline.max(axis=0) + margin_px), 0, size).astype(int)
    if (high - low < 1).any():
        raise ValueError(f"expected a face inside the photo of {size} px, got {low} to {high}")
    return slice(int(low[1]), int(high[1])), slice(int(low[0]), int(high[0]))


def _skin(photo: Photo, landmarks: FloatArray) -> Plane:
    crop = align(photo, left_eye=landmarks[LEFT_EYE], right_eye=landmarks[RIGHT_EYE])
    inverse = cv2.invertAffineTransform(crop.to_photo)
    on_crop = landmarks @ inverse[:, :2].T + inverse[:, 2]
    size = (photo.shape[1], photo.shape[0])
    # The crop's own edge must not end the skin in a step where a chin reaches beyond it.
    mask = skin_mask(crop.pixels, on_crop)
    steps = np.arange(CROP_SIDE_PX)
    ramp = np.clip(np.minimum(steps, steps[::-1]) / (CROP_SIDE_PX // 40), 0, 1)
    mask = (mask * ramp[:, None] * ramp[None, :]).astype(np.float32)
    return np.asarray(cv2.warpAffine(mask, crop.to_photo, size), dtype=np.float32)
