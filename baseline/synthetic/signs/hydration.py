"""Hydration, painted by its absence: flakes, fine dry lines, dullness and cracked lips."""

from __future__ import annotations

import cv2
import numpy as np

from baseline.synthetic.anatomy import CHEEKS, CHIN, MOUTH_CORNERS, NOSE_WINGS
from baseline.synthetic.canvas import Canvas
from baseline.synthetic.noise import blur, octaves, smooth_noise, soft_step
from baseline.synthetic.optics import Field, Light, luminance
from baseline.synthetic.signs.painting import MAX_SEVERITY, Painting, share, unit_range


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
    light = light * (1 - np.float32(0.08 + 0.32 * dryness) * lines * canvas.skin)[..., None]
    pale = np.float32(0.16 + 0.5 * dryness) * flakes * canvas.skin
    # A flake scatters light before the pigments absorb it: paler, but still warmed by the skin.
    scale = 0.6 * light * np.float32(1.6) + 0.4 * (luminance(light)[..., None] * 1.4 + 0.09)
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
        *((anatomy.points[wing], 0.1, 0.12) for wing in NOSE_WINGS),
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
        field = _stretched_noise(anatomy.shape, 0.018 * anatomy.unit, 4.0, degrees, rng)
        lines = np.maximum(lines, soft_step(-np.abs(field), -0.16, 0.16))
    return lines


def _stretched_noise(
    shape: tuple[int, int], grain_px: float, stretch: float, degrees: float,
    rng: np.random.Generator,
) -> Field:  # fmt: skip
    # Drawn on a wider square, squeezed and turned, so that the features run along `degrees`.
    side = int(1.5 * max(shape))
    field = smooth_noise((side, int(side / stretch)), grain_px, rng)
    square = cv2.resize(field, (side, side), interpolation=cv2.INTER_LINEAR)
    turn = np.asarray(cv2.getRotationMatrix2D((side / 2, side / 2), degrees, 1.0), np.float64)
    turn[:, 2] += np.array([shape[1] - side, shape[0] - side]) / 2
    return np.asarray(cv2.warpAffine(square, turn, (shape[1], shape[0])), dtype=np.float32)


def _flakes(canvas: Canvas, zone: Field, dryness: float, rng: np.random.Generator) -> Field:
    anatomy = canvas.anatomy
    clusters = soft_step(
        zone * 1.5 + 0.6 * octaves(anatomy.shape, 0.12 * anatomy.unit, rng),
        1.9 - 1.3 * dryness,
        0.3,
    )
    scales = octaves(anatomy.shape, 0.022 * anatomy.unit, rng)
    return unit_range(clusters * soft_step(scales, 0.75 - 0.35 * dryness, 0.25))


def _lip_cracks(canvas: Canvas, dryness: float, rng: np.random.Generator) -> Field:
    anatomy = canvas.anatomy
    field = _stretched_noise(anatomy.shape, 0.022 * anatomy.unit, 3.0, 90 + rng.normal(0, 6), rng)
    cracks = soft_step(-np.abs(field), -0.10 - 0.10 * dryness, 0.08)
    return cracks * canvas.lips * np.float32(dryness)


def _dull(light: Light, where: Field, amount: np.float32) -> Light:
    # Less gloss and less glow: local contrast and colour both sink a little.
    grey = luminance(light)[..., None]
    flat = 0.75 * light + 0.25 * blur(light, 4.0)
    dulled = flat + np.float32(0.4) * (grey - flat)
    return np.asarray(light + (amount * where)[..., None] * (dulled - light), dtype=np.float32)
