"""Pigmentation: brown laid over the skin by multiplication - blotches, sun spots and freckles."""

from __future__ import annotations

from typing import Final

import numpy as np

from baseline.second_painter.brush import clouds, ease, multiply
from baseline.second_painter.portrait import Picture, Plane, Portrait, soften

_BLOTCH: Final = (0.68, 0.55, 0.47)
"""What white becomes under the darkest blotch."""
_SPOT: Final = (0.55, 0.41, 0.33)
"""What white becomes under the darkest spot."""
_SPOTS: Final = 34
_FRECKLES: Final = 260


def paint(portrait: Portrait, amount: float, rng: np.random.Generator) -> Picture:
    """Paint pigment.

    Args:
        portrait: the face.
        amount: 0 none to 1 heavy.
        rng: draws the spots; the same draws at every amount.

    Returns:
        RGB float32 (h, w, 3) in [0, 1].
    """
    blotches = _blotches(portrait, amount, rng)
    spots = _dots(portrait, amount, rng, count=_SPOTS, radii=(0.016, 0.042), spread=1.0)
    freckles = _dots(portrait, amount, rng, count=_FRECKLES, radii=(0.007, 0.015), spread=0.6)
    browned = multiply(portrait.pixels, _BLOTCH, blotches * portrait.skin)
    dotted = np.clip(np.maximum(spots, 0.65 * freckles), 0, 1)
    return multiply(browned, _SPOT, dotted * portrait.skin)


def _blotches(portrait: Portrait, amount: float, rng: np.random.Generator) -> Plane:
    zone = np.zeros(portrait.skin.shape, np.float32)
    for centre, radii, weight in (
        (portrait.spot((165, 166), (0.0, -0.04)), (0.25, 0.17), 1.0),
        (portrait.spot((168, 169), (0.0, -0.04)), (0.25, 0.17), 1.0),
        (portrait.spot((138, 139, 140, 75, 78)), (0.42, 0.14), 0.85),
        (portrait.spot((89, 91, 170, 172)), (0.20, 0.06), 0.75),
        (portrait.spot((53, 59)), (0.10, 0.16), 0.5),
    ):
        np.maximum(zone, np.float32(weight) * portrait.blob(centre, radii), out=zone)
    ragged = 0.65 * zone + 0.55 * (clouds(portrait, 0.22, rng, octaves=5) - 0.5)
    edge = 0.66 - 0.47 * amount
    mottle = 0.75 + 0.25 * clouds(portrait, 0.05, rng, octaves=2)
    return np.asarray(
        0.85 * amount**0.8 * ease(ragged, edge, edge + 0.34) * mottle, dtype=np.float32
    )


def _dots(
    portrait: Portrait,
    amount: float,
    rng: np.random.Generator,
    *,
    count: int,
    radii: tuple[float, float],
    spread: float,
) -> Plane:
    """Scattered spots, float32 (h, w) in [0, 1]; the larger the amount, the more and the darker.

    Args:
        portrait: the face.
        amount: 0 to 1.
        rng: draws place, size, darkness and order of appearance of each.
        count: how many there are at most.
        radii: smallest and largest, eye distances.
        spread: how far from cheeks and nose they lie; 1 reaches forehead, temples and jaw.
    """
    plane = np.zeros(portrait.skin.shape, np.float32)
    fray = clouds(portrait, 0.6 * radii[1], rng, octaves=2)
    low, high = portrait.points[134:145].min(axis=0), portrait.points[129]
    for index in range(count):
        side = rng.choice([-1.0, 1.0])
        x = side * abs(rng.normal(0.42, 0.26)) * (0.75 + 0.25 * spread)
        y = rng.normal(0.42, 0.18) if rng.random() > 0.4 * spread else rng.uniform(low[1], high[1])
        radius = rng.uniform(*radii)
        stretch, dark, onset = rng.uniform(0.75, 1.3), rng.uniform(0.4, 1.0), index / count
        shown = max(0.0, (amount - 0.9 * onset) / (1 - 0.9 * onset)) ** 0.5
        if shown > 0:
            _dot(portrait, plane, fray, (x, y), radius, stretch, dark * shown * (0.5 + amount / 2))
    return soften(plane, 0.005 * portrait.unit_px)


def _dot(
    portrait: Portrait,
    plane: Plane,
    fray: Plane,
    centre: tuple[float, float],
    radius: float,
    stretch: float,
    darkness: float,
) -> None:
    x, y = portrait.to_window[:, :2] @ centre + portrait.to_window[:, 2]
    reach = int(2.2 * radius * portrait.unit_px) + 2
    rows = slice(max(0, int(y) - reach), max(0, int(y) + reach))
    columns = slice(max(0, int(x) - reach), max(0, int(x) + reach))
    far = np.hypot(
        (portrait.across[rows, columns] - centre[0]) * stretch,
        (portrait.down[rows, columns] - centre[1]) / stretch,
    )
    ragged = far / radius + 0.7 * (fray[rows, columns] - 0.5)
    part = plane[rows, columns]
    np.maximum(part, darkness * (1 - ease(ragged, 0.6, 1.2)), out=part)
