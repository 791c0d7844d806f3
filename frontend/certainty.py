"""How sure a network is of a grade, in one of three ways that a sentence can say."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

SURE_SHARE: Final = 0.75
"""Share of the network's belief from which its grades are called enough."""


class Certainty(StrEnum):
    """How many grades the network leaves open."""

    SURE = "sure"
    BETWEEN = "between"
    UNSURE = "unsure"


@dataclass(frozen=True, slots=True, kw_only=True)
class Belief:
    """The fewest neighbouring grades that hold `SURE_SHARE` of the belief.

    Attributes:
        certainty: How many they are.
        low: The lowest of them.
        high: The highest of them.
    """

    certainty: Certainty
    low: int
    high: int


def belief_of(probabilities: Sequence[float], *, grade: int) -> Belief:
    """Which grades the network leaves open around the one that was given.

    The grade is always among them, so that a card never contradicts its own number.

    Args:
        probabilities: of the five grades, lowest first.
        grade: the grade that was given.

    >>> belief_of([0, 0.1, 0.8, 0.1, 0], grade=2).certainty.value
    'sure'
    >>> belief_of([0, 0.45, 0.5, 0.05, 0], grade=2)
    Belief(certainty=<Certainty.BETWEEN: 'between'>, low=1, high=2)
    """
    low = high = grade
    while sum(probabilities[low : high + 1]) < SURE_SHARE and high - low + 1 < len(probabilities):
        below = probabilities[low - 1] if low > 0 else -1.0
        above = probabilities[high + 1] if high + 1 < len(probabilities) else -1.0
        if below > above:
            low -= 1
        else:
            high += 1
    certainty = {0: Certainty.SURE, 1: Certainty.BETWEEN}.get(high - low, Certainty.UNSURE)
    return Belief(certainty=certainty, low=low, high=high)
