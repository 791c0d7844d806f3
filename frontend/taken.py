"""When a photo was taken: just now, or on a day that its owner named.

Of a photo from a file its owner knows the day at most. Noon where they are stands for it: seen from
nearly every other time zone it is the same day, and no check of a later day comes before it.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta, tzinfo
from typing import Final

from frontend.errors import DayOutsideError
from frontend.i18n import Words, write_day, write_day_and_time
from frontend.moments import as_utc
from frontend.store import Visit

YEARS_BACK: Final = 30
_NOON: Final = time(12)
_TOLD_LATER: Final = timedelta(hours=6)
"""A check is saved within minutes of its photo; from a noon to the next day, even one that begins
an hour or two early, it is longer than that."""
_QUARTER_MIN: Final = 15


def earliest_day(today: date) -> date:
    """The first day that can be named.

    >>> earliest_day(date(2026, 11, 23)).isoformat()
    '1996-01-01'
    """
    return date(today.year - YEARS_BACK, 1, 1)


def moment_on(day: date, *, now: datetime, time_zone: tzinfo) -> datetime:
    """The moment that stands for a photo of this day.

    Args:
        day: As its owner named it.
        now: The present moment, aware.
        time_zone: Its owner's.

    Returns:
        `now` for today; of an earlier day its noon. In UTC.

    Raises:
        DayOutsideError: if the day has not come, or comes before `earliest_day`.

    >>> from datetime import timezone
    >>> seoul, now = timezone(timedelta(hours=9)), datetime.fromisoformat("2026-11-23T20:00:07Z")
    >>> moment_on(date(2026, 11, 23), now=now, time_zone=seoul).isoformat()
    '2026-11-23T03:00:00+00:00'
    >>> moment_on(date(2026, 11, 24), now=now, time_zone=seoul).isoformat()
    '2026-11-23T20:00:07+00:00'
    """
    today = now.astimezone(time_zone).date()
    first = earliest_day(today)
    if not first <= day <= today:
        raise DayOutsideError(
            f"expected a day from {first} to {today}, got {day}",
            first=first.isoformat(),
            last=today.isoformat(),
        )
    return as_utc(now if day == today else datetime.combine(day, _NOON, time_zone))


def corrected_moment(visit: Visit, day: date, *, time_zone: tzinfo) -> datetime:
    """The moment that stands for a visit's photo once its day is corrected.

    It is the one that the visit would have if this day had been named when it was saved: no photo
    is of a later day than its check.

    Args:
        visit: The visit, of a photo from a file.
        day: As its owner names it now.
        time_zone: Its owner's.

    Returns:
        For the day that the visit has already, its own moment. In UTC.

    Raises:
        DayOutsideError: if no photo of this check can be of the day.
    """
    if day == visit.taken_at.astimezone(time_zone).date():
        return visit.taken_at
    return moment_on(day, now=visit.saved_at, time_zone=time_zone)


def is_day_alone(visit: Visit) -> bool:
    """Whether a day is all that is known of when a visit's photo was taken.

    Then its moment lies hours before it was saved, and on a quarter of an hour, as noon does in
    every time zone.
    """
    moment = visit.taken_at
    on_quarter = not (moment.minute % _QUARTER_MIN or moment.second or moment.microsecond)
    return on_quarter and visit.saved_at - moment > _TOLD_LATER


def write_when(words: Words, visit: Visit, time_zone: tzinfo) -> str:
    """The day of a visit's photo, with the time where it is known.

    Args:
        words: The language.
        visit: The visit.
        time_zone: The reader's.
    """
    moment = visit.taken_at.astimezone(time_zone)
    return write_day(words, moment) if is_day_alone(visit) else write_day_and_time(words, moment)
