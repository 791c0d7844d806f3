"""Smooth deformations of a face: turned heads, smiles, other proportions, and perspective.

A deformation says where in the source each place of the result comes from, as picture sampling
needs it; where a landmark of the source goes is its inverse, found by iteration. Everything is
measured on the level face: the origin lies between the eyes, the unit is the eye distance.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from backend.vision.geometry import FloatArray

_MOUTH_CORNERS: Final = ((-0.40, 1.05), (0.40, 1.05))
_CHIN: Final = (0.0, 1.8)
_HEAD_CENTRE: Final = (0.0, 0.5)
_NOSE_TIP: Final = (0.0, 0.75)
_HEAD_DEPTH, _HEAD_RADIUS = 0.85, 1.15
_NOSE_DEPTH, _NOSE_RADIUS = 0.16, 0.22
_INVERSION_STEPS: Final = 15


@dataclass(frozen=True, slots=True)
class Bump:
    """A Gaussian hill of displacement.

    Attributes:
        centre: x, y of its top.
        radius: its standard deviation.
        shift: displacement x, y at its top.
    """

    centre: tuple[float, float]
    radius: float
    shift: tuple[float, float]


@dataclass(frozen=True, slots=True)
class Deformation:
    """A perspective followed by a sum of bumps.

    Attributes:
        bumps: displacements towards the source.
        tilt: x and y slope of the perspective's denominator; 0 leaves the face as it is.
    """

    bumps: tuple[Bump, ...] = ()
    tilt: tuple[float, float] = (0.0, 0.0)

    def to_source(self, points: npt.ArrayLike) -> FloatArray:
        """Where places of the result, float (..., 2), come from in the source."""
        places = np.asarray(points, float)
        x, y = places[..., 0], places[..., 1]
        denominator = 1.0 + self.tilt[0] * x + self.tilt[1] * y
        out = places / denominator[..., None]
        for bump in self.bumps:
            squared = (x - bump.centre[0]) ** 2 + (y - bump.centre[1]) ** 2
            height = np.exp(squared * (-0.5 / bump.radius**2))
            out += height[..., None] * np.asarray(bump.shift)
        return np.asarray(out)

    def from_source(self, points: npt.ArrayLike) -> FloatArray:
        """Where places of the source, float (N, 2), go in the result: the inverse of `to_source`.

        >>> smile = Deformation(bumps=(Bump((0.4, 1.0), 0.3, (-0.05, 0.05)),))
        >>> smile.to_source(smile.from_source([(0.4, 1.1)])).round(6).tolist()
        [[0.4, 1.1]]
        """
        wanted = np.asarray(points, float)
        places = wanted.copy()
        for _ in range(_INVERSION_STEPS):
            places += wanted - self.to_source(places)
        return places


def turned_head(yaw: float, pitch: float) -> tuple[Bump, ...]:
    """Bumps that show a face as if its head had turned, to first order in depth.

    The head is taken for a hill with a nose on it; a place moves by its height times the tangent
    of the angle, and what a turn hides is squeezed rather than hidden.

    Args:
        yaw: radians, positive turns the nose towards the image's right.
        pitch: radians, positive turns the nose down.
    """
    slide = np.array([-np.tan(yaw), -np.tan(pitch)])
    return (
        Bump(_HEAD_CENTRE, _HEAD_RADIUS, _pair(_HEAD_DEPTH * slide)),
        Bump(_NOSE_TIP, _NOSE_RADIUS, _pair(_NOSE_DEPTH * slide)),
    )


def random_deformation(generator: np.random.Generator, *, strength: float = 1.0) -> Deformation:
    """A likely mixture of a turned head, a changed mouth, other proportions and perspective.

    Args:
        generator: the source of randomness.
        strength: 0 leaves the face as it is, 1 is the training's.
    """
    bumps: list[Bump] = []
    if generator.random() < 0.6:
        yaw, pitch = strength * np.clip(generator.normal(0.0, (0.22, 0.13)), -0.5, 0.5)
        bumps += turned_head(float(yaw), float(pitch))
    if generator.random() < 0.5:
        bumps += _random_mouth(generator, strength)
    for _ in range(generator.integers(0, 5)):
        centre = _pair(generator.uniform((-1.2, -1.2), (1.2, 1.9)))
        radius = float(generator.uniform(0.25, 0.7))
        shift = _pair(strength * generator.normal(0.0, 0.10 * radius, 2))
        bumps.append(Bump(centre, radius, shift))
    tilt = _pair(strength * generator.normal(0.0, 0.03, 2))
    return Deformation(bumps=tuple(bumps), tilt=tilt)


def _random_mouth(generator: np.random.Generator, strength: float) -> list[Bump]:
    # Corners out and up make a smile, in and down a pout; a longer chin opens the jaw.
    wider = strength * generator.normal(0.05, 0.07)
    higher = strength * generator.normal(0.04, 0.06)
    longer = strength * generator.normal(0.0, 0.06)
    corners = [
        Bump(corner, 0.24, (float(-np.sign(corner[0]) * wider), float(higher)))
        for corner in _MOUTH_CORNERS
    ]
    return [*corners, Bump(_CHIN, 0.5, (0.0, float(-longer)))]


def _pair(values: npt.ArrayLike) -> tuple[float, float]:
    x, y = np.asarray(values, float)
    return float(x), float(y)
