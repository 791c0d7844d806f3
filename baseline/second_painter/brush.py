"""Blend modes, noise and strokes: what a retoucher's program offers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
import numpy.typing as npt
from scipy.interpolate import CubicSpline

from backend.vision.geometry import FloatArray, transform_points
from baseline.second_painter.portrait import Picture, Plane, Portrait, soften

Colour = tuple[float, float, float]
"""Red, green, blue in [0, 1], or a factor for each."""

_SUBPIXEL_BITS: Final = 4
_STEPS: Final = 48
"""Straight pieces that a curve is drawn with."""


def multiply(pixels: Picture, colour: Colour, alpha: Plane) -> Picture:
    """Lay a transparent colour over the picture, which can only darken it.

    Args:
        pixels: RGB float32 (h, w, 3) in [0, 1].
        colour: what white becomes.
        alpha: float32 (h, w), how thickly.

    >>> one = np.full((1, 1), 1.0, np.float32)
    >>> multiply(np.full((1, 1, 3), 0.5, np.float32), (1.0, 0.5, 0.0), one).tolist()
    [[[0.5, 0.25, 0.0]]]
    """
    factor = np.asarray(colour, np.float32)
    return np.asarray(pixels * (1 - alpha[..., None] * (1 - factor)), dtype=np.float32)


def screen(pixels: Picture, colour: Colour, alpha: Plane) -> Picture:
    """Project a colour onto the picture, which can only lighten it.

    >>> one = np.full((1, 1), 1.0, np.float32)
    >>> screen(np.full((1, 1, 3), 0.5, np.float32), (1.0, 0.5, 0.0), one).tolist()
    [[[1.0, 0.75, 0.5]]]
    """
    light = alpha[..., None] * np.asarray(colour, np.float32)
    return np.asarray(1 - (1 - pixels) * (1 - light), dtype=np.float32)


def cover(pixels: Picture, paint: Picture | Colour, alpha: Plane) -> Picture:
    """Put opaque paint, one colour or a picture, over the picture as thickly as alpha says."""
    opaque = np.asarray(paint, np.float32)
    return np.asarray(pixels + alpha[..., None] * (opaque - pixels), dtype=np.float32)


def ease(values: Plane, low: float, high: float) -> Plane:
    """0 below `low`, 1 above `high`, a smooth step between; shaped like `values`.

    >>> ease(np.array([0.0, 0.5, 1.0], np.float32), 0.0, 1.0).tolist()
    [0.0, 0.5, 1.0]
    """
    share = np.clip((values - low) / (high - low), 0, 1)
    return np.asarray(share * share * (3 - 2 * share), dtype=np.float32)


def clouds(portrait: Portrait, feature: float, rng: np.random.Generator, *, octaves: int) -> Plane:
    """Fractal noise over the window, float32 (h, w), spread evenly over [0, 1].

    Args:
        portrait: whose window to fill.
        feature: size of the largest clouds, eye distances.
        rng: draws them.
        octaves: how many times clouds of half the size and weight are added.
    """
    height, width = portrait.skin.shape
    total = np.zeros((height, width), np.float32)
    for octave in range(octaves):
        cell_px = max(1.0, feature * portrait.unit_px / 2**octave)
        grid = rng.random((int(height / cell_px) + 3, int(width / cell_px) + 3), np.float32)
        size = (round(grid.shape[1] * cell_px), round(grid.shape[0] * cell_px))
        layer = cv2.resize(grid, size, interpolation=cv2.INTER_CUBIC)
        total += layer[:height, :width] / np.float32(2**octave)
    return _evenly(total)


def _evenly(noise: Plane) -> Plane:
    # Ranks instead of values: a threshold then cuts off a known share of the area.
    levels = np.quantile(noise[::4, ::4], np.linspace(0, 1, 65))
    return np.interp(noise, levels, np.linspace(0, 1, 65)).astype(np.float32)


def crackle(portrait: Portrait, cell: float, rng: np.random.Generator) -> Plane:
    """Borders of a mosaic of irregular cells, as on a dry lake; float32 (h, w), 1 on a border.

    Args:
        portrait: whose window to fill.
        cell: size of a cell, eye distances.
        rng: draws the cells' centres.
    """
    height, width = portrait.skin.shape
    cell_px = max(3.0, cell * portrait.unit_px)
    rows, columns = int(height / cell_px) + 1, int(width / cell_px) + 1
    corners = np.mgrid[:rows, :columns].reshape(2, -1).T
    centres = ((corners + rng.random(corners.shape)) * cell_px).astype(int)
    centres = np.minimum(centres, [height - 1, width - 1])
    ground = np.ones((height, width), np.uint8)
    ground[centres[:, 0], centres[:, 1]] = 0
    _, cells = cv2.distanceTransformWithLabels(ground, cv2.DIST_L2, 5)
    names = cells.astype(np.float32)
    steps = cv2.morphologyEx(names, cv2.MORPH_GRADIENT, np.ones((2, 2), np.uint8))
    return np.asarray((steps > 0).astype(np.float32))


@dataclass(frozen=True, slots=True)
class Stroke:
    """A curved line with tapered ends.

    Attributes:
        through: float64 (N, 2), points it passes, face coordinates, N at least 2.
        width: its thickness in the middle, eye distances.
    """

    through: FloatArray
    width: float

    def curve(self, *, share: float = 1.0, aside: float = 0.0) -> FloatArray:
        """Points along it, float64 (49, 2), face coordinates.

        Args:
            share: how much of its length, about its middle.
            aside: how far to its side to go, eye distances: down where it runs level, outwards
                from the middle of the face where it runs down.
        """
        pieces = np.hypot(*np.diff(self.through, axis=0).T)
        along = np.concatenate([[0.0], np.cumsum(pieces)]) / pieces.sum()
        spline = CubicSpline(along, self.through)
        at = np.linspace(0.5 - share / 2, 0.5 + share / 2, _STEPS + 1)
        tangent = spline(at, 1)
        normal = np.column_stack([-tangent[:, 1], tangent[:, 0]])
        normal /= np.maximum(np.hypot(*normal.T), 1e-9)[:, None]
        outwards = np.sign(self.through[:, 0].mean())
        # One sign for the whole curve: a flip on its way would make the line jump across.
        facing = normal.mean(axis=0) @ np.array([0.6 * outwards, 1.0])
        return np.asarray(spline(at) + normal * aside * (1.0 if facing >= 0 else -1.0))


def draw(
    portrait: Portrait,
    curve: npt.ArrayLike,
    *,
    width: float,
    strength: float,
    onto: Plane,
    tapered: bool = True,
) -> None:
    """Draw a soft line in place; where lines cross, the stronger one shows.

    Args:
        portrait: whose window it is.
        curve: (N, 2), face coordinates.
        width: thickness, eye distances.
        strength: value in the middle, 0 to 1.
        onto: float32 (h, w), drawn on.
        tapered: whether it fades towards both ends.
    """
    spots = transform_points(curve, portrait.to_window)
    width_px = width * portrait.unit_px
    pad_px = int(3 * width_px) + 3
    size = np.array(onto.shape[::-1])
    low = np.clip(np.floor(spots.min(axis=0)).astype(int) - pad_px, 0, size)
    high = np.clip(np.ceil(spots.max(axis=0)).astype(int) + pad_px, 0, size)
    if (high - low < 1).any():
        return
    layer = np.zeros((high[1] - low[1], high[0] - low[0]), np.uint8)
    fixed = np.round((spots - low) * 2**_SUBPIXEL_BITS).astype(np.int32)
    for index in range(len(fixed) - 1):
        taper = np.sin(np.pi * (index + 0.5) / (len(fixed) - 1)) ** 0.6 if tapered else 1.0
        thickness = max(1, round(width_px * (0.5 + 0.5 * taper)))
        piece = [fixed[index : index + 2]]
        value = round(255 * taper)
        cv2.polylines(layer, piece, False, value, thickness, cv2.LINE_AA, _SUBPIXEL_BITS)
    soft = soften(layer.astype(np.float32) / np.float32(255.0), max(0.5, 0.45 * width_px))
    # A line thinner than a pixel is drawn a pixel wide and made fainter instead.
    fainter = np.float32(strength * min(1.0, width_px))
    part = onto[low[1] : high[1], low[0] : high[0]]
    np.maximum(part, soft * fainter, out=part)
