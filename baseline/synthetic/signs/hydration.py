"""Hydration, painted by its absence: fine dry lines, scales, dullness and cracked lips.

These are what dermatologists score dry skin by (Serup 1995, EEMCO guidance for the assessment of
dry skin, Skin Research and Technology 1), without the redness, which is another attribute here.
"""

from __future__ import annotations

import numpy as np

from baseline.synthetic.anatomy import CHEEKS, CHIN, MOUTH_CORNERS, NOSE_WING_EDGES
from baseline.synthetic.canvas import Canvas
from baseline.synthetic.noise import blur, octaves, soft_step
from baseline.synthetic.optics import Field, Light, luminance
from baseline.synthetic.relief import shading_of
from baseline.synthetic.signs.painting import MAX_SEVERITY, Painting, share, unit_range
from baseline.synthetic.signs.texture import stretched_noise


def paint_hydration(canvas: Canvas, severity: float, rng: np.random.Generator) -> Painting:
    """Dry the skin out: hydration 4 leaves it as it is, 0 makes it very dry.

    The mask says where dryness was painted.
    """
    dryness = share(MAX_SEVERITY - severity)
    if dryness == 0:
        return Painting(canvas.light, np.zeros(canvas.anatomy.shape, np.float32))
    zone = _dry_zone(canvas, dryness, rng)
    lines = _micro_relief(canvas, rng) * zone
    flakes = _flakes(canvas, zone, dryness, rng)
    cracks = _lip_cracks(canvas, dryness, rng)
    light = _dull(canvas.light, zone * canvas.skin, np.float32(0.3 * dryness))
    # The furrows of dry skin are shaded as all furrows are; what is too fine for the photo's
    # pixels is left of them as a darker line.
    relief = shading_of(canvas, lines * canvas.skin * np.float32(0.02 + 0.10 * dryness))
    light = light * relief[..., None]
    light = light * (1 - np.float32(0.06 + 0.24 * dryness) * lines * canvas.skin)[..., None]
    pale = np.float32(0.12 + 0.33 * dryness) * flakes * canvas.skin
    # A flake scatters light before the pigments absorb it: paler, but still warmed by the skin.
    scale = 0.6 * light * np.float32(1.6) + 0.4 * (luminance(light)[..., None] * 1.4 + 0.04)
    light = light + pale[..., None] * (scale.astype(np.float32) - light)
    light = light * (1 - np.float32(0.6) * cracks)[..., None]
    felt = 0.35 * zone * canvas.skin + 0.5 * lines * canvas.skin + flakes * canvas.skin + cracks
    return Painting(
        np.asarray(light, dtype=np.float32), unit_range(felt * np.float32(0.3 + 0.7 * dryness))
    )


def _dry_zone(canvas: Canvas, dryness: float, rng: np.random.Generator) -> Field:
    anatomy = canvas.anatomy
    wide = 0.8 + 0.5 * dryness
    zone = np.zeros(anatomy.shape, np.float32)
    for cheek in CHEEKS:
        bump = anatomy.blob(anatomy.shifted(anatomy.centre(cheek), 0, 0.08), 0.3 * wide, 0.28)
        zone = np.maximum(zone, bump * np.float32(rng.uniform(0.7, 1.0)))
    others = [
        *((anatomy.points[corner], 0.18, 0.14) for corner in MOUTH_CORNERS),
        *((anatomy.points[wing], 0.1, 0.12) for wing in NOSE_WING_EDGES),
        (anatomy.forehead, 0.42 * wide, 0.14),
        (anatomy.centre(CHIN), 0.2, 0.12),
    ]
    for centre, radius_x, radius_y in others:
        bump = anatomy.blob(centre, radius_x, radius_y)
        zone = np.maximum(zone, bump * np.float32(rng.uniform(0.35, 0.95)))
    return unit_range(zone * (1.1 + 0.25 * octaves(anatomy.shape, 0.25 * anatomy.unit, rng)))


def _micro_relief(canvas: Canvas, rng: np.random.Generator) -> Field:
    # Dry skin shows its furrows: ridges of noise stretched along two crossing directions.
    anatomy = canvas.anatomy
    lines = np.zeros(anatomy.shape, np.float32)
    for degrees in (rng.uniform(15, 45), rng.uniform(-45, -15)):
        field = stretched_noise(anatomy.shape, 0.018 * anatomy.unit, 4.0, degrees, rng)
        lines = np.maximum(lines, soft_step(-np.abs(field), -0.16, 0.16))
    return lines


def _flakes(canvas: Canvas, zone: Field, dryness: float, rng: np.random.Generator) -> Field:
    # Scales lift at one edge: fine and elongated, many sizes, crowding where it is driest.
    anatomy = canvas.anatomy
    clusters = soft_step(
        zone * 1.5 + 0.6 * octaves(anatomy.shape, 0.14 * anatomy.unit, rng),
        1.9 - 1.3 * dryness,
        0.45,
    )
    turn = rng.uniform(-30, 30)
    fine = stretched_noise(anatomy.shape, 0.013 * anatomy.unit, 2.2, turn, rng)
    coarse = octaves(anatomy.shape, 0.035 * anatomy.unit, rng)
    scales = soft_step(0.75 * fine + 0.65 * coarse, 0.85 - 0.35 * dryness, 0.5)
    return unit_range(clusters * scales)


def _lip_cracks(canvas: Canvas, dryness: float, rng: np.random.Generator) -> Field:
    anatomy = canvas.anatomy
    field = stretched_noise(anatomy.shape, 0.022 * anatomy.unit, 3.0, 90 + rng.normal(0, 6), rng)
    cracks = soft_step(-np.abs(field), -0.10 - 0.10 * dryness, 0.08)
    return cracks * canvas.lips * np.float32(dryness)


def _dull(light: Light, where: Field, amount: np.float32) -> Light:
    # Less gloss and less glow: local contrast and colour both sink a little.
    grey = luminance(light)[..., None]
    flat = 0.75 * light + 0.25 * blur(light, 4.0)
    dulled = flat + np.float32(0.4) * (grey - flat)
    return np.asarray(light + (amount * where)[..., None] * (dulled - light), dtype=np.float32)
