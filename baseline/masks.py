"""Where the masks of simulated photos lie, and what they look like on the aligned crop."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt

from backend.errors import SkinXaiError
from backend.vision.geometry import FloatArray
from backend.vocabulary import Attribute

Painted = npt.NDArray[np.float32]
"""How strongly a sign was painted at each pixel, float32 (S, S) in [0, 1]."""


class MaskMissingError(SkinXaiError):
    """A photo has no mask of what was painted on it; the message says how to get one."""


def mask_path(folder: Path, stem: str, attribute: Attribute) -> Path:
    """Where the mask of one attribute of one photo lies."""
    return folder / "masks" / f"{stem}.{attribute}.png"


def painted_on_crop(
    photo: Path, attribute: Attribute, to_photo: FloatArray, *, side_px: int
) -> Painted:
    """How strongly a sign was painted at each pixel of a crop.

    Args:
        photo: file of a simulated photo.
        attribute: whose sign; for hydration it is dryness.
        to_photo: float64 (2, 3), the affine map from crop pixels to photo pixels.
        side_px: the crop's side.

    Returns:
        float32 (side_px, side_px) in [0, 1].

    Raises:
        MaskMissingError: the photo has no such mask.
    """
    path = mask_path(photo.parent, photo.stem, attribute)
    mask = cv2.imread(str(path), cv2.IMREAD_GRAYSCALE)
    if mask is None:
        raise MaskMissingError(f"expected a mask at {path}: paint the photos without --no-masks")
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    crop = cv2.warpAffine(mask, to_photo, (side_px, side_px), flags=flags)
    return np.asarray(crop, dtype=np.float32) / np.float32(255)
