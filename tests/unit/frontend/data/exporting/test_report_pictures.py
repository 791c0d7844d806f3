"""Which pictures a report shows, and what it says where there are none."""

from __future__ import annotations

import base64
from dataclasses import replace
from typing import Any

import pytest
from starlette.testclient import TestClient

from frontend.accounts import User
from frontend.analysis import parse_analysis
from frontend.components.face_panel import Pictures
from frontend.errors import PhotoStoreUnusableError
from frontend.export_routes import report_path
from frontend.photo_store import PhotoStore
from frontend.services import Services
from tests.support.answers import analysis_answer, picture
from tests.support.reports import pictures_drawn, text_of
from tests.support.visits import save_visit
from tests.unit.frontend.data.exporting.conftest import ENGLISH, KOREAN, sign_in

NEWER = "2026.12.0"


def answer_with_an_empty_map_of_oil() -> dict[str, Any]:
    answer = analysis_answer()
    empty = base64.b64encode(picture("PNG", grey=0)).decode()
    # The answers of all attributes are one object in the made-up answer.
    answer["attributes"]["oil"] = {**answer["attributes"]["oil"], "heatmap": empty}
    return answer


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
    visit = save_visit(shared, minji)
    pictures = Pictures(parse_analysis(answer_with_an_empty_map_of_oil()))
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


def test_a_report_shows_no_maps_of_the_grades_before(
    visitor: TestClient, shared: Services, minji: User
) -> None:
    before = parse_analysis(answer_with_an_empty_map_of_oil())
    regraded, newest = (save_visit(shared, minji, day=day, version=NEWER) for day in range(2))
    shared.kept_photos.switch(minji.id, True)
    anew = replace(parse_analysis(analysis_answer()), model_version=NEWER)
    shared.kept_photos.keep(minji.id, regraded.id, Pictures(anew))
    # Another tab still shows what it was drawn with.
    shown = Pictures(before)
    for visit in (regraded, newest):
        shared.shown_pictures.show(minji.id, visit.id, shown)
    sign_in(visitor, shared, minji)

    of_regraded, of_newest, whole = (
        visitor.get(address).content
        for address in (
            report_path(ENGLISH, "UTC", visit_id=regraded.id),
            report_path(ENGLISH, "UTC", visit_id=newest.id),
            report_path(ENGLISH, "UTC"),
        )
    )
    assert [pictures_drawn(each) for each in (of_regraded, of_newest, whole)] == [6, 0, 6]
    assert "Oil: No shine stood out" not in text_of(of_regraded)
    assert "Maps of 1 of these checks" in text_of(whole)
    assert shown.analysis.model_version != NEWER


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
