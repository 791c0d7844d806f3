"""Oil: highlights screened over the light the photo already has, widening with the amount."""

from __future__ import annotations

from typing import Final

import numpy as np

from baseline.second_painter.brush import clouds, ease, screen
from baseline.second_painter.portrait import Picture, Plane, Portrait, soften

_GLOW: Final = (1.0, 0.95, 0.88)
"""Colour of the wide sheen."""
_GLINT: Final = (1.0, 0.99, 0.97)
"""Colour of the highlights in its middle."""


def paint(portrait: Portrait, amount: float, rng: np.random.Generator) -> Picture:
    """Paint shine.

    Args:
        portrait: the face.
        amount: 0 none to 1 very oily.
        rng: draws where the shine breaks up; the same draws at every amount.

    Returns:
        RGB float32 (h, w, 3) in [0, 1].
    """
    unit_px = portrait.unit_px
    pores = clouds(portrait, 0.03, rng, octaves=2)
    patches = clouds(portrait, 0.35, rng, octaves=3)
    sheen = t_zone(portrait) * bumps(portrait) * (0.7 + 0.5 * patches)
    glow = soften(sheen, 0.03 * unit_px) * portrait.skin
    shiny = screen(portrait.pixels, _GLOW, 0.34 * amount * np.clip(glow, 0, 1))
    # The threshold falls with the amount, so that each highlight grows from its own middle.
    edge = 0.80 - 0.62 * amount
    broken = sheen * (0.55 + 0.45 * patches) + 0.30 * (pores - 0.5) * np.sqrt(np.clip(sheen, 0, 1))
    glint = soften(ease(broken + relief(portrait), edge, edge + 0.75), 0.004 * unit_px)
    return screen(shiny, _GLINT, 0.50 * amount**0.7 * glint * portrait.skin)


def relief(portrait: Portrait) -> Plane:
    """The skin's own fine light and dark, float32 (h, w) within 0.25 of 0: pores break a shine."""
    light = portrait.light()
    fine = soften(light, 0.004 * portrait.unit_px) - soften(light, 0.03 * portrait.unit_px)
    within = np.clip(4.0 * fine / np.maximum(light, np.float32(0.2)), -0.25, 0.25)
    return np.asarray(within * portrait.skin, dtype=np.float32)


def t_zone(portrait: Portrait) -> Plane:
    """Where sebum collects, float32 (h, w) in [0, 1]: forehead, nose, upper cheeks, chin."""
    brow = portrait.spot((74, 75, 78, 79))
    hair = portrait.spot((138, 139, 140))
    places = (
        (0.45 * hair + 0.55 * brow, (0.40, 0.15), 1.0),
        (portrait.spot((50, 56)), (0.10, 0.12), 0.6),
        (portrait.spot((52, 53, 58, 59)), (0.05, 0.20), 0.9),
        (portrait.spot((54, 60)), (0.10, 0.09), 1.0),
        (portrait.spot((166,), (-0.03, -0.05)), (0.19, 0.14), 0.72),
        (portrait.spot((169,), (0.03, -0.05)), (0.19, 0.14), 0.72),
        (portrait.spot((174, 175)), (0.15, 0.09), 0.8),
        (portrait.spot((170, 172, 89, 91)), (0.16, 0.05), 0.4),
    )
    zone = np.zeros(portrait.skin.shape, np.float32)
    for centre, radii, weight in places:
        np.maximum(zone, np.float32(weight) * portrait.blob(centre, radii), out=zone)
    return zone


def bumps(portrait: Portrait) -> Plane:
    """Where the face already catches light, float32 (h, w) in [0.4, 1.2]: its rounded parts."""
    skin = portrait.skin + np.float32(1e-3)

    def mean_light(sigma: float) -> Plane:
        sigma_px = sigma * portrait.unit_px
        return soften(portrait.light() * skin, sigma_px) / soften(skin, sigma_px)

    ridge = mean_light(0.04) - mean_light(0.25)
    high = max(1e-3, float(np.quantile(ridge[portrait.skin > 0.5], 0.95)))
    return np.asarray(0.4 + 0.8 * np.clip(0.35 + 0.65 * ridge / high, 0, 1), dtype=np.float32)
