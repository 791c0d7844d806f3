"""Photos that people asked to keep: the aligned face and the five maps of a visit, sealed.

Off until the person switches it on; then the pictures of later visits are kept, and all of them
go when it is switched off. They go with their visit and with the account as well. Switching and
keeping both take hold of the person's row first, so that a visit saved after the switch went off
keeps nothing.

The database knows which visit has pictures; they themselves lie in the photo store
(`frontend/photo_store.py`). How the two stay of one mind is told in `frontend/store/pictures.py`.
"""

from __future__ import annotations

import logging
import uuid
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, Engine, Row, Select, Update, func, select, update

from frontend.components.face_panel import Pictures
from frontend.errors import (
    KeptPhotosError,
    KeptPhotoUnreadableError,
    PhotoKeyUnusableError,
    PhotoStoreUnusableError,
)
from frontend.kept_content import read_content, write_content
from frontend.moments import utc_now
from frontend.photo_keys import BEGINNING_BYTES, PhotoKeys, photo_keys
from frontend.photo_store import PhotoStore, open_photo_store
from frontend.settings import Settings
from frontend.store import Beside
from frontend.store.erasing import Eraser
from frontend.store.pictures import give_up, kept_of, loosen, outdated, promise, tie
from frontend.store.tables import kept_pictures, users, visits
from frontend.store.transactions import WRITE_LOCK_FIRST

_log: Final = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptPicture:
    """The kept pictures of one visit, as they were read.

    Attributes:
        visit_id: Which visit has them.
        key: Of their object; others in their place have another.
        pictures: The aligned face and the five maps.
    """

    visit_id: str
    key: str
    pictures: Pictures


class KeptPhotos:
    """The kept photos of all people; every method sees those of one person alone.

    Attributes:
        problem: Why no photo can be kept, or None. A store that is away only now is no such
            reason.
        erase: Erases the photos that belong to nobody any more.
    """

    def __init__(
        self,
        engine: Engine,
        key: PhotoKeys | PhotoKeyUnusableError,
        store: PhotoStore | PhotoStoreUnusableError,
        *,
        now: Callable[[], datetime] = utc_now,
    ) -> None:
        """Work on the database that the engine reaches.

        Args:
            engine: Of the database.
            key: What to seal and open with, or why there is nothing.
            store: Where the photos lie, or why there is no such place.
            now: The clock; tells the present moment, aware.
        """
        self._engine = engine
        self._keys = key if isinstance(key, PhotoKeys) else None
        self._store = store
        self._now = now
        problems = [each for each in (key, store) if isinstance(each, KeptPhotosError)]
        self.problem: Final = problems[0] if problems else None
        self.erase: Final = Eraser(
            engine, store if isinstance(store, PhotoStore) else None, now=now
        )

    def is_on(self, user_id: str) -> bool:
        """Whether the pictures of this person's next visit will be kept."""
        if self.problem is not None:
            return False
        with self._engine.connect() as connection:
            return bool(connection.execute(_switch_of(user_id)).scalar_one_or_none())

    def switch(self, user_id: str, on: bool) -> None:
        """Keep the pictures of later visits from now on; or no longer, and delete those kept.

        Raises:
            KeptPhotosError: If it should be on and there is no key or no store.
        """
        if on and self.problem is not None:
            raise self.problem
        with self._writing() as connection:
            connection.execute(_turn(user_id, on=on))
            if not on:
                _take_all(connection, user_id)
        if not on:
            self.erase()

    def keep(self, user_id: str, visit_id: str, pictures: Pictures) -> bool:
        """Keep the pictures of a visit that is already saved, if the person wants that.

        Returns:
            Whether they are kept.

        Raises:
            PhotoStoreUnusableError: If the store is away.
        """
        beside = self._beside(user_id, visit_id, pictures)
        with self._writing() as connection:
            kept = beside.write(connection)
        self.erase()
        return kept

    def keeping(
        self, user_id: str, pictures: Pictures, *, replaces: KeptPicture | None = None
    ) -> Beside:
        """Store these pictures, if the person wants that, for the visit that is saved next.

        Args:
            user_id: Whose visit.
            pictures: Its pictures.
            replaces: What `read` gave of a visit that is there already. They take its place only
                if the visit still has it by then. By default they are for a new visit.

        Returns:
            What keeps them, for `Repository.save_visit` and `Repository.regrade_visit`. Unless it
            is used, they are erased again.

        Raises:
            PhotoStoreUnusableError: If the store is away.
        """
        visit_id = uuid.uuid4().hex if replaces is None else replaces.visit_id
        return self._beside(user_id, visit_id, pictures, replaces=replaces)

    def pictures_of(self, user_id: str, visit_id: str) -> Pictures | None:
        """The kept pictures of one of this person's visits, or None if there are none.

        Raises:
            KeptPhotosError: As `read` does.
        """
        kept = self.read(user_id, visit_id)
        return None if kept is None else kept.pictures

    def read(self, user_id: str, visit_id: str) -> KeptPicture | None:
        """The same, with what tells whether others have taken their place since.

        Raises:
            KeptPhotoUnreadableError: If they should be there, but are lost or no key opens them.
            PhotoStoreUnusableError: If the store is away.
        """
        with self._engine.connect() as connection:
            row = connection.execute(_kept_at(user_id, visit_id)).one_or_none()
        if row is None:
            return None
        if self._keys is None:
            raise KeptPhotoUnreadableError("there is no key to open the kept photo with")
        try:
            sealed = self._sealed(row)
        except KeptPhotoUnreadableError:
            with self._engine.connect() as connection:
                now = connection.execute(_kept_at(user_id, visit_id)).one_or_none()
            if now == row:
                raise
            # It was deleted or sealed anew between the two looks.
            return self.read(user_id, visit_id)
        content = self._keys.open(sealed, context=_context(user_id, visit_id))
        pictures = Pictures(read_content(content))
        return KeptPicture(visit_id=visit_id, key=row.key, pictures=pictures)

    def has(self, user_id: str, visit_id: str) -> bool:
        """Whether pictures of this visit are kept, whether or not they can be opened."""
        with self._engine.connect() as connection:
            return connection.execute(_kept_at(user_id, visit_id)).one_or_none() is not None

    def forget(self, user_id: str, visit_id: str) -> bool:
        """Delete the pictures of one visit, and keep its numbers; tell whether there were any."""
        theirs = _visit_of(user_id, visit_id)
        with self._writing() as connection:
            # What is just taking their place is found when it has.
            connection.execute(_hold(theirs))
            found = loosen(connection, kept_pictures.c.visit_id == theirs.scalar_subquery()) == 1
        self.erase()
        return found

    def forget_all(self, user_id: str) -> int:
        """Delete all kept pictures of this person; tell of how many visits."""
        with self._writing() as connection:
            deleted = _take_all(connection, user_id)
        self.erase()
        return deleted

    def count(self, user_id: str) -> int:
        """Of how many visits pictures are kept, deleted ones that may come back included."""
        statement = select(func.count()).select_from(kept_of(user_id).subquery())
        with self._engine.connect() as connection:
            return connection.execute(statement).scalar_one()

    def renew(self) -> int:
        """Keep every photo where and how one is kept now; tell how many that has changed.

        Moves into the store what an earlier version of the app kept in the database, and seals with
        the first key what an older one sealed. What no key opens stays sealed as it is: its key may
        come back. A store that is away changes nothing; all stays readable where it is.
        """
        older = () if self._keys is None else self._keys.older_beginnings
        with self._engine.connect() as connection:
            found = connection.execute(outdated(older=older)).all()
        renewed = 0
        try:
            for user_id, visit_id, key in found:
                renewed += self._renew_one(user_id, visit_id, key)
        except PhotoStoreUnusableError as error:
            _log.warning("kept photos stay as they are until their store is back: %s", error)
        if renewed:
            self.erase()
        return renewed

    def _renew_one(self, user_id: str, visit_id: str, key: str) -> bool:
        same = kept_pictures.c.key == key
        with self._engine.connect() as connection:
            row = connection.execute(kept_of(user_id).where(same)).one_or_none()
        if row is None:
            return False
        try:
            sealed = self._sealed(row)
        except KeptPhotoUnreadableError:
            return False
        anew = self._sealed_anew(sealed, context=_context(user_id, visit_id))
        if anew == sealed and row.sealed is None:
            return False
        new_key = self._put(anew)
        with self._writing() as connection:
            # Whoever deleted it or sealed it anew meanwhile has the last word.
            connection.execute(_hold(_visit_of(user_id, visit_id)))
            is_there = connection.execute(kept_of(user_id).where(same)).one_or_none() is not None
            if is_there:
                tie(connection, new_key, visit_id)
            else:
                give_up(connection, new_key)
            return is_there

    def _sealed_anew(self, sealed: bytes, *, context: str) -> bytes:
        if self._keys is None or sealed.startswith(self._keys.beginning):
            return sealed
        try:
            return self._keys.seal(self._keys.open(sealed, context=context), context=context)
        except KeptPhotoUnreadableError:
            return sealed

    def _beside(
        self,
        user_id: str,
        visit_id: str,
        pictures: Pictures,
        *,
        replaces: KeptPicture | None = None,
    ) -> Beside:
        if self._keys is None or not self.is_on(user_id):
            return Beside(visit_id=visit_id, write=_nothing)
        content = write_content(pictures.analysis)
        key = self._put(self._keys.seal(content, context=_context(user_id, visit_id)))

        def write(connection: Connection) -> bool:
            # Held until the end of the transaction: whoever switches off now, comes after it and
            # finds what it kept. SQLite has no such lock, but lets one write at a time.
            wanted = connection.execute(_switch_of(user_id).with_for_update(read=True))
            is_wanted = bool(wanted.scalar_one_or_none())
            there = _visit_of(user_id, visit_id).where(visits.c.deleted_at.is_(None))
            is_there = is_wanted and connection.execute(_hold(there)).one_or_none() is not None
            # Whoever deleted the pictures that these replace has the last word.
            if is_there and (replaces is None or _loosen_one(connection, replaces)):
                tie(connection, key, visit_id)
                return True
            give_up(connection, key)
            return False

        return Beside(visit_id=visit_id, write=write)

    def _put(self, sealed: bytes) -> str:
        """Write an object for a row that is about to be; gives its key."""
        store = self._store_or_raise()
        with self._engine.begin() as connection:
            key = promise(connection, beginning=sealed[:BEGINNING_BYTES], now=self._now())
        store.put(key, sealed)
        return key

    def _sealed(self, row: Row[Any]) -> bytes:
        if row.sealed is not None:
            return bytes(row.sealed)
        return self._store_or_raise().get(row.key)

    def _store_or_raise(self) -> PhotoStore:
        if isinstance(self._store, PhotoStore):
            return self._store
        raise self._store

    def _writing(self) -> AbstractContextManager[Connection]:
        return self._engine.execution_options(**{WRITE_LOCK_FIRST: True}).begin()


def open_kept_photos(engine: Engine, settings: Settings) -> KeptPhotos:
    """The kept photos, with the key and the store of the settings, or those beside the database.

    Raises:
        SettingsInvalidError: If the settings hold no keys or name no store.
    """
    key: PhotoKeys | PhotoKeyUnusableError
    store: PhotoStore | PhotoStoreUnusableError
    try:
        key = photo_keys(settings.photo_key, database_url=settings.database_url)
    except PhotoKeyUnusableError as error:
        key = error
    try:
        store = open_photo_store(settings.photo_store, database_url=settings.database_url)
    except PhotoStoreUnusableError as error:
        store = error
    return KeptPhotos(engine, key, store)


def _nothing(_connection: Connection) -> bool:
    """Keep nothing."""
    return False


def _switch_of(user_id: str) -> Select[bool]:
    return select(users.c.keeps_photos).where(users.c.id == user_id)


def _turn(user_id: str, *, on: bool) -> Update:
    return update(users).where(users.c.id == user_id).values(keeps_photos=on)


def _visit_of(user_id: str, visit_id: str) -> Select[str]:
    return select(visits.c.id).where(visits.c.id == visit_id, visits.c.user_id == user_id)


def _hold(visit: Select[str]) -> Select[str]:
    """The same, held by this transaction alone: a visit has the pictures of one.

    A person is held before the visits, and a visit before its pictures, lest two transactions wait
    for each other.
    """
    return visit.with_for_update()


def _kept_at(user_id: str, visit_id: str) -> Select[Any]:
    return kept_of(user_id).where(visits.c.id == visit_id, visits.c.deleted_at.is_(None))


def _take_all(connection: Connection, user_id: str) -> int:
    theirs = select(visits.c.id).where(visits.c.user_id == user_id)
    connection.execute(_hold(theirs.order_by(visits.c.id)))
    return loosen(connection, kept_pictures.c.visit_id.in_(theirs))


def _loosen_one(connection: Connection, kept: KeptPicture) -> bool:
    """Take these pictures from their visit; tell whether it still had them."""
    its = kept_pictures.c.visit_id == kept.visit_id
    return loosen(connection, its, kept_pictures.c.key == kept.key) == 1


def _context(user_id: str, visit_id: str) -> str:
    return f"skin-notes visit-pictures {user_id} {visit_id}"
