"""The history: saving, reading and deleting visits, always on behalf of one person."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime
from itertools import groupby
from operator import attrgetter
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Engine,
    FromClause,
    Row,
    delete,
    func,
    insert,
    select,
)
from sqlalchemy.exc import IntegrityError

from frontend.moments import as_utc, utc_now
from frontend.store.tables import visit_results, visits
from frontend.store.visits import AttributeResult, NewVisit, Visit
from frontend.vocabulary import Attribute, Evidence, Source, Verdict


class Repository:
    """Visits of all people; every method sees those of one person alone.

    Another person's visit cannot be told from one that does not exist.
    """

    def __init__(self, engine: Engine) -> None:
        """Work on the database that the engine reaches."""
        self._engine = engine

    def save_visit(self, user_id: str, new: NewVisit) -> Visit:
        """Save a visit once per person and request key, all of it or nothing.

        Returns:
            The visit as saved; for a request key seen before, the visit of the first time.

        Raises:
            sqlalchemy.exc.IntegrityError: If the person does not exist.
        """
        visit_id = uuid.uuid4().hex
        try:
            with self._engine.begin() as connection:
                connection.execute(
                    insert(visits).values(
                        id=visit_id,
                        user_id=user_id,
                        request_key=new.request_key,
                        taken_at=new.taken_at,
                        saved_at=utc_now(),
                        source=new.source.value,
                        model_version=new.model_version,
                        quality_verdict=new.quality_verdict.value,
                        quality_score=new.quality_score,
                    )
                )
                connection.execute(
                    insert(visit_results),
                    [
                        {
                            "visit_id": visit_id,
                            "attribute": attribute.value,
                            "grade": new.results[attribute].grade,
                            "score": new.results[attribute].score,
                            "probabilities": list(new.results[attribute].probabilities),
                            "evidence": new.results[attribute].evidence.value,
                        }
                        for attribute in Attribute
                    ],
                )
        except IntegrityError:
            # The unique key decides, not a look beforehand: two saves may arrive at once.
            earlier = self._saved_under(user_id, new.request_key)
            if earlier is None:
                raise
            return earlier
        saved = self.visit(user_id, visit_id)
        if saved is None:
            raise LookupError(f"visit {visit_id} was deleted while it was being saved")
        return saved

    def visit(self, user_id: str, visit_id: str) -> Visit | None:
        """One visit of this person, or None if this person has no such visit."""
        with self._engine.connect() as connection:
            return _first(_read(connection, [visits.c.user_id == user_id, visits.c.id == visit_id]))

    def visits(
        self,
        user_id: str,
        *,
        since: datetime | None = None,
        until: datetime | None = None,
        offset: int = 0,
        limit: int | None = None,
    ) -> list[Visit]:
        """This person's visits, newest first.

        Args:
            user_id: Whose visits.
            since: Earliest moment a photo was taken, included; aware.
            until: Latest moment a photo was taken, excluded; aware.
            offset: How many of the newest to leave out, for paging.
            limit: How many to return at most; all by default.

        Raises:
            NaiveDatetimeError: If `since` or `until` has no time zone.
        """
        conditions = _taken_between(user_id, since=since, until=until)
        with self._engine.connect() as connection:
            return _read(connection, conditions, offset=offset, limit=limit)

    def count_visits(
        self, user_id: str, *, since: datetime | None = None, until: datetime | None = None
    ) -> int:
        """How many visits `visits` finds with the same person and dates."""
        conditions = _taken_between(user_id, since=since, until=until)
        statement = select(func.count()).select_from(visits).where(*conditions)
        with self._engine.connect() as connection:
            return connection.execute(statement).scalar_one()

    def delete_visit(self, user_id: str, visit_id: str) -> bool:
        """Delete one visit of this person with its results; tell whether there was one."""
        statement = delete(visits).where(visits.c.user_id == user_id, visits.c.id == visit_id)
        with self._engine.begin() as connection:
            return connection.execute(statement).rowcount == 1

    def _saved_under(self, user_id: str, request_key: str) -> Visit | None:
        conditions = [visits.c.user_id == user_id, visits.c.request_key == request_key]
        with self._engine.connect() as connection:
            return _first(_read(connection, conditions))


def _taken_between(
    user_id: str, *, since: datetime | None, until: datetime | None
) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = [visits.c.user_id == user_id]
    if since is not None:
        conditions.append(visits.c.taken_at >= as_utc(since))
    if until is not None:
        conditions.append(visits.c.taken_at < as_utc(until))
    return conditions


def _read(
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
        )
        .join(visit_results, visit_results.c.visit_id == chosen.c.id)
        .order_by(*_newest_first(chosen))
    )
    return [_visit(list(rows_of_visit)) for _, rows_of_visit in groupby(rows, attrgetter("id"))]


def _newest_first(source: FromClause) -> list[ColumnElement[Any]]:
    # The last two only settle ties, so that pages never overlap.
    return [source.c.taken_at.desc(), source.c.saved_at.desc(), source.c.id.asc()]


def _visit(rows: Sequence[Row[*tuple[Any, ...]]]) -> Visit:
    """Put a visit together from its rows, one per attribute."""
    row = rows[0]
    results = {
        Attribute(row.attribute): AttributeResult(
            grade=row.grade,
            score=row.score,
            probabilities=tuple(row.probabilities),
            evidence=Evidence(row.evidence),
        )
        for row in rows
    }
    return Visit(
        id=row.id,
        user_id=row.user_id,
        taken_at=row.taken_at,
        saved_at=row.saved_at,
        source=Source(row.source),
        model_version=row.model_version,
        quality_verdict=Verdict(row.quality_verdict),
        quality_score=row.quality_score,
        results={attribute: results[attribute] for attribute in Attribute},
    )


def _first(found: Sequence[Visit]) -> Visit | None:
    return found[0] if found else None
