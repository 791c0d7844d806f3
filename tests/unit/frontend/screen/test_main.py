"""What the script around all pages does when something fails outside a page."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy.exc import OperationalError, SQLAlchemyError, TimeoutError

from frontend import uploads, visitor
from frontend.memory import Memory
from frontend.sessions import Sessions


@pytest.mark.parametrize(
    "failure",
    [
        OperationalError("SELECT", {}, Exception("database is locked")),
        TimeoutError("QueuePool limit of size 5 overflow 10 reached"),
    ],
)
def test_a_database_that_cannot_say_who_is_signed_in_gets_a_sentence(
    tabs: Any, monkeypatch: pytest.MonkeyPatch, failure: SQLAlchemyError
) -> None:
    def locked(_sessions: Sessions) -> None:
        raise failure

    with monkeypatch.context() as patched:
        patched.setattr(visitor, "current_user", locked)
        page = tabs.open("history")

    assert not page.exception
    assert 'data-code="database_unusable"' in tabs.text(page)


def test_a_chosen_photo_is_forgotten_once_its_session_ended_elsewhere(
    minas: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    forgotten: list[str] = []
    monkeypatch.setattr(uploads, "_forget", forgotten.append)
    page = minas.choose_photo(minas.open())
    memory: Memory = page.session_state["skin_notes_memory"]
    photo = memory.held
    assert photo is not None

    minas.user = None
    page.run()

    assert "auth_submit" in minas.buttons(page)
    assert (memory.held, forgotten) == (None, [photo])
