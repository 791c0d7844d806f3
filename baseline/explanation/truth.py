"""Where a sign is, as a map is held against it: the painted mask on the crop, widened and closed.

The definition was fixed before any two methods were compared. A pixel counts as painted from a
quarter of the strongest paint on; the whole is widened by `WIDENING` of the crop's side, for a map
of few cells cannot be more exact; and scattered signs, flakes and freckles, are closed first into
the region that they fill, for that is what somebody would circle.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import cv2
import numpy as np
import numpy.typing as npt

from backend.vision.geometry import FloatArray
from backend.vision.grad_cam import HEATMAP_SIDE_PX
from backend.vocabulary import Attribute
from baseline.dataset import LabelInvalidError, Labelled
from baseline.synthetic.generate import mask_path

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


def painted_on_crop(
    sample: Labelled, attribute: Attribute, to_photo: FloatArray, *, side_px: int
) -> npt.NDArray[np.float32]:
    """How strongly a sign was painted at each pixel of a crop.

    Args:
        sample: a simulated photo whose masks were written.
        attribute: whose sign; for hydration it is dryness.
        to_photo: float64 (2, 3), the affine map from crop pixels to photo pixels.
        side_px: the crop's side.

    Returns:
        float32 (side_px, side_px) in [0, 1].

    Raises:
        LabelInvalidError: the photo has no such mask.
    """
    path = mask_path(sample.path.parent, sample.path.stem, attribute)
    mask = cv2.imread(str(path), cv2.IMREAD_GRAYSCALE)
    if mask is None:
        raise LabelInvalidError(f"expected a mask at {path}: paint the photos without --no-masks")
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    crop = cv2.warpAffine(mask, to_photo, (side_px, side_px), flags=flags)
    return np.asarray(crop, dtype=np.float32) / np.float32(255)


def sign_region(painted: npt.NDArray[np.float32], attribute: Attribute) -> Region:
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
    side_px = painted.shape[0]
    region: npt.NDArray[Any] = (painted >= PAINTED).astype(np.uint8)
    gap = CLOSING.get(attribute, 0.0)
    if gap:
        # A border, or closing would eat what lies at the crop's edge.
        border = round(gap * side_px)
        wide = cv2.copyMakeBorder(region, *(border,) * 4, cv2.BORDER_CONSTANT, value=0)
        closed = cv2.morphologyEx(wide, cv2.MORPH_CLOSE, _disc(gap * side_px))
        region = closed[border:-border, border:-border]
    region = cv2.dilate(region, _disc(WIDENING * side_px))
    size = (HEATMAP_SIDE_PX, HEATMAP_SIDE_PX)
    small = cv2.resize(region.astype(np.float32), size, interpolation=cv2.INTER_AREA)
    return np.asarray(small >= 0.5)


def _disc(radius_px: float) -> npt.NDArray[np.uint8]:
    side = 2 * round(radius_px) + 1
    disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (side, side))
    return np.asarray(disc, dtype=np.uint8)
