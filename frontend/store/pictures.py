"""Which objects hold kept pictures: the rows that keep database and photo store of one mind.

An object is written before the row of its visit and erased after it, each noted here first:

1. `promise` commits the object's key, then the object is written;
2. `tie` gives it to its visit, in the transaction that saves the visit;
3. when the visit is deleted, the database takes the reference away (`ON DELETE SET NULL`) and the
   row is loose; `loosen` does the same to pictures whose visit stays;
4. `Eraser` (`frontend/store/erasing.py`) erases the objects of loose rows, then the rows.

So a process that dies in between leaves an object without a visit, and the database knows of it;
never a visit without its object. A promise that nobody came back for counts as loose after
`PROMISE_PERIOD`.

A row whose `sealed` is filled is from before there was a store: it has no object.
"""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    and_,
    bindparam,
    delete,
    insert,
    or_,
    select,
    update,
)

from frontend.store.tables import kept_pictures, visits

PROMISE_PERIOD: Final = timedelta(hours=1)
"""How long a save may take from its promise to its end. Much longer than it does: the clocks of
several machines may differ, and an object written after its row went would be known to nobody."""

LOOSE: Final = and_(kept_pictures.c.visit_id.is_(None), kept_pictures.c.promised_at.is_(None))
"""The condition that a row belongs to no visit and is promised to none."""


def promise(connection: Connection, *, beginning: bytes, now: datetime) -> str:
    """Note an object that is about to be written; gives its key, which tells nothing."""
    key = uuid.uuid4().hex
    row = {"key": key, "beginning": beginning, "promised_at": now}
    connection.execute(insert(kept_pictures).values(row))
    return key


def tie(connection: Connection, key: str, visit_id: str) -> None:
    """Give a promised object to a visit, in place of the one that it has.

    Raises:
        LookupError: If the promise was made too long ago to be kept.
    """
    loosen(connection, kept_pictures.c.visit_id == visit_id)
    promised = and_(kept_pictures.c.key == key, kept_pictures.c.promised_at.is_not(None))
    tied = update(kept_pictures).where(promised).values(visit_id=visit_id, promised_at=None)
    if connection.execute(tied).rowcount != 1:
        raise LookupError(f"the object {key} was promised more than {PROMISE_PERIOD} ago")


def give_up(connection: Connection, key: str) -> None:
    """Take a promise back: its object belongs to nobody."""
    promised = update(kept_pictures).where(kept_pictures.c.key == key)
    connection.execute(promised.values(promised_at=None))


def give_up_forgotten(connection: Connection, *, now: datetime) -> None:
    """Take back every promise that its save can no longer keep."""
    forgotten = update(kept_pictures).where(kept_pictures.c.promised_at < now - PROMISE_PERIOD)
    connection.execute(forgotten.values(promised_at=None))


def loosen(connection: Connection, *conditions: ColumnElement[bool]) -> int:
    """Take pictures from the visits that stay; tell from how many."""
    theirs = update(kept_pictures).where(kept_pictures.c.visit_id.is_not(None), *conditions)
    return connection.execute(theirs.values(visit_id=None)).rowcount


def kept_of(user_id: str) -> Select[Any]:
    """All kept pictures of a person, those of deleted visits that may come back included."""
    return (
        select(kept_pictures.c.key, kept_pictures.c.sealed)
        .join(visits, visits.c.id == kept_pictures.c.visit_id)
        .where(visits.c.user_id == user_id)
    )


def outdated(*, older: tuple[bytes, ...]) -> Select[Any]:
    """The kept pictures that lie in the database, or begin as an older key had it."""
    columns = kept_pictures.c
    return (
        select(visits.c.user_id, columns.visit_id, columns.key)
        .join(visits, visits.c.id == columns.visit_id)
        .where(or_(columns.sealed.is_not(None), columns.beginning.in_(older)))
    )


def loose_keys(connection: Connection) -> list[str]:
    """The keys of the objects that are to be erased; rows that have none go at once."""
    connection.execute(delete(kept_pictures).where(LOOSE, kept_pictures.c.sealed.is_not(None)))
    return list(connection.execute(select(kept_pictures.c.key).where(LOOSE)).scalars())


def forget_erased(connection: Connection, keys: list[str]) -> None:
    """Drop the rows of objects that are erased."""
    if keys:
        one = delete(kept_pictures).where(kept_pictures.c.key == bindparam("erased"), LOOSE)
        connection.execute(one, [{"erased": key} for key in keys])
