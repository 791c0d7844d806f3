"""Grading a visit anew: newer networks' results take the place of the old ones, which are kept."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, update

from frontend.store.reading import present, read_visit
from frontend.store.tables import visit_results, visits
from frontend.store.visits import AttributeResult, VersionGrades
from frontend.vocabulary import Attribute


def write_anew(connection: Connection, user_id: str, visit_id: str, graded: VersionGrades) -> bool:
    """Put newer results in the place of a visit's; tell whether there is the visit.

    Args:
        connection: In a transaction.
        user_id: Whose visit.
        visit_id: Which visit.
        graded: What the newer networks say. Of the version that graded it last nothing is written.
    """
    mine = [*present(user_id), visits.c.id == visit_id]
    visit = read_visit(connection, mine)
    if visit is None:
        return False
    if visit.model_version == graded.model_version:
        return True
    last = VersionGrades(model_version=visit.model_version, results=visit.results)
    history = [_written(each) for each in (*visit.graded_before, last)]
    anew = {"model_version": graded.model_version, "graded_before": history}
    connection.execute(update(visits).where(*mine).values(**anew))
    for attribute, result in graded.results.items():
        row = (visit_results.c.visit_id == visit_id, visit_results.c.attribute == attribute.value)
        connection.execute(update(visit_results).where(*row).values(**columns_of(result)))
    return True


def columns_of(result: AttributeResult) -> dict[str, Any]:
    """A result as the columns of its row, which are values of JSON too."""
    return {
        "grade": result.grade,
        "score": result.score,
        "probabilities": list(result.probabilities),
        "evidence": result.evidence.value,
        "standard_error": result.standard_error,
    }


def _written(graded: VersionGrades) -> dict[str, Any]:
    return {
        "model_version": graded.model_version,
        "attributes": {each.value: columns_of(graded.results[each]) for each in Attribute},
    }
