"""What a grade means: which way is better, and whether a grade calls for a look.

The five attributes do not run the same way. Hydration is better high, wrinkle, pigmentation and
sensitivity are better low, and oil is best in the middle; the screen never averages them.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from itertools import pairwise
from typing import Final

from frontend.trends import Course, course_of
from frontend.vocabulary import GRADES, Attribute

HIGHEST_GRADE: Final = GRADES[-1]
LIKELY_SHARE: Final = 0.8
"""Share of the network's belief that the likely range holds."""


class Direction(StrEnum):
    """Which grades of an attribute are the better ones."""

    HIGH = "high"
    LOW = "low"
    MIDDLE = "middle"


class Status(StrEnum):
    """How a grade stands, worst last."""

    GOOD = "good"
    BETWEEN = "between"
    LOOK = "look"


class Change(StrEnum):
    """How an attribute moved from one check to a later one."""

    SAME = "same"
    GOOD = "good"
    IMPROVED = "improved"
    LOOK = "look"
    NOT_COMPARABLE = "not_comparable"


_DIRECTIONS: Final = {
    Attribute.OIL: Direction.MIDDLE,
    Attribute.HYDRATION: Direction.HIGH,
    Attribute.WRINKLE: Direction.LOW,
    Attribute.PIGMENTATION: Direction.LOW,
    Attribute.SENSITIVITY: Direction.LOW,
}
_GOOD: Final = {
    Direction.HIGH: (3, 4),
    Direction.LOW: (0, 1),
    Direction.MIDDLE: (2, 2),
}
_BETWEEN: Final = {
    Direction.HIGH: {2},
    Direction.LOW: {2},
    Direction.MIDDLE: {1, 3},
}


def direction_of(attribute: Attribute) -> Direction:
    """Which way is better for an attribute.

    >>> direction_of(Attribute.HYDRATION).value
    'high'
    """
    return _DIRECTIONS[attribute]


def good_grades(attribute: Attribute) -> tuple[int, int]:
    """Lowest and highest grade of the good range, both included.

    >>> good_grades(Attribute.HYDRATION)
    (3, 4)
    """
    return _GOOD[direction_of(attribute)]


def good_zone(attribute: Attribute) -> tuple[float, float]:
    """The good range on the scale of scores: half a grade beyond its grades, inside 0 to 4.

    >>> good_zone(Attribute.OIL), good_zone(Attribute.WRINKLE)
    ((1.5, 2.5), (0.0, 1.5))
    """
    low, high = good_grades(attribute)
    return max(0.0, low - 0.5), min(float(HIGHEST_GRADE), high + 0.5)


def status_of(attribute: Attribute, grade: int) -> Status:
    """How a grade stands.

    >>> [status_of(Attribute.OIL, grade).value for grade in GRADES]
    ['look', 'between', 'good', 'between', 'look']
    """
    low, high = good_grades(attribute)
    if low <= grade <= high:
        return Status.GOOD
    return Status.BETWEEN if grade in _BETWEEN[direction_of(attribute)] else Status.LOOK


def likely_range(probabilities: Sequence[float]) -> tuple[float, float]:
    """The middle `LIKELY_SHARE` of the network's belief, on the scale of scores.

    Each grade's probability is spread evenly over half a grade to either side, so that the range
    moves smoothly with the probabilities.

    Args:
        probabilities: of the five grades, lowest first; they need not sum to one exactly.

    Returns:
        Lower and upper end, each in [0, 4].

    Raises:
        ValueError: if there are not five, or none is above zero.

    >>> likely_range([0, 0, 1, 0, 0])
    (1.6, 2.4)
    """
    total = sum(probabilities)
    if len(probabilities) != len(GRADES) or not total > 0:
        raise ValueError(f"expected five probabilities that are not all zero, got {probabilities}")
    tail = (1 - LIKELY_SHARE) / 2
    return _quantile(probabilities, tail * total), _quantile(probabilities, (1 - tail) * total)


def distance_to_good(attribute: Attribute, score: float) -> float:
    """How far a score lies outside the good range, in grades; 0 inside it.

    >>> distance_to_good(Attribute.OIL, 3.5), distance_to_good(Attribute.HYDRATION, 4)
    (1.0, 0.0)
    """
    low, high = good_zone(attribute)
    return max(low - score, score - high, 0.0)


def change_of(
    attribute: Attribute,
    *,
    score_before: float,
    score_after: float,
    chance: float,
) -> Change:
    """How an attribute moved, told by its distance to the good range.

    A move that can be chance counts for nothing, whatever the grades. A move across the good range
    to its other side is an improvement only where it ends nearer to the range by more than can be
    chance. Otherwise it is worth a look.

    Args:
        attribute: Which attribute.
        score_before: 0 to 4.
        score_after: The same, later.
        chance: The largest change that can be chance, see `frontend.trends`.

    >>> change_of(Attribute.WRINKLE, score_before=3, score_after=1, chance=0.67).value
    'improved'
    >>> change_of(Attribute.OIL, score_before=1, score_after=2.95, chance=0.72).value
    'look'
    """
    if course_of(score_after - score_before, chance=chance) is Course.STEADY:
        return Change.SAME
    before = distance_to_good(attribute, score_before)
    after = distance_to_good(attribute, score_after)
    low, high = good_zone(attribute)
    crosses = min(score_before, score_after) < low and max(score_before, score_after) > high
    if after < before and (not crosses or before - after > chance):
        return Change.IMPROVED
    return Change.GOOD if after == 0 else Change.LOOK


def _quantile(probabilities: Sequence[float], mass: float) -> float:
    cumulative = [0.0]
    for probability in probabilities:
        cumulative.append(cumulative[-1] + probability)
    for grade, (below, above) in enumerate(pairwise(cumulative)):
        if mass <= above and above > below:
            place = grade - 0.5 + (mass - below) / (above - below)
            return round(min(max(place, 0.0), float(HIGHEST_GRADE)), 6)
    return float(HIGHEST_GRADE)
