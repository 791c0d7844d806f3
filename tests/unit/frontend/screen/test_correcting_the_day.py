"""The day of a saved check: corrected on its result and in its row, and told everywhere at once."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from html import unescape
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy.exc import OperationalError
from streamlit.testing.v1 import AppTest

from frontend.accounts import User
from frontend.export import history_csv, history_json
from frontend.i18n import Language, catalogue, language_of, write_day, write_day_and_time
from frontend.services import Services
from frontend.store import Repository, Visit
from frontend.vocabulary import Source
from tests.support.visits import save_visit

KOREAN = catalogue(Language.KOREAN)
SEOUL = ZoneInfo("Asia/Seoul")
MARCH = date(2026, 3, 4)
NOON_OF_MARCH = datetime(2026, 3, 4, 3, 0, tzinfo=UTC)


def name_day(page: AppTest, visit: Visit, day: date) -> AppTest:
    page.date_input(key=f"day_{visit.id}").set_value(day)
    return page


def save_day(page: AppTest, visit: Visit, day: date) -> AppTest:
    return name_day(page, visit, day).button(key=f"day_save_{visit.id}").click().run()


def moment_of(shared: Services, visit: Visit) -> datetime:
    found = shared.repository.visit(visit.user_id, visit.id)
    assert found is not None
    return found.taken_at


def test_a_day_corrected_on_the_result_is_told_there_and_after_a_reload(
    minas: Any, shared: Services, mina: User
) -> None:
    visit = save_visit(shared, mina)
    page = minas.open("result", id=visit.id)
    asked = page.date_input(key=f"day_{visit.id}")
    assert (asked.label, asked.value) == (KOREAN.check.taken_on, date(2026, 6, 26))

    save_day(page, visit, MARCH)

    assert not page.exception
    assert moment_of(shared, visit) == NOON_OF_MARCH
    assert KOREAN.visit.day_saved.format(date="2026.03.04") in minas.text(page)
    for told in (page, minas.open("result", id=visit.id)):
        assert 'class="sn-when">2026.03.04</p>' in minas.text(told)
        assert told.date_input(key=f"day_{visit.id}").value == MARCH
    # It is said once.
    assert KOREAN.visit.day_saved.format(date="2026.03.04") not in minas.text(page.run())


def test_a_day_corrected_in_a_row_puts_the_row_in_its_place_and_is_said_beside_it(
    minas: Any, shared: Services, mina: User
) -> None:
    first, second = (save_visit(shared, mina, day=day) for day in range(2))
    page = minas.open("history")
    page.button(key=f"more_{second.id}").click().run()
    name_day(page, second, MARCH)
    minas.press_in_dialog(page, f"day_save_{second.id}")

    assert not page.exception
    assert moment_of(shared, second) == NOON_OF_MARCH
    assert KOREAN.visit.day_saved.format(date="2026.03.04") in minas.text(page)
    days = [link.label.split(" ")[0] for link in page.page_link if link.label[:2] == "20"]
    assert days == ["2026.06.26", "2026.03.04"]
    assert [visit.id for visit in shared.repository.visits(mina.id)] == [first.id, second.id]


def test_a_check_corrected_out_of_the_chosen_period_is_still_said_to_be_saved(
    minas: Any, shared: Services, mina: User
) -> None:
    visit = save_visit(shared, mina)
    page = minas.open("history")
    page.session_state["skin_notes_memory"].said = ("day", "saved")
    shared.repository.correct_taken_at(mina.id, visit.id, NOON_OF_MARCH)

    page.segmented_control(key="period").select("month").run()

    told = minas.text(page)
    assert KOREAN.history.none_in_period in told
    assert "<span>saved</span>" in told


@pytest.mark.parametrize("locale", ["ko-KR", "en-US"])
def test_a_day_that_the_photo_cannot_be_of_is_refused_and_the_field_keeps_it(
    minas: Any, shared: Services, mina: User, locale: str
) -> None:
    visit = save_visit(shared, mina)
    words = catalogue(language_of(locale))
    today = visit.saved_at.astimezone(SEOUL).date()
    page = minas.open("result", id=visit.id, locale=locale)

    for day in (today + timedelta(days=1), date(1995, 12, 31), date.max):
        save_day(page, visit, day)

        told = unescape(minas.text(page))
        assert 'data-code="day_outside"' in told
        assert words.problems["day_outside"].what in told
        assert write_day(words, date(today.year - 30, 1, 1)) in told
        assert write_day(words, today) in told
        assert page.date_input(key=f"day_{visit.id}").value == day
        assert moment_of(shared, visit) == visit.taken_at


def test_nobody_corrects_a_check_of_somebody_else(minas: Any, shared: Services, mina: User) -> None:
    visit = save_visit(shared, mina)
    minas.user = shared.accounts.sign_up("jisoo", "autumn river lamp")

    page = minas.open("result", id=visit.id)

    assert KOREAN.result.not_found in minas.text(page)
    assert not page.date_input


def test_who_was_logged_out_elsewhere_corrects_nothing_in_a_dialog(
    minas: Any, shared: Services, mina: User
) -> None:
    visit = save_visit(shared, mina)
    page = minas.open("history")
    page.button(key=f"more_{visit.id}").click().run()
    name_day(page, visit, MARCH)
    minas.user = None
    minas.press_in_dialog(page, f"day_save_{visit.id}")
    assert moment_of(shared, visit) == visit.taken_at


def test_the_day_of_a_photo_of_the_camera_stands_and_nobody_asks(
    minas: Any, shared: Services, mina: User
) -> None:
    page = minas.open().file_uploader[0].set_value(("webcam-12-8.jpg", b"a photo", "image/jpeg"))
    page.run().button(key="analyse").click().run()
    (visit,) = shared.repository.visits(mina.id)
    assert visit.source is Source.WEBCAM

    result = minas.open("result", id=visit.id)

    assert result.text_area(key=f"note_{visit.id}")
    assert not result.date_input


def test_a_day_can_be_put_right_again(minas: Any, shared: Services, mina: User) -> None:
    page = minas.choose_photo(minas.open(), "me.jpg")
    page.button(key="analyse").click().run()
    (visit,) = shared.repository.visits(mina.id)
    page = minas.open("result", id=visit.id)

    save_day(page, visit, MARCH)
    save_day(page, visit, visit.saved_at.astimezone(SEOUL).date())

    # That of the check itself, as for a photo of today: noon may be still to come.
    assert moment_of(shared, visit) == visit.saved_at
    when = write_day_and_time(KOREAN, visit.saved_at.astimezone(SEOUL))
    assert KOREAN.visit.day_saved.format(date=when) in minas.text(page)


def test_of_a_check_that_was_deleted_in_another_window_the_page_says_so(
    minas: Any, shared: Services, mina: User
) -> None:
    visit = save_visit(shared, mina)
    save_visit(shared, mina, day=1)
    page = minas.open("history")
    page.button(key=f"more_{visit.id}").click().run()
    shared.repository.delete_visit(mina.id, visit.id)
    name_day(page, visit, MARCH)
    minas.press_in_dialog(page, f"day_save_{visit.id}")
    assert not page.exception
    assert KOREAN.visit.gone in minas.text(page)
    assert shared.repository.restore_visit(mina.id, visit.id)
    assert moment_of(shared, visit) == visit.taken_at


def test_a_database_that_fails_is_told_and_the_day_can_be_saved_again(
    minas: Any, shared: Services, mina: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    visit = save_visit(shared, mina)
    page = minas.open("result", id=visit.id)
    with monkeypatch.context() as patched:
        patched.setattr(Repository, "correct_taken_at", fail)
        save_day(page, visit, MARCH)
    assert not page.exception
    assert 'data-code="database_unusable"' in minas.text(page)
    assert moment_of(shared, visit) == visit.taken_at

    save_day(page, visit, MARCH)
    assert moment_of(shared, visit) == NOON_OF_MARCH


def fail(*_arguments: object, **_options: object) -> None:
    raise OperationalError("UPDATE", {}, Exception("database is locked"))


def test_trend_and_comparison_go_by_the_corrected_day(
    minas: Any, shared: Services, mina: User
) -> None:
    first = save_visit(shared, mina, day=0, grade=4)
    second = save_visit(shared, mina, day=1, grade=0)
    save_day(minas.open("result", id=second.id), second, MARCH)

    # Oil rises now from 0 to 4, where it fell before.
    assert "2026.03.04부터 4.0등급 올랐어요" in minas.text(minas.open("history"))
    page = minas.open("compare", a=first.id, b=second.id)
    assert (page.query_params["a"], page.query_params["b"]) == (second.id, first.id)
    assert page.selectbox(key="compare_a").options == ["2026.06.26", "2026.03.04"]


def test_report_and_files_go_by_the_corrected_day(minas: Any, shared: Services, mina: User) -> None:
    visit = save_visit(shared, mina)
    save_day(minas.open("result", id=visit.id), visit, MARCH)
    visits = shared.repository.visits(mina.id)

    (told,) = json.loads(history_json(visits, login_id="mina", made_at=visit.saved_at))["visits"]
    assert told["taken_at"] == NOON_OF_MARCH.isoformat()
    assert told["saved_at"] == visit.saved_at.isoformat()
    assert NOON_OF_MARCH.isoformat() in history_csv(visits).decode("utf-8-sig")
