"""Where things are on a face, from its 189 landmarks: outlines, folds and soft region masks.

Indices follow the landmark template of the Face Research Lab London Set. "First" is the side on
the image's left, the person's own right.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
import numpy.typing as npt

from baseline.synthetic.noise import blur
from baseline.synthetic.optics import Field

Points = npt.NDArray[np.float64]
"""Landmarks, float64 (189, 2), pixels."""

EYES: Final = (0, 1)
HAIRLINE: Final = tuple(range(136, 143))
OUTLINE: Final = (
    *range(134, 145), 112, 113, 114, *range(133, 124, -1), 111, 110, 109,
)  # fmt: skip
EYE_RINGS: Final = (
    (18, 34, 35, 36, 37, 38, 22, 30, 29, 28),
    (23, 39, 40, 41, 42, 43, 27, 33, 32, 31),
)
BROWS: Final = ((71, 72, 73, 74, 75, 76, 84, 83), (77, 78, 79, 80, 81, 82, 86, 85))
LIPS: Final = (87, 88, 89, 90, 91, 92, 93, 108, 107, 106, 105, 104)
UNDER_EYES: Final = ((44, 45, 46), (47, 48, 49))
NASOLABIAL: Final = ((158, 159, 160), (161, 162, 163))
CHEEKS: Final = ((164, 165, 166), (167, 168, 169))
EYE_CORNERS: Final = (34, 43)
MOUTH_CORNERS: Final = (87, 93)
BROW_INNER: Final = (76, 77)
NOSE_WINGS: Final = (63, 68)
NOSE_TIP: Final = (54, 60)
NOSE_BRIDGE: Final = (51, 57)
CHIN: Final = (174, 175)
NOSTRILS: Final = (64, 65, 179, 180, 181, 182, 70, 69)


@dataclass(frozen=True, slots=True)
class Anatomy:
    """The landmarks of one canvas and what is derived from them.

    Attributes:
        points: float64 (189, 2), canvas pixels.
        shape: (height, width) of the canvas.
    """

    points: Points
    shape: tuple[int, int]

    @property
    def unit(self) -> float:
        """Distance between the eye centres in pixels: the length all sizes are given in."""
        return float(np.hypot(*(self.points[1] - self.points[0])))

    def centre(self, indices: Sequence[int]) -> Points:
        """Mean of some landmarks, float64 (2,)."""
        return np.asarray(self.points[list(indices)].mean(axis=0))

    def polygon(self, indices: Sequence[int], *, feather: float = 0.02, grow: float = 1.0) -> Field:
        """A filled outline, 1 inside, its edge softened over `feather` eye distances."""
        outline = self.points[list(indices)]
        outline = outline.mean(axis=0) + grow * (outline - outline.mean(axis=0))
        mask = np.zeros(self.shape, np.float32)
        cv2.fillPoly(mask, [np.round(outline * 16).astype(np.int32)], 1.0, cv2.LINE_AA, 4)
        return blur(mask, feather * self.unit)

    def blob(
        self, centre: npt.ArrayLike, radius_x: float, radius_y: float, *, degrees: float = 0.0
    ) -> Field:
        """A Gaussian bump of height 1; radii are standard deviations in eye distances."""
        x, y = np.asarray(centre, float)
        # Beyond four deviations a bump is nothing; leaving that out makes small ones cheap.
        reach = 4 * max(radius_x, radius_y) * self.unit + 1
        top, left = max(0, int(y - reach)), max(0, int(x - reach))
        bottom, right = min(self.shape[0], int(y + reach)), min(self.shape[1], int(x + reach))
        field = np.zeros(self.shape, np.float32)
        if bottom <= top or right <= left:
            return field
        rows, columns = np.ogrid[top:bottom, left:right]
        turn = np.deg2rad(degrees)
        dx, dy = (columns - x).astype(np.float32), (rows - y).astype(np.float32)
        u = (dx * np.cos(turn) + dy * np.sin(turn)) / (radius_x * self.unit)
        v = (-dx * np.sin(turn) + dy * np.cos(turn)) / (radius_y * self.unit)
        field[top:bottom, left:right] = np.exp(-0.5 * (u * u + v * v))
        return field

    def between(self, first: npt.ArrayLike, second: npt.ArrayLike, share: float) -> Points:
        """The point that lies `share` of the way from one point to another."""
        start = np.asarray(first, float)
        return np.asarray(start + share * (np.asarray(second, float) - start))

    def shifted(self, point: npt.ArrayLike, right: float, down: float) -> Points:
        """A point, or several, moved by eye distances to the image's right and down."""
        return np.asarray(np.asarray(point, float) + np.array([right, down]) * self.unit)

    @property
    def forehead(self) -> Points:
        """Middle of the forehead, float64 (2,)."""
        return self.between(self.centre(HAIRLINE[2:5]), self.centre(BROW_INNER), 0.55)

    def geometric_skin(self) -> Field:
        """The face's outline without eyes, brows, lips and nostrils: 1 on skin, soft edges."""
        skin = self.polygon(OUTLINE, feather=0.04, grow=0.97)
        for ring in EYE_RINGS:
            skin = skin * (1 - self.polygon(ring, grow=1.15))
        for brow in BROWS:
            skin = skin * (1 - self.polygon(brow, grow=1.15))
        return skin * (1 - self.polygon(LIPS, grow=1.08)) * (1 - self.polygon(NOSTRILS))
