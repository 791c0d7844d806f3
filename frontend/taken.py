"""When a photo was taken: just now, or on a day that its owner named.

Of a photo from a file its owner knows the day at most. Noon where they are stands for it: seen from
nearly every other time zone it is the same day, and no check of a later day comes before it.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta, tzinfo
from typing import Final

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
        `now` for today, and for a day that has not come; of an earlier day its noon. In UTC.

    >>> from datetime import timezone
    >>> seoul, now = timezone(timedelta(hours=9)), datetime.fromisoformat("2026-11-23T20:00:07Z")
    >>> moment_on(date(2026, 11, 23), now=now, time_zone=seoul).isoformat()
    '2026-11-23T03:00:00+00:00'
    >>> moment_on(date(2026, 11, 24), now=now, time_zone=seoul).isoformat()
    '2026-11-23T20:00:07+00:00'
    """
    today = now.astimezone(time_zone).date()
    if day >= today:
        return as_utc(now)
    # What comes from a browser may be any day.
    return as_utc(datetime.combine(max(day, earliest_day(today)), _NOON, time_zone))


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
