"""In what numbers this machine's processor can compute."""

from __future__ import annotations

from backend.vision.engines.base import ON_CPU, Precision
from baseline.precision import TrainingPrecision, chosen_precision


def precisions_here() -> list[Precision]:
    """The CPU's; without bfloat16, a row of it would be one of float32."""
    best = chosen_precision(TrainingPrecision.AUTO, gpu=False)
    has_bfloat16 = best is TrainingPrecision.BFLOAT16
    return [one for one in ON_CPU if one is Precision.FLOAT32 or has_bfloat16]
