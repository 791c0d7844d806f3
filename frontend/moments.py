"""Moments in time: aware datetimes in UTC, and nothing else."""

from __future__ import annotations

from datetime import UTC, datetime


class NaiveDatetimeError(ValueError):
    """A datetime without a time zone was given where a moment is needed."""


def utc_now() -> datetime:
    """The present moment, aware, in UTC."""
    return datetime.now(UTC)


def as_utc(moment: datetime) -> datetime:
    """The same moment in UTC.

    Raises:
        NaiveDatetimeError: If the datetime has no time zone.

    >>> from datetime import timedelta, timezone
    >>> seoul = timezone(timedelta(hours=9))
    >>> as_utc(datetime(2026, 11, 23, 9, 0, tzinfo=seoul)).isoformat()
    '2026-11-23T00:00:00+00:00'
    """
    if moment.utcoffset() is None:
        raise NaiveDatetimeError(
            f"expected a datetime with a time zone, got {moment.isoformat()}, which has none"
        )
    return moment.astimezone(UTC)


def from_naive_utc(moment: datetime) -> datetime:
    """The moment that a naive datetime, known to be in UTC, stands for."""
    return moment.replace(tzinfo=UTC)
