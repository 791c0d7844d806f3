"""Dryness: matt and faded skin, pale flakes, a mosaic of fine cracks, and split lips."""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np

from baseline.second_painter.brush import clouds, cover, crackle, draw, ease, multiply
from baseline.second_painter.portrait import LUMA, Picture, Plane, Portrait, soften

_CRACK: Final = (0.62, 0.55, 0.52)
_LIP_CRACK: Final = (0.42, 0.26, 0.28)


def paint(portrait: Portrait, amount: float, rng: np.random.Generator) -> Picture:
    """Paint dryness.

    Args:
        portrait: the face.
        amount: 0 none to 1 very dry.
        rng: draws flakes and cracks; the same draws at every amount.

    Returns:
        RGB float32 (h, w, 3) in [0, 1].
    """
    where = portrait.skin * dry_zone(portrait)
    faded = _matt(portrait, amount)
    patches = clouds(portrait, 0.30, rng, octaves=3)
    # Dry patches spread from the driest places.
    patchy = ease(patches, 0.85 - 0.75 * amount, 1.25 - 0.85 * amount) * where
    cracked = multiply(faded, _CRACK, 0.36 * amount * _cracks(portrait, rng) * patchy)
    flaky = _flakes(cracked, portrait, amount, patchy, rng)
    return _dry_lips(flaky, portrait, amount, rng)


def dry_zone(portrait: Portrait) -> Plane:
    """Where dryness shows, float32 (h, w) in [0.35, 1]: cheeks, forehead, about nose and mouth."""
    zone = np.full(portrait.skin.shape, 0.35, np.float32)
    places = (
        (portrait.spot((165, 166)), (0.30, 0.30)),
        (portrait.spot((168, 169)), (0.30, 0.30)),
        (portrait.spot((138, 139, 140, 75, 78)), (0.50, 0.16)),
        (portrait.spot((62, 63)), (0.10, 0.10)),
        (portrait.spot((67, 68)), (0.10, 0.10)),
        (portrait.spot((174, 177)), (0.30, 0.18)),
    )
    for centre, radii in places:
        np.maximum(zone, portrait.blob(centre, radii), out=zone)
    return zone


def _matt(portrait: Portrait, amount: float) -> Picture:
    pixels, unit_px = portrait.pixels, portrait.unit_px
    light = portrait.light()
    # What is lighter than its surroundings is shine: dry skin has less of it.
    glare = np.clip(light - soften(light, 0.18 * unit_px), 0, None) * portrait.skin
    matt = pixels - (0.6 * amount * soften(glare, 0.01 * unit_px))[..., None]
    grey = (matt @ LUMA)[..., None] * np.array([1.06, 1.04, 1.01], np.float32)
    # Faded right up to lids and lips: a rim of fresh colour round the eyes would look sore.
    faded = soften(portrait.skin, 0.05 * unit_px) * np.maximum(portrait.skin, 0.6)
    return cover(matt, grey, 0.25 * amount * faded)


def _cracks(portrait: Portrait, rng: np.random.Generator) -> Plane:
    fine = soften(crackle(portrait, 0.030, rng), 0.0025 * portrait.unit_px)
    wide = soften(crackle(portrait, 0.085, rng), 0.0035 * portrait.unit_px)
    return np.clip(0.8 * fine + 1.0 * wide, 0, 1)


def _flakes(
    pixels: Picture, portrait: Portrait, amount: float, patchy: Plane, rng: np.random.Generator
) -> Picture:
    unit_px = portrait.unit_px
    ridges = 1 - np.abs(2 * clouds(portrait, 0.05, rng, octaves=3) - 1)
    fine = clouds(portrait, 0.018, rng, octaves=1)
    level = 0.93 - 0.37 * amount
    scales = ease(ridges * (0.55 + 0.45 * fine), level - 0.18, level + 0.06) * patchy
    # A scale stands off the skin: a thin shadow lies under its lower edge.
    step_px = max(1.0, 0.006 * unit_px)
    shift = np.array([[1.0, 0.0, 0.4 * step_px], [0.0, 1.0, step_px]])
    cast = cv2.warpAffine(scales, shift, scales.shape[::-1])
    shadow = np.clip(np.asarray(cast, np.float32) - scales, 0, 1)
    under = np.asarray(0.34 * shadow * portrait.skin, dtype=np.float32)
    shaded = multiply(pixels, (0.55, 0.50, 0.48), under)
    skin_tone = soften_colour(pixels, 0.05 * unit_px)
    pale = np.clip(0.35 * skin_tone + 0.48 * skin_tone @ LUMA[:, None] + 0.21, 0, 1)
    return cover(shaded, pale.astype(np.float32), np.asarray(0.46 * scales, dtype=np.float32))


def soften_colour(pixels: Picture, sigma_px: float) -> Picture:
    """Blur each channel; RGB float32 (h, w, 3)."""
    return np.asarray(cv2.GaussianBlur(pixels, (0, 0), sigma_px), dtype=np.float32)


def _dry_lips(
    pixels: Picture, portrait: Portrait, amount: float, rng: np.random.Generator
) -> Picture:
    lines = np.zeros(portrait.lips.shape, np.float32)
    left, right = portrait.points[87], portrait.points[93]
    for onset in rng.permutation(np.linspace(0.05, 0.75, 26)):
        across = rng.uniform(0.08, 0.92)
        middle = left + across * (right - left) + [0.0, rng.uniform(-0.06, 0.10)]
        half = np.array([rng.normal(0, 0.008), rng.uniform(0.025, 0.055)])
        bend = np.array([rng.normal(0, 0.006), 0.0])
        shown = max(0.0, (amount - onset) / (1 - onset))
        curve = np.array([middle - half, middle + bend, middle + half])
        draw(portrait, curve, width=0.007, strength=shown**0.6, onto=lines)
    faded = cover(
        pixels, (pixels @ LUMA)[..., None] * np.float32(1.05), 0.30 * amount * portrait.lips
    )
    scurf = clouds(portrait, 0.05, rng, octaves=3)
    scales = ease(scurf, 1.0 - 0.35 * amount, 1.25 - 0.35 * amount) * portrait.lips
    flaky = cover(faded, (0.82, 0.74, 0.70), 0.28 * scales)
    return multiply(flaky, _LIP_CRACK, 0.8 * lines * portrait.lips)
