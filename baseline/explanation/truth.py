"""Where a sign is, as a map is held against it: the painted mask on the crop, widened and closed.

The definition was fixed before the methods were compared in earnest: a first look at 24 photos
showed that paint from a tenth on covers half of the crop, which tells no map from another. A pixel
counts as painted from a quarter of the strongest paint on; the whole is widened by `WIDENING` of
the crop's side, for a map of few cells cannot be more exact; and scattered signs, flakes and
freckles, are closed first into the region that they fill, for that is what somebody would circle.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, TypeVar

import cv2
import numpy as np
import numpy.typing as npt

from backend.vision.grad_cam import HEATMAP_SIDE_PX
from backend.vocabulary import Attribute
from baseline.masks import Painted

Number = TypeVar("Number", np.uint8, np.float32)
Region = npt.NDArray[np.bool_]
"""Which cells of a map belong to the sign, bool (128, 128)."""

PAINTED: Final = 0.25
"""Share of the strongest paint from which on a pixel is part of the sign."""
WIDENING: Final = 0.02
"""How far a region reaches beyond the paint, shares of the crop's side."""
CLOSING: Final[Mapping[Attribute, float]] = {
    Attribute.HYDRATION: 0.04,
    Attribute.PIGMENTATION: 0.04,
}
"""Gaps up to twice as wide are closed between flakes and between freckles, shares of the side. Less
than the widening would do nothing that the widening does not do."""


def sign_region(painted: Painted, attribute: Attribute) -> Region:
    """The region that a right map lights up.

    Args:
        painted: float32 (S, S) in [0, 1], on the crop.
        attribute: whose sign.

    Returns:
        bool (128, 128).

    >>> painted = np.zeros((512, 512), np.float32)
    >>> painted[256, 256] = 1.0
    >>> int(sign_region(painted, Attribute.WRINKLE).sum())
    21
    """
    region = (widened(painted, attribute) >= PAINTED).astype(np.float32)
    size = (HEATMAP_SIDE_PX, HEATMAP_SIDE_PX)
    return np.asarray(cv2.resize(region, size, interpolation=cv2.INTER_AREA) >= 0.5)


def widened(painted: npt.NDArray[Number], attribute: Attribute) -> npt.NDArray[Number]:
    """The paint, with the gaps between flakes and between freckles closed, and widened.

    What is at least so strong here is what is at least so strong in the paint, closed and widened.

    Args:
        painted: float32 (S, S) in [0, 1] or uint8 (S, S), on the crop.
        attribute: whose sign.

    Returns:
        As `painted`.
    """
    side_px = painted.shape[0]
    gap = CLOSING.get(attribute, 0.0)
    if gap:
        # A border, or closing would eat what lies at the crop's edge.
        border = round(gap * side_px)
        wide = cv2.copyMakeBorder(painted, *(border,) * 4, cv2.BORDER_CONSTANT, value=0)
        closed = cv2.morphologyEx(wide, cv2.MORPH_CLOSE, _disc(gap * side_px))
        painted = np.asarray(closed[border:-border, border:-border], dtype=painted.dtype)
    return np.asarray(cv2.dilate(painted, _disc(WIDENING * side_px)), dtype=painted.dtype)


def _disc(radius_px: float) -> npt.NDArray[np.uint8]:
    side = 2 * round(radius_px) + 1
    disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (side, side))
    return np.asarray(disc, dtype=np.uint8)
