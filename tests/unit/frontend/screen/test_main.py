"""What the script around all pages does when something fails outside a page."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy.exc import OperationalError

from frontend import visitor
from frontend.sessions import Sessions


def test_a_database_that_cannot_say_who_is_signed_in_gets_a_sentence(
    tabs: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def locked(_sessions: Sessions) -> None:
        raise OperationalError("SELECT", {}, Exception("database is locked"))

    with monkeypatch.context() as patched:
        patched.setattr(visitor, "current_user", locked)
        page = tabs.open("history")

    assert not page.exception
    assert 'data-code="database_unusable"' in tabs.text(page)
