"""The history: saving, reading, correcting and deleting visits, always on behalf of one person.

Deleting takes two steps, so that it can be undone. A deleted visit is only marked, and from then
on appears nowhere but in `recently_deleted`; `UNDO_PERIOD` later it can no longer be brought back,
and the next deletion, the next start of the app or its regular round removes it with everything
that belongs to it. While it is marked its request key stays taken: a late repetition of the
request that made it finds it deleted and neither doubles it nor brings it back.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from typing import Final

from sqlalchemy import ColumnElement, Connection, Engine, delete, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from frontend.moments import as_utc, utc_now
from frontend.store.erasing import forget_changes
from frontend.store.notes import tidy_note
from frontend.store.reading import earlier_than, present, read_visit, read_visits, taken_between
from frontend.store.regrading import columns_of, write_anew
from frontend.store.tables import kept_pictures, visit_results, visits
from frontend.store.transactions import WRITE_LOCK_FIRST
from frontend.store.visits import Beside, DeletedVisit, NewVisit, VersionGrades, Visit
from frontend.vocabulary import Attribute, Source

UNDO_PERIOD: Final = timedelta(minutes=15)
"""How long a deleted visit can be brought back."""


class Repository:
    """Visits of all people; every method sees those of one person alone.

    Another person's visit cannot be told from one that does not exist.
    """

    def __init__(
        self,
        engine: Engine,
        *,
        erase: Callable[[], object] | None = None,
        now: Callable[[], datetime] = utc_now,
    ) -> None:
        """Work on the database that the engine reaches.

        Args:
            engine: The database.
            erase: Makes what was deleted really be gone, by default from the database alone; an
                `Eraser`, where pictures may have been kept.
            now: The clock; tells the present moment, aware.
        """
        self._engine = engine
        self._erase = erase or partial(forget_changes, engine)
        self._now = now

    def save_visit(self, user_id: str, new: NewVisit, *, keep: Beside | None = None) -> Visit:
        """Save a visit once per person and request key, all of it or nothing.

        Args:
            user_id: Whose visit.
            new: What to save.
            keep: More to write about the visit, in the same transaction; not written for a request
                key seen before.

        Returns:
            The visit as saved; for a request key seen before, the visit of the first time, even
            if it was deleted since and `visit` does not find it.

        Raises:
            sqlalchemy.exc.IntegrityError: If the person does not exist.
        """
        visit_id = uuid.uuid4().hex if keep is None else keep.visit_id
        try:
            with self._engine.begin() as connection:
                _insert(connection, user_id, visit_id, new, saved_at=self._now())
                if keep is not None:
                    keep.write(connection)
        except IntegrityError:
            # The unique key decides, not a look beforehand: two saves may arrive at once.
            earlier = self._saved_under(user_id, new.request_key)
            if earlier is None:
                raise
            return earlier
        saved = self._saved_under(user_id, new.request_key)
        if saved is None:
            raise LookupError(f"visit {visit_id} was deleted while it was being saved")
        return saved

    def visit(self, user_id: str, visit_id: str) -> Visit | None:
        """One visit of this person, or None if this person has no such visit.

        Args:
            user_id: Whose visit.
            visit_id: Its ID, or whatever stood in the place of one in an address.
        """
        # Not every database can look for every character that an address may have.
        if not visit_id.isalnum():
            return None
        with self._engine.connect() as connection:
            return read_visit(connection, [*present(user_id), visits.c.id == visit_id])

    def visits(
        self,
        user_id: str,
        *,
        since: datetime | None = None,
        until: datetime | None = None,
        before: Visit | None = None,
        offset: int = 0,
        limit: int | None = None,
    ) -> list[Visit]:
        """This person's visits, newest first.

        Args:
            user_id: Whose visits.
            since: Earliest moment a photo was taken, included; aware.
            until: Latest moment a photo was taken, excluded; aware.
            before: Only visits that come before this one; of photos of one moment, those saved
                before it.
            offset: How many of the newest to leave out, for paging.
            limit: How many to return at most; all by default.

        Raises:
            NaiveDatetimeError: If `since` or `until` has no time zone.
        """
        conditions = [*present(user_id), *taken_between(since=since, until=until)]
        if before is not None:
            conditions.append(earlier_than(before))
        with self._engine.connect() as connection:
            return read_visits(connection, conditions, offset=offset, limit=limit)

    def count_visits(
        self, user_id: str, *, since: datetime | None = None, until: datetime | None = None
    ) -> int:
        """How many visits `visits` finds with the same person and dates."""
        conditions = [*present(user_id), *taken_between(since=since, until=until)]
        statement = select(func.count()).select_from(visits).where(*conditions)
        with self._engine.connect() as connection:
            return connection.execute(statement).scalar_one()

    def pictured(self, user_id: str) -> set[str]:
        """IDs of this person's visits whose pictures are kept."""
        statement = (
            select(visits.c.id)
            .join(kept_pictures, kept_pictures.c.visit_id == visits.c.id)
            .where(*present(user_id))
        )
        with self._engine.connect() as connection:
            return set(connection.execute(statement).scalars())

    def regrade_visit(self, user_id: str, graded: VersionGrades, *, keep: Beside) -> bool:
        """Put what newer networks say in the place of a visit's results, which are kept beside.

        Args:
            user_id: Whose visit.
            graded: Their version and their results.
            keep: The visit, and what more to write in the same transaction if it is there.

        Returns:
            Whether there is the visit and `keep` was written; if not, nothing is.
        """
        with self._engine.execution_options(**{WRITE_LOCK_FIRST: True}).begin() as connection:
            # First, since it takes hold of the person before the visit, as whoever deletes an
            # account does; it looks itself whether the visit is there.
            anew = keep.write(connection) and write_anew(connection, user_id, keep.visit_id, graded)
        # What it took the place of is nobody's any more.
        self._erase()
        return anew

    def write_note(
        self, user_id: str, visit_id: str, text: str, *, seen: str | None = None
    ) -> bool:
        """Put a note on a visit in place of the one before; tell whether it is there now.

        Args:
            user_id: Whose visit.
            visit_id: Which visit.
            text: Any text; "" takes the note away.
            seen: The note that may be replaced, in place of which another one may have been
                written meanwhile; that stays. By default any note is replaced.

        Returns:
            Whether there is the visit, with no other note than `seen` until now.

        Raises:
            NoteTooLongError: If it has more characters than a note may have.
        """
        note = tidy_note(text)
        conditions = [*present(user_id), visits.c.id == visit_id]
        if seen is not None:
            conditions.append(visits.c.note.in_({seen, note, ""}))
        statement = update(visits).where(*conditions).values(note=note)
        with self._engine.begin() as connection:
            return connection.execute(statement).rowcount == 1

    def correct_taken_at(self, user_id: str, visit_id: str, taken_at: datetime) -> bool:
        """Put a visit of a photo from a file at another moment; tell whether there is the visit.

        When a photo of the camera was taken is not for anybody to say: then there is none.

        Args:
            user_id: Whose visit.
            visit_id: Which visit.
            taken_at: When the photo was taken, see `frontend.taken`; aware.

        Raises:
            NaiveDatetimeError: If `taken_at` has no time zone.
        """
        from_file = visits.c.source == Source.UPLOAD.value
        statement = (
            update(visits)
            .where(*present(user_id), visits.c.id == visit_id, from_file)
            .values(taken_at=as_utc(taken_at))
        )
        with self._engine.begin() as connection:
            return connection.execute(statement).rowcount == 1

    def delete_visit(self, user_id: str, visit_id: str) -> bool:
        """Delete one visit of this person; tell whether there was one.

        It can be brought back for `UNDO_PERIOD`. Also removes for good what nobody can bring back.
        """
        statement = (
            update(visits)
            .where(*present(user_id), visits.c.id == visit_id)
            .values(deleted_at=self._now())
        )
        with self._engine.begin() as connection:
            deleted = connection.execute(statement).rowcount == 1
        self.forget_lost()
        return deleted

    def restore_visit(self, user_id: str, visit_id: str) -> bool:
        """Bring a deleted visit back as it was; tell whether that was still possible."""
        statement = (
            update(visits)
            .where(*self._restorable(user_id), visits.c.id == visit_id)
            .values(deleted_at=None)
        )
        with self._engine.begin() as connection:
            return connection.execute(statement).rowcount == 1

    def recently_deleted(self, user_id: str) -> list[DeletedVisit]:
        """This person's deleted visits that can still be brought back, last deleted first."""
        statement = select(visits.c.id, visits.c.deleted_at).where(*self._restorable(user_id))
        with self._engine.connect() as connection:
            moments = {row.id: row.deleted_at for row in connection.execute(statement)}
            found = read_visits(connection, [visits.c.id.in_(moments)])
        deleted = [DeletedVisit(visit=each, until=moments[each.id] + UNDO_PERIOD) for each in found]
        return sorted(deleted, key=lambda each: each.until, reverse=True)

    def forget_deleted(self, user_id: str, visit_id: str) -> bool:
        """Remove a deleted visit of this person for good, at once; False if there is none."""
        its = (visits.c.user_id == user_id, visits.c.id == visit_id)
        return self._forget(*its, visits.c.deleted_at.is_not(None)) > 0

    def forget_lost(self) -> int:
        """Remove everybody's deleted visits that nobody can bring back; tell how many."""
        return self._forget(visits.c.deleted_at <= self._latest_lost())

    def _forget(self, *conditions: ColumnElement[bool]) -> int:
        with self._engine.begin() as connection:
            forgotten = connection.execute(delete(visits).where(*conditions)).rowcount
        if forgotten:
            self._erase()
        return forgotten

    def _latest_lost(self) -> datetime:
        return self._now() - UNDO_PERIOD

    def _restorable(self, user_id: str) -> list[ColumnElement[bool]]:
        # A visit that is not deleted has no such moment, so it is left out as well.
        return [visits.c.user_id == user_id, visits.c.deleted_at > self._latest_lost()]

    def _saved_under(self, user_id: str, request_key: str) -> Visit | None:
        conditions = [visits.c.user_id == user_id, visits.c.request_key == request_key]
        with self._engine.connect() as connection:
            return read_visit(connection, conditions)


def _insert(
    connection: Connection, user_id: str, visit_id: str, new: NewVisit, *, saved_at: datetime
) -> None:
    connection.execute(
        insert(visits).values(
            id=visit_id,
            user_id=user_id,
            request_key=new.request_key,
            taken_at=new.taken_at,
            saved_at=saved_at,
            source=new.source.value,
            model_version=new.model_version,
            quality_verdict=new.quality_verdict.value,
            quality_score=new.quality_score,
            circumstances=None if new.circumstances is None else new.circumstances.written(),
        )
    )
    connection.execute(
        insert(visit_results),
        [
            {
                "visit_id": visit_id,
                "attribute": attribute.value,
                **columns_of(new.results[attribute]),
            }
            for attribute in Attribute
        ],
    )
