"""Giving a photo and waiting for its result, with all that may come in between."""

from __future__ import annotations

import re
import time
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from playwright.sync_api import Page, expect

from frontend.i18n import Language, catalogue, write_day
from frontend.store import Visit
from frontend.vocabulary import Stage
from tests.e2e.conftest import OpensPages
from tests.e2e.lines import Line
from tests.e2e.profiles import PHONE
from tests.e2e.steps import (
    PASSWORD,
    choose_photo,
    expect_five_grades,
    name_day,
    new_login_id,
    past_visit,
    services_of,
    settle,
    take_photo,
    widget,
)
from tests.e2e.test_every_page import (
    expect_no_grave_finding,
    expect_room_for_fingers,
    expect_to_fit,
)
from tests.programs import LoneApp
from tests.support.answers import ServerWithAnswers, analysis_answer, analysis_lines

KOREAN = catalogue(Language.KOREAN)
SEOUL = ZoneInfo("Asia/Seoul")


def saved_visits(app: LoneApp, login_id: str) -> list[Visit]:
    shared = services_of(app.database)
    user = shared.accounts.log_in(login_id, PASSWORD)
    visits = shared.repository.visits(user.id)
    shared.engine.dispose()
    return list(visits)


def analyse(page: Page) -> None:
    widget(page, "analyse").locator("button").click()


def expect_status(page: Page, sentence: str) -> None:
    expect(page.locator(".sn-capture-status")).to_have_text(sentence)


def test_each_stage_is_said_in_words_while_it_lasts(
    open_app: OpensPages, app: LoneApp, server: ServerWithAnswers, sample_photo: Path
) -> None:
    *stages, outcome = analysis_lines(timings_ms={"detect": 30.0, "predict": 70.0})
    server.answer_in_lines(*stages, outcome)
    server.go_on.clear()
    page = open_app(person=new_login_id(), app=app)
    choose_photo(page, sample_photo)
    expect_status(page, KOREAN.capture.chosen)
    analyse(page)

    waiting = page.locator(".sn-waiting")
    expect(waiting).to_have_role("status")
    expect(waiting).to_have_text(KOREAN.progress.stages[Stage.ENCODE])
    expect(widget(page, "analyse").locator("button")).to_be_hidden()
    server.go_on.set()
    expect_five_grades(page)

    times = widget(page, "timings")
    expect(times.locator(".sn-timings")).to_be_hidden()
    times.locator("summary").click()
    expect(times.locator(".sn-timings")).to_contain_text("70ms")


def test_a_double_click_makes_one_analysis_and_one_visit(
    open_app: OpensPages, app: LoneApp, server: ServerWithAnswers, sample_photo: Path
) -> None:
    login_id = new_login_id()
    server.answer_in_lines(*analysis_lines())
    page = open_app(person=login_id, app=app)
    choose_photo(page, sample_photo)
    widget(page, "analyse").locator("button").dblclick()

    expect_five_grades(page)
    assert len(saved_visits(app, login_id)) == 1
    assert len(server.requests) == 1


def test_a_press_that_arrives_after_the_result_does_not_take_it_away(
    open_app: OpensPages, app: LoneApp, server: ServerWithAnswers, sample_photo: Path
) -> None:
    login_id = new_login_id()
    server.answer_in_lines(*analysis_lines())
    page = open_app(person=login_id, app=app)
    line = Line(page)
    choose_photo(page, sample_photo)
    expect(widget(page, "analyse")).to_be_visible()
    settle(page)
    before = len(line.sent)
    analyse(page)
    expect_five_grades(page)

    with page.expect_navigation(url="**/?id=*", wait_until="commit"):
        line.sent[before]()
    expect(page).to_have_url(re.compile(r"/result\?id="))
    expect_five_grades(page)
    settle(page)
    assert len(saved_visits(app, login_id)) == len(server.requests) == 1

    page.get_by_role("link", name=KOREAN.menu.check).first.click()
    expect(page.locator(".sn-capture[data-ready]")).to_have_attribute("data-state", "idle")
    expect(page).to_have_url(f"{app.app_url}/")


def test_a_photo_that_the_app_has_forgotten_meanwhile_can_be_chosen_again(
    open_app: OpensPages, app: LoneApp, server: ServerWithAnswers, sample_photo: Path
) -> None:
    page = open_app(person=new_login_id(), app=app)
    line = Line(page)
    choose_photo(page, sample_photo)
    expect(widget(page, "analyse")).to_be_visible()
    settle(page)
    of_the_photo = line.sent[-1]
    page.get_by_role("link", name=KOREAN.menu.history).first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text(KOREAN.history.title)
    settle(page)

    # It was on its way when somebody left the page, which takes the photo away.
    of_the_photo()
    expect(page.locator(".sn-capture[data-ready]")).to_have_attribute("data-state", "idle")
    settle(page)
    choose_photo(page, sample_photo)
    analyse(page)
    expect_five_grades(page)
    assert len(server.requests) == 1


def test_a_reload_in_the_middle_of_an_analysis_leaves_no_half_visit(
    open_app: OpensPages, app: LoneApp, server: ServerWithAnswers, sample_photo: Path
) -> None:
    login_id = new_login_id()
    server.answer_in_lines(*analysis_lines())
    server.go_on.clear()
    page = open_app(person=login_id, app=app)
    choose_photo(page, sample_photo)
    analyse(page)
    expect(page.locator(".sn-waiting")).to_be_visible()
    assert saved_visits(app, login_id) == []

    page.reload()
    expect(page.locator(".sn-capture[data-ready]")).to_have_attribute("data-state", "idle")
    server.go_on.set()
    choose_photo(page, sample_photo)
    analyse(page)

    expect_five_grades(page)
    visits = saved_visits(app, login_id)
    # The first analysis may have come to its end on its own, and then it is whole.
    assert 1 <= len(visits) <= 2
    assert all(len(visit.results) == 5 for visit in visits)


def test_the_photo_stays_when_the_server_fails_and_one_button_tries_again(
    open_app: OpensPages, app: LoneApp, server: ServerWithAnswers, sample_photo: Path
) -> None:
    server.answer(b"<html>Bad Gateway</html>", status=502)
    page = open_app(person=new_login_id(), app=app, size=PHONE)
    choose_photo(page, sample_photo)
    analyse(page)
    expect(page.locator('.sn-problem[data-code="server_answer"]')).to_have_role("alert")
    expect(page.locator(".sn-capture img")).to_be_visible()
    again = widget(page, "analyse").locator("button")
    expect(again).to_have_text(KOREAN.progress.again)

    server.answer(analysis_answer())
    settle(page)
    again.click()
    expect_five_grades(page)


def test_a_photo_of_an_earlier_day_counts_by_its_day(
    open_app: OpensPages,
    app: LoneApp,
    server: ServerWithAnswers,
    sample_photo: Path,
) -> None:
    login_id = new_login_id()
    page = open_app(person=login_id, app=app, size=PHONE)
    later = past_visit(services_of(app.database), login_id, days_ago=20, grade=4)
    day = datetime.now(SEOUL).date() - timedelta(days=60)
    choose_photo(page, sample_photo)
    expect(widget(page, "taken_on")).to_be_visible()
    settle(page)
    expect_to_fit(page)
    expect_no_grave_finding(page)
    expect_room_for_fingers(page)
    name_day(page, day)
    analyse(page)

    expect_five_grades(page)
    expect(page.get_by_role("heading", level=1)).to_have_text(KOREAN.result.title_other_day)
    expect(page.locator(".sn-when")).to_have_text(write_day(KOREAN, day))

    widget(page, "see_trend").locator("button").click()
    rows = page.locator("[class*='st-key-row_']")
    expect(rows).to_have_count(2)
    later_day = write_day(KOREAN, later.taken_at.astimezone(SEOUL))
    expect(rows.first).to_contain_text(later_day)
    expect(rows.last.get_by_role("link")).to_have_text(write_day(KOREAN, day))
    # From grade 2 of the earlier day to grade 4 of the later one.
    expect(page.locator(".sn-told")).to_contain_text(
        f"{write_day(KOREAN, day)}부터 1.8등급 올랐어요"
    )


def test_a_day_named_while_the_result_comes_counts(
    open_app: OpensPages, app: LoneApp, server: ServerWithAnswers, sample_photo: Path
) -> None:
    login_id = new_login_id()
    server.answer_in_lines(*analysis_lines())
    server.go_on.clear()
    page = open_app(person=login_id, app=app)
    line = Line(page)
    choose_photo(page, sample_photo)
    expect(widget(page, "taken_on")).to_be_visible()
    analyse(page)
    expect(page.locator(".sn-waiting")).to_be_visible()
    day = datetime.now(SEOUL).date() - timedelta(days=60)
    line.holds_requests = line.holds_answers = True
    name_day(page, day)
    server.go_on.set()
    deadline = time.monotonic() + 60
    while not saved_visits(app, login_id):
        assert time.monotonic() < deadline, "the result is never saved"
        page.wait_for_timeout(100)

    line.let_through()
    expect(page).to_have_url(re.compile(r"/result\?id="))
    expect(page.locator(".sn-when")).to_have_text(write_day(KOREAN, day))
    (visit,) = saved_visits(app, login_id)
    assert visit.taken_at.astimezone(SEOUL).date() == day


def test_a_photo_of_the_camera_is_of_now_and_nobody_asks(
    open_app: OpensPages, app: LoneApp, server: ServerWithAnswers
) -> None:
    login_id = new_login_id()
    page = open_app(person=login_id, app=app, size=PHONE)
    take_photo(page, camera=KOREAN.capture.camera, take=KOREAN.capture.take)
    expect_status(page, KOREAN.capture.chosen)
    settle(page)
    expect(widget(page, "taken_on")).to_have_count(0)
    analyse(page)

    expect_five_grades(page)
    expect(page.get_by_role("heading", level=1)).to_have_text(KOREAN.result.title)
    (visit,) = saved_visits(app, login_id)
    assert visit.saved_at - visit.taken_at < timedelta(minutes=1)
