"""Correcting when a photo was taken: in the database, and for everything that goes by it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from frontend.accounts import User
from frontend.errors import DayOutsideError
from frontend.moments import NaiveDatetimeError
from frontend.store import Repository, Visit
from frontend.taken import corrected_moment, is_day_alone
from frontend.vocabulary import Source
from tests.unit.frontend.data.conftest import Clock
from tests.unit.frontend.data.test_regrading import ANEW, nothing_beside
from tests.unit.frontend.data.test_repository import NOON, new_visit

SEOUL = ZoneInfo("Asia/Seoul")
MARCH = datetime(2026, 3, 4, 3, 0, tzinfo=UTC)


def saved(
    repository: Repository, user: User, *, days: int = 0, source: Source = Source.UPLOAD
) -> Visit:
    """A visit of some days before or after noon of 23 November 2026."""
    new = new_visit(taken_at=NOON + timedelta(days=days))
    return repository.save_visit(user.id, replace(new, source=source))


def test_a_corrected_moment_is_there_at_once_and_changes_nothing_else(
    repository: Repository, minji: User
) -> None:
    visit = saved(repository, minji)

    assert repository.correct_taken_at(minji.id, visit.id, MARCH.astimezone(SEOUL)) is True

    assert repository.visit(minji.id, visit.id) == replace(visit, taken_at=MARCH)


def test_the_order_and_the_check_before_go_by_the_corrected_day(
    repository: Repository, minji: User
) -> None:
    first, second, third = (saved(repository, minji, days=day) for day in range(3))
    repository.correct_taken_at(minji.id, third.id, NOON - timedelta(days=9))

    newest_first = repository.visits(minji.id)

    assert [visit.id for visit in newest_first] == [second.id, first.id, third.id]
    (before, *_) = repository.visits(minji.id, before=first, limit=1)
    assert before.id == third.id
    assert repository.visits(minji.id, before=before) == []
    assert repository.count_visits(minji.id, since=NOON) == 2


def test_nobody_corrects_another_persons_visit(
    repository: Repository, minji: User, jisoo: User
) -> None:
    visit = saved(repository, minji)

    assert repository.correct_taken_at(jisoo.id, visit.id, MARCH) is False
    assert repository.correct_taken_at(minji.id, "0" * 32, MARCH) is False

    assert repository.visits(minji.id) == [visit]


def test_a_deleted_visit_is_not_corrected_and_a_corrected_one_comes_back_as_it_was(
    repository: Repository, minji: User
) -> None:
    visit = saved(repository, minji)
    repository.correct_taken_at(minji.id, visit.id, MARCH)
    repository.delete_visit(minji.id, visit.id)

    assert repository.correct_taken_at(minji.id, visit.id, NOON) is False

    repository.restore_visit(minji.id, visit.id)
    assert repository.visits(minji.id) == [replace(visit, taken_at=MARCH)]


@pytest.mark.parametrize("source", [Source.WEBCAM, Source.SAMPLE])
def test_when_a_photo_of_the_camera_was_taken_is_not_corrected(
    repository: Repository, minji: User, source: Source
) -> None:
    visit = saved(repository, minji, source=source)

    assert repository.correct_taken_at(minji.id, visit.id, MARCH) is False

    assert repository.visits(minji.id) == [visit]


def test_a_visit_that_is_graded_anew_keeps_its_corrected_day(
    repository: Repository, minji: User
) -> None:
    visit = saved(repository, minji)
    repository.correct_taken_at(minji.id, visit.id, MARCH)
    repository.regrade_visit(minji.id, ANEW, keep=nothing_beside(visit.id))

    found = repository.visit(minji.id, visit.id)
    assert found is not None
    assert (found.taken_at, found.model_version) == (MARCH, ANEW.model_version)

    repository.correct_taken_at(minji.id, visit.id, NOON)
    again = repository.visit(minji.id, visit.id)
    assert again == replace(found, taken_at=NOON)


def test_a_moment_without_a_time_zone_is_none(repository: Repository, minji: User) -> None:
    visit = saved(repository, minji)

    with pytest.raises(NaiveDatetimeError):
        repository.correct_taken_at(minji.id, visit.id, datetime(2026, 3, 4))  # noqa: DTZ001

    assert repository.visits(minji.id) == [visit]


def visit_saved_at(repository: Repository, minji: User, moment: datetime) -> Visit:
    """A visit of a photo that was named one of the day when it was saved."""
    return replace(saved(repository, minji), taken_at=moment, saved_at=moment)


def test_an_earlier_day_is_its_noon_and_the_day_of_the_check_its_own_moment(
    repository: Repository, minji: User
) -> None:
    # In Seoul it is nine in the morning: noon is still to come.
    morning = datetime(2026, 3, 6, 0, 3, 7, tzinfo=UTC)
    visit = visit_saved_at(repository, minji, morning)

    moment = corrected_moment(visit, date(2026, 3, 4), time_zone=SEOUL)
    corrected = replace(visit, taken_at=moment)

    assert moment == MARCH
    assert is_day_alone(corrected)
    assert corrected_moment(corrected, date(2026, 3, 6), time_zone=SEOUL) == morning


def test_no_photo_is_of_a_later_day_than_its_check(repository: Repository, minji: User) -> None:
    visit = visit_saved_at(repository, minji, datetime(2026, 3, 6, 0, 3, tzinfo=UTC))

    for day in (date(2026, 3, 7), date(1995, 12, 31), date.min, date.max):
        with pytest.raises(DayOutsideError) as refused:
            corrected_moment(visit, day, time_zone=SEOUL)
        assert refused.value.params == {"first": "1996-01-01", "last": "2026-03-06"}


def test_who_saves_the_day_that_stands_there_keeps_the_moment(
    repository: Repository, minji: User, clock: Clock
) -> None:
    # On the other side of the date line noon of the fourth is the evening of the third.
    visit = replace(saved(repository, minji), taken_at=MARCH, saved_at=clock.moment)

    there = ZoneInfo("Pacific/Pago_Pago")

    assert corrected_moment(visit, date(2026, 3, 3), time_zone=there) == MARCH
