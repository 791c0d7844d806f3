"""Files of a history: only for the person whose history it is."""

from __future__ import annotations

import base64
import io
import json
import logging
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from pypdf import PdfReader
from sqlalchemy.exc import OperationalError
from starlette.applications import Starlette
from starlette.testclient import TestClient

from frontend.accounts import User
from frontend.analysis import parse_analysis
from frontend.components.face_panel import Pictures
from frontend.errors import PhotoStoreUnusableError
from frontend.export_routes import export_routes, report_path
from frontend.i18n import Language, catalogue
from frontend.photo_keys import new_photo_key
from frontend.photo_store import PhotoStore
from frontend.saving import new_visit
from frontend.services import Services, build_services
from frontend.sessions import COOKIE_NAME
from frontend.settings import Settings
from frontend.store import Repository
from frontend.vocabulary import Attribute, Source
from tests.support.answers import analysis_answer, picture
from tests.support.postgresql import PostgresqlServer
from tests.support.reports import pictures_drawn
from tests.support.visits import save_visit

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


def text_of(content: bytes) -> str:
    pages = PdfReader(io.BytesIO(content)).pages
    return "\n".join(page.extract_text() for page in pages)


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


def test_a_deleted_check_is_in_no_file(visitor: TestClient, shared: Services, minji: User) -> None:
    gone, kept = save_visit(shared, minji, day=0), save_visit(shared, minji, day=1)
    shared.repository.delete_visit(minji.id, gone.id)
    sign_in(visitor, shared, minji)
    assert gone.id not in visitor.get(PATHS[0]).text
    assert [visit["visit_id"] for visit in visitor.get(PATHS[1]).json()["visits"]] == [kept.id]
    assert "2026.06.26" not in text_of(visitor.get(f"{PATHS[2]}?lang=ko").content)
    assert visitor.get("/export/visit.pdf", params={"id": gone.id}).status_code == 404


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


@pytest.mark.parametrize("words", [KOREAN, ENGLISH], ids=["ko", "en"])
def test_a_report_speaks_the_readers_language_and_says_what_it_is_not(
    visitor: TestClient,
    shared: Services,
    minji: User,
    words: object,
    caplog: pytest.LogCaptureFixture,
) -> None:
    assert words in (KOREAN, ENGLISH)
    spoken = KOREAN if words is KOREAN else ENGLISH
    visit = save_visit(shared, minji)
    save_visit(shared, minji, day=7)
    shared.repository.write_note(minji.id, visit.id, NOTE)
    sign_in(visitor, shared, minji)
    with caplog.at_level(logging.DEBUG, logger="fpdf"):
        one = text_of(visitor.get(report_path(spoken, "Asia/Seoul", visit_id=visit.id)).content)
        whole = text_of(visitor.get(report_path(spoken, "Asia/Seoul")).content)
    for report in (one, whole):
        assert spoken.not_medical in report
        assert spoken.attributes[Attribute.PIGMENTATION].name in report
        # 00:03 in UTC, and a box in place of the one character that the typeface lacks.
        assert "09:03" in report
        assert "새 크림 <b>x</b> □ =1+1" in report
    assert spoken.report.no_picture in one
    assert spoken.report.no_pictures in whole
    assert "크림" not in caplog.text
    assert "1f600" not in caplog.text.lower()


def test_kept_pictures_are_in_the_reports(
    visitor: TestClient, shared: Services, minji: User
) -> None:
    shared.kept_photos.switch(minji.id, True)
    pictures = Pictures(parse_analysis(analysis_answer()))
    visits = [save_visit(shared, minji, day=day) for day in range(3)]
    for visit in visits:
        assert shared.kept_photos.keep(minji.id, visit.id, pictures)
    sign_in(visitor, shared, minji)
    one = visitor.get(report_path(KOREAN, "", visit_id=visit.id)).content
    whole = visitor.get(report_path(KOREAN, "")).content
    # The face and five maps, of a whole history those of each check. Equal pictures are stored
    # once, so what is drawn is counted.
    assert (pictures_drawn(one), pictures_drawn(whole)) == (6, 18)


def test_a_report_says_of_an_empty_map_that_nothing_stood_out(
    visitor: TestClient, shared: Services, minji: User
) -> None:
    answer = analysis_answer()
    empty = base64.b64encode(picture("PNG", grey=0)).decode()
    # The answers of all attributes are one object in the made-up answer.
    answer["attributes"]["oil"] = {**answer["attributes"]["oil"], "heatmap": empty}
    visit = save_visit(shared, minji)
    pictures = Pictures(parse_analysis(answer))
    shared.shown_pictures.show(minji.id, visit.id, pictures)
    sign_in(visitor, shared, minji)
    report = text_of(visitor.get(report_path(ENGLISH, "UTC", visit_id=visit.id)).content)
    assert "Oil: No shine stood out" in report
    assert "Hydration: Where dryness was seen" in report


def test_pictures_that_a_page_shows_are_in_the_reports_until_it_lets_them_go(
    visitor: TestClient, shared: Services, minji: User, jisoo: User
) -> None:
    visit, other = save_visit(shared, minji, day=1), save_visit(shared, minji)
    shown = Pictures(parse_analysis(analysis_answer()))
    shared.shown_pictures.show(minji.id, visit.id, shown)
    sign_in(visitor, shared, minji)
    addresses = [
        report_path(ENGLISH, "UTC", visit_id=visit.id),
        report_path(ENGLISH, "UTC", visit_id=other.id),
        report_path(ENGLISH, "UTC"),
    ]

    def drawn() -> list[int]:
        return [pictures_drawn(visitor.get(address).content) for address in addresses]

    assert drawn() == [6, 0, 6]
    assert "Maps of 1 of these checks" in text_of(visitor.get(addresses[2]).content)
    sign_in(visitor, shared, jisoo)
    assert visitor.get(addresses[0]).status_code == 404
    sign_in(visitor, shared, minji)
    del shown
    assert drawn() == [0, 0, 0]


def test_shown_pictures_of_a_deleted_check_are_in_no_report(
    visitor: TestClient, shared: Services, minji: User
) -> None:
    visit = save_visit(shared, minji)
    shown = Pictures(parse_analysis(analysis_answer()))
    shared.shown_pictures.show(minji.id, visit.id, shown)
    shared.repository.delete_visit(minji.id, visit.id)
    sign_in(visitor, shared, minji)
    assert visitor.get(report_path(ENGLISH, "UTC", visit_id=visit.id)).status_code == 404
    assert visitor.get(report_path(ENGLISH, "UTC")).status_code == 404
    assert shown.analysis.crop


def test_without_its_key_a_kept_picture_is_explained_away(
    visitor: TestClient, shared: Services, minji: User
) -> None:
    shared.kept_photos.switch(minji.id, True)
    visit = save_visit(shared, minji)
    shared.kept_photos.keep(minji.id, visit.id, Pictures(parse_analysis(analysis_answer())))
    with shared.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE kept_pictures SET sealed = x'00'")
    sign_in(visitor, shared, minji)
    report = text_of(visitor.get(report_path(ENGLISH, "UTC", visit_id=visit.id)).content)
    assert ENGLISH.problems["kept_photo_unreadable"].what in report
    assert ENGLISH.report.no_picture not in report


def test_of_a_store_that_is_away_the_report_says_so_and_waits_for_it_once(
    visitor: TestClient, shared: Services, minji: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    shared.kept_photos.switch(minji.id, True)
    pictures = Pictures(parse_analysis(analysis_answer()))
    for day in range(3):
        shared.kept_photos.keep(minji.id, save_visit(shared, minji, day=day).id, pictures)
    waits: list[str] = []

    def wait(_store: PhotoStore, key: str) -> bytes:
        waits.append(key)
        raise PhotoStoreUnusableError("no answer", reason="away")

    monkeypatch.setattr(PhotoStore, "get", wait)
    sign_in(visitor, shared, minji)
    report = text_of(visitor.get(report_path(ENGLISH, "UTC")).content)
    assert ENGLISH.problems["photo_store_unusable.away"].what in report
    assert len(waits) == 1


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


def test_a_report_tells_of_checks_that_other_networks_graded(
    visitor: TestClient, shared: Services, minji: User
) -> None:
    old = save_visit(shared, minji, day=0)
    sign_in(visitor, shared, minji)

    def told(visit_id: str | None = None) -> str:
        address = report_path(ENGLISH, "UTC", visit_id=visit_id)
        return " ".join(text_of(visitor.get(address).content).split())

    assert ENGLISH.trend.other_model not in told()
    assert ENGLISH.comparable.old_version not in told()

    new = save_visit(shared, minji, day=7, version="2026.12.0")
    assert ENGLISH.trend.other_model in told()
    assert told().count(f"{ENGLISH.comparable.old_version} (2026.11.0)") == 1
    assert ENGLISH.comparable.old_version + " (2026.12.0)" not in told()
    assert ENGLISH.trend.other_model in told(new.id)
    assert ENGLISH.trend.other_model not in told(old.id)

    shared.serving_version.hear("2027.1.0")
    assert told().count(ENGLISH.comparable.old_version) == 2


def test_a_report_has_the_day_alone_of_a_photo_whose_time_nobody_knows(
    visitor: TestClient, shared: Services, minji: User
) -> None:
    noon = datetime(2026, 3, 4, 3, 0, tzinfo=UTC)
    first, second = (
        shared.repository.save_visit(
            minji.id,
            new_visit(
                parse_analysis(analysis_answer()),
                taken_at=noon,
                source=Source.UPLOAD,
                request_key=key,
            ),
        )
        for key in ("a", "b")
    )
    sign_in(visitor, shared, minji)
    reports = {
        each: text_of(visitor.get(report_path(KOREAN, "Asia/Seoul", visit_id=each)).content)
        for each in (first.id, second.id, None)
    }
    assert all("2026.03.04" in report for report in reports.values())
    assert not any("2026.03.04 12:00" in report for report in reports.values())
    # The one saved first is the one before the other.
    assert KOREAN.trend.title not in reports[first.id]
    assert KOREAN.trend.title in reports[second.id]


@pytest.mark.parametrize("zone", ["", "Nowhere/None", "../../etc/passwd", "Asia", "x" * 5000, "\0"])
def test_an_unknown_time_zone_is_utc(
    visitor: TestClient, shared: Services, minji: User, zone: str
) -> None:
    visit = save_visit(shared, minji)
    sign_in(visitor, shared, minji)
    params = {"id": visit.id, "lang": "en", "zone": zone}
    answer = visitor.get("/export/visit.pdf", params=params)
    assert "26 Jun 2026 00:03" in text_of(answer.content)


def test_a_database_that_fails_is_told_in_a_sentence(
    visitor: TestClient, shared: Services, minji: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_arguments: object, **_options: object) -> None:
        raise OperationalError("SELECT", {}, Exception("disk I/O error"))

    sign_in(visitor, shared, minji)
    monkeypatch.setattr(Repository, "visits", fail)
    for path in PATHS:
        answer = visitor.get(path, headers={"Accept-Language": "en"})
        assert (answer.status_code, answer.text) == (503, ENGLISH.report.unusable)


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


def test_json_is_what_a_program_can_read_back(
    visitor: TestClient, shared: Services, minji: User
) -> None:
    visit = save_visit(shared, minji, grade=4)
    shared.repository.write_note(minji.id, visit.id, NOTE)
    sign_in(visitor, shared, minji)
    (told,) = json.loads(visitor.get(PATHS[1]).content)["visits"]
    assert told["note"] == NOTE
    assert {result["grade"] for result in told["attributes"].values()} == {4}
