"""The same face seen from elsewhere: a turned head, a camera at arm's length.

The picture is taken for a painted relief: every place of the level face gets the mean head's depth,
is turned and projected anew. What a turn hides is squeezed rather than hidden.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

import numpy as np
import numpy.typing as npt

from backend.vision import head
from backend.vision.geometry import FloatArray

STUDIO_DISTANCE: Final = 25.0
"""From which the London Set is taken to have been photographed, eye distances: about 1.5 m."""
_INVERSION_STEPS: Final = 12
_COARSE_REACH: Final = 3.2
_COARSE_CELLS: Final = 96


@dataclass(frozen=True, slots=True)
class HeadView:
    """How the head is turned and from how far it is seen.

    Attributes:
        yaw_deg: positive turns the nose towards the image's right.
        pitch_deg: positive turns the nose down.
        distance: from the camera to the eyes, eye distances; 30 cm are about 4.8.
    """

    yaw_deg: float = 0.0
    pitch_deg: float = 0.0
    distance: float = STUDIO_DISTANCE
    _turn: FloatArray = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Work the rotation out once."""
        turn = head.rotation(yaw_deg=self.yaw_deg, pitch_deg=self.pitch_deg)
        object.__setattr__(self, "_turn", turn)

    def from_source(self, points: npt.ArrayLike) -> FloatArray:
        """Where places of the studio's picture appear, float64 (..., 2), level face.

        >>> HeadView(distance=5.0).from_source([(0.0, 0.6), (0.5, 0.0)]).round(3).tolist()
        [[0.0, 0.653], [0.5, 0.0]]
        """
        places = np.asarray(points, dtype=np.float64)
        depths = head.depth(places)[..., None]
        true_places = places * (STUDIO_DISTANCE - depths) / STUDIO_DISTANCE
        solid = np.concatenate([true_places, depths], axis=-1)
        return head.project(solid, self._turn, distance=self.distance)

    def to_source(self, points: npt.ArrayLike) -> FloatArray:
        """Where places of the result come from, float64 (..., 2): the inverse, found by iteration.

        It is worked out on a raster and interpolated, within 3.2 eye distances of the eyes.
        """
        places = np.asarray(points, dtype=np.float64)
        on_raster = (places / _COARSE_REACH + 1) / 2 * (_COARSE_CELLS - 1)
        return places + head.look_up(self._inverse_raster(), on_raster)

    def _inverse_raster(self) -> npt.NDArray[np.float32]:
        # The shift towards the source, float32 (96, 96, 2): smoother than the places themselves.
        axis = np.linspace(-_COARSE_REACH, _COARSE_REACH, _COARSE_CELLS)
        wanted = np.stack(np.meshgrid(axis, axis), axis=-1)
        places = wanted.copy()
        for _ in range(_INVERSION_STEPS):
            places += wanted - self.from_source(places)
        return (places - wanted).astype(np.float32)


def random_view(generator: np.random.Generator) -> HeadView:
    """A likely view: mostly near the front, at times turned, half of them at arm's length."""
    yaw, pitch = 0.0, 0.0
    if generator.random() < 0.7:
        yaw, pitch = np.clip(generator.normal(0.0, (11.0, 8.0)), -28.0, 28.0)
    near = generator.random() < 0.5
    distance = generator.uniform(4.2, 9.0) if near else STUDIO_DISTANCE
    return HeadView(float(yaw), float(pitch), float(distance))
