"""Saves visits without end, in a process that a test can kill.

    python -m tests.support.saver DATABASE_URL USER_ID

Whoever writes a line to it gets a fresh child process that saves one visit after another. It tells
`child <process id>` once it begins, `saved <visit id>` after each save that has returned, and
`ended` when the child is dead. Forking a warm process takes milliseconds, so that a hundred can
be killed in seconds.
"""

from __future__ import annotations

import os
import sys
import uuid
from datetime import UTC, datetime
from typing import Final, NoReturn

from sqlalchemy import Connection, insert

from frontend.store import AttributeResult, NewVisit, Repository
from frontend.store.engine import make_engine
from frontend.store.tables import visit_pictures
from frontend.vocabulary import Attribute, Evidence, Source, Verdict

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


def keep_picture(connection: Connection, visit_id: str) -> None:
    """Write a picture beside the visit, in the same transaction."""
    connection.execute(insert(visit_pictures).values(visit_id=visit_id, sealed=PICTURE))


def save_for_ever(database_url: str, user_id: str) -> NoReturn:
    """Save visits until somebody kills this process."""
    tell(f"child {os.getpid()}")
    repository = Repository(make_engine(database_url))
    while True:
        tell(f"saved {repository.save_visit(user_id, new_visit(), keep=keep_picture).id}")


def tell(line: str) -> None:
    """Write a line at once and in one piece."""
    os.write(1, f"{line}\n".encode())


def main() -> None:
    """Give a child to everybody who asks."""
    _, database_url, user_id = sys.argv
    for _ in sys.stdin:
        child = os.fork()
        if child == 0:
            save_for_ever(database_url, user_id)
        os.waitpid(child, 0)
        tell("ended")


if __name__ == "__main__":
    main()
