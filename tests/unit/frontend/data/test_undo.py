"""Deleting a visit and bringing it back."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, Engine

from frontend.accounts import User
from frontend.store import Beside, Repository
from frontend.store.erasing import Eraser
from frontend.store.repository import UNDO_PERIOD
from frontend.store.tables import kept_pictures
from frontend.store.visits import DeletedVisit
from tests.support.saver import picture_row
from tests.unit.frontend.data.test_repository import NOON, new_visit, rows_in_history

MINUTE = timedelta(minutes=1)


@pytest.fixture
def repository(engine: Engine, clock: Any) -> Repository:
    return Repository(engine, now=clock)


def test_a_deleted_visit_appears_nowhere_but_among_the_deleted(
    repository: Repository, minji: User
) -> None:
    gone, kept = (repository.save_visit(minji.id, new_visit()) for _ in range(2))
    assert repository.delete_visit(minji.id, gone.id) is True
    assert repository.visit(minji.id, gone.id) is None
    assert repository.visits(minji.id) == [kept]
    assert repository.visits(minji.id, since=NOON, limit=5) == [kept]
    assert repository.count_visits(minji.id) == 1
    (found,) = repository.recently_deleted(minji.id)
    assert found == DeletedVisit(visit=gone, until=NOON + 15 * MINUTE)


def test_undo_brings_a_visit_back_as_it_was(repository: Repository, minji: User) -> None:
    visit = repository.save_visit(minji.id, new_visit())
    repository.write_note(minji.id, visit.id, "a cold")
    before = repository.visits(minji.id)
    repository.delete_visit(minji.id, visit.id)
    assert repository.restore_visit(minji.id, visit.id) is True
    assert repository.visits(minji.id) == before
    assert repository.recently_deleted(minji.id) == []


def test_deleting_or_restoring_twice_does_it_once(repository: Repository, minji: User) -> None:
    visit = repository.save_visit(minji.id, new_visit())
    assert repository.restore_visit(minji.id, visit.id) is False
    assert repository.delete_visit(minji.id, visit.id) is True
    assert repository.delete_visit(minji.id, visit.id) is False
    assert repository.restore_visit(minji.id, visit.id) is True
    assert repository.restore_visit(minji.id, visit.id) is False


def test_nobody_deletes_restores_or_sees_what_another_person_deleted(
    repository: Repository, minji: User, jisoo: User
) -> None:
    visit = repository.save_visit(minji.id, new_visit())
    repository.delete_visit(minji.id, visit.id)
    assert repository.recently_deleted(jisoo.id) == []
    assert repository.restore_visit(jisoo.id, visit.id) is False
    assert repository.forget_deleted(jisoo.id, visit.id) is False
    assert repository.restore_visit(minji.id, visit.id) is True


def test_after_15_minutes_there_is_no_way_back(
    repository: Repository, clock: Any, minji: User
) -> None:
    assert UNDO_PERIOD == 15 * MINUTE
    visit = repository.save_visit(minji.id, new_visit())
    repository.delete_visit(minji.id, visit.id)
    clock.advance(by=15 * MINUTE)
    assert repository.recently_deleted(minji.id) == []
    assert repository.restore_visit(minji.id, visit.id) is False


def test_a_deletion_removes_for_good_what_is_lost_and_no_more(
    repository: Repository, engine: Engine, clock: Any, minji: User, jisoo: User
) -> None:
    first, second, third = (repository.save_visit(minji.id, new_visit()) for _ in range(3))
    others = repository.save_visit(jisoo.id, new_visit())
    repository.delete_visit(jisoo.id, others.id)
    repository.delete_visit(minji.id, first.id)
    clock.advance(by=10 * MINUTE)
    repository.delete_visit(minji.id, second.id)
    assert rows_in_history(engine) == (4, 20)
    clock.advance(by=5 * MINUTE)
    repository.delete_visit(minji.id, third.id)
    assert rows_in_history(engine) == (2, 10)
    deleted = [found.visit.id for found in repository.recently_deleted(minji.id)]
    assert deleted == [third.id, second.id]


def test_the_regular_round_removes_what_is_lost(
    repository: Repository, engine: Engine, clock: Any, minji: User
) -> None:
    gone, kept = (repository.save_visit(minji.id, new_visit()) for _ in range(2))
    repository.delete_visit(minji.id, gone.id)
    assert repository.forget_lost() == 0
    clock.advance(by=15 * MINUTE)
    assert repository.forget_lost() == 1
    assert rows_in_history(engine) == (1, 5)
    assert repository.visits(minji.id) == [kept]


def test_a_person_can_have_one_that_is_deleted_removed_at_once(
    repository: Repository, engine: Engine, minji: User
) -> None:
    gone, other, kept = (repository.save_visit(minji.id, new_visit()) for _ in range(3))
    for visit in (gone, other):
        repository.delete_visit(minji.id, visit.id)
    assert repository.forget_deleted(minji.id, kept.id) is False
    assert repository.forget_deleted(minji.id, gone.id) is True
    assert rows_in_history(engine) == (2, 10)
    assert repository.visits(minji.id) == [kept]
    assert repository.restore_visit(minji.id, gone.id) is False
    assert repository.restore_visit(minji.id, other.id) is True


def test_a_late_repetition_of_the_save_neither_doubles_nor_brings_back(
    repository: Repository, engine: Engine, minji: User
) -> None:
    visit = repository.save_visit(minji.id, new_visit(request_key="k"))
    repository.delete_visit(minji.id, visit.id)
    again = repository.save_visit(minji.id, new_visit(request_key="k"))
    assert again.id == visit.id
    assert repository.visit(minji.id, again.id) is None
    assert repository.count_visits(minji.id) == 0
    assert rows_in_history(engine) == (1, 5)
    assert repository.restore_visit(minji.id, visit.id) is True
    assert repository.count_visits(minji.id) == 1


def test_what_is_kept_beside_a_visit_stays_for_the_undo_and_goes_with_it(
    engine: Engine, clock: Any, minji: User
) -> None:
    repository = Repository(engine, erase=Eraser(engine, None), now=clock)

    def pictures() -> int:
        with engine.connect() as connection:
            return len(connection.execute(kept_pictures.select()).all())

    visit = repository.save_visit(minji.id, new_visit(request_key="k"), keep=picture_row())
    repository.save_visit(minji.id, new_visit(request_key="k"), keep=picture_row())
    assert pictures() == 1
    repository.delete_visit(minji.id, visit.id)
    assert pictures() == 1
    clock.advance(by=15 * MINUTE)
    repository.forget_lost()
    assert pictures() == 0


def test_when_keeping_fails_the_visit_is_not_saved_either(
    repository: Repository, engine: Engine, minji: User
) -> None:
    def fail(_connection: Connection) -> bool:
        raise InterruptedError("the disk is full")

    keep = Beside(visit_id="a" * 32, write=fail)

    with pytest.raises(InterruptedError):
        repository.save_visit(minji.id, new_visit(), keep=keep)
    assert rows_in_history(engine) == (0, 0)
