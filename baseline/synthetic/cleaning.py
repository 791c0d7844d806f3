"""Takes a face's own signs off, so that what is painted on it is what is there."""

from __future__ import annotations

import numpy as np

from baseline.synthetic.anatomy import Anatomy
from baseline.synthetic.noise import blur, edge_preserving, soft_step, within
from baseline.synthetic.optics import Field, Light, Pigments, luminance


def skin_mask(light: Light, anatomy: Anatomy) -> Field:
    """Facial skin, float32 (S, S) in [0, 1]: the outline less features, hair and beard.

    Hair over the forehead is told from skin by its darkness against the face's median.
    """
    geometric = anatomy.geometric_skin()
    tone = np.log(blur(luminance(light), 0.015 * anatomy.unit) + 1e-3)
    inside = tone[geometric > 0.9]
    middle = float(np.median(inside))
    spread = float(np.median(np.abs(inside - middle))) * 1.48
    hair = 1 - soft_step(tone - np.float32(middle), -max(4 * spread, 0.75), 0.2)
    return geometric * (1 - blur(hair, 0.02 * anatomy.unit))


def clean(
    light: Light, skin: Field, anatomy: Anatomy, *, strength: float, own_shine: float = 0.0
) -> Light:
    """Take the face's own signs away, so that what is painted is what is there.

    Melanin and blood are told apart and evened out, each over the width of its signs (freckles and
    spots; flush); in the shading, folds shrink and shine sinks, while pores and form stay.

    Args:
        light: linear RGB float32 (S, S, 3).
        skin: where to do so, float32 (S, S) in [0, 1].
        anatomy: gives the scale.
        strength: 0 changes nothing, 1 leaves the least.
        own_shine: share of the face's own shine that is left on it, 0 to 1.
    """
    unit = anatomy.unit
    found = Pigments.of(light)
    blend = skin * np.float32(strength)
    cleaned = Pigments(
        melanin=found.melanin - blend * _signs(found.melanin, skin, unit, natural=0.045),
        haemoglobin=found.haemoglobin
        - blend * _signs(found.haemoglobin, skin, unit, natural=0.055),
        shading=found.shading + blend * (_softened(found.shading, unit) - found.shading),
    )
    matte = _matte(cleaned.light(), skin, unit)
    # Mirrored light is white: what every channel of the photo has more of than the clean skin.
    shine = np.clip((light - matte).min(axis=-1), 0, None) * skin
    return np.asarray(matte + np.float32(own_shine) * shine[..., None], dtype=np.float32)


def _signs(pigment: Field, skin: Field, unit: float, *, natural: float) -> Field:
    """How much more or less of a pigment there is than on clear skin, which is never quite even."""
    # Finer than this is the camera's noise, which separating the pigments has made larger.
    local = within(pigment, skin, 0.012 * unit)
    broad = within(pigment, skin, 0.3 * unit)
    level = np.float32(np.median(broad[skin > 0.7]))
    return _beyond(local - broad, natural) + _beyond(broad - level, natural)


def _beyond(change: Field, limit: float) -> Field:
    natural = np.float32(limit) * np.tanh(change / np.float32(limit))
    return np.asarray(change - natural, dtype=np.float32)


def _softened(shading: Field, unit: float) -> Field:
    fine = edge_preserving(shading, max(2, round(0.05 * unit)), 0.02)
    broad = edge_preserving(fine, max(4, round(0.16 * unit)), 0.012)
    # Pores and texture are small in amplitude and stay; folds are large and shrink.
    return shading - _beyond(shading - broad, 0.05)


def _matte(light: Light, skin: Field, unit: float) -> Light:
    # Powdered skin: what is brighter than its wider surroundings is brought half-way back.
    bright = luminance(light)
    wide = within(bright, skin, 0.2 * unit)
    excess = np.clip(bright / (wide + 1e-3) - 1.05, 0, 1) * skin
    return np.asarray(light / (1 + 0.8 * excess)[..., None], dtype=np.float32)
