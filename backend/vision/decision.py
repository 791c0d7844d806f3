"""From the probabilities of the five grades to one grade and one score."""

from __future__ import annotations

from typing import Final

import numpy as np

from backend.vision.manifest import Decision
from backend.vocabulary import GRADES

CREDIT: Final = (1.0, 0.5, -0.5, -1.0, -1.5)
"""Credit of a prediction by its distance from the true grade, as in Penalty Recall."""


def expected_grade(probabilities: tuple[float, ...]) -> float:
    """The mean of the grades under their probabilities.

    >>> expected_grade((0.0, 0.25, 0.5, 0.25, 0.0))
    2.0
    """
    weighted = zip(GRADES, probabilities, strict=True)
    return sum(grade * probability for grade, probability in weighted)


def decide(probabilities: tuple[float, ...], decision: Decision) -> int:
    """Choose a grade; the lower one when two are equally good.

    Args:
        probabilities: of the five grades.
        decision: the most probable grade, or the one with the highest expected credit under
            Penalty Recall, argmax_g sum_k p_k W(|g - k|).

    >>> decide((0.4, 0.1, 0.2, 0.3, 0.0), Decision.ARGMAX)
    0
    >>> decide((0.4, 0.1, 0.2, 0.3, 0.0), Decision.EXPECTED_CREDIT)
    1
    """
    if decision is Decision.ARGMAX:
        return int(np.argmax(probabilities))
    distances = np.abs(np.subtract.outer(GRADES, GRADES))
    return int(np.argmax(np.asarray(CREDIT)[distances] @ np.asarray(probabilities)))
