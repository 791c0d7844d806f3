"""What a report says of the checks in it."""

from __future__ import annotations

import logging
from datetime import UTC, datetime

import pytest
from starlette.testclient import TestClient

from frontend.accounts import User
from frontend.analysis import parse_analysis
from frontend.export_routes import report_path
from frontend.saving import new_visit
from frontend.services import Services
from frontend.vocabulary import Attribute, Source
from tests.support.answers import analysis_answer
from tests.support.reports import text_of
from tests.support.visits import save_visit
from tests.unit.frontend.data.exporting.conftest import ENGLISH, KOREAN, NOTE, sign_in


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
