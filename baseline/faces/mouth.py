"""An opened mouth: lips that part, and teeth between them.

The studio's people keep their mouths closed, so the picture is torn along the line between the
lips, the lower lip is moved down and the upper one up, and the gap is painted.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Self

import numpy as np
import numpy.typing as npt

from backend.vision.geometry import FloatArray

UPPER_INNER_LIP: Final = (*range(94, 99),)
LOWER_INNER_LIP: Final = (*range(99, 104),)
_CORNERS: Final = (87, 93)
_LOWER_REACH, _UPPER_REACH = 0.55, 0.3
_INVERSION_STEPS: Final = 12


@dataclass(frozen=True, slots=True)
class MouthOpening:
    """A gap between the lips, on the level face.

    Attributes:
        line: the lips' line as a parabola: coefficients of x squared, x and 1.
        middle: x between the corners.
        half_width: from there to a corner, eye distances.
        up: how far the upper lip rises at the middle.
        down: how far the lower lip sinks at the middle.
    """

    line: tuple[float, float, float]
    middle: float
    half_width: float
    up: float
    down: float

    @classmethod
    def of(cls, landmarks: FloatArray, *, up: float, down: float) -> Self:
        """The opening of one face's mouth.

        Args:
            landmarks: float64 (189, 2), level face.
            up: how far the upper lip rises, eye distances.
            down: how far the lower lip sinks, eye distances.
        """
        between = landmarks[[*UPPER_INNER_LIP, *LOWER_INNER_LIP, *_CORNERS]]
        second, first, zeroth = np.polyfit(between[:, 0], between[:, 1], 2)
        left, right = landmarks[list(_CORNERS), 0]
        return cls(
            line=(float(second), float(first), float(zeroth)),
            middle=float(left + right) / 2,
            half_width=float(right - left) / 2,
            up=up,
            down=down,
        )

    def to_source(self, points: npt.ArrayLike) -> FloatArray:
        """Where places of the result, float (..., 2), come from; the gap's come from the line."""
        places = np.asarray(points, dtype=np.float64)
        width, off = self._share_of_width(places[..., 0]), self._below_line(places)
        below, above = off - self.down * width, -self.up * width - off
        lower = self.down * width * np.exp(-((np.maximum(below, 0) / _LOWER_REACH) ** 2))
        upper = self.up * width * np.exp(-((np.maximum(above, 0) / _UPPER_REACH) ** 2))
        shift = np.where(below >= 0, -lower, np.where(above >= 0, upper, -off))
        return np.stack([places[..., 0], places[..., 1] + shift], axis=-1)

    def from_source(self, landmarks: FloatArray) -> FloatArray:
        """Where a face's landmarks, float64 (189, 2), go: those of the lips with their lip."""
        width, off = self._share_of_width(landmarks[:, 0]), self._below_line(landmarks)
        is_lower = off > 0
        is_lower[list(UPPER_INNER_LIP)], is_lower[list(LOWER_INNER_LIP)] = False, True
        # A point right on the line belongs to its lip's edge.
        off[list(UPPER_INNER_LIP)] = np.minimum(off[list(UPPER_INNER_LIP)], 0)
        off[list(LOWER_INNER_LIP)] = np.maximum(off[list(LOWER_INNER_LIP)], 0)
        went = off.copy()
        for _ in range(_INVERSION_STEPS):
            below = np.maximum(went - self.down * width, 0)
            above = np.maximum(-self.up * width - went, 0)
            lower = off + self.down * width * np.exp(-((below / _LOWER_REACH) ** 2))
            upper = off - self.up * width * np.exp(-((above / _UPPER_REACH) ** 2))
            went = np.where(is_lower, lower, upper)
        moved = landmarks.copy()
        moved[:, 1] += went - self._below_line(landmarks)
        return moved

    def depth_in_gap(self, points: npt.ArrayLike) -> FloatArray:
        """How far down the gap places lie: 0 at the upper lip, 1 at the lower; NaN outside."""
        places = np.asarray(points, dtype=np.float64)
        width, off = self._share_of_width(places[..., 0]), self._below_line(places)
        height = (self.up + self.down) * width
        with np.errstate(divide="ignore", invalid="ignore"):
            share = np.where(height > 1e-3, (off + self.up * width) / height, np.nan)
        return np.where((share >= 0) & (share <= 1), share, np.nan)

    def _share_of_width(self, x: FloatArray) -> FloatArray:
        off = (x - self.middle) / self.half_width
        return np.sqrt(np.maximum(1 - off**2, 0))

    def _below_line(self, places: FloatArray) -> FloatArray:
        return np.asarray(places[..., 1] - np.polyval(self.line, places[..., 0]))


def random_opening(generator: np.random.Generator, landmarks: FloatArray) -> MouthOpening:
    """A slight to wide opening of a mouth, landmarks float64 (189, 2) on the level face."""
    wide = float(generator.uniform(0.02, 0.28))
    upper_share = float(generator.uniform(0.15, 0.45))
    return MouthOpening.of(landmarks, up=wide * upper_share, down=wide * (1 - upper_share))


def paint_teeth(
    generator: np.random.Generator, picture: npt.NDArray[np.float32], depth_in_gap: FloatArray
) -> npt.NDArray[np.float32]:
    """Fill the gap: upper teeth over the dark of the mouth.

    Args:
        generator: of how much the teeth show and how bright they are.
        picture: RGB float32 (H, W, 3), 0 to 255.
        depth_in_gap: float64 (H, W), of `MouthOpening.depth_in_gap`.
    """
    inside = ~np.isnan(depth_in_gap)
    if not inside.any():
        return picture
    brightness = float(np.percentile(picture.mean(axis=2), 85)) * generator.uniform(0.55, 1.1)
    teeth = brightness * np.array([1.0, 0.96, generator.uniform(0.78, 0.95)])
    dark = generator.uniform(10, 70) * np.array([1.0, 0.55, 0.5])
    edge = generator.uniform(0.0, 1.2)
    columns = np.arange(picture.shape[1])
    gaps = 1 - 0.3 * (np.abs(np.sin(columns * np.pi / generator.uniform(4.0, 8.0))) < 0.25)
    share = np.clip((edge - np.nan_to_num(depth_in_gap)) * 8, 0, 1)[..., None]
    filling = share * teeth * gaps[None, :, None] + (1 - share) * dark
    painted = np.where(inside[..., None], filling, picture)
    return np.asarray(painted, dtype=np.float32)
