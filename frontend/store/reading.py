"""Reading visits: rows of the database put together to values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from itertools import groupby
from operator import attrgetter
from typing import Any

from sqlalchemy import ColumnElement, Connection, FromClause, Row, and_, or_, select

from frontend.circumstances import Circumstances
from frontend.moments import as_utc
from frontend.store.tables import visit_results, visits
from frontend.store.visits import AttributeResult, VersionGrades, Visit
from frontend.vocabulary import Attribute, Evidence, Source, Verdict


def present(user_id: str) -> list[ColumnElement[bool]]:
    """The condition that a visit is this person's and not deleted."""
    return [visits.c.user_id == user_id, visits.c.deleted_at.is_(None)]


def taken_between(*, since: datetime | None, until: datetime | None) -> list[ColumnElement[bool]]:
    """The condition that a photo was taken from `since` up to, but without, `until`."""
    conditions: list[ColumnElement[bool]] = []
    if since is not None:
        conditions.append(visits.c.taken_at >= as_utc(since))
    if until is not None:
        conditions.append(visits.c.taken_at < as_utc(until))
    return conditions


def earlier_than(visit: Visit) -> ColumnElement[bool]:
    """The condition that a visit comes after this one where the newest comes first."""
    same_moment = visits.c.taken_at == visit.taken_at
    return or_(
        visits.c.taken_at < visit.taken_at,
        and_(same_moment, visits.c.saved_at < visit.saved_at),
        and_(same_moment, visits.c.saved_at == visit.saved_at, visits.c.id > visit.id),
    )


def read_visits(
    connection: Connection,
    conditions: Sequence[ColumnElement[bool]],
    *,
    offset: int = 0,
    limit: int | None = None,
) -> list[Visit]:
    """Read visits with their results, newest first, in one query whatever their number."""
    page = select(visits).where(*conditions).order_by(*_newest_first(visits))
    chosen = page.offset(offset).limit(limit).subquery("chosen")
    rows = connection.execute(
        select(
            chosen,
            visit_results.c.attribute,
            visit_results.c.grade,
            visit_results.c.score,
            visit_results.c.probabilities,
            visit_results.c.evidence,
            visit_results.c.standard_error,
        )
        .join(visit_results, visit_results.c.visit_id == chosen.c.id)
        .order_by(*_newest_first(chosen))
    )
    return [_visit(list(rows_of_visit)) for _, rows_of_visit in groupby(rows, attrgetter("id"))]


def read_visit(connection: Connection, conditions: Sequence[ColumnElement[bool]]) -> Visit | None:
    """The newest visit that meets the conditions, or None."""
    found = read_visits(connection, conditions, limit=1)
    return found[0] if found else None


def _newest_first(source: FromClause) -> list[ColumnElement[Any]]:
    # The last two only settle ties, of which photos of one day are some: pages never overlap.
    return [source.c.taken_at.desc(), source.c.saved_at.desc(), source.c.id.asc()]


def _visit(rows: Sequence[Row[*tuple[Any, ...]]]) -> Visit:
    """Put a visit together from its rows, one per attribute."""
    row = rows[0]
    results = {Attribute(row.attribute): _result(row._asdict()) for row in rows}
    told = row.circumstances
    return Visit(
        id=row.id,
        user_id=row.user_id,
        taken_at=row.taken_at,
        saved_at=row.saved_at,
        source=Source(row.source),
        model_version=row.model_version,
        quality_verdict=Verdict(row.quality_verdict),
        quality_score=row.quality_score,
        note=row.note,
        results={attribute: results[attribute] for attribute in Attribute},
        circumstances=None if told is None else Circumstances.read(told),
        graded_before=tuple(_earlier(each) for each in row.graded_before or ()),
    )


def _result(columns: Mapping[str, Any]) -> AttributeResult:
    return AttributeResult(
        grade=columns["grade"],
        score=columns["score"],
        probabilities=tuple(columns["probabilities"]),
        evidence=Evidence(columns["evidence"]),
        standard_error=columns["standard_error"],
    )


def _earlier(written: Mapping[str, Any]) -> VersionGrades:
    of_attributes = written["attributes"]
    return VersionGrades(
        model_version=written["model_version"],
        results={each: _result(of_attributes[each.value]) for each in Attribute},
    )
