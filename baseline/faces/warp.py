"""Smooth deformations of a face: smiles, half-closed eyes, other proportions.

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
from baseline.faces.mouth import MouthOpening, random_opening
from baseline.faces.view import HeadView, random_view

_MOUTH_CORNERS: Final = ((-0.40, 1.05), (0.40, 1.05))
_CHIN: Final = (0.0, 1.8)
_LOWER_LIDS: Final = ((-0.5, 0.12), (0.5, 0.12))
_CHEEKS: Final = ((-0.62, 0.55), (0.62, 0.55))
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
    """A sum of bumps.

    Attributes:
        bumps: displacements towards the source.
    """

    bumps: tuple[Bump, ...] = ()

    def to_source(self, points: npt.ArrayLike) -> FloatArray:
        """Where places of the result, float (..., 2), come from in the source."""
        places = np.asarray(points, float)
        x, y = places[..., 0], places[..., 1]
        out = places.copy()
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


@dataclass(frozen=True, slots=True)
class FaceChange:
    """All that happens to a face: it is seen from elsewhere, its mouth opens, its parts move.

    Attributes:
        view: how the head is turned and from how far it is seen; None leaves it.
        mouth: how the seen mouth opens; None keeps it closed.
        deformation: what moves then.
    """

    view: HeadView | None = None
    mouth: MouthOpening | None = None
    deformation: Deformation = Deformation()

    def to_source(self, points: npt.ArrayLike) -> FloatArray:
        """Where places of the result, float (..., 2), come from in the source."""
        places = self.deformation.to_source(points)
        if self.mouth is not None:
            places = self.mouth.to_source(places)
        return places if self.view is None else self.view.to_source(places)

    def from_source(self, landmarks: FloatArray) -> FloatArray:
        """Where the landmarks of the source, float64 (189, 2), go in the result."""
        seen = landmarks if self.view is None else self.view.from_source(landmarks)
        opened = seen if self.mouth is None else self.mouth.from_source(seen)
        return self.deformation.from_source(opened)

    def depth_in_gap(self, points: npt.ArrayLike) -> FloatArray | None:
        """How far down the mouth's gap places of the result lie; None for a closed mouth."""
        if self.mouth is None:
            return None
        return self.mouth.depth_in_gap(self.deformation.to_source(points))


def random_change(generator: np.random.Generator, landmarks: FloatArray) -> FaceChange:
    """A likely change of one face, landmarks float64 (189, 2) on the level face."""
    view = random_view(generator)
    mouth = None
    if generator.random() < 0.3:
        mouth = random_opening(generator, view.from_source(landmarks))
    return FaceChange(view=view, mouth=mouth, deformation=random_deformation(generator))


def random_deformation(generator: np.random.Generator) -> Deformation:
    """A likely mixture of a changed mouth, narrowed eyes and other proportions."""
    bumps: list[Bump] = []
    if generator.random() < 0.5:
        bumps += _random_mouth(generator)
    if generator.random() < 0.3:
        higher = float(generator.normal(0.025, 0.03))
        bumps += [Bump(lid, 0.16, (0.0, higher)) for lid in _LOWER_LIDS]
    for _ in range(generator.integers(0, 5)):
        centre = _pair(generator.uniform((-1.2, -1.2), (1.2, 1.9)))
        radius = float(generator.uniform(0.25, 0.7))
        shift = _pair(generator.normal(0.0, 0.10 * radius, 2))
        bumps.append(Bump(centre, radius, shift))
    return Deformation(bumps=tuple(bumps))


def _random_mouth(generator: np.random.Generator) -> list[Bump]:
    # Corners out and up make a smile, in and down a pout; a smile lifts the cheeks, and a longer
    # chin opens the jaw.
    wider = float(generator.normal(0.06, 0.07))
    higher = float(generator.normal(0.05, 0.06))
    longer = float(generator.normal(0.0, 0.06))
    corners = [
        Bump(corner, 0.24, (float(-np.sign(corner[0]) * wider), higher))
        for corner in _MOUTH_CORNERS
    ]
    cheeks = [Bump(cheek, 0.3, (0.0, 0.4 * higher)) for cheek in _CHEEKS]
    return [*corners, *cheeks, Bump(_CHIN, 0.5, (0.0, -longer))]


def _pair(values: npt.ArrayLike) -> tuple[float, float]:
    x, y = np.asarray(values, float)
    return float(x), float(y)
