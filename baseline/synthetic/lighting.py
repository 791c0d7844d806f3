"""Lamps about a head, and what they do to a surface: shade its form, and mirror in its film.

Directions are those of the level face: x to the image's right, y down, z towards the camera.
Diffuse light follows Lambert's law; the mirrored lamp is a Blinn-Phong lobe (Blinn 1977,
doi:10.1145/563858.563893), whose exponent says how smooth the film is.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
import numpy.typing as npt

from backend.vision import head
from baseline.synthetic.anatomy import (
    BOTTOM_OF_CHIN,
    CHIN,
    FACE_EDGES,
    MOUTH_CORNERS,
    NOSE_TIP,
    TOP_OF_FOREHEAD,
    Anatomy,
)
from baseline.synthetic.noise import blur
from baseline.synthetic.optics import Field

Normals = npt.NDArray[np.float32]
"""Unit vectors across a surface, float32 (H, W, 3)."""
_SHRINK: Final = 4
_VIEW: Final = np.array([0.0, 0.0, 1.0], np.float32)
_MEAN_HEIGHTS: Final = (-1.19, 0.0, 0.48, 1.10, 1.83)
"""Hairline, eyes, sides of the nose's tip, corners of the mouth and chin of the London Set's mean
face, eye distances below the eyes."""
_MEAN_HALF_WIDTH: Final = 1.11
"""From its middle to where the face ends at the height of the eyes."""


@dataclass(frozen=True, slots=True)
class Lamp:
    """A lamp far away.

    Attributes:
        direction: unit vector towards it, float32 (3,).
        strength: its share of the light that falls on the face.
    """

    direction: npt.NDArray[np.float32]
    strength: float


@dataclass(frozen=True, slots=True)
class Lighting:
    """The lamps of a scene and the light from everywhere.

    Attributes:
        lamps: at least one; the first is the strongest.
        ambient: share of the light that comes from all sides.
    """

    lamps: tuple[Lamp, ...]
    ambient: float

    def diffuse(self, normals: Normals) -> Field:
        """Light that a matte surface sends on, float32 (H, W); about 1 where it faces the lamps."""
        lit = np.full(normals.shape[:2], np.float32(self.ambient))
        for lamp in self.lamps:
            lit += np.float32(lamp.strength) * np.clip(normals @ lamp.direction, 0, None)
        return lit

    def mirrored(self, normals: Normals, *, exponent: float) -> Field:
        """How brightly a film mirrors the lamps, float32 (H, W), 1 where it mirrors one fully."""
        shine = np.zeros(normals.shape[:2], np.float32)
        for lamp in self.lamps:
            half = lamp.direction + _VIEW
            half = half / np.float32(np.linalg.norm(half))
            facing = np.clip(normals @ half, 1e-4, 1)
            shine += np.float32(lamp.strength) * np.exp(np.float32(exponent) * np.log(facing))
        return shine


def lamp_at(*, azimuth_deg: float, elevation_deg: float, strength: float) -> Lamp:
    """A lamp to the image's right by the azimuth and above the eyes by the elevation."""
    azimuth, elevation = np.deg2rad((azimuth_deg, elevation_deg))
    direction = np.array(
        [
            np.sin(azimuth) * np.cos(elevation),
            -np.sin(elevation),
            np.cos(azimuth) * np.cos(elevation),
        ],
        np.float32,
    )
    return Lamp(direction, strength)


STUDIO: Final = Lighting(
    (lamp_at(azimuth_deg=0, elevation_deg=25, strength=0.7),), ambient=0.3
)  # fmt: skip
"""Even light from the front, a little above, as the canvas photos were taken in."""


def random_lighting(rng: np.random.Generator) -> Lighting:
    """A window or lamp anywhere in front, mostly above, at times a second one."""
    lamps = [
        lamp_at(
            azimuth_deg=float(np.clip(rng.normal(0, 32), -75, 75)),
            elevation_deg=float(np.clip(rng.normal(28, 18), -15, 70)),
            strength=0.7,
        )
    ]
    if rng.random() < 0.4:
        lamps.append(
            lamp_at(
                azimuth_deg=float(rng.uniform(-80, 80)),
                elevation_deg=float(rng.uniform(-10, 70)),
                strength=float(rng.uniform(0.15, 0.5)),
            )
        )
    return Lighting(tuple(lamps), ambient=float(rng.uniform(0.25, 0.7)))


def face_normals(anatomy: Anatomy) -> Normals:
    """The form of a face: the mean head's, drawn to the heights of this one's features."""
    height, width = anatomy.shape
    rows, columns = np.mgrid[: height // _SHRINK, : width // _SHRINK] * float(_SHRINK)
    level = anatomy.on_level_face(np.stack([columns, rows], axis=-1) + (_SHRINK - 1) / 2)
    own = _own_measures(anatomy)
    x = (level[..., 0] - own.middle) * (_MEAN_HALF_WIDTH / own.half_width)
    y = _piecewise(level[..., 1], own.heights, _MEAN_HEIGHTS)
    depth = head.depth(np.stack([x, y], axis=-1)) * anatomy.unit / _SHRINK
    down, right = np.gradient(blur(depth.astype(np.float32), 0.03 * anatomy.unit / _SHRINK))
    normals = unit_vectors(np.dstack([-right, -down, np.ones_like(right)]).astype(np.float32))
    enlarged = cv2.resize(normals, (width, height), interpolation=cv2.INTER_LINEAR)
    return unit_vectors(np.asarray(enlarged, dtype=np.float32))


def tilted(normals: Normals, height_px: Field) -> Normals:
    """A surface with a relief on it.

    Args:
        normals: float32 (H, W, 3) of the surface.
        height_px: float32 (H, W), how far the relief rises, pixels; furrows are negative.
    """
    down, right = np.gradient(height_px)
    return unit_vectors(normals + np.dstack([-right, -down, np.zeros_like(right)]))


def unit_vectors(vectors: Normals) -> Normals:
    """Vectors (H, W, 3) scaled to length 1."""
    length = np.sqrt(np.einsum("hwc,hwc->hw", vectors, vectors))
    return np.asarray(vectors / length[..., None], dtype=np.float32)


@dataclass(frozen=True, slots=True)
class _Measures:
    middle: float
    half_width: float
    heights: tuple[float, ...]


def _own_measures(anatomy: Anatomy) -> _Measures:
    points = anatomy.on_level_face(anatomy.points)
    left, right = np.sort(points[list(FACE_EDGES), 0])
    heights = (
        points[TOP_OF_FOREHEAD, 1],
        0.0,
        points[list(NOSE_TIP), 1].mean(),
        points[list(MOUTH_CORNERS), 1].mean(),
        points[BOTTOM_OF_CHIN, 1],
    )
    return _Measures(
        middle=float(points[[*NOSE_TIP, *CHIN], 0].mean()),
        half_width=float(right - left) / 2,
        heights=tuple(float(height) for height in heights),
    )


def _piecewise(
    values: npt.NDArray[np.float64], known: tuple[float, ...], wanted: tuple[float, ...]
) -> npt.NDArray[np.float64]:
    inside = np.interp(values, known, wanted)
    above, below = np.minimum(values - known[0], 0), np.maximum(values - known[-1], 0)
    return np.asarray(inside + above + below)
