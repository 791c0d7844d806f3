"""Saves visits without end, in a process that a test can kill.

    python -m tests.support.saver DATABASE_URL USER_ID PHOTO_FOLDER

Whoever writes a line to it gets a fresh child process that saves one visit after another, each with
its photo: the person has to have that switched on. It tells `child <process id>` once it begins,
`saved <visit id>` after each save that has returned, and `ended` when the child is dead. Forking a
warm process takes milliseconds, so that a hundred can be killed in seconds.
"""

from __future__ import annotations

import os
import sys
import uuid
from datetime import UTC, datetime
from typing import Final, NoReturn

from sqlalchemy import Connection, insert

from frontend.analysis import parse_analysis
from frontend.components.face_panel import Pictures
from frontend.kept_photos import KeptPhotos
from frontend.photo_keys import new_photo_key, parse_photo_keys
from frontend.photo_store import open_photo_store
from frontend.store import AttributeResult, Beside, NewVisit, Repository
from frontend.store.engine import make_engine
from frontend.store.tables import kept_pictures
from frontend.vocabulary import Attribute, Evidence, Source, Verdict
from tests.support.answers import analysis_answer

PICTURE: Final = bytes(range(256)) * 200
"""Enough bytes for many pages of the database, so that a save takes a while to write."""
RESULT: Final = AttributeResult(
    grade=2, score=2.0, probabilities=(0.0, 0.0, 1.0, 0.0, 0.0), evidence=Evidence.SIMULATED
)


def new_visit() -> NewVisit:
    """A visit under a request key of its own."""
    return NewVisit(
        taken_at=datetime.now(UTC),
        source=Source.UPLOAD,
        model_version="2026.11.0",
        quality_verdict=Verdict.GOOD,
        quality_score=90.0,
        results=dict.fromkeys(Attribute, RESULT),
        request_key=uuid.uuid4().hex,
    )


def picture_row() -> Beside:
    """A picture in the database itself, as it was kept before there was a store."""
    row = {"key": uuid.uuid4().hex, "visit_id": uuid.uuid4().hex}

    def write(connection: Connection) -> bool:
        values = {**row, "beginning": PICTURE[:5], "sealed": PICTURE}
        connection.execute(insert(kept_pictures).values(values))
        return True

    return Beside(visit_id=row["visit_id"], write=write)


def save_for_ever(database_url: str, user_id: str, folder: str) -> NoReturn:
    """Save visits with their photos until somebody kills this process."""
    tell(f"child {os.getpid()}")
    engine = make_engine(database_url)
    store = open_photo_store(folder, database_url=database_url)
    kept = KeptPhotos(engine, parse_photo_keys(new_photo_key()), store)
    repository, pictures = Repository(engine), Pictures(parse_analysis(analysis_answer()))
    while True:
        keep = kept.keeping(user_id, pictures)
        tell(f"saved {repository.save_visit(user_id, new_visit(), keep=keep).id}")


def tell(line: str) -> None:
    """Write a line at once and in one piece."""
    os.write(1, f"{line}\n".encode())


def main() -> None:
    """Give a child to everybody who asks."""
    _, database_url, user_id, folder = sys.argv
    for _ in sys.stdin:
        child = os.fork()
        if child == 0:
            save_for_ever(database_url, user_id, folder)
        os.waitpid(child, 0)
        tell("ended")


if __name__ == "__main__":
    main()
