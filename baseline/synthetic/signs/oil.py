"""Oil: lamps mirrored by the film of sebum on forehead, nose, chin and cheeks.

A film smooths the skin's surface, so that it mirrors a lamp in a smaller and brighter place; where
that lies follows from the form of the face and from the lamps, never from chance alone. Over fine
relief (pores, furrows, droplets) the mirrored place breaks into glints. Skin of little sebum
mirrors too, broadly and faintly (Weyrich et al. 2006, doi:10.1145/1141911.1141987); that sheen
belongs to every face and to no grade.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from baseline.synthetic.anatomy import CHEEKS, CHIN, NOSE_BRIDGE, NOSE_TIP
from baseline.synthetic.canvas import Canvas
from baseline.synthetic.lighting import Normals, tilted
from baseline.synthetic.noise import blur, octaves, within
from baseline.synthetic.optics import Field, Light, luminance
from baseline.synthetic.signs.painting import Painting, share, unit_range

_SHEEN_EXPONENT: Final = 6.0
_HALO_EXPONENT: Final = 14.0
_UNDULATION: Final = 0.05
"""How far the skin's slow waves tilt it, radians."""
_BRIGHTEST: Final = 2.2
"""A glint over the shine of its surroundings; cameras show no more."""


def paint_oil(canvas: Canvas, severity: float, rng: np.random.Generator) -> Painting:
    """Lay a film of sebum on the skin; it widens, thickens and shines with severity (0 to 4)."""
    amount = share(severity)
    if amount == 0:
        return Painting(canvas.light, np.zeros(canvas.anatomy.shape, np.float32))
    shine = _film(canvas, amount, rng) * _highlights(canvas, amount, rng) * canvas.skin
    strength = np.float32(0.03 + 0.55 * amount**1.3) * np.float32(rng.uniform(0.92, 1.08))
    light = canvas.light + (shine * strength * _lamp_light(canvas))[..., None] * _tint(rng)
    return Painting(np.asarray(light, dtype=np.float32), unit_range(shine * strength / 0.3))


def add_sheen(canvas: Canvas, strength: float) -> Light:
    """The broad, faint mirroring of skin without a film, linear RGB float32 (H, W, 3)."""
    sheen = canvas.lighting.mirrored(canvas.normals, exponent=_SHEEN_EXPONENT) * canvas.skin
    return canvas.light + (sheen * np.float32(strength) * _lamp_light(canvas))[..., None]


def _lamp_light(canvas: Canvas) -> np.float32:
    # A film mirrors the lamp whatever the skin's own colour: on dark skin the highlight stands out
    # more. Only what a camera gains by opening for a dark face is taken off again.
    skin_tone = luminance(canvas.light)[canvas.skin > 0.8]
    return np.float32(0.43 + 0.10 * float(np.median(skin_tone)))


def _tint(rng: np.random.Generator) -> Light:
    return np.asarray(1 + rng.normal(0, 0.03, 3), dtype=np.float32)


def _film(canvas: Canvas, amount: float, rng: np.random.Generator) -> Field:
    """How thick the film is, float32 (H, W) in [0, 1]."""
    anatomy = canvas.anatomy
    wide = 0.8 + 0.6 * amount
    sites = [
        (anatomy.forehead, 0.5 * wide, 0.24 * wide, rng.uniform(0.7, 1.0)),
        (anatomy.centre(NOSE_BRIDGE), 0.13 * wide, 0.3, rng.uniform(0.8, 1.0)),
        (anatomy.centre(NOSE_TIP), 0.16 * wide, 0.16, rng.uniform(0.8, 1.0)),
        (anatomy.centre(CHIN), 0.2 * wide, 0.12 * wide, rng.uniform(0.3, 0.9)),
    ]
    cheeks = rng.uniform(0.35, 0.95)
    for cheek in CHEEKS:
        place = anatomy.shifted(anatomy.centre(cheek), 0, -0.05)
        sites.append((place, 0.26 * wide, 0.2 * wide, cheeks * rng.uniform(0.85, 1.0)))
    film = np.full(anatomy.shape, np.float32(0.1 * amount))
    for centre, radius_x, radius_y, thickness in sites:
        film = np.maximum(film, anatomy.blob(centre, radius_x, radius_y) * np.float32(thickness))
    patchy = 1 + 0.22 * octaves(anatomy.shape, 0.3 * anatomy.unit, rng)
    return unit_range(film * patchy)


def _highlights(canvas: Canvas, amount: float, rng: np.random.Generator) -> Field:
    """The lamps as the film mirrors them, float32 (H, W), about 1 at their brightest."""
    anatomy = canvas.anatomy
    wave = octaves(anatomy.shape, 0.25 * anatomy.unit, rng) * (0.06 * anatomy.unit)
    surface = tilted(canvas.normals, wave * np.float32(_UNDULATION))
    # From a wide sheen to wet skin; the same film on every day of one face.
    sharp = float(np.exp(rng.uniform(np.log(20), np.log(60)))) + 36 * amount
    wide = float(rng.uniform(0.3, 1.0))

    def shine(over: Normals) -> Field:
        core = canvas.lighting.mirrored(over, exponent=sharp)
        halo = canvas.lighting.mirrored(over, exponent=_HALO_EXPONENT)
        return 0.7 * wide * halo + (0.35 + 0.3 * amount) * (1.6 - wide) * core

    smooth = shine(surface)
    # Cameras expose for the face: whatever the lamps are, the brightest skin is the measure.
    reference = max(float(np.quantile(smooth[canvas.skin > 0.6], 0.93)), 1e-3)
    glints = shine(tilted(surface, _relief(canvas, rng)))
    shares = np.clip(smooth / reference, 0, 1.6), np.clip(glints / reference, 0, _BRIGHTEST)
    broken = np.float32(rng.uniform(0, 1))
    lit = (1 - broken) * shares[0] + broken * shares[1]
    return np.asarray(lit * (1 + 0.5 * _own_form(canvas)), dtype=np.float32)


def _relief(canvas: Canvas, rng: np.random.Generator) -> Field:
    """Height of pores, furrows and droplets, pixels, float32 (H, W)."""
    anatomy = canvas.anatomy
    grain_px = float(np.exp(rng.uniform(np.log(0.008), np.log(0.024)))) * anatomy.unit
    tilt = np.float32(rng.uniform(0.05, 0.2))
    return octaves(anatomy.shape, grain_px, rng) * np.float32(grain_px / 2) * tilt


def _own_form(canvas: Canvas) -> Field:
    # The photo knows the face better than the mean head does: its brighter places face the light.
    bright = np.log(blur(luminance(canvas.light), 0.02 * canvas.anatomy.unit) + np.float32(1e-3))
    relative = bright - within(bright, canvas.skin, 0.25 * canvas.anatomy.unit)
    return np.asarray(np.clip(relative / 0.15, -0.8, 1.0), dtype=np.float32)
