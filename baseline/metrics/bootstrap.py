"""Intervals by the bootstrap over people: photos of one face err alike, so faces are drawn."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

import numpy as np
import numpy.typing as npt

RESAMPLES: Final = 1000
SEED: Final = 0
Rows = npt.NDArray[np.intp]


def over_people(
    statistic: Callable[[Rows], Sequence[float]],
    people: Sequence[str],
    *,
    resamples: int = RESAMPLES,
    seed: int = SEED,
) -> npt.NDArray[np.float64]:
    """95 % intervals of several figures, by percentiles (Efron and Tibshirani 1993, chapter 13).

    Args:
        statistic: gives K figures for the photos whose row numbers it is given; a photo may occur
            more than once. A figure that cannot be had of a draw is NaN, and left out.
        people: whose face each photo shows, N names; a morph is a person of its own.
        resamples: how many times as many people as there are are drawn.
        seed: of the draws.

    Returns:
        float64 (K, 2), lower and upper end of each interval.

    Raises:
        ValueError: there is no photo.

    >>> hits = np.array([1.0, 1.0, 0.0, 0.0])
    >>> over_people(lambda rows: [hits[rows].mean()], ["a", "a", "b", "b"]).tolist()
    [[0.0, 1.0]]
    """
    if not people:
        raise ValueError("expected at least one photo to draw from, got none")
    names, member_of = np.unique(np.asarray(people), return_inverse=True)
    photos = [np.flatnonzero(member_of == index) for index in range(len(names))]
    rng = np.random.default_rng(seed)
    drawn = [
        statistic(
            np.concatenate([photos[index] for index in rng.integers(len(names), size=len(names))])
        )
        for _ in range(resamples)
    ]
    low, high = np.nanquantile(np.asarray(drawn, dtype=np.float64), [0.025, 0.975], axis=0)
    return np.stack([low, high], axis=1)
