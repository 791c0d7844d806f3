"""How far repeated measurements of one thing lie apart, and what they say of its true amount."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from baseline.metrics.agreement import intraclass_correlation

_TWO_SIDED_95: Final = 1.96


@dataclass(frozen=True, slots=True)
class Repeatability:
    """What repeated measurements are worth.

    Attributes:
        deviation: see `pooled_deviation`; the standard error of one measurement.
        intraclass: see `intraclass_correlation`; NaN where nothing varies.
        detectable_change: see `detectable_change`.
        slope: of a thing's mean measurement on its true amount, least squares over the things;
            NaN where all have one amount.
        things: how many were measured more than once; the others count in nothing.
        measurements: how many of those.
    """

    deviation: float
    intraclass: float
    detectable_change: float
    slope: float
    things: int
    measurements: int


def repeatability(groups: Sequence[Sequence[float]], truth: Sequence[float]) -> Repeatability:
    """Compare the measurements of each thing with one another and with its true amount.

    Args:
        groups: the measurements of each thing.
        truth: each thing's true amount.

    Raises:
        ValueError: fewer than two things were measured more than once.

    >>> found = repeatability([[1.0, 1.2], [3.0, 3.2], [9.0]], [0.0, 4.0, 2.0])
    >>> round(found.deviation, 3), round(found.detectable_change, 3), round(found.slope, 3)
    (0.141, 0.392, 0.5)
    """
    several = [
        (list(group), true) for group, true in zip(groups, truth, strict=True) if len(group) > 1
    ]
    repeated = [group for group, _ in several]
    if len(repeated) < 2:
        raise ValueError(f"expected two things measured more than once, got {len(repeated)}")
    deviation = pooled_deviation(repeated)
    amounts = [true for _, true in several]
    means = [float(np.mean(group)) for group in repeated]
    return Repeatability(
        deviation=deviation,
        intraclass=intraclass_correlation(repeated),
        detectable_change=detectable_change(deviation),
        slope=float(np.polyfit(amounts, means, 1)[0]) if np.ptp(amounts) > 0 else math.nan,
        things=len(repeated),
        measurements=sum(len(group) for group in repeated),
    )


def pooled_deviation(groups: Sequence[Sequence[float]]) -> float:
    """Standard deviation of a thing's measurements, root mean square over the things.

    Each thing counts alike, however often it was measured.

    Args:
        groups: two or more measurements of each thing.

    >>> round(pooled_deviation([[1.0, 2.0], [4.0, 4.0, 4.0]]), 4)
    0.5
    """
    return float(np.sqrt(np.mean([np.var(group, ddof=1) for group in groups])))


def detectable_change(deviation: float) -> float:
    """How far two measurements of one unchanged thing lie apart in 95 of 100 cases at most.

    The minimal detectable change of Weir 2005, doi:10.1519/15184.1.

    >>> round(detectable_change(0.15), 3)
    0.416
    """
    return _TWO_SIDED_95 * math.sqrt(2) * deviation
