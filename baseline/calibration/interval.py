"""How wide an interval of grades must be to hold the true one as often as promised."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from backend.vision.decision import grade_interval, growth


def fit_mass(probabilities: npt.ArrayLike, truth: Sequence[int], *, coverage: float) -> float:
    """The mass for `grade_interval` that makes it hold the truth (split conformal prediction).

    Each photo's score is the mass that the interval has reached when it takes in the true grade;
    the ceil((N + 1) coverage)-th smallest of them suffices for another photo of the same kind with
    at least that probability (Vovk et al. 2005; ordinal sets: Lu et al. 2022, arXiv:2207.02238).

    Args:
        probabilities: of photos that nothing was learned or chosen on, float (N, 5).
        truth: their grades 0-4.
        coverage: wanted share, in (0, 1).

    Raises:
        ValueError: there are too few photos for so high a coverage.

    >>> fit_mass([[0.0, 0.0, 0.7, 0.3, 0.0]] * 4, [2, 2, 2, 3], coverage=0.5)
    0.7
    """
    table = np.asarray(probabilities, dtype=np.float64)
    scores = sorted(dict(growth(row))[int(grade)] for row, grade in zip(table, truth, strict=True))
    rank = math.ceil((len(scores) + 1) * coverage)
    if rank > len(scores):
        needed = next(n for n in itertools.count(1) if math.ceil((n + 1) * coverage) <= n)
        raise ValueError(
            f"expected at least {needed} photos for a coverage of {coverage}, got {len(scores)}"
        )
    return min(float(scores[rank - 1]), 1.0)


def held(
    probabilities: npt.ArrayLike, truth: Sequence[int], *, mass: float
) -> npt.NDArray[np.bool_]:
    """Which photos' intervals hold the true grade, bool (N,)."""
    table = np.asarray(probabilities, dtype=np.float64)
    intervals = [grade_interval(row, mass=mass) for row in table]
    return np.array(
        [low <= grade <= high for (low, high), grade in zip(intervals, truth, strict=True)]
    )
