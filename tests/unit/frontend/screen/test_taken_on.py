"""The day of a photo from a file: asked for, saved, and told wherever the check is."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from html import unescape
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from streamlit.testing.v1 import AppTest
from streamlit.util import calc_hash

from frontend.accounts import User
from frontend.analysing import AnalysisJob
from frontend.client import ModelServer
from frontend.errors import DayOutsideError
from frontend.i18n import Language, catalogue, language_of, write_day
from frontend.memory import Memory
from frontend.services import Services
from frontend.store import Visit
from frontend.taken import is_day_alone, moment_on
from tests.support.answers import ServerWithAnswers, analysis_answer, problem_answer
from tests.support.visits import save_visit

KOREAN = catalogue(Language.KOREAN)
SEOUL = ZoneInfo("Asia/Seoul")
MARCH = date(2026, 3, 4)
NOON_OF_MARCH = datetime(2026, 3, 4, 3, 0, tzinfo=UTC)


def check_of(tabs: Any, day: date) -> AppTest:
    """Give a photo of a day and have it analysed."""
    page = tabs.choose_photo(tabs.open())
    page.date_input[0].set_value(day).run()
    checked: AppTest = tabs.analyse(page)
    return checked


def newest_first(shared: Services, mina: User) -> list[Visit]:
    return shared.repository.visits(mina.id)


def test_the_day_of_a_file_is_at_first_today_where_the_person_is(
    minas: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    evening = datetime(2026, 11, 27, 23, 46, tzinfo=UTC)
    monkeypatch.setattr("frontend.views.check.utc_now", lambda: evening)
    page = minas.open()
    assert not page.date_input

    (asked,) = minas.choose_photo(page).date_input

    assert asked.label == KOREAN.check.taken_on
    assert asked.value == date(2026, 11, 28)


@pytest.mark.parametrize(
    ("late", "counts"), [(MARCH, MARCH), (date.max, date(2026, 5, 6)), (None, date(2026, 5, 6))]
)
def test_a_day_that_arrives_with_the_page_as_it_stood_counts_if_it_can_be(
    minas: Any, shared: Services, mina: User, late: date | None, counts: date
) -> None:
    page = check_of(minas, date(2026, 5, 6))
    memory: Memory = page.session_state["skin_notes_memory"]
    assert memory.analysed is not None
    page.session_state[f"photo_{memory.saved_capture}"] = "what the browser calls the photo"
    if late is not None:
        page.session_state[f"taken_on_{memory.analysed[0]}"] = late
    page._page_hash = calc_hash("")
    page.run()

    (visit,) = newest_first(shared, mina)
    assert visit.taken_at.astimezone(SEOUL).date() == counts


@pytest.mark.parametrize("locale", ["ko-KR", "en-US"])
@pytest.mark.parametrize("day", [date(1995, 12, 31), date(2026, 11, 29), date.min, date.max])
def test_of_a_day_that_no_photo_can_be_of_the_page_says_which_days_there_are(
    minas: Any, shared: Services, mina: User, monkeypatch: pytest.MonkeyPatch, day: date,
    locale: str,
) -> None:  # fmt: skip
    evening = datetime(2026, 11, 27, 23, 46, tzinfo=UTC)
    monkeypatch.setattr("frontend.views.check.utc_now", lambda: evening)
    page = minas.choose_photo(minas.open(locale=locale))

    page.date_input[0].set_value(day).run()

    told = minas.text(page)
    words = catalogue(language_of(locale))
    assert 'data-code="day_outside"' in told
    assert words.problems["day_outside"].what in unescape(told)
    for limit in (date(1996, 1, 1), date(2026, 11, 28)):
        assert write_day(words, limit) in told
    assert "analyse" not in {button.key for button in page.button}
    # The photo is still there.
    minas.analyse(page.date_input[0].set_value(MARCH).run())
    (visit,) = newest_first(shared, mina)
    assert visit.taken_at == NOON_OF_MARCH


def test_a_day_that_becomes_wrong_during_the_analysis_costs_no_analysis(
    minas: Any, shared: Services, mina: User, model_server: ServerWithAnswers
) -> None:
    page = minas.choose_photo(minas.open())
    model_server.go_on.clear()
    job = AnalysisJob(ModelServer(url=model_server.url), b"the bytes of a photo")
    memory: Memory = page.session_state["skin_notes_memory"]
    memory.job = (page.file_uploader[0].value.file_id, job)

    page.date_input[0].set_value(date.max).run()
    assert 'data-code="day_outside"' in minas.text(page)
    model_server.go_on.set()
    page.date_input[0].set_value(MARCH).run()

    (visit,) = newest_first(shared, mina)
    assert visit.taken_at == NOON_OF_MARCH
    assert len(model_server.requests) == 1


def test_nobody_is_asked_for_the_day_of_a_photo_of_the_camera(
    minas: Any, shared: Services, mina: User
) -> None:
    page = minas.choose_photo(minas.open(), "webcam-12-8.jpg")
    assert not page.date_input

    minas.analyse(page)

    (visit,) = newest_first(shared, mina)
    assert visit.saved_at - visit.taken_at < timedelta(minutes=1)


def test_of_a_photo_that_cannot_be_used_nobody_asks_the_day(
    minas: Any, model_server: ServerWithAnswers
) -> None:
    model_server.answer(problem_answer("face_not_found"), status=422)

    assert not minas.check().date_input


def test_a_photo_of_today_has_its_moment(minas: Any, shared: Services, mina: User) -> None:
    page = minas.check()

    (visit,) = newest_first(shared, mina)
    assert visit.saved_at - visit.taken_at < timedelta(minutes=1)
    assert page.title[0].value == KOREAN.result.title
    assert f"{visit.taken_at.astimezone(SEOUL):%Y.%m.%d %H:%M}" in minas.text(page)


def test_a_photo_of_an_earlier_day_has_its_noon_and_its_result_is_none_of_today(
    minas: Any, shared: Services, mina: User
) -> None:
    page = check_of(minas, MARCH)

    assert not page.exception
    (visit,) = newest_first(shared, mina)
    assert visit.taken_at == NOON_OF_MARCH
    assert abs(datetime.now(UTC) - visit.saved_at) < timedelta(minutes=1)
    assert page.title[0].value == KOREAN.result.title_other_day
    assert "오늘" not in KOREAN.result.title_other_day
    assert 'class="sn-when">2026.03.04</p>' in minas.text(page)
    assert 'class="sn-note">2026.03.04</span>' in minas.text(minas.open())
    history = minas.open("history")
    assert [link.label for link in history.page_link if link.label[:2] == "20"] == ["2026.03.04"]
    more = next(button for button in history.button if button.key == f"more_{visit.id}")
    assert more.label == KOREAN.visit.more.format(date="2026.03.04")


def test_the_day_counts_that_stands_there_when_the_check_is_saved(
    minas: Any, shared: Services, mina: User, model_server: ServerWithAnswers
) -> None:
    model_server.answer(b"Bad Gateway", status=502)
    page = minas.choose_photo(minas.open())
    page.date_input[0].set_value(date(2026, 3, 5)).run()
    minas.analyse(page)
    assert page.date_input[0].value == date(2026, 3, 5)

    model_server.answer(analysis_answer())
    page.date_input[0].set_value(MARCH).run()
    minas.analyse(page)

    (visit,) = newest_first(shared, mina)
    assert visit.taken_at == NOON_OF_MARCH


def test_the_next_photo_is_of_today_again(minas: Any) -> None:
    page = minas.choose_photo(minas.open())
    page.date_input[0].set_value(MARCH).run()

    minas.choose_photo(page, "another.jpg")

    assert page.date_input[0].value == datetime.now(SEOUL).date()


def test_the_check_before_one_of_an_earlier_day_is_that_of_the_day_before(
    minas: Any, shared: Services, mina: User, model_server: ServerWithAnswers
) -> None:
    save_visit(shared, mina, day=0, grade=4)
    for day, score in ((date(2026, 3, 3), 1.0), (MARCH, 2.0), (MARCH, 3.0)):
        answer = analysis_answer()
        for attribute in answer["attributes"].values():
            attribute.update(score=score)
        model_server.answer(answer)
        page = check_of(minas, day)
        before = minas.text(page).count(f'<div class="sn-before" style="left:{25 * score - 25}%">')
        assert before == (0 if score == 1.0 else 5)

    scores = [next(iter(visit.results.values())).score for visit in newest_first(shared, mina)]
    assert scores == [4.0, 3.0, 2.0, 1.0]


def test_checks_of_one_day_alone_can_be_told_apart_and_compared_in_their_order(
    minas: Any, shared: Services, mina: User
) -> None:
    for day in (date(2026, 3, 3), MARCH, MARCH):
        check_of(minas, day)
    second, first, _ = newest_first(shared, mina)

    page = minas.open("compare", a=second.id, b=first.id)

    assert page.selectbox(key="compare_a").options == [
        "2026.03.04 · 1",
        "2026.03.04 · 2",
        "2026.03.03",
    ]
    assert (page.query_params["a"], page.query_params["b"]) == (first.id, second.id)


def test_a_period_of_the_history_goes_by_the_day_of_the_photo(
    minas: Any, shared: Services, mina: User
) -> None:
    check_of(minas, datetime.now(SEOUL).date() - timedelta(days=40))
    page = minas.open("history")

    page.segmented_control(key="period").select("month").run()

    assert KOREAN.history.none_in_period in minas.text(page)


def test_deleting_and_its_undoing_go_by_the_present_whatever_the_day_of_the_photo(
    minas: Any, shared: Services, mina: User
) -> None:
    check_of(minas, MARCH)
    (visit,) = newest_first(shared, mina)
    shared.repository.delete_visit(mina.id, visit.id)
    assert shared.repository.forget_lost() == 0

    page = minas.open("history")
    assert KOREAN.visit.deleted.format(date="2026.03.04") in minas.text(page)
    page.button(key="undo_delete").click().run()

    assert newest_first(shared, mina) == [visit]


@pytest.mark.parametrize("day", [date.min, date.max])
@pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "Pacific/Pago_Pago", "Asia/Kathmandu"])
def test_no_photo_is_of_a_day_that_only_a_forger_can_name(day: date, zone: str) -> None:
    now = datetime(2026, 11, 27, 23, 46, 5, tzinfo=UTC)

    with pytest.raises(DayOutsideError) as refused:
        moment_on(day, now=now, time_zone=ZoneInfo(zone))

    today = now.astimezone(ZoneInfo(zone)).date()
    assert refused.value.params == {"first": "1996-01-01", "last": today.isoformat()}


@pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "Pacific/Pago_Pago", "Asia/Kathmandu"])
def test_of_yesterday_a_day_is_known_just_after_midnight_and_of_now_a_moment(
    shared: Services, mina: User, zone: str
) -> None:
    visit = save_visit(shared, mina)
    just_after = datetime(2026, 3, 5, 0, 0, 1, tzinfo=ZoneInfo(zone))
    noon = moment_on(MARCH, now=just_after, time_zone=ZoneInfo(zone))

    def is_known_by_day(taken_at: datetime) -> bool:
        return is_day_alone(replace(visit, taken_at=taken_at, saved_at=just_after.astimezone(UTC)))

    assert is_known_by_day(noon)
    assert not is_known_by_day(just_after - timedelta(seconds=1))
