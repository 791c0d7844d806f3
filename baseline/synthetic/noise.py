"""Random fields and filters that the painters share. Every field is float32 (H, W)."""

from __future__ import annotations

import cv2
import numpy as np

from baseline.synthetic.optics import Field


def blur(field: Field, sigma_px: float) -> Field:
    """Gaussian blur; a wide one is done on a smaller copy, which is alike and much faster."""
    if sigma_px <= 0.3:
        return field
    shrink = int(sigma_px // 4)
    if shrink < 2:
        return np.asarray(cv2.GaussianBlur(field, (0, 0), sigma_px), dtype=np.float32)
    height, width = field.shape[:2]
    small_size = (max(1, width // shrink), max(1, height // shrink))
    small = cv2.resize(field, small_size, interpolation=cv2.INTER_AREA)
    small = cv2.GaussianBlur(small, (0, 0), sigma_px / shrink)
    return np.asarray(
        cv2.resize(small, (width, height), interpolation=cv2.INTER_LINEAR), dtype=np.float32
    )


def within(field: Field, mask: Field, sigma_px: float) -> Field:
    """Gaussian blur that takes in only what the mask, float32 (H, W) in [0, 1], lets through.

    Where the mask is empty all round, the field's own value stays.
    """
    weight = blur(mask, sigma_px)
    little = np.float32(1e-3)
    return np.asarray(
        (blur(field * mask, sigma_px) + little * field) / (weight + little), dtype=np.float32
    )


def smooth_noise(shape: tuple[int, int], grain_px: float, rng: np.random.Generator) -> Field:
    """Gaussian noise whose features are about `grain_px` wide; mean 0, deviation near 1."""
    height, width = shape
    step = max(1.0, grain_px / 2)
    rows, columns = int(height / step) + 4, int(width / step) + 4
    coarse = rng.standard_normal((rows, columns), dtype=np.float32)
    coarse = np.asarray(cv2.GaussianBlur(coarse, (0, 0), 1.0), dtype=np.float32)
    # Scaled while it is small: the enlarged field keeps nearly the same spread.
    coarse = (coarse - coarse.mean()) / (coarse.std() + np.float32(1e-6))
    fine = cv2.resize(coarse, None, fx=step, fy=step, interpolation=cv2.INTER_CUBIC)
    return np.asarray(fine[:height, :width], dtype=np.float32)


def octaves(shape: tuple[int, int], grain_px: float, rng: np.random.Generator) -> Field:
    """Noise with detail at three scales below `grain_px`; mean 0, standard deviation about 1."""
    field = smooth_noise(shape, grain_px, rng)
    field = field + 0.5 * smooth_noise(shape, grain_px / 2, rng)
    field = field + 0.25 * smooth_noise(shape, grain_px / 4, rng)
    return np.asarray(field / np.float32(1.15), dtype=np.float32)


def soft_step(field: Field, threshold: float, width: float) -> Field:
    """0 below `threshold - width`, 1 above `threshold + width`, smooth between."""
    t = np.clip((field - (threshold - width)) / (2 * width), 0, 1)
    return np.asarray(t * t * (3 - 2 * t), dtype=np.float32)


def edge_preserving(light: Field, radius_px: int, epsilon: float) -> Field:
    """Self-guided filter (He et al. 2013, doi:10.1109/TPAMI.2012.213), each channel on its own.

    Args:
        light: float32 (H, W) or (H, W, 3).
        radius_px: half the window's side.
        epsilon: variance below which detail counts as texture and is smoothed.
    """
    window = (2 * radius_px + 1, 2 * radius_px + 1)
    mean = cv2.blur(light, window)
    variance = cv2.blur(light * light, window) - mean * mean
    gain = variance / (variance + epsilon)
    offset = mean - gain * mean
    return np.asarray(cv2.blur(gain, window) * light + cv2.blur(offset, window), dtype=np.float32)
