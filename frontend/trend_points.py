"""The trend of one attribute, put together from a person's visits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo

from frontend.store import Visit
from frontend.trends import (
    BASELINE_VISITS,
    Reading,
    TrendLine,
    band,
    known_error,
    margin_of,
    personal_baseline,
    trend_line,
)
from frontend.vocabulary import Attribute, Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class TrendPoint:
    """One visit on the trend of one attribute.

    Attributes:
        taken_at: When the photo was taken, in the reader's time zone; of photos of a day alone its
            noon, so that several may share it.
        grade: 0 to 4.
        score: Expected grade, 0 to 4.
        error: Standard error of the score, grades.
        is_poor: Whether the photo should have been taken again; then it is shown, and not counted.
        model_version: Version of the networks that graded it.
        note: What the person wrote about the visit, or "".
    """

    taken_at: datetime
    grade: int
    score: float
    error: float
    is_poor: bool = False
    model_version: str = ""
    note: str = ""

    @property
    def band(self) -> tuple[float, float]:
        """Lower and upper end of the score's margin, 0 to 4."""
        return band(self.score, margin_of(self.error))


@dataclass(frozen=True, slots=True, kw_only=True)
class Trend:
    """The trend of one attribute.

    Attributes:
        points: At least one, oldest first.
        line: The robust line through those that count, or None where there is none yet.
        baseline: Where the person began, or None where too few visits that count tell.
        baseline_versions: Of the networks that graded the visits it is made of; they may be none
            of the points.
    """

    points: Sequence[TrendPoint]
    line: TrendLine | None
    baseline: float | None
    baseline_versions: frozenset[str] = frozenset()

    @property
    def fit(self) -> list[TrendPoint]:
        """The points that count: those of photos that did not have to be taken again."""
        return _fit(self.points)

    @property
    def of_one_version(self) -> bool:
        """Whether the same networks graded all of it, also where the person began."""
        return len(_versions(self.points) | self.baseline_versions) == 1


def trend_of(
    visits: Sequence[Visit],
    attribute: Attribute,
    *,
    time_zone: tzinfo,
    history: Sequence[Visit] | None = None,
) -> Trend:
    """The trend of one attribute.

    Args:
        visits: At least one, in any order.
        attribute: Which attribute.
        time_zone: The reader's.
        history: All visits of the person, in any order, where `visits` are some of them.
    """
    points = trend_points(visits, attribute, time_zone=time_zone)
    whole = visits if history is None else history
    counted = _fit(trend_points(whole, attribute, time_zone=time_zone))
    baseline = personal_baseline(_readings(counted))
    began = [] if baseline is None else counted[:BASELINE_VISITS]
    return Trend(
        points=points,
        line=trend_line(_readings(_fit(points))),
        baseline=baseline,
        baseline_versions=_versions(began),
    )


def trend_points(
    visits: Sequence[Visit], attribute: Attribute, *, time_zone: tzinfo
) -> list[TrendPoint]:
    """The points of one attribute's trend, oldest first, whatever the order of the visits."""
    points = []
    for visit in sorted(visits, key=lambda visit: (visit.taken_at, visit.saved_at)):
        result = visit.results[attribute]
        points.append(
            TrendPoint(
                taken_at=visit.taken_at.astimezone(time_zone),
                grade=result.grade,
                score=result.score,
                error=known_error(result.standard_error),
                is_poor=visit.quality_verdict is Verdict.RETAKE,
                model_version=visit.model_version,
                note=visit.note,
            )
        )
    return points


def _fit(points: Sequence[TrendPoint]) -> list[TrendPoint]:
    return [point for point in points if not point.is_poor]


def _versions(points: Sequence[TrendPoint]) -> frozenset[str]:
    return frozenset(point.model_version for point in points)


def _readings(points: Sequence[TrendPoint]) -> list[Reading]:
    return [
        Reading(taken_at=point.taken_at, score=point.score, error=point.error) for point in points
    ]
