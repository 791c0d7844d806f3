"""What a history of scores says: which differences can be chance, and where its trend leads.

The model server tells by how much the score of an attribute moves when the skin stays and only
the photo changes: the standard error of measurement (SEM), one standard deviation, in grades. Two
photos of the same skin differ by less than the minimal detectable change in 95 of 100 cases
(Weir 2005, J. Strength Cond. Res. 19(1), 231-240). No more than that is called a change.

The trend line is the median of the slopes between all pairs of visits (Theil 1950; Sen 1968, J.
Am. Stat. Assoc. 63, 1379-1389), each pair weighing as much as the time between its visits (Jaeckel
1972, Ann. Math. Statist. 43, 1449-1458; Sievers 1978, J. Am. Stat. Assoc. 73, 628-631): one odd
photo hardly moves it. Without the weights, a few visits within a week and one a year later would
be judged by the noise of that week.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from statistics import median
from typing import Final

import numpy as np
import numpy.typing as npt

from frontend.vocabulary import GRADES

CHANCE_Z: Final = 1.96
"""Standard errors within which 95 of 100 normal deviations lie, to both sides."""
UNKNOWN_STANDARD_ERROR: Final = 0.34
"""Stands in where a check was saved before the server told its standard error, grades.

No attribute of any weights in this repository whose steadiness was ever measured had a larger one:
the largest was 0.3341, of sensitivity in the first weights 2026.11.3. Taken too large, it calls a
real change chance; taken too small, chance a change.
"""
BASELINE_VISITS: Final = 3
"""How many visits tell where a person began."""
_VISITS_WITH_BASELINE: Final = BASELINE_VISITS + 1

_Numbers = npt.NDArray[np.float64]
_Moments = npt.NDArray[np.int64]


class Course(StrEnum):
    """Where scores went."""

    RISEN = "risen"
    FALLEN = "fallen"
    STEADY = "steady"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """One score of one attribute.

    Attributes:
        taken_at: When the photo was taken, aware.
        score: Expected grade, 0 to 4.
        error: Standard error of the score, grades.
    """

    taken_at: datetime
    score: float
    error: float


@dataclass(frozen=True, slots=True, kw_only=True)
class TrendLine:
    """A straight line through a history, from its first visit to its last.

    Attributes:
        first: Score on the line at the first visit, 0 to 4.
        last: The same at the last visit.
        chance: The largest change from first to last that can be chance, grades.
    """

    first: float
    last: float
    chance: float

    @property
    def change(self) -> float:
        """From the first visit to the last, grades; above 0 where the score rose."""
        return self.last - self.first

    @property
    def course(self) -> Course:
        """Whether that is a change at all, and which."""
        return course_of(self.change, chance=self.chance)


def course_of(change: float, *, chance: float) -> Course:
    """What to call a change of scores: the one rule of chart, comparison and report.

    Args:
        change: Later score less earlier score.
        chance: The largest change that can be chance.

    >>> course_of(-0.7, chance=0.67).value, course_of(0.6, chance=0.67).value
    ('fallen', 'steady')
    """
    if abs(change) <= chance:
        return Course.STEADY
    return Course.RISEN if change > 0 else Course.FALLEN


def known_error(error: float | None) -> float:
    """The standard error of a score, or what stands in for one that nobody told."""
    return UNKNOWN_STANDARD_ERROR if error is None else error


def minimal_detectable_change(one: float, other: float) -> float:
    """How far two scores of the same skin lie apart at most in 95 of 100 cases.

    Args:
        one: Standard error of one score.
        other: Standard error of the other.

    Returns:
        Grades; with equal errors 1.96 times the root of two times the error (Weir 2005).

    >>> round(minimal_detectable_change(0.24, 0.24), 3)
    0.665
    """
    return CHANCE_Z * math.hypot(one, other)


def margin_of(error: float) -> float:
    """Half the minimal detectable change of two scores with this error.

    Drawn to both sides of two such scores, it leaves a gap exactly where they differ by more.

    >>> round(margin_of(0.24), 3)
    0.333
    """
    return minimal_detectable_change(error, error) / 2


def band(score: float, margin: float) -> tuple[float, float]:
    """A score's margin to both sides, as far as the scale reaches.

    >>> band(3.75, 0.5)
    (3.25, 4.0)
    """
    return _on_scale(score - margin), _on_scale(score + margin)


def personal_baseline(readings: Sequence[Reading]) -> float | None:
    """Where a person began: the median score of the first three visits.

    Args:
        readings: Of all visits of the person, oldest first.

    Returns:
        None with fewer than four visits, since there would be nothing to hold against it.
    """
    if len(readings) < _VISITS_WITH_BASELINE:
        return None
    return median(reading.score for reading in readings[:BASELINE_VISITS])


def trend_line(readings: Sequence[Reading]) -> TrendLine | None:
    """The robust line through a history.

    Args:
        readings: Oldest first.

    Returns:
        None unless at least two visits lie a second or more apart.
    """
    scores = np.array([reading.score for reading in readings])
    errors = np.array([reading.error for reading in readings])
    # Whole seconds, so that sums of weights are exact.
    moments_s = np.array([int(reading.taken_at.timestamp()) for reading in readings], np.int64)
    if len(readings) < 2 or moments_s[0] == moments_s[-1]:
        return None
    elapsed_s = moments_s - moments_s[0]
    slope = _slope(elapsed_s, scores)
    level = float(np.median(scores - slope * elapsed_s))
    return TrendLine(
        first=_on_scale(level),
        last=_on_scale(level + slope * float(elapsed_s[-1])),
        chance=CHANCE_Z * _error_of_change(elapsed_s, errors),
    )


def _slope(moments: _Moments, scores: _Numbers) -> float:
    """The median slope of all pairs of visits, weighed by the time between the two."""
    earlier, later = np.triu_indices(len(moments), 1)
    gaps = moments[later] - moments[earlier]
    apart = gaps > 0
    slopes = (scores[later] - scores[earlier])[apart] / gaps[apart]
    order = np.argsort(slopes)
    # Twice the sum, compared with the whole, keeps to whole numbers.
    reached = 2 * np.cumsum(gaps[apart][order])
    below = np.searchsorted(reached, reached[-1] // 2, side="left")
    above = np.searchsorted(reached, reached[-1] // 2, side="right")
    return float(slopes[order][[below, above]].mean())


def _error_of_change(moments: _Moments, errors: _Numbers) -> float:
    """Standard error of the line's change from the first visit to the last.

    Of up to three visits the line goes from the first score to the last, or has less error. Of
    more, its variance is that of least squares times pi/3 (n + 1)/n. That is the variance of the
    rank statistic that the slope brings to zero, Sxx n(n + 1)/12, over the square of its
    derivative, n Sxx / (2 sqrt(pi) error); Jaeckel 1972 has it for many visits. With errors that
    are alike, simulations find that or a little less, see `benchmarks.trends`.
    """
    count = len(moments)
    if count <= 3:
        return math.hypot(errors[0], errors[-1])
    centred = moments - moments.mean()
    least_squares = float(np.sum((centred * errors) ** 2)) / float(np.sum(centred**2)) ** 2
    variance = least_squares * math.pi / 3 * (count + 1) / count
    return float(moments[-1]) * math.sqrt(variance)


def _on_scale(score: float) -> float:
    return min(max(score, float(GRADES[0])), float(GRADES[-1]))
