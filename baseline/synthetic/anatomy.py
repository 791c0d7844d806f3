"""Where things are on a face, from its 189 landmarks: outlines, folds and soft region masks.

Indices follow the landmark template of the Face Research Lab London Set; the groups that the server
needs too are those of `backend.vision.regions`. "First" is the side on the image's left, the
person's own right.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
import numpy.typing as npt

from backend.vision.geometry import FloatArray
from backend.vision.regions import BROWS, EYE_RINGS, HAIRLINE, LIPS, OUTLINE
from baseline.synthetic.noise import blur
from baseline.synthetic.optics import Field

Points = npt.NDArray[np.float64]
"""Landmarks, float64 (189, 2), pixels."""

CHEEKS: Final = ((164, 165, 166), (167, 168, 169))
EYE_CORNERS: Final = (34, 43)
MOUTH_CORNERS: Final = (87, 93)
BROW_INNER: Final = (76, 77)
NOSE_WING_EDGES: Final = (63, 68)
NOSE_TIP: Final = (54, 60)
NOSE_BRIDGE: Final = (51, 57)
CHIN: Final = (174, 175)
FACE_EDGES: Final = (109, 112)
TOP_OF_FOREHEAD: Final = 139
BOTTOM_OF_CHIN: Final = 129
NOSTRILS: Final = (64, 65, 179, 180, 181, 182, 70, 69)
BEARD: Final = (111, *range(125, 134), 114, 163, 92, 90, 88, 160)


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

    @property
    def middle(self) -> Points:
        """The origin of the level face, halfway between the eye centres, float64 (2,)."""
        return np.asarray(self.points[:2].mean(axis=0))

    def on_level_face(self, places: npt.ArrayLike) -> FloatArray:
        """Canvas pixels (..., 2) as eye distances from between the eyes; the canvas is level."""
        return np.asarray((np.asarray(places, float) - self.middle) / self.unit)

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
