"""What can be taken for a sign: make-up and stubble, moles and hair, glasses, shadow and glare.

None of it is in a mask or in a grade. Blush is not redness, a mole not pigmentation, a stray hair
not a wrinkle, a bright lamp not oil.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Final

import cv2
import numpy as np

from backend.vision.regions import EYE_RINGS, HAIRLINE
from baseline.synthetic.anatomy import BEARD, CHEEKS, FACE_EDGES, Anatomy, Points
from baseline.synthetic.canvas import Canvas
from baseline.synthetic.noise import blur, octaves, smooth_noise, soft_step
from baseline.synthetic.nuisance import Circumstances, Nuisance
from baseline.synthetic.optics import MELANIN, Light, absorb
from baseline.synthetic.signs.oil import add_sheen
from baseline.synthetic.signs.painting import unit_range

_ROUGE: Final = np.array([0.06, 0.75, 0.55], np.float32)
_SUBPIXEL_BITS: Final = 4
Confounder = Callable[[Canvas, np.random.Generator], Light]


def under_the_signs(canvas: Canvas, circumstances: Circumstances) -> Canvas:
    """What belongs to the skin itself: moles, stubble, the sheen of any skin."""
    return _with_all(
        canvas,
        circumstances,
        {Nuisance.MOLES: moles, Nuisance.STUBBLE: stubble, Nuisance.SHEEN: sheen},
    )


def over_the_signs(canvas: Canvas, circumstances: Circumstances) -> Canvas:
    """What lies on the skin or before it: make-up, shadow, stray hair, glare."""
    return _with_all(
        canvas,
        circumstances,
        {
            Nuisance.MAKE_UP: make_up,
            Nuisance.HAIR_SHADOW: hair_shadow,
            Nuisance.STRAY_HAIR: stray_hair,
            Nuisance.LAMP_GLARE: lamp_glare,
        },
    )


def _with_all(
    canvas: Canvas, circumstances: Circumstances, confounders: dict[Nuisance, Confounder]
) -> Canvas:
    for nuisance, paint in confounders.items():
        generator = circumstances.draw(nuisance)
        if generator is not None:
            canvas = replace(canvas, light=np.asarray(paint(canvas, generator), np.float32))
    return canvas


def sheen(canvas: Canvas, rng: np.random.Generator) -> Light:
    """Every skin mirrors a little, broadly; linear RGB float32 (S, S, 3)."""
    return add_sheen(canvas, float(rng.uniform(0.02, 0.12)))


def moles(canvas: Canvas, rng: np.random.Generator) -> Light:
    """One to five round, dark, sharply bordered moles, linear RGB float32 (S, S, 3)."""
    anatomy = canvas.anatomy
    rows, columns = np.nonzero(canvas.skin > 0.7)
    melanin = np.zeros(anatomy.shape, np.float32)
    for place in rng.integers(len(rows), size=int(rng.integers(1, 6))):
        centre = np.array([columns[place], rows[place]])
        radius = rng.uniform(0.008, 0.02)
        mole = anatomy.blob(centre, radius, radius * rng.uniform(0.8, 1.0))
        melanin += soft_step(mole, 0.5, 0.3) * np.float32(rng.uniform(0.9, 2.2))
    return absorb(canvas.light, melanin, MELANIN)


def stubble(canvas: Canvas, rng: np.random.Generator) -> Light:
    """Short dark hairs about mouth and jaw over a bluish shadow, linear RGB float32 (S, S, 3)."""
    anatomy = canvas.anatomy
    region = unit_range(
        anatomy.polygon(BEARD, feather=0.08)
        * (1 + 0.3 * octaves(anatomy.shape, 0.2 * anatomy.unit, rng))
    ) * (canvas.skin > 0.3)
    hairs = soft_step(smooth_noise(anatomy.shape, 0.009 * anatomy.unit, rng), 0.8, 0.6)
    strength = rng.uniform(0.1, 0.9)
    shadow = region * np.float32(0.3 * strength)
    shadowed = absorb(canvas.light, shadow, np.array([1.0, 0.9, 0.75], np.float32))
    return shadowed * (1 - np.float32(0.4 * strength) * hairs * region)[..., None]


def make_up(canvas: Canvas, rng: np.random.Generator) -> Light:
    """Blush high on the cheeks, lipstick, eye shadow; linear RGB float32 (S, S, 3)."""
    anatomy = canvas.anatomy
    rouge = np.zeros(anatomy.shape, np.float32)
    strength, height = rng.uniform(0.08, 0.35), rng.normal(-0.06, 0.06)
    for cheek in CHEEKS:
        centre = anatomy.shifted(anatomy.centre(cheek), 0, height)
        outward = float(np.sign(centre[0] - anatomy.middle[0]))
        bump = anatomy.blob(
            anatomy.shifted(centre, 0.06 * outward, 0), 0.28, 0.12, degrees=-outward * 28
        )
        rouge = np.maximum(rouge, bump)
    dye = _ROUGE * np.exp(rng.normal(0, 0.2, 3)).astype(np.float32)
    light = absorb(canvas.light, rouge * canvas.skin * np.float32(strength), dye)
    if rng.random() < 0.7:
        lipstick = np.array([0.1, 1.0, 0.7], np.float32) * np.exp(rng.normal(0, 0.25, 3))
        light = absorb(light, canvas.lips * np.float32(rng.uniform(0.2, 1.0)),
                       lipstick.astype(np.float32))  # fmt: skip
    if rng.random() < 0.6:
        shadow = rng.uniform(0.2, 1.0, 3).astype(np.float32)
        lids = np.zeros(anatomy.shape, np.float32)
        for ring in EYE_RINGS:
            above = anatomy.shifted(anatomy.centre(ring), 0, -0.1)
            lids = np.maximum(lids, anatomy.blob(above, 0.2, 0.07))
        light = absorb(light, lids * np.float32(rng.uniform(0.2, 0.8)), shadow)
    return light


def hair_shadow(canvas: Canvas, rng: np.random.Generator) -> Light:
    """The soft-edged shadow of a fringe, a cap or a hand, linear RGB float32 (S, S, 3)."""
    anatomy = canvas.anatomy
    rows, columns = np.mgrid[: anatomy.shape[0], : anatomy.shape[1]].astype(np.float32)
    turn = rng.normal(0, 0.5)
    edge = anatomy.shifted(anatomy.forehead, rng.normal(0, 0.3), rng.uniform(-0.45, 0.15))
    below = (rows - edge[1]) * np.cos(turn) + (columns - edge[0]) * np.sin(turn)
    below = below / anatomy.unit + 0.1 * smooth_noise(anatomy.shape, 0.35 * anatomy.unit, rng)
    softness = rng.uniform(0.02, 0.2)
    shadow = soft_step(np.asarray(-below, np.float32), 0.0, softness)
    return canvas.light * (1 - np.float32(rng.uniform(0.15, 0.5)) * shadow)[..., None]


def stray_hair(canvas: Canvas, rng: np.random.Generator) -> Light:
    """A few single hairs over forehead and cheeks, linear RGB float32 (S, S, 3)."""
    anatomy = canvas.anatomy
    colour = _hair_colour(canvas)
    cover = np.zeros(anatomy.shape, np.float32)
    for _ in range(int(rng.integers(2, 12))):
        cv2.polylines(cover, [_strand(anatomy, rng)], False, float(rng.uniform(0.4, 1.0)),
                      1, cv2.LINE_AA, _SUBPIXEL_BITS)  # fmt: skip
    cover = blur(cover, float(rng.uniform(0.3, 0.8)))[..., None]
    return canvas.light * (1 - cover) + colour * cover


def _strand(anatomy: Anatomy, rng: np.random.Generator) -> np.ndarray:
    roots = anatomy.points[[*HAIRLINE, *FACE_EDGES]]
    start = anatomy.shifted(roots[rng.integers(len(roots))], *rng.normal(0, 0.1, 2))
    end = anatomy.shifted(start, rng.normal(0, 0.5), rng.uniform(0.2, 1.2))
    t = np.linspace(0, 1, 30)[:, None]
    bend = rng.normal(0, 0.15, 2) * anatomy.unit
    curve: Points = (1 - t) * start + t * end + 4 * t * (1 - t) * bend
    return np.round(curve * 2**_SUBPIXEL_BITS).astype(np.int32)


def _hair_colour(canvas: Canvas) -> Light:
    anatomy = canvas.anatomy
    column, row = np.round(anatomy.shifted(anatomy.centre(HAIRLINE[2:5]), 0, -0.3)).astype(int)
    height, width = anatomy.shape
    patch = canvas.light[max(0, row - 4) : row + 4, max(0, column - 4) : column + 4]
    if row < 0 or column < 0 or row >= height or column >= width or patch.size == 0:
        return np.full(3, 0.02, np.float32)
    return np.asarray(patch.reshape(-1, 3).mean(axis=0) * 0.7, dtype=np.float32)


def lamp_glare(canvas: Canvas, rng: np.random.Generator) -> Light:
    """Stray light in the lens or too near a lamp: a wide bright veil, not bound to the skin."""
    anatomy = canvas.anatomy
    middle = anatomy.shifted(anatomy.middle, rng.normal(0, 1.0), rng.normal(0.2, 1.0))
    radius = rng.uniform(0.5, 1.6)
    veil = anatomy.blob(middle, radius, radius * rng.uniform(0.6, 1.2))
    tint = 1 + rng.normal(0, 0.08, 3)
    washed = canvas.light * (1 + np.float32(rng.uniform(0.0, 0.6)) * veil)[..., None]
    veiled = washed + (veil * np.float32(rng.uniform(0.0, 0.25)))[..., None] * tint
    return np.asarray(veiled, dtype=np.float32)
