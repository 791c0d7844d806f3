"""Textures that more than one sign is made of."""

from __future__ import annotations

import cv2
import numpy as np

from baseline.synthetic.noise import smooth_noise
from baseline.synthetic.optics import Field


def stretched_noise(
    shape: tuple[int, int], grain_px: float, stretch: float, degrees: float,
    rng: np.random.Generator,
) -> Field:  # fmt: skip
    """Noise whose features run along a direction.

    Args:
        shape: (H, W).
        grain_px: how wide a feature is across.
        stretch: how many times longer it is.
        degrees: direction, anticlockwise from the image's right.
        rng: its source.

    Returns:
        float32 (H, W), mean 0, deviation near 1.
    """
    # Drawn on a wider square, squeezed and turned.
    side = int(1.5 * max(shape))
    field = smooth_noise((side, int(side / stretch)), grain_px, rng)
    square = cv2.resize(field, (side, side), interpolation=cv2.INTER_LINEAR)
    turn = np.asarray(cv2.getRotationMatrix2D((side / 2, side / 2), degrees, 1.0), np.float64)
    turn[:, 2] += np.array([shape[1] - side, shape[0] - side]) / 2
    return np.asarray(cv2.warpAffine(square, turn, (shape[1], shape[0])), dtype=np.float32)
