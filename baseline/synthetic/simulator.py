"""Puts it together: a face, five severities, a shot, and the truth about them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np

from backend.vision.geometry import Photo, invert, transform_points
from backend.vocabulary import GRADES, Attribute
from baseline.synthetic.canvas import Canvas, CanvasMaker
from baseline.synthetic.nuisance import Shot, shoot
from baseline.synthetic.optics import Field
from baseline.synthetic.signs.hydration import paint_hydration
from baseline.synthetic.signs.oil import paint_oil
from baseline.synthetic.signs.painting import MAX_SEVERITY, Painting
from baseline.synthetic.signs.pigmentation import paint_pigmentation
from baseline.synthetic.signs.sensitivity import paint_sensitivity
from baseline.synthetic.signs.wrinkle import paint_wrinkle

Painter = Callable[[Canvas, float, np.random.Generator], Painting]

PAINTERS: Final[Mapping[Attribute, Painter]] = {
    # From the skin's depth outwards: furrows, pigments, then what lies on the surface.
    Attribute.WRINKLE: paint_wrinkle,
    Attribute.PIGMENTATION: paint_pigmentation,
    Attribute.SENSITIVITY: paint_sensitivity,
    Attribute.HYDRATION: paint_hydration,
    Attribute.OIL: paint_oil,
}

GRADE_SHARES: Final[Mapping[Attribute, tuple[float, ...]]] = {
    Attribute.OIL: (1, 27, 55, 15, 1),
    Attribute.SENSITIVITY: (40.2, 45.7, 12.4, 1.3, 0.4),
    Attribute.WRINKLE: (36.4, 39.7, 20.1, 3.2, 0.6),
    Attribute.PIGMENTATION: (21.3, 43.9, 25.5, 7.0, 2.3),
    Attribute.HYDRATION: (5.9, 26.8, 41.1, 19.6, 6.6),
}
"""Per cent of each grade 0-4 in the original's private photos."""

HALF_WIDTH: Final = 0.35
"""A grade's severities lie within this of it; what is nearer to a border is not simulated."""


@dataclass(frozen=True, slots=True)
class Simulated:
    """One simulated photo and the truth about it.

    Attributes:
        photo: RGB uint8 (S, S, 3).
        eyes: float64 (2, 2), true eye centres, photo pixels, first the one on the image's left.
        grades: grade 0-4 per attribute.
        severities: the continuous amounts 0-4 behind the grades.
        masks: float32 (S, S) in [0, 1] per attribute on the photo: how strongly the sign (for
            hydration: dryness) was painted.
        person: the face's person, or a morph's parents joined by +.
        parents: the people whose photos it was made of.
    """

    photo: Photo
    eyes: np.ndarray
    grades: Mapping[Attribute, int]
    severities: Mapping[Attribute, float]
    masks: Mapping[Attribute, Field]
    person: str
    parents: tuple[str, ...]


class Simulator:
    """Draws simulated photos; the same generator state gives the same photo."""

    def __init__(self, canvases: CanvasMaker, *, balanced: bool = False) -> None:
        """Choose the faces and how grades are drawn.

        Args:
            canvases: where the faces come from.
            balanced: every grade equally often, instead of the original's class shares.
        """
        self._canvases = canvases
        self._balanced = balanced

    def draw(self, rng: np.random.Generator) -> Simulated:
        """A random face with independently drawn grades."""
        grades = {attribute: self._draw_grade(attribute, rng) for attribute in Attribute}
        severities = {attribute: draw_severity(grade, rng) for attribute, grade in grades.items()}
        return self.paint(self._canvases.make(rng), severities, rng)

    def paint(
        self, canvas: Canvas, severities: Mapping[Attribute, float], rng: np.random.Generator
    ) -> Simulated:
        """A given face with given severities 0-4, photographed."""
        painted = paint_all(canvas, severities, rng)
        shot = shoot(painted.canvas.light, canvas.anatomy, rng)
        return Simulated(
            photo=shot.pixels,
            eyes=transform_points(canvas.anatomy.points[:2], invert(shot.to_canvas)),
            grades={attribute: round(severity) for attribute, severity in severities.items()},
            severities=dict(severities),
            masks={name: _on_photo(mask, shot) for name, mask in painted.masks.items()},
            person=canvas.person,
            parents=canvas.parents,
        )

    def _draw_grade(self, attribute: Attribute, rng: np.random.Generator) -> int:
        if self._balanced:
            return int(rng.integers(len(GRADES)))
        shares = np.asarray(GRADE_SHARES[attribute])
        return int(rng.choice(GRADES, p=shares / shares.sum()))


@dataclass(frozen=True, slots=True)
class PaintedCanvas:
    """A canvas with all signs painted, and a mask (S, S) in [0, 1] for each."""

    canvas: Canvas
    masks: Mapping[Attribute, Field]


def paint_all(
    canvas: Canvas, severities: Mapping[Attribute, float], rng: np.random.Generator
) -> PaintedCanvas:
    """Paint every attribute at its severity 0-4, one over the other."""
    masks: dict[Attribute, Field] = {}
    for attribute, painter in PAINTERS.items():
        # A generator of its own keeps one sign's places the same when another's severity changes.
        own = np.random.default_rng(int(rng.integers(2**63)))
        painting = painter(canvas, severities[attribute], own)
        canvas = Canvas(
            light=painting.light,
            anatomy=canvas.anatomy,
            skin=canvas.skin,
            lips=canvas.lips,
            parents=canvas.parents,
        )
        masks[attribute] = painting.mask
    return PaintedCanvas(canvas, masks)


def draw_severity(grade: int, rng: np.random.Generator) -> float:
    """A severity that belongs to a grade: within 0.35 of it and within 0 to 4."""
    severity = grade + float(rng.uniform(-HALF_WIDTH, HALF_WIDTH))
    return min(max(severity, 0.0), MAX_SEVERITY)


def _on_photo(mask: Field, shot: Shot) -> Field:
    height, width = shot.pixels.shape[:2]
    moved = cv2.warpAffine(
        mask, shot.to_canvas, (width, height), flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    )
    return np.asarray(moved, dtype=np.float32)
