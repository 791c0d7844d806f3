"""Furrows carved into the skin, and how the lamps shade them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np

from baseline.synthetic.anatomy import Anatomy, Points
from baseline.synthetic.canvas import Canvas
from baseline.synthetic.lighting import tilted
from baseline.synthetic.noise import blur
from baseline.synthetic.optics import Field

DEEPEST: Final = 0.02
"""How deep a furrow of depth 1 is, eye distances: about 1.2 mm, a deep smile fold."""
_OCCLUSION: Final = 0.55
_SUBPIXEL_BITS: Final = 4
_DARKEST, _BRIGHTEST = 0.35, 1.45


@dataclass(frozen=True, slots=True)
class Furrow:
    """A curve to carve.

    Attributes:
        curve: float64 (N, 2), pixels.
        depth: share of `DEEPEST`.
        width: standard deviation of its cross-section, eye distances.
    """

    curve: Points
    depth: float
    width: float

    def load(self, unit: float) -> float:
        """Depth times length, eye distances: how much it adds to a face's wrinkles."""
        return self.depth * float(np.hypot(*np.diff(self.curve, axis=0).T).sum()) / unit


def carve(anatomy: Anatomy, furrow: Furrow, rng: np.random.Generator) -> Field:
    """The depth of one furrow, float32 (H, W); it trembles on its way and fades at its ends."""
    count = len(furrow.curve)
    walk = np.cumsum(rng.normal(0, 0.0015 * anatomy.unit, (count, 2)), axis=0)
    curve = furrow.curve + walk - np.linspace(0, 1, count)[:, None] * walk[-1]
    fade = np.sin(np.linspace(0.12, np.pi - 0.12, count)) ** 0.6
    fade *= 1 + 0.25 * np.sin(np.linspace(0, 1, count) * rng.uniform(4, 14) + rng.uniform(0, 6))
    sigma_px = max(0.55, furrow.width * anatomy.unit)
    thickness = max(1, round(1.2 * sigma_px))
    margin = int(4 * sigma_px) + thickness + 4
    left, top = np.floor(curve.min(axis=0)).astype(int) - margin
    right, bottom = np.ceil(curve.max(axis=0)).astype(int) + margin
    height, width = anatomy.shape
    left, top, right, bottom = max(0, left), max(0, top), min(width, right), min(height, bottom)
    field = np.zeros(anatomy.shape, np.float32)
    if right <= left or bottom <= top:
        return field
    # Drawn and blurred only around the curve: a face has up to seventy of them.
    window = np.zeros((bottom - top, right - left), np.float32)
    points = np.round((curve - (left, top)) * 2**_SUBPIXEL_BITS).astype(np.int32)
    for index in range(count - 1):
        strength = float(max(0.0, furrow.depth * fade[index]))
        cv2.line(window, points[index].tolist(), points[index + 1].tolist(), strength,
                 thickness, cv2.LINE_AA, _SUBPIXEL_BITS)  # fmt: skip
    # The blur of a line is lower than the line; a thin furrow keeps its depth.
    kept = min(1.0, thickness / (2.507 * sigma_px))
    field[top:bottom, left:right] = blur(window, sigma_px) / np.float32(max(kept, 0.4))
    return field


def shading_of(canvas: Canvas, depth: Field) -> Field:
    """What a relief does to the light on it, float32 (H, W), 1 where there is none.

    The wall that faces a lamp brightens and the other darkens (Lambert), on the face's own form, so
    that light from the side shows more; the bottom sees less of the light from everywhere.

    Args:
        canvas: its form and lamps.
        depth: float32 (H, W), shares of `DEEPEST` below the surface.
    """
    depth_px = depth * np.float32(DEEPEST * canvas.anatomy.unit)
    lit = canvas.lighting.diffuse(tilted(canvas.normals, -depth_px))
    smooth = canvas.lighting.diffuse(canvas.normals)
    # Beside the line the skin sinks in gently: a cut becomes a fold.
    around = blur(depth, 0.03 * canvas.anatomy.unit)
    hidden = np.float32(_OCCLUSION) * (0.55 * depth + 0.45 * around)
    shade = (lit + 0.05) / (smooth + 0.05) * np.exp(-hidden)
    return np.asarray(np.clip(shade, _DARKEST, _BRIGHTEST), dtype=np.float32)
