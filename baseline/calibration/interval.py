"""How wide an interval of grades must be to hold the true one as often as promised."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Sequence
from typing import Final

import numpy as np
import numpy.typing as npt

from backend.vision.decision import growth

_ROUNDING: Final = 1e-9


def fit_mass(
    probabilities: npt.ArrayLike,
    truth: Sequence[int],
    people: Sequence[Sequence[str]],
    *,
    coverage: float,
) -> float:
    """The mass for `grade_interval` that makes it hold the truth of somebody else's photo.

    Each photo's score is the mass that the interval has reached when it takes in the true grade
    (ordinal sets: Lu et al. 2022, arXiv:2207.02238). Photos of one person err alike, so that a
    person, not a photo, is what the next one is drawn with: every person weighs the same, the next
    one counts as missed, and the smallest score that still covers suffices with at least that
    probability (hierarchical conformal prediction: Lee et al. 2023, arXiv:2306.06342). A morph
    counts for each of its parents in equal parts.

    Args:
        probabilities: of photos that nothing was learned on, float (N, 5).
        truth: their grades 0-4.
        people: whose face each photo shows, or whose faces a morph was made of.
        coverage: wanted share, in (0, 1).

    Raises:
        ValueError: there are too few people for so high a coverage.

    >>> row = [0.0, 0.0, 0.7, 0.3, 0.0]
    >>> fit_mass([row] * 4, [2, 2, 2, 3], [["a"], ["b"], ["c"], ["d"]], coverage=0.5)
    0.7
    """
    table = np.asarray(probabilities, dtype=np.float64)
    scores = np.array(
        [dict(growth(row))[int(grade)] for row, grade in zip(table, truth, strict=True)]
    )
    weights = _equal_for_each_person(people)
    persons = round(float(weights.sum()))
    wanted = (persons + 1) * coverage
    if wanted > persons:
        needed = math.ceil(coverage / (1 - coverage) - _ROUNDING)
        raise ValueError(
            f"expected photos of at least {needed} people for a coverage of {coverage}, "
            f"got {persons}"
        )
    order = np.argsort(scores, kind="stable")
    enough = np.searchsorted(np.cumsum(weights[order]), wanted - _ROUNDING)
    return min(float(scores[order][enough]), 1.0)


def _equal_for_each_person(people: Sequence[Sequence[str]]) -> npt.NDArray[np.float64]:
    """Weights of the photos, float64 (N,), that add up to 1 over what each person is part of."""
    of_person: defaultdict[str, float] = defaultdict(float)
    for parents in people:
        for person in parents:
            of_person[person] += 1 / len(parents)
    return np.array(
        [sum(1 / len(parents) / of_person[person] for person in parents) for parents in people]
    )
