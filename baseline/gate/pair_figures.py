"""How well differences between photos tell pairs whose scores cannot be compared."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from backend.vision.quality import Verdict
from backend.vocabulary import Attribute
from baseline.gate.figures import (
    FEW,
    GROUPS,
    MOVED,
    Flags,
    Numbers,
    area_under,
    thirds,
    values_at,
)
from baseline.gate.pairs import DIFFERENCES, LIMITS, MAKES, Comparable, Difference, Pair
from baseline.metrics.bootstrap import Rows, over_people

SHARES: Final = (0.1, 0.25, 0.5)
"""Of pairs whose scores differ, at whose values limits may lie."""


def differs(pair: Pair) -> bool:
    """Whether the scores of the same skin differ by more than half a grade."""
    return max(pair.apart.values()) > MOVED


@dataclass(frozen=True, slots=True)
class PairSeparation:
    """How one difference separates pairs whose scores agree from others.

    Attributes:
        pairs: made to differ in that, of a good photo with another.
        differ: of them, by more than half a grade in any attribute.
        area: under the curve of hits and false alarms; NaN where too few differ.
        interval: 95 % over people.
        at: the values at which `SHARES` of the pairs differ.
        within: share that differs of the pairs up to the first limit, between both, and beyond;
            NaN where there is none.
    """

    pairs: int
    differ: int
    area: float
    interval: tuple[float, float]
    at: tuple[float, ...]
    within: tuple[float, float, float]


def pair_separation(pairs: Sequence[Pair], name: str) -> PairSeparation:
    """How one difference separates the pairs that were made to differ in it, one photo good.

    Two bad photos may differ little from each other and show other scores all the same; that is for
    the gate to tell.
    """
    made = [
        pair
        for pair in pairs
        if pair.kinds and pair.kinds <= MAKES[name] and Verdict.GOOD in pair.verdicts
    ]
    values = values_of(made, DIFFERENCES[name])
    bad = np.array([differs(pair) for pair in made], dtype=np.bool_)
    area, interval = float("nan"), (float("nan"), float("nan"))
    if FEW <= bad.sum() < bad.size:
        area, interval = area_under(values, bad, [pair.one.person for pair in made])
    zone = np.searchsorted(LIMITS[name], values, side="left")
    low, middle, high = (_share(bad[zone == index]) for index in range(3))
    at = tuple(differing_at(values, bad))
    return PairSeparation(len(made), int(bad.sum()), area, interval, at, (low, middle, high))


def differing_at(values: Numbers, bad: Flags) -> list[float]:
    """The values at which `SHARES` of the pairs differ, by logistic regression on their logarithm.

    Of two photos alike in everything no score differs, which a straight line of the value itself
    cannot say. A twentieth of the larger values is added, so that 0 has a logarithm. NaN
    where too few differ.
    """
    if int(bad.sum()) < FEW:
        return [float("nan")] * len(SHARES)
    added = float(np.quantile(values, 0.9)) / 20
    found = values_at(np.log(values + added), bad, SHARES)
    return [math.exp(value) - added for value in found]


def values_of(pairs: Sequence[Pair], difference: Difference) -> Numbers:
    """How far the photos of each pair differ, float64 (N,)."""
    return np.array([difference(*pair.captures) for pair in pairs], dtype=np.float64)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What becomes of the pairs with one verdict.

    Attributes:
        pairs: with that verdict.
        share: of all pairs.
        differ: share of them whose scores differ by more than half a grade in any attribute.
        interval: 95 % over people.
        beyond_chance: share of them in which an attribute's score differs by more than its minimal
            detectable change.
    """

    pairs: int
    share: float
    differ: float
    interval: tuple[float, float]
    beyond_chance: Mapping[Attribute, float]


def outcomes(
    pairs: Sequence[Pair],
    chance: Mapping[Attribute, float],
    *,
    verdict_of: Callable[[Pair], Comparable] = lambda pair: pair.comparable,
) -> Mapping[Comparable, Outcome]:
    """What becomes of pairs of the same skin, by their verdict.

    Args:
        pairs: any.
        chance: the minimal detectable change of each attribute, grades.
        verdict_of: gives it; the app's by default.
    """
    verdicts = np.array([verdict_of(pair) for pair in pairs], dtype=object)
    bad = np.array([differs(pair) for pair in pairs], dtype=np.bool_)
    persons = np.array([pair.one.person for pair in pairs])
    apart = {
        name: np.array([pair.apart[name] for pair in pairs]) > most for name, most in chance.items()
    }
    found = {}
    for verdict in Comparable:
        here = verdicts == verdict
        found[verdict] = Outcome(
            pairs=int(here.sum()),
            share=_share(here),
            differ=_share(bad[here]),
            interval=_interval(bad[here], persons[here].tolist()),
            beyond_chance={name: _share(beyond[here]) for name, beyond in apart.items()},
        )
    return found


@dataclass(frozen=True, slots=True)
class FalseAlarms:
    """What is said of pairs of good photos whose scores agree, of people of one skin lightness.

    Attributes:
        group: dark, middle or light third of the people.
        pairs: of them.
        with_care: share that is to be compared with care.
        never: share that is called not comparable.
    """

    group: str
    pairs: int
    with_care: float
    never: float


def false_alarms(pairs: Sequence[Pair]) -> list[FalseAlarms]:
    """How often pairs that could be compared are not, by thirds of the skin's lightness.

    Of pairs whose scores agree, and whose photos the gate calls good both.
    """
    fine = [pair for pair in pairs if not differs(pair) and set(pair.verdicts) == {Verdict.GOOD}]
    verdicts = np.array([pair.comparable for pair in fine], dtype=object)
    lightness = np.array([pair.one.lightness for pair in fine])
    third = thirds(lightness, np.array(sorted({pair.one.lightness for pair in pairs})))
    return [
        FalseAlarms(
            group=name,
            pairs=int((third == index).sum()),
            with_care=_share(verdicts[third == index] == Comparable.WITH_CARE),
            never=_share(verdicts[third == index] == Comparable.NO),
        )
        for index, name in enumerate(GROUPS)
    ]


def _share(flags: Flags) -> float:
    return float(flags.mean()) if flags.size else float("nan")


def _interval(flags: Flags, persons: Sequence[str]) -> tuple[float, float]:
    if not flags.size:
        return float("nan"), float("nan")

    def share(rows: Rows) -> list[float]:
        return [float(flags[rows].mean())]

    low, high = over_people(share, [(person,) for person in persons])[0]
    return float(low), float(high)
