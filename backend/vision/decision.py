"""From the probabilities of the five grades to one grade, an interval of grades and one score."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np

from backend.vision.manifest import Decision
from backend.vocabulary import GRADES

CREDIT: Final = (1.0, 0.5, -0.5, -1.0, -1.5)
"""Credit of a prediction by its distance from the true grade, as in Penalty Recall."""
EVEN_SHARES: Final = (0.2, 0.2, 0.2, 0.2, 0.2)
_ROUNDING: Final = 1e-9


def expected_grade(probabilities: Sequence[float]) -> float:
    """The mean of the grades under their probabilities.

    >>> expected_grade((0.0, 0.25, 0.5, 0.25, 0.0))
    2.0
    """
    weighted = zip(GRADES, probabilities, strict=True)
    return sum(grade * probability for grade, probability in weighted)


def decide(
    probabilities: Sequence[float],
    decision: Decision,
    *,
    class_shares: Sequence[float] = EVEN_SHARES,
) -> int:
    """Choose a grade; the lower one when two are equally good.

    Penalty Recall averages the credit W of each true grade's photos and then the grades, so with
    shares s_k of the grades it is sum_k (1/5) E[W(|g(x) - k|) | k] = (1/5) E_x[sum_k p(k|x)/s_k
    W(|g(x) - k|)]: a photo of a rare grade counts one over its share. The expectation is highest
    where each photo by itself gets argmax_g sum_k p(k|x)/s_k W(|g - k|) (the Bayes decision under
    unequal costs, Elkan 2001; for a balanced error Menon et al. 2013, ICML, theorem 1).

    Args:
        probabilities: of the five grades.
        decision: the most probable grade, or the one with the highest expected credit under
            Penalty Recall.
        class_shares: of the grades among the photos whose probabilities these are; even shares
            when the network learned and was calibrated on equally many of each.

    >>> decide((0.4, 0.1, 0.2, 0.3, 0.0), Decision.ARGMAX)
    0
    >>> decide((0.4, 0.1, 0.2, 0.3, 0.0), Decision.EXPECTED_CREDIT)
    1
    >>> decide((0.6, 0.4, 0.0, 0.0, 0.0), Decision.EXPECTED_CREDIT)
    0
    >>> rare_ones = (0.8, 0.05, 0.05, 0.05, 0.05)
    >>> decide((0.6, 0.4, 0.0, 0.0, 0.0), Decision.EXPECTED_CREDIT, class_shares=rare_ones)
    1
    """
    if decision is Decision.ARGMAX:
        return int(np.argmax(probabilities))
    distances = np.abs(np.subtract.outer(GRADES, GRADES))
    weights = np.asarray(probabilities) / np.asarray(class_shares)
    return int(np.argmax(np.asarray(CREDIT)[distances] @ weights))


def grade_interval(probabilities: Sequence[float], *, mass: float) -> tuple[int, int]:
    """The lowest and highest grade that a calibrated interval of neighbouring grades holds.

    It starts at the most probable grade and takes in the more probable neighbour as long as
    their sum is at most `mass`. With the mass that `baseline.calibration` found, it holds the true
    grade as often as the manifest states (ordinal conformal sets, Lu et al. 2022,
    arXiv:2207.02238).

    Args:
        probabilities: of the five grades.
        mass: in (0, 1].

    >>> grade_interval((0.0, 0.3, 0.6, 0.1, 0.0), mass=0.95)
    (1, 2)
    >>> grade_interval((0.0, 0.3, 0.6, 0.1, 0.0), mass=0.5)
    (2, 2)
    """
    grown = growth(probabilities)
    inside = [grade for grade, reached in grown if reached <= mass + _ROUNDING]
    inside = inside or [grown[0][0]]
    return min(inside), max(inside)


def growth(probabilities: Sequence[float]) -> list[tuple[int, float]]:
    """The grades as an interval grows from the most probable one, with the sum reached by each.

    >>> growth((0.0, 0.25, 0.5, 0.125, 0.125))[:3]
    [(2, 0.5), (1, 0.75), (3, 0.875)]
    """
    low = high = int(np.argmax(probabilities))
    reached = float(probabilities[low])
    grown = [(low, reached)]
    while len(grown) < len(GRADES):
        below = probabilities[low - 1] if low > GRADES[0] else -1.0
        above = probabilities[high + 1] if high < GRADES[-1] else -1.0
        if below >= above:
            low, taken, reached = low - 1, low - 1, reached + below
        else:
            high, taken, reached = high + 1, high + 1, reached + above
        grown.append((taken, reached))
    return grown
