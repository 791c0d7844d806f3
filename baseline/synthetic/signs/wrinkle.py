"""Wrinkles: furrows in a height field, shaded by the lamps that fall across them.

Sites and their order follow clinical photo scales (Lemperle et al. 2001,
doi:10.1097/00006534-200111000-00048): crow's feet, forehead and smile folds come first, frown
lines and the folds below the mouth later, fine lines of the upper lip last; with the years they
multiply, lengthen, deepen, widen, and join up.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from backend.vision.regions import HAIRLINE, LIPS, NASOLABIAL_FOLDS, UNDER_EYES
from baseline.synthetic.anatomy import (
    BROW_INNER,
    EYE_CORNERS,
    MOUTH_CORNERS,
    NOSE_WING_EDGES,
    Anatomy,
    Points,
)
from baseline.synthetic.canvas import Canvas
from baseline.synthetic.noise import blur, soft_step
from baseline.synthetic.optics import Field
from baseline.synthetic.relief import Furrow, carve, shading_of
from baseline.synthetic.signs.painting import MAX_SEVERITY, Painting, share, unit_range
from baseline.synthetic.signs.texture import stretched_noise

HEAVIEST: Final = 8.5
"""Sum of depth times length of a face of severity 4, eye distances."""
_GROWTH: Final = 0.5
"""How much of the way from none to most passes between a furrow's first trace and its full size."""


@dataclass(frozen=True, slots=True)
class _Seed:
    """A furrow that will come: where, from when on, and how deep and wide it may grow."""

    curve: Points
    onset: float
    depth: float
    width: float


def paint_wrinkle(canvas: Canvas, severity: float, rng: np.random.Generator) -> Painting:
    """Carve furrows at their usual sites: more, longer, deeper and wider with severity (0-4)."""
    return carve_wrinkles(canvas, severity, rng)


def carve_wrinkles(
    canvas: Canvas, severity: float, rng: np.random.Generator, *, smile: float = 0.0
) -> Painting:
    """Wrinkles that stay and, with a smile, the folds that it draws.

    Args:
        canvas: the face.
        severity: 0 to 4, of the lines that stay.
        rng: places and shapes.
        smile: 0 to 1, how far the face smiles.
    """
    amount = share(severity)
    anatomy = canvas.anatomy
    # Every draw is made at every severity, so that the same face ages instead of being replaced.
    seeds, trembles = list(_seeds(anatomy, rng)), rng.integers(2**63, size=200)
    furrows = [_grown(seed, amount) for seed in seeds if amount > max(0.0, seed.onset)]
    total = sum(furrow.load(anatomy.unit) for furrow in furrows)
    factor = float(np.clip(HEAVIEST * load(amount) / max(total, 1e-6), 0.05, 2.2))
    furrows = [replace(furrow, depth=min(1.0, furrow.depth * factor)) for furrow in furrows]
    furrows += [replace(fold, depth=fold.depth * smile) for fold in _smile(anatomy) if smile > 0]
    depth = np.zeros(anatomy.shape, np.float32)
    for furrow, tremble in zip(furrows, trembles, strict=False):
        depth = np.maximum(depth, carve(anatomy, furrow, np.random.default_rng(tremble)))
    depth = np.maximum(depth, _crepe(canvas, amount, rng)) * canvas.skin
    if not depth.any():
        return Painting(canvas.light, depth)
    light = canvas.light * shading_of(canvas, depth)[..., None]
    return Painting(np.asarray(light, dtype=np.float32), unit_range(depth * 1.6))


def load(amount: float) -> float:
    """Share of the heaviest wrinkles at a severity given as a share 0 to 1.

    It rises faster than the severity, as differences are seen in ratios.

    >>> load(1.0), round(load(0.5), 3)
    (1.0, 0.354)
    """
    return float(amount**1.5)


def with_smile(severity: float, smile: float) -> float:
    """The severity that can be seen on a face that smiles: its folds are wrinkles in the photo.

    >>> with_smile(0.0, 1.0), with_smile(4.0, 1.0)
    (1.0, 4.0)
    """
    return severity + smile * (1 - severity / MAX_SEVERITY)


def _grown(seed: _Seed, amount: float) -> Furrow:
    growth = min(1.0, (amount - seed.onset) / _GROWTH)
    middle = len(seed.curve) / 2
    half = max(4, round(middle * (0.45 + 0.55 * growth)))
    kept = seed.curve[max(0, round(middle) - half) : round(middle) + half]
    return Furrow(kept, seed.depth * growth**0.8, seed.width * (0.75 + 0.35 * growth))


def _seeds(anatomy: Anatomy, rng: np.random.Generator) -> Iterator[_Seed]:
    for site in _SITES:
        yield from site(anatomy, rng)


def _forehead(anatomy: Anatomy, rng: np.random.Generator) -> Iterator[_Seed]:
    hairline, brows = anatomy.centre(HAIRLINE[2:5]), anatomy.centre(BROW_INNER)
    across = anatomy.points[1] - anatomy.points[0]
    count, early = int(rng.integers(3, 7)), rng.uniform(-0.05, 0.25)
    for line in range(count):
        height = 0.22 + 0.58 * (line + rng.uniform(0.2, 0.8)) / count
        middle = anatomy.between(hairline, brows, height) + across * rng.normal(0, 0.06)
        sag = np.array([0, 0.05 * anatomy.unit * rng.uniform(-0.6, 1.2)])
        half = across * rng.uniform(0.45, 0.75)
        curve = _bow(middle - half, middle + half, sag)
        onset = early + rng.uniform(0, 0.35)
        yield _Seed(curve, onset, rng.uniform(0.3, 0.65), rng.uniform(0.009, 0.016))
        if rng.random() < 0.5:
            # Short lines between the long ones, which late in life join them up.
            start = anatomy.shifted(middle, rng.normal(0, 0.3), rng.uniform(0.03, 0.06))
            end = anatomy.shifted(start, rng.uniform(0.15, 0.35), rng.normal(0, 0.02))
            yield _Seed(_bow(start, end, sag * 0.3), onset + 0.3, rng.uniform(0.2, 0.4), 0.008)


def _frown(anatomy: Anatomy, rng: np.random.Generator) -> Iterator[_Seed]:
    first, second = (anatomy.points[index] for index in BROW_INNER)
    count, early = int(rng.integers(1, 4)), rng.uniform(0.15, 0.6)
    for line in range(count):
        side = 0.5 if count == 1 else 0.25 + 0.5 * line / (count - 1)
        foot = anatomy.between(first, second, side + rng.normal(0, 0.04))
        foot = anatomy.shifted(foot, 0, 0.06)
        top = anatomy.shifted(foot, rng.normal(0, 0.03), -rng.uniform(0.2, 0.34))
        curve = _bow(foot, top, rng.normal(0, 0.015 * anatomy.unit, 2))
        yield _Seed(curve, early + rng.uniform(0, 0.2), rng.uniform(0.35, 0.8), 0.012)


def _crows_feet(anatomy: Anatomy, rng: np.random.Generator) -> Iterator[_Seed]:
    early, count = rng.uniform(-0.1, 0.15), int(rng.integers(4, 8))
    for corner in EYE_CORNERS:
        outward = np.sign(anatomy.points[corner][0] - anatomy.middle[0])
        for line in range(count):
            angle = np.deg2rad(-32 + 68 * (line + rng.uniform(0.2, 0.8)) / count)
            direction = np.array([outward * np.cos(angle), np.sin(angle)])
            start = anatomy.points[corner] + direction * rng.uniform(0.06, 0.1) * anatomy.unit
            end = start + direction * rng.uniform(0.16, 0.32) * anatomy.unit
            sag = np.array([0, rng.uniform(0.0, 0.03) * anatomy.unit])
            onset = early + rng.uniform(0, 0.5)
            yield _Seed(_bow(start, end, sag), onset, rng.uniform(0.4, 0.8),
                        rng.uniform(0.006, 0.01))  # fmt: skip


def _under_eyes(anatomy: Anatomy, rng: np.random.Generator) -> Iterator[_Seed]:
    for group in UNDER_EYES:
        ring = anatomy.points[list(group)]
        for line in range(4):
            lowered = anatomy.shifted(ring, 0, -0.07 + 0.05 * line + rng.normal(0, 0.01))
            onset = rng.uniform(0.0, 0.2) + 0.14 * line
            yield _Seed(_smooth(lowered), onset, rng.uniform(0.15, 0.4), 0.008)


def _smile_folds(anatomy: Anatomy, rng: np.random.Generator) -> Iterator[_Seed]:
    onset, depth = rng.uniform(-0.1, 0.25), rng.uniform(0.5, 0.9)
    for side in range(2):
        curve = _fold(anatomy, side) + rng.normal(0, 0.008 * anatomy.unit, 2)
        yield _Seed(curve, onset, depth * rng.uniform(0.85, 1.15), rng.uniform(0.010, 0.015))


def _fold(anatomy: Anatomy, side: int) -> Points:
    """From beside the wing of the nose past the corner of the mouth, float64 (24, 2)."""
    wing = anatomy.points[NOSE_WING_EDGES[side]]
    first, middle, last = anatomy.points[list(NASOLABIAL_FOLDS[side])]
    return _smooth(
        np.array([anatomy.between(wing, first, 0.6), middle, last + 0.25 * (last - middle)])
    )


def _below_mouth(anatomy: Anatomy, rng: np.random.Generator) -> Iterator[_Seed]:
    onset, depth = rng.uniform(0.35, 0.7), rng.uniform(0.4, 0.9)
    for corner in MOUTH_CORNERS:
        start = anatomy.shifted(anatomy.points[corner], 0, 0.04)
        outward = np.sign(start[0] - anatomy.middle[0])
        end = anatomy.shifted(start, outward * rng.uniform(0.02, 0.1), rng.uniform(0.25, 0.4))
        yield _Seed(_bow(start, end, np.zeros(2)), onset, depth, 0.014)


def _upper_lip(anatomy: Anatomy, rng: np.random.Generator) -> Iterator[_Seed]:
    edge = anatomy.points[list(LIPS[1:6])]
    early = rng.uniform(0.45, 0.8)
    for share_along in np.sort(rng.uniform(0, 1, 8)):
        place = share_along * (len(edge) - 1)
        below = int(min(place, len(edge) - 2))
        foot = anatomy.between(edge[below], edge[below + 1], place - below)
        top = anatomy.shifted(foot, rng.normal(0, 0.012), -rng.uniform(0.08, 0.16))
        curve = _bow(anatomy.shifted(foot, 0, -0.03), top, np.zeros(2))
        yield _Seed(curve, early + rng.uniform(0, 0.2), rng.uniform(0.15, 0.35), 0.006)


_SITES: Final[tuple[Callable[[Anatomy, np.random.Generator], Iterator[_Seed]], ...]] = (
    _forehead, _frown, _crows_feet, _under_eyes, _smile_folds, _below_mouth, _upper_lip,
)  # fmt: skip


def _smile(anatomy: Anatomy) -> Iterator[Furrow]:
    for side in range(2):
        yield Furrow(_fold(anatomy, side), 0.8, 0.016)
    for corner in EYE_CORNERS:
        outward = np.sign(anatomy.points[corner][0] - anatomy.middle[0])
        for degrees in (-12.0, 8.0, 26.0):
            angle = np.deg2rad(degrees)
            direction = np.array([outward * np.cos(angle), np.sin(angle)])
            start = anatomy.points[corner] + direction * 0.08 * anatomy.unit
            end = start + direction * 0.2 * anatomy.unit
            yield Furrow(_bow(start, end, np.array([0, 0.015 * anatomy.unit])), 0.4, 0.009)
    for group in UNDER_EYES:
        yield Furrow(_smooth(anatomy.shifted(anatomy.points[list(group)], 0, -0.05)), 0.35, 0.012)


def _crepe(canvas: Canvas, amount: float, rng: np.random.Generator) -> Field:
    # Fine crossing lines below the eyes and on the cheeks of aged skin, too many to draw.
    anatomy = canvas.anatomy
    field = stretched_noise(anatomy.shape, 0.025 * anatomy.unit, 4.0, rng.normal(0, 12), rng)
    lines = soft_step(-np.abs(field), -0.22, 0.2)
    zone = np.zeros(anatomy.shape, np.float32)
    for group in UNDER_EYES:
        zone = np.maximum(zone, anatomy.blob(anatomy.centre(group), 0.24, 0.12))
    return lines * blur(zone, 2.0) * np.float32(0.16 * max(0.0, amount - 0.2) / 0.8)


def _bow(start: Points, end: Points, sag: Points) -> Points:
    t = np.linspace(0, 1, 24)[:, None]
    return np.asarray((1 - t) * start + t * end + 4 * t * (1 - t) * sag)


def _smooth(points: Points) -> Points:
    # The parabola through three landmarks, so that a fold bends instead of breaking.
    t = np.linspace(0, 1, 24)[:, None]
    first, middle, last = points
    return np.asarray(
        2 * (t - 0.5) * (t - 1) * first + 4 * t * (1 - t) * middle + 2 * t * (t - 0.5) * last
    )
