"""Sensitivity: red washed over cheeks, nose and chin, small red bumps, and fine vessels."""

from __future__ import annotations

from typing import Final

import numpy as np

from backend.vision.geometry import FloatArray
from baseline.second_painter.brush import clouds, cover, draw, ease, multiply
from baseline.second_painter.portrait import Picture, Plane, Portrait

_FLUSH_LIGHT: Final = np.array([1.0, 0.64, 0.65], np.float32)
"""What a flush makes of light skin: green and blue are taken away."""
_FLUSH_DARK: Final = np.array([1.10, 0.74, 0.80], np.float32)
"""What it makes of dark skin: a dusky, slightly violet red."""
_VESSEL: Final = (0.80, 0.36, 0.40)
_VESSELS: Final = 44
_BUMPS: Final = 42


def paint(portrait: Portrait, amount: float, rng: np.random.Generator) -> Picture:
    """Paint redness.

    Args:
        portrait: the face.
        amount: 0 none to 1 heavy.
        rng: draws patches, bumps and vessels; the same draws at every amount.

    Returns:
        RGB float32 (h, w, 3) in [0, 1].
    """
    zone = red_zone(portrait)
    patches = clouds(portrait, 0.28, rng, octaves=4)
    grain = clouds(portrait, 0.045, rng, octaves=2)
    # Low amounts redden the middle of each place; with the amount the edge moves outwards.
    ragged = 1.15 * zone + 0.40 * (patches - 0.5)
    spread = ease(ragged, 0.62 - 0.60 * amount, 1.25 - 0.35 * amount)
    wash = 0.76 * amount**0.8 * spread * (0.82 + 0.18 * grain)
    bumps = _bumps(portrait, amount, zone, rng)
    red = np.clip(np.maximum(wash, 0.0) + 0.55 * bumps, 0, 1) * portrait.skin
    flushed = cover(portrait.pixels, _flush(portrait), red)
    vessels = _vessels(portrait, amount, rng) * portrait.skin * ease(zone, 0.15, 0.5)
    return multiply(flushed, _VESSEL, 0.65 * vessels)


def red_zone(portrait: Portrait) -> Plane:
    """Where flushes come, float32 (h, w) in [0, 1]: cheeks, nose, chin, a little the forehead."""
    zone = np.zeros(portrait.skin.shape, np.float32)
    for centre, radii, weight in (
        (portrait.spot((165, 166), (0.02, 0.03)), (0.27, 0.22), 1.0),
        (portrait.spot((168, 169), (-0.02, 0.03)), (0.27, 0.22), 1.0),
        (portrait.spot((54, 60, 61, 66)), (0.15, 0.15), 0.95),
        (portrait.spot((174, 175)), (0.19, 0.14), 0.75),
        (portrait.spot((138, 139, 140, 75, 78)), (0.34, 0.15), 0.5),
    ):
        np.maximum(zone, np.float32(weight) * portrait.blob(centre, radii), out=zone)
    return zone


def _flush(portrait: Portrait) -> Picture:
    light = float(np.median(portrait.light()[portrait.skin > 0.5]))
    share = np.float32(np.clip((light - 0.25) / 0.3, 0, 1))
    factor = share * _FLUSH_LIGHT + (1 - share) * _FLUSH_DARK
    return np.clip(portrait.pixels * factor, 0, 1)


def _bumps(portrait: Portrait, amount: float, zone: Plane, rng: np.random.Generator) -> Plane:
    plane = np.zeros(portrait.skin.shape, np.float32)
    for index in range(_BUMPS):
        centre = _place(portrait, rng)
        radius = rng.uniform(0.012, 0.028)
        onset = 0.25 + 0.7 * index / _BUMPS
        shown = max(0.0, (amount - onset) / (1 - onset)) ** 0.5
        if shown > 0:
            np.maximum(plane, shown * portrait.blob(centre, (radius, radius)), out=plane)
    return plane * ease(zone, 0.1, 0.4)


def _place(portrait: Portrait, rng: np.random.Generator) -> FloatArray:
    middles = ((165, 166), (168, 169), (54, 60), (174, 175))
    middle = middles[int(rng.choice(4, p=[0.38, 0.38, 0.14, 0.10]))]
    return portrait.spot(middle) + rng.normal(0.0, 1.0, 2) * [0.17, 0.13]


def _vessels(portrait: Portrait, amount: float, rng: np.random.Generator) -> Plane:
    plane = np.zeros(portrait.skin.shape, np.float32)
    for index in range(_VESSELS):
        start = _place(portrait, rng)
        heading = rng.uniform(0, 2 * np.pi) + np.cumsum(rng.normal(0, 0.35, 14))
        steps = 0.012 * np.column_stack([np.cos(heading), np.sin(heading)])
        walk = start + np.cumsum(steps, axis=0)
        width = rng.uniform(0.0025, 0.005)
        onset = 0.3 + 0.65 * index / _VESSELS
        shown = max(0.0, (amount - onset) / (1 - onset)) ** 0.5
        if shown > 0:
            draw(portrait, walk, width=width, strength=shown, onto=plane)
    return plane
