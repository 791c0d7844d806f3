"""Oil: light mirrored by the film of sebum on the T-zone and cheekbones."""

from __future__ import annotations

import numpy as np

from baseline.synthetic.anatomy import CHEEKS, CHIN, NOSE_BRIDGE, NOSE_TIP
from baseline.synthetic.canvas import Canvas
from baseline.synthetic.noise import blur, octaves, smooth_noise, soft_step
from baseline.synthetic.optics import Field, luminance
from baseline.synthetic.signs.painting import Painting, share, unit_range


def paint_oil(canvas: Canvas, severity: float, rng: np.random.Generator) -> Painting:
    """Take natural shine away, then add highlights that grow and sharpen with severity (0-4)."""
    amount = share(severity)
    matte = _matte(canvas)
    if amount == 0:
        return Painting(matte, np.zeros(canvas.anatomy.shape, np.float32))
    sheen = _sheen(canvas, amount, rng) * canvas.skin
    strength = np.float32(0.04 + 0.46 * amount**1.15) * np.float32(rng.uniform(0.9, 1.1))
    skin_tone = luminance(canvas.light)[canvas.skin > 0.8]
    # The mirrored lamp is as bright as the light on the face, whatever the skin's own colour.
    lamp = np.float32(0.35 + 0.9 * float(np.median(skin_tone)))
    light = matte + (sheen * strength * lamp)[..., None] * _lamp_colour(rng)
    return Painting(np.asarray(light, dtype=np.float32), unit_range(sheen * strength / 0.3))


def _matte(canvas: Canvas) -> np.ndarray:
    # Powdered skin: what is brighter than its wider surroundings is brought half-way back.
    bright = luminance(canvas.light)
    wide = blur(bright, 0.16 * canvas.anatomy.unit)
    excess = np.clip(bright / (wide + 1e-3) - 1.05, 0, 1) * canvas.skin
    return np.asarray(canvas.light / (1 + 0.8 * excess)[..., None], dtype=np.float32)


def _lamp_colour(rng: np.random.Generator) -> np.ndarray:
    return np.asarray(1 + rng.normal(0, 0.03, 3), dtype=np.float32)


def _sheen(canvas: Canvas, amount: float, rng: np.random.Generator) -> Field:
    anatomy = canvas.anatomy
    aside = rng.normal(0, 0.12)
    wide = 0.7 + 0.6 * amount
    zones = [
        (
            anatomy.shifted(anatomy.forehead, aside, 0),
            0.36 * wide,
            0.15 * wide,
            rng.uniform(0.7, 1.0),
        ),
        (
            anatomy.shifted(anatomy.centre(NOSE_BRIDGE), aside * 0.2, 0),
            0.05,
            0.24,
            rng.uniform(0.6, 1.0),
        ),
        (
            anatomy.shifted(anatomy.centre(NOSE_TIP), aside * 0.2, 0),
            0.075,
            0.06,
            rng.uniform(0.8, 1.0),
        ),
        (
            anatomy.shifted(anatomy.centre(CHIN), aside * 0.4, 0),
            0.12 * wide,
            0.07 * wide,
            rng.uniform(0.3, 0.9),
        ),
    ]
    for cheek in CHEEKS:
        centre = anatomy.shifted(anatomy.centre(cheek), aside * 0.5, -0.12)
        zones.append((centre, 0.15 * wide, 0.1 * wide, rng.uniform(0.4, 0.95)))
    film = np.zeros(anatomy.shape, np.float32)
    for centre, radius_x, radius_y, strength in zones:
        film = np.maximum(film, anatomy.blob(centre, radius_x, radius_y) * np.float32(strength))
    # Low-frequency waviness breaks the film's outline, pores break the highlight itself.
    film = film * (1 + 0.3 * octaves(anatomy.shape, 0.2 * anatomy.unit, rng))
    edge = 0.4 - 0.14 * amount
    # A sharp core inside a soft halo, peaked and not flat: a curved surface mirrors a lamp so.
    glossy = soft_step(film, edge, 0.4) * (0.3 + 0.35 * film + 0.35 * soft_step(film, 0.75, 0.25))
    pores = soft_step(smooth_noise(anatomy.shape, 0.014 * anatomy.unit, rng), -1.1, 0.7)
    return unit_range(glossy * (0.72 + 0.28 * pores))
