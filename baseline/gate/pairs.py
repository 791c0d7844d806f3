"""Two photos of one skin: by what they differ, and whether their scores can be compared."""

from __future__ import annotations

import functools
import itertools
import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from backend.vision.capture import Capture
from backend.vision.quality import Verdict, assess
from backend.vocabulary import Attribute
from baseline.gate.degradations import Degradation
from baseline.gate.trials import Trial

Difference = Callable[[Capture, Capture], float]

DIFFERENCES: Final[Mapping[str, Difference]] = {
    "yaw": lambda one, other: abs(one.yaw_deg - other.yaw_deg),
    "pitch": lambda one, other: abs(one.pitch_deg - other.pitch_deg),
    "roll": lambda one, other: abs(one.roll_deg - other.roll_deg),
    "size": lambda one, other: abs(math.log(one.eye_distance_px / other.eye_distance_px)),
    "sharpness": lambda one, other: abs(one.focus - other.focus),
    "exposure": lambda one, other: abs(math.log((one.eye_white + 1) / (other.eye_white + 1))),
    "clipping": lambda one, other: abs(one.clipped - other.clipped),
    "light_side": lambda one, other: math.dist(one.brighter, other.brighter),
    "unevenness": lambda one, other: abs(one.unevenness - other.unevenness),
    "colour": lambda one, other: math.dist(one.colour, other.colour),
    "covered": lambda one, other: abs(one.covered - other.covered),
    "smoothing": lambda one, other: abs(one.texture - other.texture),
    "compression": lambda one, other: abs(one.blocks - other.blocks),
}
"""By what two photos differ, in the units of `Capture`; ratios as natural logarithms."""

MAKES: Final[Mapping[str, frozenset[Degradation]]] = {
    "yaw": frozenset({Degradation.TURNED}),
    "pitch": frozenset({Degradation.NODDING}),
    "roll": frozenset({Degradation.TILTED}),
    "size": frozenset({Degradation.SMALL}),
    "sharpness": frozenset({Degradation.BLURRED}),
    "exposure": frozenset({Degradation.DARK}),
    "clipping": frozenset({Degradation.BRIGHT}),
    "light_side": frozenset({Degradation.UNEVEN}),
    "unevenness": frozenset({Degradation.UNEVEN}),
    "colour": frozenset({Degradation.TINTED}),
    "covered": frozenset({Degradation.COVERED}),
    "smoothing": frozenset({Degradation.SMOOTHED}),
    "compression": frozenset({Degradation.COMPRESSED}),
}
"""What makes two photos differ in that."""

LIMITS: Final[Mapping[str, tuple[float, float]]] = {
    "yaw": (17, 50),
    "pitch": (24, 41),
    "roll": (45, 70),
    "size": (1.1, 1.6),
    "sharpness": (0.12, 0.53),
    "exposure": (0.48, 1.05),
    "clipping": (0.14, 0.45),
    "light_side": (1.3, 2.4),
    "unevenness": (1.1, 3.0),
    "colour": (1.0, 1.6),
    "covered": (0.04, 0.2),
    "smoothing": (0.42, 0.73),
    "compression": (0.59, 1.4),
}
"""Beyond the first a difference asks for care, beyond the second for no comparison at all.

Read off pairs of 1700 photos of ten validation people (`python -m baseline.gate --pairs --split
validation --photos 2 --strengths 6`): where 10 % and where 50 % of the pairs of a good photo and
another differ by more than half a grade. By hand: size and roll, in which no pair differed as far
as was measured, to 4.8 times the size and 67 degrees; colour, in which 8 of 418 did; unevenness's
second, for half of the pairs differ nowhere. Pitch was measured to 36 degrees: its second is read
off beyond.
"""


class Comparable(StrEnum):
    """What can be said of a difference between two visits' scores."""

    YES = "comparable"
    WITH_CARE = "with care"
    NO = "not comparable"


_BY_RETAKES: Final = (Comparable.YES, Comparable.WITH_CARE, Comparable.NO)


@dataclass(frozen=True, slots=True)
class Pair:
    """Two photos of one skin, neither refused.

    Attributes:
        one: a photo.
        other: another one.
    """

    one: Trial
    other: Trial

    @property
    def captures(self) -> tuple[Capture, Capture]:
        """What was measured of both."""
        one, other = self.one.capture, self.other.capture
        if one is None or other is None:
            raise ValueError("expected two photos that were analysed, got a refused one")
        return one, other

    @property
    def kinds(self) -> frozenset[Degradation]:
        """What was done to either of them."""
        return frozenset(trial.kind for trial in (self.one, self.other) if trial.kind)

    @property
    def verdicts(self) -> tuple[Verdict, Verdict]:
        """What the gate says of both."""
        one, other = self.captures
        return _gate(one), _gate(other)

    @property
    def comparable(self) -> Comparable:
        """What the app says of two such visits: nothing better than their photos allow.

        A photo to be taken again asks for care, and of two there is no comparison.
        """
        by_photos = _BY_RETAKES[self.verdicts.count(Verdict.RETAKE)]
        return max(comparable(*self.captures), by_photos, key=list(Comparable).index)

    @property
    def apart(self) -> Mapping[Attribute, float]:
        """How far their scores lie apart, grades."""
        return {
            name: abs(score - self.other.scores[name]) for name, score in self.one.scores.items()
        }


@functools.cache
def _gate(capture: Capture) -> Verdict:
    return assess(capture).verdict


def pairs_of(trials: Sequence[Trial]) -> Iterator[Pair]:
    """Every two photos of the same skin, as far as the server analyses both."""
    analysed = [trial for trial in trials if trial.capture is not None]
    for _, photos in itertools.groupby(analysed, key=lambda trial: (trial.person, trial.photo)):
        for one, other in itertools.combinations(photos, 2):
            yield Pair(one, other)


def comparable(one: Capture, other: Capture) -> Comparable:
    """What the worst of all differences allows, whatever the photos are by themselves."""
    worst = Comparable.YES
    for name, difference in DIFFERENCES.items():
        care, never = LIMITS[name]
        found = difference(one, other)
        if found > never:
            return Comparable.NO
        if found > care:
            worst = Comparable.WITH_CARE
    return worst
