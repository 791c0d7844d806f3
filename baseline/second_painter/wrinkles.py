"""Wrinkles: pairs of a dark and a light brush stroke along lines drawn by hand on the landmarks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from backend.vision.geometry import FloatArray
from backend.vision.regions import LIPS, NASOLABIAL_FOLDS
from baseline.second_painter.brush import Stroke, draw, multiply
from baseline.second_painter.portrait import Picture, Plane, Portrait, soften

_GROOVE: Final = (0.50, 0.40, 0.36)
"""What white becomes in the deepest groove."""
_SHADOW: Final = (0.74, 0.67, 0.63)
"""What white becomes in the wide soft shadow about it."""
_RIM: Final = 0.16
"""How much lighter the rim beside the groove becomes."""
_CROWS_FEET_DEG: Final = (-38.0, -16.0, 6.0, 28.0, 46.0)


@dataclass(frozen=True, slots=True)
class Wrinkle:
    """One line and when it comes.

    Attributes:
        stroke: where it runs.
        depth: how dark it gets, 0 to 1.
        onset: amount from 0 to 1 above which it shows.
    """

    stroke: Stroke
    depth: float
    onset: float


def paint(portrait: Portrait, amount: float, rng: np.random.Generator) -> Picture:
    """Paint wrinkles.

    Args:
        portrait: the face.
        amount: 0 none to 1 heavy.
        rng: makes this face's lines its own; the same draws at every amount.

    Returns:
        RGB float32 (h, w, 3) in [0, 1].
    """
    dark, light, wide = (np.zeros(portrait.skin.shape, np.float32) for _ in range(3))
    for wrinkle in wrinkles(portrait, rng):
        shown = max(0.0, (amount - wrinkle.onset) / (1 - wrinkle.onset))
        if shown > 0:
            _groove(portrait, wrinkle, shown, dark=dark, light=light, wide=wide)
    skin = portrait.skin
    shaded = multiply(portrait.pixels, _SHADOW, soften(wide, 0.012 * portrait.unit_px) * skin)
    grooved = multiply(shaded, _GROOVE, dark * skin)
    return np.asarray(grooved * (1 + _RIM * (light * skin)[..., None]), dtype=np.float32)


def _groove(
    portrait: Portrait, wrinkle: Wrinkle, shown: float, *, dark: Plane, light: Plane, wide: Plane
) -> None:
    stroke = wrinkle.stroke
    share = 0.55 + 0.45 * shown
    strength = wrinkle.depth * shown**0.8
    width = stroke.width * (0.7 + 0.5 * shown)
    centre = stroke.curve(share=share)
    draw(portrait, centre, width=width, strength=strength, onto=dark)
    rim = stroke.curve(share=share, aside=1.5 * width)
    draw(portrait, rim, width=1.3 * width, strength=strength, onto=light)
    above = stroke.curve(share=share, aside=-1.2 * width)
    draw(portrait, above, width=4.5 * width, strength=0.7 * strength, onto=wide)


def wrinkles(portrait: Portrait, rng: np.random.Generator) -> list[Wrinkle]:
    """Every line this face can have, in a fixed order."""
    sites = (_forehead, _glabella, _crows_feet, _under_eyes, _folds, _marionette, _lip_lines)
    return [wrinkle for site in sites for wrinkle in site(portrait, rng)]


def _wobbled(
    through: Sequence[Sequence[float]] | FloatArray, rng: np.random.Generator
) -> FloatArray:
    points = np.asarray(through, dtype=np.float64)
    return points + rng.normal(0.0, 0.008, points.shape)


def _forehead(portrait: Portrait, rng: np.random.Generator) -> Iterator[Wrinkle]:
    brow_y = portrait.points[[73, 74, 79, 80], 1].mean()
    hair_y = portrait.points[[138, 139, 140], 1].mean()
    middle = portrait.points[[50, 56], 0].mean()
    for index, height in enumerate((0.34, 0.50, 0.65, 0.22, 0.79)):
        y = brow_y + (height + rng.normal(0, 0.015)) * (hair_y - brow_y)
        half = rng.uniform(0.48, 0.66) * (0.6 if index == 3 else 1.0)
        off = middle + rng.normal(0, 0.05)
        # Over each brow the line rises, between them and towards the temples it sinks.
        waves = np.array([0.04, 0.005, -0.02, 0.0, 0.008, 0.0, -0.02, 0.005, 0.04])
        bend = rng.uniform(0.4, 1.2) * (0.3 if index == 3 else 1.0)
        tilt = np.linspace(-1, 1, len(waves)) * rng.normal(0, 0.02)
        x = np.linspace(-half, half, len(waves)) + off
        line = _wobbled(np.column_stack([x, y + bend * waves + tilt]), rng)
        depth, onset = rng.uniform(0.65, 0.95), 0.02 + 0.13 * index
        gap = int(rng.integers(4, 6))
        # Few lines run through: most are two that pass each other above the nose.
        other = line[gap - 1 :] + np.array([0.0, rng.normal(0, 0.015)])
        yield Wrinkle(Stroke(line[: gap + 1], 0.0115), depth, onset)
        yield Wrinkle(Stroke(other, 0.0115), depth, onset)


def _glabella(portrait: Portrait, rng: np.random.Generator) -> Iterator[Wrinkle]:
    for brow_end, side in ((76, -1.0), (77, 1.0)):
        x, y = portrait.points[brow_end]
        x -= side * 0.05
        lean = side * rng.uniform(0.01, 0.04)
        line = [(x + lean, y - 0.14), (x, y - 0.03), (x - lean / 2, y + 0.09)]
        yield Wrinkle(Stroke(_wobbled(line, rng), 0.013), rng.uniform(0.55, 0.85), 0.12)


def _crows_feet(portrait: Portrait, rng: np.random.Generator) -> Iterator[Wrinkle]:
    for corner, side in ((18, -1.0), (27, 1.0)):
        for index, degrees in enumerate(_CROWS_FEET_DEG):
            turn = np.deg2rad(degrees + rng.normal(0, 4))
            away = np.array([side * np.cos(turn), np.sin(turn)])
            start = portrait.points[corner] + rng.uniform(0.11, 0.16) * away
            length = rng.uniform(0.18, 0.32)
            bend = np.array([0.0, 0.025 * np.sign(degrees)])
            line = [start, start + away * length / 2 + bend / 2, start + away * length]
            onset = (0.3, 0.1, 0.02, 0.16, 0.45)[index]
            yield Wrinkle(Stroke(_wobbled(line, rng), 0.008), rng.uniform(0.5, 0.8), onset)


def _under_eyes(portrait: Portrait, rng: np.random.Generator) -> Iterator[Wrinkle]:
    for lid in ((18, 28, 29, 30, 22), (27, 33, 32, 31, 23)):
        rim = portrait.points[list(lid)]
        for index, below in enumerate((0.11, 0.17, 0.235)):
            sag = np.array([0.55, 0.9, 1.0, 1.0, 0.75]) * below
            line = rim + np.column_stack([np.zeros(5), sag])
            onset = (0.06, 0.25, 0.5)[index]
            yield Wrinkle(Stroke(_wobbled(line, rng), 0.010), rng.uniform(0.45, 0.7), onset)


def _folds(portrait: Portrait, rng: np.random.Generator) -> Iterator[Wrinkle]:
    for fold, wing, side in zip(NASOLABIAL_FOLDS, (62, 67), (-1.0, 1.0), strict=True):
        start = portrait.points[wing] + [side * 0.035, 0.02]
        line = np.vstack([start, portrait.points[list(fold)]])
        end = line[-1] + [side * 0.01, 0.09]
        line = _wobbled(np.vstack([line, end]), rng)
        yield Wrinkle(Stroke(line, 0.018), rng.uniform(0.75, 0.95), 0.0)


def _marionette(portrait: Portrait, rng: np.random.Generator) -> Iterator[Wrinkle]:
    for corner, side in ((87, -1.0), (93, 1.0)):
        start = portrait.points[corner] + [side * 0.03, 0.03]
        line = start + np.array([[0.0, 0.0], [side * 0.05, 0.09], [side * 0.07, 0.20]])
        yield Wrinkle(Stroke(_wobbled(line, rng), 0.014), rng.uniform(0.35, 0.6), 0.25)


def _lip_lines(portrait: Portrait, rng: np.random.Generator) -> Iterator[Wrinkle]:
    upper = portrait.points[list(LIPS[:7])]
    for share in (0.18, 0.32, 0.43, 0.57, 0.68, 0.82):
        x = np.interp(share, np.linspace(0, 1, len(upper)), upper[:, 0])
        y = np.interp(share, np.linspace(0, 1, len(upper)), upper[:, 1]) - 0.035
        length = rng.uniform(0.07, 0.12)
        lean = 0.25 * (x - upper[:, 0].mean())
        line = [(x, y), (x + lean / 2, y - length / 2), (x + lean, y - length)]
        yield Wrinkle(Stroke(np.asarray(line), 0.007), rng.uniform(0.3, 0.5), 0.5)
