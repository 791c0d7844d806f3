"""Photos that people asked to keep: the aligned face and the five maps of a visit, sealed.

Off until the person switches it on; then the pictures of later visits are kept, and all of them
go when it is switched off. They go with their visit and with the account as well, because the
database deletes what belonged to a deleted row. Switching and keeping both take hold of the
person's row first, so that a visit saved after the switch went off keeps nothing.
"""

from __future__ import annotations

import base64
import json
import zlib
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Final

from sqlalchemy import Connection, Engine, Select, Update, delete, func, insert, select, update

from frontend.analysis import Analysis, AnswerUnreadableError, parse_analysis
from frontend.components.face_panel import Pictures
from frontend.errors import KeptPhotoUnreadableError, PhotoKeyUnusableError
from frontend.photo_keys import PhotoKeys, photo_keys
from frontend.settings import Settings
from frontend.store.erasing import forget_changes
from frontend.store.tables import users, visit_pictures, visits
from frontend.store.transactions import WRITE_LOCK_FIRST

Keeps = Callable[[Connection, str], None]
"""Writes the pictures of the visit with this ID, in the transaction that saves the visit."""


class KeptPhotos:
    """The kept photos of all people; every method sees those of one person alone.

    Attributes:
        problem: Why no photo can be kept now, or None.
    """

    def __init__(self, engine: Engine, key: PhotoKeys | PhotoKeyUnusableError) -> None:
        """Work on the database that the engine reaches.

        Args:
            engine: Of the database.
            key: What to seal and open with, or why there is nothing.
        """
        self._engine = engine
        self._keys = key if isinstance(key, PhotoKeys) else None
        self.problem: Final = None if isinstance(key, PhotoKeys) else key

    def is_on(self, user_id: str) -> bool:
        """Whether the pictures of this person's next visit will be kept."""
        if self._keys is None:
            return False
        with self._engine.connect() as connection:
            return bool(connection.execute(_switch_of(user_id)).scalar_one_or_none())

    def switch(self, user_id: str, on: bool) -> None:
        """Keep the pictures of later visits from now on; or no longer, and delete those kept.

        Raises:
            PhotoKeyUnusableError: If it should be on and there is no key.
        """
        if on and self.problem is not None:
            raise self.problem
        with self._writing() as connection:
            connection.execute(_turn(user_id, on=on))
            if not on:
                _delete_all(connection, user_id)
        if not on:
            forget_changes(self._engine)

    def keep(self, user_id: str, visit_id: str, pictures: Pictures) -> bool:
        """Keep the pictures of a visit that is already saved, if the person wants that.

        Returns:
            Whether they are kept.
        """
        with self._writing() as connection:
            self.keeping(user_id, pictures)(connection, visit_id)
            return connection.execute(_sealed_of(user_id, visit_id)).one_or_none() is not None

    def keeping(self, user_id: str, pictures: Pictures) -> Keeps:
        """What keeps these pictures while their visit is saved, if the person wants that.

        Args:
            user_id: Whose visit.
            pictures: Its pictures.

        Returns:
            A function for `Repository.save_visit`.
        """
        keys = self._keys

        def keep(connection: Connection, visit_id: str) -> None:
            # Held until the end of the transaction: whoever switches off now, comes after it and
            # finds what it kept. SQLite has no such lock, but lets one write at a time.
            wanted = connection.execute(_switch_of(user_id).with_for_update(read=True))
            if keys is None or not wanted.scalar_one_or_none():
                return
            if connection.execute(_visit_of(user_id, visit_id)).one_or_none() is None:
                return
            sealed = keys.seal(_write(pictures.analysis), context=_context(user_id, visit_id))
            connection.execute(delete(visit_pictures).where(visit_pictures.c.visit_id == visit_id))
            connection.execute(insert(visit_pictures).values(visit_id=visit_id, sealed=sealed))

        return keep

    def pictures_of(self, user_id: str, visit_id: str) -> Pictures | None:
        """The kept pictures of one of this person's visits, or None if there are none.

        Raises:
            KeptPhotoUnreadableError: If they are there, but no key opens them.
        """
        with self._engine.connect() as connection:
            sealed = connection.execute(_sealed_of(user_id, visit_id)).scalar_one_or_none()
        if sealed is None:
            return None
        if self._keys is None:
            raise KeptPhotoUnreadableError("there is no key to open the kept photo with")
        return Pictures(_read(self._keys.open(sealed, context=_context(user_id, visit_id))))

    def has(self, user_id: str, visit_id: str) -> bool:
        """Whether pictures of this visit are kept, whether or not they can be opened."""
        with self._engine.connect() as connection:
            return connection.execute(_sealed_of(user_id, visit_id)).one_or_none() is not None

    def forget(self, user_id: str, visit_id: str) -> bool:
        """Delete the pictures of one visit, and keep its numbers; tell whether there were any."""
        theirs = _visit_of(user_id, visit_id).scalar_subquery()
        with self._writing() as connection:
            statement = delete(visit_pictures).where(visit_pictures.c.visit_id == theirs)
            found = connection.execute(statement).rowcount == 1
        forget_changes(self._engine)
        return found

    def forget_all(self, user_id: str) -> int:
        """Delete all kept pictures of this person; tell of how many visits."""
        with self._writing() as connection:
            deleted = _delete_all(connection, user_id)
        forget_changes(self._engine)
        return deleted

    def count(self, user_id: str) -> int:
        """Of how many visits pictures are kept, deleted ones that may come back included."""
        statement = (
            select(func.count())
            .select_from(visit_pictures.join(visits, visits.c.id == visit_pictures.c.visit_id))
            .where(visits.c.user_id == user_id)
        )
        with self._engine.connect() as connection:
            return connection.execute(statement).scalar_one()

    def seal_anew(self) -> int:
        """Seal with the first key what an older one sealed; tell how many photos.

        Those that no key opens are left alone: their key may come back.
        """
        if self._keys is None or len(self._keys.keys) == 1:
            return 0
        beginning = self._keys.beginning
        sealed = visit_pictures.c.sealed
        older = (
            select(visits.c.user_id, visits.c.id)
            .join(visit_pictures, visit_pictures.c.visit_id == visits.c.id)
            .where(func.substr(sealed, 1, len(beginning)) != beginning)
        )
        with self._engine.connect() as connection:
            found = connection.execute(older).all()
        return sum(self._seal_one_anew(self._keys, *row) for row in found)

    def _seal_one_anew(self, keys: PhotoKeys, user_id: str, visit_id: str) -> bool:
        row, context = visit_pictures.c.visit_id == visit_id, _context(user_id, visit_id)
        with self._writing() as connection:
            old = connection.execute(select(visit_pictures.c.sealed).where(row).with_for_update())
            try:
                content = keys.open(old.scalar_one_or_none() or b"", context=context)
            except KeptPhotoUnreadableError:
                return False
            anew = keys.seal(content, context=context)
            connection.execute(update(visit_pictures).where(row).values(sealed=anew))
            return True

    def _writing(self) -> AbstractContextManager[Connection]:
        return self._engine.execution_options(**{WRITE_LOCK_FIRST: True}).begin()


def open_kept_photos(engine: Engine, settings: Settings) -> KeptPhotos:
    """The kept photos, with the key that the settings name or that lies beside the database."""
    try:
        return KeptPhotos(
            engine, photo_keys(settings.photo_key, database_url=settings.database_url)
        )
    except PhotoKeyUnusableError as error:
        return KeptPhotos(engine, error)


def _switch_of(user_id: str) -> Select[bool]:
    return select(users.c.keeps_photos).where(users.c.id == user_id)


def _turn(user_id: str, *, on: bool) -> Update:
    return update(users).where(users.c.id == user_id).values(keeps_photos=on)


def _visit_of(user_id: str, visit_id: str) -> Select[str]:
    return select(visits.c.id).where(visits.c.id == visit_id, visits.c.user_id == user_id)


def _sealed_of(user_id: str, visit_id: str) -> Select[bytes]:
    return (
        select(visit_pictures.c.sealed)
        .join(visits, visits.c.id == visit_pictures.c.visit_id)
        .where(visits.c.id == visit_id, visits.c.user_id == user_id, visits.c.deleted_at.is_(None))
    )


def _delete_all(connection: Connection, user_id: str) -> int:
    theirs = select(visits.c.id).where(visits.c.user_id == user_id)
    statement = delete(visit_pictures).where(visit_pictures.c.visit_id.in_(theirs))
    return connection.execute(statement).rowcount


def _context(user_id: str, visit_id: str) -> str:
    return f"skin-notes visit-pictures {user_id} {visit_id}"


def _write(analysis: Analysis) -> bytes:
    """An analysis as its server told it, less the times, which mean nothing later."""
    answer = {
        "model": {"version": analysis.model_version, "trained_on": analysis.trained_on},
        "quality": {
            "verdict": analysis.quality.verdict.value,
            "score": analysis.quality.score,
            "checks": [
                {
                    "code": check.code,
                    "severity": check.severity.value,
                    "advice_key": check.advice_key,
                }
                for check in analysis.quality.checks
            ],
        },
        "attributes": {
            attribute.value: {
                "grade": result.grade,
                "score": result.score,
                "probabilities": list(result.probabilities),
                "evidence": result.evidence.value,
                "heatmap": base64.b64encode(result.heatmap).decode(),
                "regions": {region.value: share for region, share in result.regions.items()},
                "heatmap_quality": {
                    "skin_share": result.skin_share,
                    "stability": result.stability,
                },
            }
            for attribute, result in analysis.attributes.items()
        },
        "crop": base64.b64encode(analysis.crop).decode(),
        "timings_ms": {},
    }
    # Compressing takes back what base64 adds to the pictures.
    return zlib.compress(json.dumps(answer).encode())


def _read(content: bytes) -> Analysis:
    """The analysis again, through the one reader of answers."""
    try:
        return parse_analysis(json.loads(zlib.decompress(content)))
    except (AnswerUnreadableError, ValueError, zlib.error) as error:
        raise KeptPhotoUnreadableError("another version of the app kept the photo") from error
