"""Grading a saved visit anew, and what is kept of its first grades."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from sqlalchemy import Connection, Engine

from frontend.accounts import User
from frontend.export import history_json
from frontend.store import Beside, Repository, VersionGrades
from frontend.vocabulary import Attribute
from tests.unit.frontend.data.test_repository import NOON, RESULT, new_visit, rows_in_history

ANEW = VersionGrades(
    model_version="2026.12.0", results=dict.fromkeys(Attribute, replace(RESULT, grade=3, score=3.1))
)


def nothing_beside(visit_id: str) -> Beside:
    return Beside(visit_id=visit_id, write=lambda _connection: True)


def test_newer_grades_take_the_place_of_the_old_ones_which_stay_in_the_download(
    repository: Repository, minji: User, engine: Engine
) -> None:
    first, other = (repository.save_visit(minji.id, new_visit()) for _ in range(2))
    assert repository.regrade_visit(minji.id, ANEW, keep=nothing_beside(first.id))

    found = repository.visit(minji.id, first.id)
    assert found is not None
    assert (found.model_version, found.results) == ("2026.12.0", ANEW.results)
    assert (found.taken_at, found.circumstances) == (first.taken_at, first.circumstances)
    assert found.graded_before == (VersionGrades(model_version="2026.11.0", results=first.results),)
    assert repository.visit(minji.id, other.id) == other
    assert rows_in_history(engine) == (2, 2 * len(Attribute))

    (told,) = json.loads(history_json([found], login_id="minji", made_at=NOON))["visits"]
    assert told["attributes"]["oil"]["grade"] == 3
    (before,) = told["graded_before"]
    assert before["model_version"] == "2026.11.0"
    assert before["attributes"]["sensitivity"]["grade"] == 4
    assert told["circumstances"]["yaw"] == 1.0


def test_grades_of_every_version_are_kept_in_their_order(
    repository: Repository, minji: User
) -> None:
    visit = repository.save_visit(minji.id, new_visit())
    for version in ("2026.12.0", "2027.1.0", "2027.1.0"):
        graded = replace(ANEW, model_version=version)
        assert repository.regrade_visit(minji.id, graded, keep=nothing_beside(visit.id))
    found = repository.visit(minji.id, visit.id)
    assert found is not None
    versions = [each.model_version for each in found.graded_before]
    assert (versions, found.model_version) == (["2026.11.0", "2026.12.0"], "2027.1.0")


def test_nobody_grades_the_visit_of_another_or_a_deleted_one(
    repository: Repository, minji: User, jisoo: User
) -> None:
    visit = repository.save_visit(minji.id, new_visit())
    assert not repository.regrade_visit(jisoo.id, ANEW, keep=nothing_beside(visit.id))
    assert repository.visit(minji.id, visit.id) == visit
    repository.delete_visit(minji.id, visit.id)
    assert not repository.regrade_visit(minji.id, ANEW, keep=nothing_beside(visit.id))
    repository.restore_visit(minji.id, visit.id)
    assert repository.visit(minji.id, visit.id) == visit


def test_a_failure_beside_leaves_the_old_grades(repository: Repository, minji: User) -> None:
    visit = repository.save_visit(minji.id, new_visit())

    def fail(_connection: Connection) -> bool:
        raise LookupError("the promise was forgotten")

    with pytest.raises(LookupError):
        repository.regrade_visit(minji.id, ANEW, keep=Beside(visit_id=visit.id, write=fail))
    assert repository.visit(minji.id, visit.id) == visit
