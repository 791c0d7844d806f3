"""Puts it together: a face, five severities, the circumstances of a photo, and the truth."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from backend.vision.geometry import FloatArray, Photo
from backend.vocabulary import Attribute
from baseline.synthetic.canvas import Canvas, CanvasMaker
from baseline.synthetic.confounders import over_the_signs, under_the_signs
from baseline.synthetic.nuisance import EVERY_NUISANCE, Circumstances, Nuisance
from baseline.synthetic.optics import Field
from baseline.synthetic.severity import Severities, draw_severities, grade_of
from baseline.synthetic.shot import Expression, Shot, lighting_of, shoot
from baseline.synthetic.signs.hydration import paint_hydration
from baseline.synthetic.signs.oil import paint_oil
from baseline.synthetic.signs.painting import Painting
from baseline.synthetic.signs.pigmentation import paint_pigmentation
from baseline.synthetic.signs.sensitivity import paint_sensitivity
from baseline.synthetic.signs.wrinkle import carve_wrinkles, paint_wrinkle, with_smile

Painter = Callable[[Canvas, float, np.random.Generator], Painting]

PAINTERS: Final[Mapping[Attribute, Painter]] = {
    # From the skin's depth outwards: furrows, pigments, then what lies on the surface.
    Attribute.WRINKLE: paint_wrinkle,
    Attribute.PIGMENTATION: paint_pigmentation,
    Attribute.SENSITIVITY: paint_sensitivity,
    Attribute.HYDRATION: paint_hydration,
    Attribute.OIL: paint_oil,
}


@dataclass(frozen=True, slots=True)
class Simulated:
    """One simulated photo and the truth about it.

    Attributes:
        photo: RGB uint8 (S, S, 3).
        landmarks: float64 (189, 2), true places, photo pixels; the first two are the eyes' centres.
        severities: continuous amounts 0-4, as they can be seen: a smile's folds count as wrinkles.
        masks: float32 (S, S) in [0, 1] per attribute on the photo: how strongly the sign (for
            hydration: dryness) was painted.
        person: the face's person, or a morph's parents joined by +.
        parents: the people whose photos it was made of.
    """

    photo: Photo
    landmarks: FloatArray
    severities: Mapping[Attribute, float]
    masks: Mapping[Attribute, Field]
    person: str
    parents: tuple[str, ...]

    @property
    def grades(self) -> dict[Attribute, int]:
        """The true grade of each attribute."""
        return {name: grade_of(severity) for name, severity in self.severities.items()}


class Simulator:
    """Draws simulated photos; the same generator state gives the same photo."""

    def __init__(
        self,
        canvases: CanvasMaker,
        *,
        severities: Severities = Severities.SHARES,
        nuisances: Collection[Nuisance] = EVERY_NUISANCE,
    ) -> None:
        """Choose the faces, how severities are drawn and what may disturb a photo.

        Args:
            canvases: where the faces come from.
            severities: how often each is drawn.
            nuisances: those that are switched on.
        """
        self._canvases = canvases
        self._severities = severities
        self._nuisances = frozenset(nuisances)

    def draw(self, rng: np.random.Generator) -> Simulated:
        """A random face with independently drawn severities."""
        severities = draw_severities(self._severities, rng)
        canvas = self._canvases.make(rng)
        signs, shot = (int(seed) for seed in rng.integers(2**63, size=2))
        return photograph(canvas, severities, signs, Circumstances(shot, self._nuisances))


def photograph(
    canvas: Canvas,
    severities: Mapping[Attribute, float],
    signs_seed: int,
    circumstances: Circumstances,
) -> Simulated:
    """A given face with given severities, photographed under given circumstances.

    Args:
        canvas: the face.
        severities: 0 to 4 for each attribute.
        signs_seed: of where the signs lie: the same face on another day keeps it.
        circumstances: of the photo.
    """
    smile = Expression.of(circumstances).smile
    lit = under_the_signs(replace(canvas, lighting=lighting_of(circumstances)), circumstances)
    painted = paint_all(lit, severities, np.random.default_rng(signs_seed), smile=smile)
    shot = shoot(over_the_signs(painted.canvas, circumstances), circumstances)
    seen = dict(severities)
    seen[Attribute.WRINKLE] = with_smile(seen[Attribute.WRINKLE], smile)
    return Simulated(
        photo=shot.pixels,
        landmarks=shot.landmarks,
        severities=seen,
        masks=_on_photo(painted.masks, shot),
        person=canvas.person,
        parents=canvas.parents,
    )


@dataclass(frozen=True, slots=True)
class PaintedCanvas:
    """A canvas with all signs painted, and a mask (S, S) in [0, 1] for each."""

    canvas: Canvas
    masks: Mapping[Attribute, Field]


def paint_all(
    canvas: Canvas,
    severities: Mapping[Attribute, float],
    rng: np.random.Generator,
    *,
    smile: float = 0.0,
) -> PaintedCanvas:
    """Paint every attribute at its severity 0-4, one over the other, and a smile's folds."""
    masks: dict[Attribute, Field] = {}
    for attribute, painter in PAINTERS.items():
        # A generator of its own keeps one sign's places the same when another's severity changes.
        own = np.random.default_rng(int(rng.integers(2**63)))
        if attribute is Attribute.WRINKLE:
            painting = carve_wrinkles(canvas, severities[attribute], own, smile=smile)
        else:
            painting = painter(canvas, severities[attribute], own)
        canvas = replace(canvas, light=painting.light)
        masks[attribute] = painting.mask
    return PaintedCanvas(canvas, masks)


def _on_photo(masks: Mapping[Attribute, Field], shot: Shot) -> dict[Attribute, Field]:
    return {attribute: shot.from_canvas(mask) for attribute, mask in masks.items()}
