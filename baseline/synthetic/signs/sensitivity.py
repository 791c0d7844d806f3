"""Sensitivity: flushed cheeks, nose and chin and small papules, as added haemoglobin.

Where skin flushes follows the standard grading of rosacea (Wilkin et al. 2004,
doi:10.1016/j.jaad.2004.01.048): the centre of the face, with papules among the redness.
"""

from __future__ import annotations

import numpy as np

from baseline.synthetic.anatomy import CHEEKS, CHIN, NOSE_TIP
from baseline.synthetic.canvas import Canvas
from baseline.synthetic.noise import blur, octaves, smooth_noise
from baseline.synthetic.optics import Field, add_blood
from baseline.synthetic.signs.painting import Painting, dosed, share, unit_range


def paint_sensitivity(canvas: Canvas, severity: float, rng: np.random.Generator) -> Painting:
    """Add redness where sensitive skin flushes; wider, deeper and bumpier with severity (0-4)."""
    amount = share(severity)
    if amount == 0:
        return Painting(canvas.light, np.zeros(canvas.anatomy.shape, np.float32))
    flush = _flush(canvas, amount, rng) * np.float32(0.12 + 0.6 * amount)
    papules, relief = _papules(canvas, round(1.2 + 34 * amount**1.5), rng)
    blood = (flush + papules * np.float32(0.15 + 0.45 * amount)) * canvas.skin
    wanted = dose(amount) * float(rng.uniform(0.97, 1.03))
    blood = dosed(blood, canvas.skin, wanted)
    light = add_blood(canvas.light, blood)
    light = light * (1 + 0.10 * relief * canvas.skin)[..., None]
    return Painting(light, unit_range(blood / 0.5))


def dose(amount: float) -> float:
    """Mean haemoglobin added over the skin, for severity as a share 0 to 1.

    A small deep flush and a wide faint one can be equally severe.

    >>> round(dose(1.0), 3), round(dose(0.25), 3)
    (0.2, 0.029)
    """
    return 0.2 * float(amount**1.4)


def _flush(canvas: Canvas, amount: float, rng: np.random.Generator) -> Field:
    anatomy = canvas.anatomy
    spread = 0.75 + 0.45 * amount
    zone = np.zeros(anatomy.shape, np.float32)
    for cheek in CHEEKS:
        centre = anatomy.centre(cheek) + rng.normal(0, 0.05 * anatomy.unit, 2)
        bump = anatomy.blob(centre, 0.26 * spread, 0.22 * spread)
        zone = np.maximum(zone, bump * np.float32(rng.uniform(0.75, 1.0)))
    nose = anatomy.blob(anatomy.centre(NOSE_TIP), 0.14 * spread, 0.16 * spread)
    zone = np.maximum(zone, nose * np.float32(rng.uniform(0.3, 1.0)))
    chin = anatomy.blob(anatomy.centre(CHIN), 0.2 * spread, 0.12 * spread)
    zone = np.maximum(zone, chin * np.float32(rng.uniform(0.1, 0.8)))
    forehead = anatomy.blob(anatomy.forehead, 0.35 * spread, 0.14 * spread)
    zone = np.maximum(zone, forehead * np.float32(rng.uniform(0.0, 0.6)))
    mottle = octaves(anatomy.shape, 0.16 * anatomy.unit, rng)
    vessels = np.abs(smooth_noise(anatomy.shape, 0.035 * anatomy.unit, rng))
    return unit_range(zone * (1 + 0.28 * mottle) + 0.16 * zone * (0.5 - vessels))


def _papules(canvas: Canvas, count: int, rng: np.random.Generator) -> tuple[Field, Field]:
    anatomy = canvas.anatomy
    centres = [anatomy.centre(group) for group in (*CHEEKS, NOSE_TIP, CHIN)]
    red = np.zeros(anatomy.shape, np.float32)
    relief = np.zeros(anatomy.shape, np.float32)
    # Each papule has a generator of its own: a redder face keeps those that it had.
    for seed in rng.integers(2**63, size=count):
        own = np.random.default_rng(seed)
        centre = centres[own.integers(len(centres))] + own.normal(0, 0.2 * anatomy.unit, 2)
        radius = own.uniform(0.008, 0.02)
        bump = anatomy.blob(centre, radius, radius * own.uniform(0.8, 1.2))
        red = np.maximum(red, bump * np.float32(own.uniform(0.5, 1.0)))
        lit = anatomy.blob(centre - 0.4 * radius * anatomy.unit, radius * 0.6, radius * 0.6)
        relief = np.maximum(relief, lit)
    return blur(red, 0.006 * anatomy.unit), relief
