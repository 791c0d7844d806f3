"""Somebody who asks the app's own routes for files, and two people whose histories they tell."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from frontend.accounts import User
from frontend.export_routes import export_routes
from frontend.i18n import Language, catalogue
from frontend.services import Services, build_services
from frontend.sessions import COOKIE_NAME
from frontend.settings import Settings

KOREAN = catalogue(Language.KOREAN)
ENGLISH = catalogue(Language.ENGLISH)
PATHS = ["/export/history.csv", "/export/history.json", "/export/history.pdf"]
NOTE = "새 크림 <b>x</b> 😀 =1+1"


@pytest.fixture
def shared(tmp_path: Path, ready_database: Path) -> Iterator[Services]:
    file = shutil.copyfile(ready_database, tmp_path / "notes.db")
    built = build_services(Settings(database_url=f"sqlite:///{file}"))
    yield built
    built.engine.dispose()


@pytest.fixture
def minji(shared: Services) -> User:
    return shared.accounts.sign_up("minji", "spring river lamp")


@pytest.fixture
def jisoo(shared: Services) -> User:
    return shared.accounts.sign_up("jisoo", "autumn hill bell")


@pytest.fixture
def visitor(shared: Services) -> TestClient:
    return TestClient(Starlette(routes=export_routes(lambda: shared)))


def sign_in(visitor: TestClient, shared: Services, user: User) -> None:
    token = shared.sessions.redeem(shared.sessions.issue_ticket(user.id))
    visitor.cookies.set(COOKIE_NAME, token)
