"""Pigmentation: sun spots, freckles and melasma-like patches, as added melanin."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from baseline.synthetic.anatomy import CHEEKS
from baseline.synthetic.canvas import Canvas
from baseline.synthetic.noise import blur, octaves, soft_step
from baseline.synthetic.optics import MELANIN, Field, absorb
from baseline.synthetic.signs.painting import Painting, dosed, share, unit_range


def paint_pigmentation(canvas: Canvas, severity: float, rng: np.random.Generator) -> Painting:
    """Add spots, freckles and patches; more of each and darker with severity (0 to 4)."""
    amount = share(severity)
    if amount == 0:
        return Painting(canvas.light, np.zeros(canvas.anatomy.shape, np.float32))
    mix = rng.dirichlet((1.2, 1.2, 1.2))
    near = _likely_places(canvas)
    spots = _spots(canvas, _Spots(80, (0.018, 0.05)), amount * (0.3 + 0.7 * mix[0]), near, rng)
    freckles = _spots(canvas, _Spots(420, (0.005, 0.012)), amount * (0.25 + mix[1]), near, rng)
    patches = _patches(canvas, coverage=0.05 + 0.75 * amount, rng=rng)
    melanin = 0.75 * spots + 0.55 * (0.4 + mix[1]) * freckles + 0.5 * (0.35 + mix[2]) * patches
    wanted = dose(amount) * float(rng.uniform(0.97, 1.03))
    melanin = dosed(melanin * canvas.skin, canvas.skin, wanted)
    return Painting(absorb(canvas.light, melanin, MELANIN), unit_range(melanin / 0.5))


def dose(amount: float) -> float:
    """Mean melanin added over the skin, for severity as a share 0 to 1.

    Severity is area times darkness, as in the melasma area and severity index (Kimbrough-Green et
    al. 1994, doi:10.1001/archderm.1994.01690100095014), so that few dark spots and many faint
    ones can be equally severe. It rises faster than the share, as differences are seen in ratios.

    >>> round(dose(1.0), 3), round(dose(0.25), 3)
    (0.22, 0.019)
    """
    return 0.22 * float(amount**1.75)


@dataclass(frozen=True, slots=True)
class _Spots:
    """A kind of spot: how many there are at most, and their smallest and largest radius."""

    most: int
    radii: tuple[float, float]


def _spots(
    canvas: Canvas, kind: _Spots, share_shown: float, chances: Field, rng: np.random.Generator
) -> Field:
    anatomy = canvas.anatomy
    # All are drawn by lot at every severity and the first of them painted, so that the same face
    # gets more spots instead of other ones.
    flat = rng.choice(chances.size, size=kind.most, p=chances.ravel())
    rows, columns = np.unravel_index(flat, anatomy.shape)
    places = np.stack([columns, rows], axis=1) + rng.uniform(-0.5, 0.5, (kind.most, 2))
    radii = np.maximum(0.6, rng.uniform(*kind.radii, kind.most) * anatomy.unit)
    flatness, turn = rng.uniform(0.6, 1.0, kind.most), rng.uniform(0, 180, kind.most)
    strength = rng.uniform(0.4, 1.0, kind.most)
    field = np.zeros(anatomy.shape, np.float32)
    for spot in range(min(kind.most, max(2, round(kind.most * share_shown)))):
        centre = np.round(places[spot] * 16).astype(int).tolist()
        axes = (
            round(radii[spot] * 16),
            round(max(0.6, radii[spot] * flatness[spot]) * 16),
        )
        cv2.ellipse(field, centre, axes, float(turn[spot]), 0, 360, float(strength[spot]), -1,
                    cv2.LINE_AA, 4)  # fmt: skip
    ragged = 1 + 0.35 * octaves(anatomy.shape, 0.03 * anatomy.unit, rng)
    return unit_range(blur(field, max(0.7, 0.2 * kind.radii[1] * anatomy.unit)) * ragged)


def _likely_places(canvas: Canvas) -> Field:
    # Sun spots crowd on the cheekbones, nose and forehead, with a few anywhere on the skin.
    anatomy = canvas.anatomy
    likely = np.full(anatomy.shape, 0.25, np.float32)
    for cheek in CHEEKS:
        likely += anatomy.blob(anatomy.centre(cheek), 0.32, 0.26)
    likely += 0.6 * anatomy.blob(anatomy.forehead, 0.5, 0.2)
    likely = likely * (canvas.skin > 0.7)
    return np.asarray(likely / likely.sum(dtype=np.float64), dtype=np.float64)


def _patches(canvas: Canvas, *, coverage: float, rng: np.random.Generator) -> Field:
    # Melasma: blotches on cheeks, forehead and upper lip, roughly alike on both sides.
    anatomy = canvas.anatomy
    zone = np.zeros(anatomy.shape, np.float32)
    for cheek in CHEEKS:
        zone = np.maximum(zone, anatomy.blob(anatomy.centre(cheek), 0.3, 0.2))
    zone = np.maximum(zone, 0.8 * anatomy.blob(anatomy.forehead, 0.45, 0.16))
    texture = octaves(anatomy.shape, 0.22 * anatomy.unit, rng)
    level = zone * 1.6 + 0.7 * texture - (1.9 - 1.5 * coverage)
    return blur(soft_step(np.asarray(level, dtype=np.float32), 0.1, 0.35), 0.012 * anatomy.unit)
