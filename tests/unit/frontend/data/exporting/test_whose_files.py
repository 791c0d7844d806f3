"""Files of a history: only for the person whose history it is."""

from __future__ import annotations

from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from frontend.accounts import User
from frontend.export_routes import export_routes
from frontend.photo_keys import new_photo_key
from frontend.services import Services, build_services
from frontend.sessions import COOKIE_NAME
from frontend.settings import Settings
from tests.support.postgresql import PostgresqlServer
from tests.support.reports import text_of
from tests.support.visits import save_visit
from tests.unit.frontend.data.exporting.conftest import KOREAN, PATHS, sign_in


@pytest.mark.parametrize("path", [*PATHS, "/export/visit.pdf?id={id}"])
def test_without_a_session_there_is_nothing_to_see(
    visitor: TestClient, shared: Services, minji: User, path: str
) -> None:
    visit = save_visit(shared, minji)
    for token in (None, "forged", "x" * 10_000):
        if token is not None:
            visitor.cookies.set(COOKIE_NAME, token)
        answer = visitor.get(path.format(id=visit.id), headers={"Accept-Language": "ko-KR"})
        assert answer.status_code == 401
        assert answer.text == KOREAN.report.signed_out
        assert answer.headers["cache-control"] == "no-store"


def test_an_ended_session_opens_nothing(visitor: TestClient, shared: Services, minji: User) -> None:
    save_visit(shared, minji)
    sign_in(visitor, shared, minji)
    assert visitor.get(PATHS[0]).status_code == 200
    shared.sessions.close(visitor.cookies[COOKIE_NAME])
    assert visitor.get(PATHS[0]).status_code == 401


def test_each_person_gets_their_own_history_alone(
    visitor: TestClient, shared: Services, minji: User, jisoo: User
) -> None:
    hers, his = save_visit(shared, minji), save_visit(shared, jisoo)
    sign_in(visitor, shared, minji)
    csv, told = visitor.get(PATHS[0]).text, visitor.get(PATHS[1]).json()
    assert hers.id in csv
    assert his.id not in csv
    assert (told["login_id"], [visit["visit_id"] for visit in told["visits"]]) == (
        "minji",
        [hers.id],
    )
    report = text_of(visitor.get(PATHS[2]).content)
    assert "minji" in report
    assert "jisoo" not in report


@pytest.mark.parametrize("visit_id", ["", "0" * 32, "' OR 1=1 --", "../x", "x" * 10_000])
def test_another_persons_check_is_as_one_that_does_not_exist(
    visitor: TestClient, shared: Services, minji: User, jisoo: User, visit_id: str
) -> None:
    theirs = save_visit(shared, jisoo)
    save_visit(shared, minji)
    sign_in(visitor, shared, minji)
    answers = [
        visitor.get("/export/visit.pdf", params={"id": asked}) for asked in (theirs.id, visit_id)
    ]
    assert [answer.status_code for answer in answers] == [404, 404]
    assert answers[0].content == answers[1].content


def test_an_address_with_what_postgresql_cannot_look_for_names_no_check(
    postgresql: PostgresqlServer, tmp_path: Path
) -> None:
    with postgresql.database() as url:
        settings = Settings(
            database_url=url, photo_key=new_photo_key(), photo_store=str(tmp_path / "photos")
        )
        shared = build_services(settings)
        visitor = TestClient(Starlette(routes=export_routes(lambda: shared)))
        sign_in(visitor, shared, shared.accounts.sign_up("minji", "spring river lamp"))
        for visit_id in ("%00", "a%00b", "%ED%A0%80"):
            assert visitor.get(f"/export/visit.pdf?id={visit_id}").status_code == 404
        shared.engine.dispose()


def test_a_deleted_check_is_in_no_file(visitor: TestClient, shared: Services, minji: User) -> None:
    gone, kept = save_visit(shared, minji, day=0), save_visit(shared, minji, day=1)
    shared.repository.delete_visit(minji.id, gone.id)
    sign_in(visitor, shared, minji)
    assert gone.id not in visitor.get(PATHS[0]).text
    assert [visit["visit_id"] for visit in visitor.get(PATHS[1]).json()["visits"]] == [kept.id]
    assert "2026.06.26" not in text_of(visitor.get(f"{PATHS[2]}?lang=ko").content)
    assert visitor.get("/export/visit.pdf", params={"id": gone.id}).status_code == 404
