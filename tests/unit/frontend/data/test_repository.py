"""The history of one person, out of reach of everybody else."""

from __future__ import annotations

import dataclasses
import uuid
from datetime import UTC, datetime, timedelta, timezone
from threading import Barrier, Thread
from typing import Any

import pytest
from sqlalchemy import Engine, delete, event, func, select
from sqlalchemy.exc import IntegrityError

from frontend.accounts import User
from frontend.moments import NaiveDatetimeError
from frontend.store import AttributeResult, NewVisit, Repository, Visit
from frontend.store.tables import users, visit_results, visits
from frontend.vocabulary import Attribute, Evidence, Source, Verdict
from tests.support.visits import FACING

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
RESULT = AttributeResult(
    grade=2, score=1.87, probabilities=(0.1, 0.23, 0.4, 0.24, 0.03), evidence=Evidence.SIMULATED
)


def new_visit(*, taken_at: datetime = NOON, request_key: str | None = None) -> NewVisit:
    return NewVisit(
        taken_at=taken_at,
        source=Source.UPLOAD,
        model_version="2026.11.0",
        quality_verdict=Verdict.GOOD,
        quality_score=88.5,
        results={
            attribute: dataclasses.replace(RESULT, grade=grade)
            for grade, attribute in enumerate(Attribute)
        },
        request_key=request_key or uuid.uuid4().hex,
        circumstances=FACING,
    )


def rows_in_history(engine: Engine) -> tuple[int, int]:
    with engine.connect() as connection:
        return (
            connection.execute(select(func.count()).select_from(visits)).scalar_one(),
            connection.execute(select(func.count()).select_from(visit_results)).scalar_one(),
        )


def test_a_saved_visit_comes_back_as_it_was(repository: Repository, minji: User) -> None:
    new = new_visit()
    saved = repository.save_visit(minji.id, new)
    assert repository.visit(minji.id, saved.id) == saved
    assert uuid.UUID(hex=saved.id).version == 4
    assert saved.user_id == minji.id
    assert saved.taken_at == NOON
    assert saved.taken_at.tzinfo is UTC
    assert abs(datetime.now(UTC) - saved.saved_at) < timedelta(minutes=1)
    assert (saved.source, saved.model_version) == (Source.UPLOAD, "2026.11.0")
    assert (saved.quality_verdict, saved.quality_score) == (Verdict.GOOD, 88.5)
    assert list(saved.results) == list(Attribute)
    assert saved.results == new.results
    assert (saved.circumstances, saved.graded_before) == (FACING, ())
    assert saved.results[Attribute.SENSITIVITY].grade == 4
    assert saved.results[Attribute.OIL].probabilities == (0.1, 0.23, 0.4, 0.24, 0.03)


def test_a_visit_of_somebody_else_is_as_one_that_does_not_exist(
    repository: Repository, minji: User, jisoo: User
) -> None:
    visit = repository.save_visit(minji.id, new_visit())
    assert repository.visit(jisoo.id, visit.id) is None
    assert repository.visits(jisoo.id) == []
    assert repository.count_visits(jisoo.id) == 0
    assert repository.delete_visit(jisoo.id, visit.id) is False
    assert repository.visit(minji.id, visit.id) == visit


@pytest.mark.parametrize("visit_id", ["", "x", "0" * 32, "' OR 1=1 --", "%"])
def test_an_unknown_visit_is_none(repository: Repository, minji: User, visit_id: str) -> None:
    repository.save_visit(minji.id, new_visit())
    assert repository.visit(minji.id, visit_id) is None
    assert repository.delete_visit(minji.id, visit_id) is False
    assert repository.count_visits(minji.id) == 1


@pytest.mark.parametrize("visit_id", ["\x00", "a\x00b", "\ud800"])
def test_what_no_database_can_look_for_is_no_visit(
    repository: Repository, minji: User, visit_id: str
) -> None:
    assert repository.visit(minji.id, visit_id) is None


def test_saving_twice_under_one_key_saves_once(
    repository: Repository, engine: Engine, minji: User
) -> None:
    first = repository.save_visit(minji.id, new_visit(request_key="k"))
    second = repository.save_visit(
        minji.id, new_visit(request_key="k", taken_at=NOON + timedelta(hours=1))
    )
    assert second == first
    assert second.taken_at == NOON
    assert rows_in_history(engine) == (1, 5)


def test_one_key_of_two_people_names_two_visits(
    repository: Repository, minji: User, jisoo: User
) -> None:
    hers = repository.save_visit(minji.id, new_visit(request_key="k"))
    his = repository.save_visit(jisoo.id, new_visit(request_key="k"))
    assert hers.id != his.id
    assert (hers.user_id, his.user_id) == (minji.id, jisoo.id)


def test_a_visit_of_nobody_is_not_saved_at_all(repository: Repository, engine: Engine) -> None:
    with pytest.raises(IntegrityError):
        repository.save_visit("0" * 32, new_visit())
    assert rows_in_history(engine) == (0, 0)


def test_a_visit_that_fails_half_way_leaves_nothing(
    repository: Repository, engine: Engine, minji: User
) -> None:
    @event.listens_for(engine, "before_cursor_execute")
    def fail(*arguments: object) -> None:
        if "INSERT INTO visit_results" in str(arguments[2]):
            raise InterruptedError("the power went out")

    with pytest.raises(InterruptedError):
        repository.save_visit(minji.id, new_visit(request_key="k"))
    event.remove(engine, "before_cursor_execute", fail)
    assert rows_in_history(engine) == (0, 0)
    assert repository.save_visit(minji.id, new_visit(request_key="k")).taken_at == NOON


def test_visits_come_newest_first_whatever_their_order_of_saving(
    repository: Repository, minji: User
) -> None:
    for days in (2, 0, 1):
        repository.save_visit(minji.id, new_visit(taken_at=NOON + timedelta(days=days)))
    found = [visit.taken_at.day for visit in repository.visits(minji.id)]
    assert found == [25, 24, 23]


def test_dates_choose_from_since_up_to_but_without_until(
    repository: Repository, minji: User
) -> None:
    for days in range(4):
        repository.save_visit(minji.id, new_visit(taken_at=NOON + timedelta(days=days)))
    since, until = NOON + timedelta(days=1), NOON + timedelta(days=3)
    found = repository.visits(minji.id, since=since, until=until)
    assert [visit.taken_at.day for visit in found] == [25, 24]
    assert repository.count_visits(minji.id, since=since, until=until) == 2
    seoul = timezone(timedelta(hours=9))
    assert repository.count_visits(minji.id, since=since.astimezone(seoul)) == 3


def test_before_a_visit_come_those_of_its_moment_that_were_saved_earlier(
    engine: Engine, minji: User
) -> None:
    now = [NOON]
    repository = Repository(engine, now=lambda: now[0])
    saved = []
    for days, hours in ((-1, 0), (0, 0), (0, 0), (0, 1)):
        now[0] += timedelta(minutes=1)
        moment = NOON + timedelta(days=days, hours=hours)
        saved.append(repository.save_visit(minji.id, new_visit(taken_at=moment)))
    oldest, first, second, latest = saved
    assert repository.visits(minji.id) == [latest, second, first, oldest]
    assert repository.visits(minji.id, before=second) == [first, oldest]
    assert repository.visits(minji.id, before=first) == [oldest]
    assert repository.visits(minji.id, before=oldest) == []


def test_before_a_visit_are_all_that_follow_it_even_of_one_moment_and_save(
    engine: Engine, minji: User
) -> None:
    repository = Repository(engine, now=lambda: NOON)
    for _ in range(4):
        repository.save_visit(minji.id, new_visit())
    visits = repository.visits(minji.id)
    assert [repository.visits(minji.id, before=each) for each in visits] == [
        visits[place + 1 :] for place in range(4)
    ]


def test_pages_of_visits_taken_at_one_moment_never_overlap(
    repository: Repository, minji: User
) -> None:
    saved = {repository.save_visit(minji.id, new_visit()).id for _ in range(7)}
    pages = [repository.visits(minji.id, offset=offset, limit=3) for offset in (0, 3, 6)]
    assert [len(page) for page in pages] == [3, 3, 1]
    assert {visit.id for page in pages for visit in page} == saved
    assert repository.visits(minji.id, offset=7, limit=3) == []
    assert [visit.id for visit in repository.visits(minji.id, offset=5)] == [
        visit.id for visit in repository.visits(minji.id)[5:]
    ]


def test_a_thousand_visits_are_read_in_one_query(
    repository: Repository, engine: Engine, minji: User
) -> None:
    first = repository.save_visit(minji.id, new_visit())
    copy_visit(engine, first, times=999)
    statements: list[str] = []

    @event.listens_for(engine, "before_cursor_execute")
    def count(*arguments: object) -> None:
        statements.append(str(arguments[2]))

    found = repository.visits(minji.id)
    event.remove(engine, "before_cursor_execute", count)
    assert len(found) == 1000
    # SQLite is told to begin.
    assert [word for each in statements if (word := each.split()[0]) != "BEGIN"] == ["SELECT"]
    assert all(list(visit.results) == list(Attribute) for visit in found)


def copy_visit(engine: Engine, visit: Visit, *, times: int) -> None:
    with engine.begin() as connection:
        row = connection.execute(select(visits)).one()._asdict()
        results = [r._asdict() for r in connection.execute(select(visit_results))]
        for copy in range(times):
            name = f"{copy:032x}"
            connection.execute(visits.insert().values(row | {"id": name, "request_key": name}))
            connection.execute(visit_results.insert(), [r | {"visit_id": name} for r in results])


def test_deleting_a_person_takes_their_history_along(
    repository: Repository, engine: Engine, minji: User, jisoo: User
) -> None:
    repository.save_visit(minji.id, new_visit())
    repository.save_visit(jisoo.id, new_visit())
    with engine.begin() as connection:
        connection.execute(delete(users).where(users.c.id == minji.id))
    assert rows_in_history(engine) == (1, 5)


def test_two_copies_of_the_app_saving_at_once_lose_nothing_and_double_nothing(
    engine: Engine, second_engine: Engine, minji: User
) -> None:
    together = Barrier(2)
    shared_keys = [f"shared {number}" for number in range(10)]
    saved: dict[str, list[Visit]] = {"first": [], "second": []}

    def save(name: str, copy: Engine) -> None:
        repository = Repository(copy)
        together.wait()
        for number, key in enumerate(shared_keys):
            saved[name].append(repository.save_visit(minji.id, new_visit(request_key=key)))
            own_key = f"{name} {number}"
            saved[name].append(repository.save_visit(minji.id, new_visit(request_key=own_key)))

    threads = [
        Thread(target=save, args=("first", engine)),
        Thread(target=save, args=("second", second_engine)),
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [len(visits) for visits in saved.values()] == [20, 20]
    assert saved["first"][::2] == saved["second"][::2]
    assert rows_in_history(engine) == (30, 150)


NAIVE = datetime(2026, 11, 23, 12, 0)  # noqa: DTZ001 - naive on purpose


def test_a_naive_moment_is_refused_before_anything_is_saved(
    repository: Repository, minji: User
) -> None:
    with pytest.raises(NaiveDatetimeError):
        new_visit(taken_at=NAIVE)
    with pytest.raises(NaiveDatetimeError):
        repository.visits(minji.id, since=NAIVE)
    with pytest.raises(NaiveDatetimeError):
        repository.count_visits(minji.id, until=NAIVE)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("source", "fax"),
        ("quality_verdict", "fine"),
        ("quality_score", 100.1),
        ("model_version", ""),
        ("request_key", ""),
        ("request_key", "k" * 65),
        ("results", {}),
        ("results", {Attribute.OIL: RESULT}),
        ("results", dict.fromkeys([*map(str, Attribute), "acne"], RESULT)),
    ],
)
def test_a_visit_that_no_analysis_can_give_is_refused(field: str, value: Any) -> None:
    with pytest.raises(ValueError, match=r"expected|not a valid"):
        dataclasses.replace(new_visit(), **{field: value})


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("grade", 5),
        ("grade", -1),
        ("score", 4.01),
        ("score", float("nan")),
        ("probabilities", (0.5, 0.5)),
        ("probabilities", (0.5, 0.5, 0.5, 0.0, 0.0)),
        ("probabilities", (1.5, -0.5, 0.0, 0.0, 0.0)),
        ("evidence", "guessed"),
    ],
)
def test_a_result_that_no_analysis_can_give_is_refused(field: str, value: Any) -> None:
    with pytest.raises(ValueError, match=r"expected|not a valid"):
        dataclasses.replace(RESULT, **{field: value})
