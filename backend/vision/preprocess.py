"""From the aligned crop to the numbers a grader reads: one path for training and serving."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from backend.vision.geometry import Photo


@dataclass(frozen=True, slots=True)
class InputSpec:
    """What a grader's weights expect of their input.

    Attributes:
        input_px: side of the square input.
        mean: per RGB channel, on the scale where white is 1.
        std: per RGB channel, on the same scale.
    """

    input_px: int
    mean: tuple[float, float, float] = (0.5, 0.5, 0.5)
    std: tuple[float, float, float] = (0.5, 0.5, 0.5)


def resize_crop(crop: Photo, side_px: int) -> Photo:
    """Resize a square crop RGB uint8 (S, S, 3) to `side_px`, by area when it shrinks."""
    if crop.shape[0] == side_px:
        return crop
    interpolation = cv2.INTER_AREA if crop.shape[0] > side_px else cv2.INTER_LINEAR
    resized = cv2.resize(crop, (side_px, side_px), interpolation=interpolation)
    return np.asarray(resized, dtype=np.uint8)


def to_array(crop: Photo, spec: InputSpec) -> npt.NDArray[np.float32]:
    """Resize and normalise a crop.

    Args:
        crop: RGB uint8 (S, S, 3), the aligned crop.
        spec: what the weights expect.

    Returns:
        float32 (3, input_px, input_px).
    """
    mean, std = (np.array(each, np.float32)[:, None, None] for each in (spec.mean, spec.std))
    pixels = resize_crop(crop, spec.input_px).transpose(2, 0, 1).astype(np.float32, order="C")
    return np.asarray((pixels / np.float32(255) - mean) / std, dtype=np.float32)
