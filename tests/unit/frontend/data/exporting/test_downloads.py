"""Files of a history: how they are handed over, by day and by name, and when they cannot be."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
from sqlalchemy.exc import OperationalError, SQLAlchemyError, TimeoutError
from starlette.testclient import TestClient

from frontend.accounts import User
from frontend.services import Services
from frontend.store import Repository
from tests.support.reports import text_of
from tests.support.visits import save_visit
from tests.unit.frontend.data.exporting.conftest import ENGLISH, NOTE, PATHS, sign_in


@pytest.mark.parametrize(
    ("path", "media_type", "ending"),
    [
        (PATHS[0], "text/csv; charset=utf-8", "csv"),
        (PATHS[1], "application/json", "json"),
        (PATHS[2], "application/pdf", "pdf"),
    ],
)
def test_a_file_is_downloaded_and_stored_nowhere_on_the_way(
    visitor: TestClient, shared: Services, minji: User, path: str, media_type: str, ending: str
) -> None:
    save_visit(shared, minji)
    sign_in(visitor, shared, minji)
    answer = visitor.get(path)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == media_type
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["x-content-type-options"] == "nosniff"
    disposition = answer.headers["content-disposition"]
    assert disposition.startswith('attachment; filename="skin-notes-')
    assert disposition.endswith(f'.{ending}"')
    assert visitor.head(path).content == b""


@pytest.mark.parametrize("path", PATHS)
def test_a_file_is_named_by_the_readers_day(
    visitor: TestClient,
    shared: Services,
    minji: User,
    path: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    save_visit(shared, minji)
    sign_in(visitor, shared, minji)
    evening = datetime(2026, 11, 27, 23, 46, tzinfo=UTC)
    monkeypatch.setattr("frontend.export_routes.utc_now", lambda: evening)
    names = {
        zone: visitor.get(path, params={"zone": zone}).headers["content-disposition"]
        for zone in ("Asia/Seoul", "UTC")
    }
    assert "skin-notes-2026-11-28." in names["Asia/Seoul"]
    assert "skin-notes-2026-11-27." in names["UTC"]


@pytest.mark.parametrize("zone", ["", "Nowhere/None", "../../etc/passwd", "Asia", "x" * 5000, "\0"])
def test_an_unknown_time_zone_is_utc(
    visitor: TestClient, shared: Services, minji: User, zone: str
) -> None:
    visit = save_visit(shared, minji)
    sign_in(visitor, shared, minji)
    params = {"id": visit.id, "lang": "en", "zone": zone}
    answer = visitor.get("/export/visit.pdf", params=params)
    assert "26 Jun 2026 00:03" in text_of(answer.content)


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
def test_files_are_only_read(
    visitor: TestClient, shared: Services, minji: User, method: str
) -> None:
    save_visit(shared, minji)
    sign_in(visitor, shared, minji)
    answer = visitor.request(method, PATHS[0])
    assert (answer.status_code, answer.headers["allow"]) == (405, "GET, HEAD")
    assert shared.repository.count_visits(minji.id) == 1


def test_an_empty_history_has_files_but_no_report(
    visitor: TestClient, shared: Services, minji: User
) -> None:
    sign_in(visitor, shared, minji)
    assert visitor.get(PATHS[0]).text.count("\n") == 1
    assert visitor.get(PATHS[1]).json()["visits"] == []
    assert visitor.get(PATHS[2]).status_code == 404


@pytest.mark.parametrize(
    "failure",
    [
        OperationalError("SELECT", {}, Exception("disk I/O error")),
        TimeoutError("QueuePool limit of size 5 overflow 10 reached"),
    ],
)
def test_a_database_that_fails_is_told_in_a_sentence(
    visitor: TestClient,
    shared: Services,
    minji: User,
    monkeypatch: pytest.MonkeyPatch,
    failure: SQLAlchemyError,
) -> None:
    def fail(*_arguments: object, **_options: object) -> None:
        raise failure

    sign_in(visitor, shared, minji)
    monkeypatch.setattr(Repository, "visits", fail)
    for path in PATHS:
        answer = visitor.get(path, headers={"Accept-Language": "en"})
        assert (answer.status_code, answer.text) == (503, ENGLISH.report.unusable)


def test_json_is_what_a_program_can_read_back(
    visitor: TestClient, shared: Services, minji: User
) -> None:
    visit = save_visit(shared, minji, grade=4)
    shared.repository.write_note(minji.id, visit.id, NOTE)
    sign_in(visitor, shared, minji)
    (told,) = json.loads(visitor.get(PATHS[1]).content)["visits"]
    assert told["note"] == NOTE
    assert {result["grade"] for result in told["attributes"].values()} == {4}
