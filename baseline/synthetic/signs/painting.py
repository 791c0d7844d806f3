"""What a painter gives back, and how a severity becomes an amount."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from baseline.synthetic.optics import Field, Light

MAX_SEVERITY: Final = 4.0


@dataclass(frozen=True, slots=True)
class Painting:
    """A painted canvas.

    Attributes:
        light: linear RGB float32 (H, W, 3).
        mask: float32 (H, W) in [0, 1], how strongly the sign was painted at each pixel.
    """

    light: Light
    mask: Field


def share(severity: float) -> float:
    """Severity 0 to 4 as a share 0 to 1.

    >>> share(1.0)
    0.25
    """
    if not 0 <= severity <= MAX_SEVERITY:
        raise ValueError(f"expected a severity from 0 to {MAX_SEVERITY:.0f}, got {severity}")
    return severity / MAX_SEVERITY


def unit_range(field: Field) -> Field:
    """Clip a field to [0, 1]."""
    return np.asarray(np.clip(field, 0, 1), dtype=np.float32)


def dosed(pigment: Field, skin: Field, wanted: float) -> Field:
    """A pigment scaled to a mean over the skin, as far as it stays neither invisible nor black.

    Args:
        pigment: float32 (H, W).
        skin: float32 (H, W) in [0, 1].
        wanted: the mean.
    """
    found = float(pigment.sum() / skin.sum())
    # Where the limit is met, the places drawn decide.
    factor = min(max(wanted / max(found, 1e-6), 0.05), 2.2)
    return np.asarray(pigment * np.float32(factor), dtype=np.float32)
