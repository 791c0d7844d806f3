"""Correcting the day of a saved check, in its row of the history and on its result."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Page, ViewportSize, expect

from frontend.i18n import Language, catalogue, write_day
from frontend.store import Visit
from tests.e2e.conftest import OpensPages
from tests.e2e.profiles import DESKTOP, PHONE
from tests.e2e.steps import (
    name_day,
    new_person,
    past_visit,
    services_of,
    settle,
    widget,
)
from tests.e2e.test_every_page import (
    expect_no_grave_finding,
    expect_room_for_fingers,
    expect_to_fit,
)
from tests.programs import LoneApp
from tests.support.answers import ServerWithAnswers

KOREAN = catalogue(Language.KOREAN)
ENGLISH = catalogue(Language.ENGLISH)
SEOUL = ZoneInfo("Asia/Seoul")


def today_in_seoul() -> date:
    return datetime.now(SEOUL).date()


def two_checks(app: LoneApp) -> tuple[str, Visit, Visit]:
    """A person with a check of nine days ago, all grades 4, and one of two days ago, all 0."""
    shared = services_of(app.database)
    login_id = new_person(shared)
    older = past_visit(shared, login_id, days_ago=9, grade=4)
    newer = past_visit(shared, login_id, days_ago=2, grade=0)
    shared.engine.dispose()
    return login_id, older, newer


def expect_rows(page: Page, *days: str) -> None:
    """Wait until the rows of the history are of these days, from the top."""
    links = page.locator("[class*='st-key-row_'] [data-testid='stPageLink-NavLink']")
    expect(links).to_contain_text(days)


def press_save_by_keyboard(page: Page) -> None:
    """From the last part of the date: over the button of the calendar to that which saves."""
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    expect(page.locator(":focus")).to_have_text(KOREAN.visit.day_save)
    page.keyboard.press("Enter")


def test_a_day_corrected_in_its_row_moves_the_row_and_turns_the_trend_round(
    open_app: OpensPages, app: LoneApp, server: ServerWithAnswers
) -> None:
    login_id, older, newer = two_checks(app)
    page = open_app("/history", person=login_id, app=app, size=PHONE)
    older_day = write_day(KOREAN, older.taken_at.astimezone(SEOUL))
    day = today_in_seoul() - timedelta(days=60)
    expect(page.locator(".sn-told")).to_contain_text("내렸어요")

    widget(page, f"more_{newer.id}").locator("button").click()
    expect(widget(page, f"day_save_{newer.id}")).to_be_visible()
    settle(page)
    expect_no_grave_finding(page)
    name_day(page, day, visit=newer)
    widget(page, f"day_save_{newer.id}").locator("button").click()

    said = page.get_by_text(KOREAN.visit.day_saved.format(date=write_day(KOREAN, day)))
    expect(said).to_be_visible()
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(said).to_be_in_viewport()
    settle(page)
    expect_rows(page, older_day, write_day(KOREAN, day))
    expect(page.locator(".sn-told")).to_contain_text(
        f"{write_day(KOREAN, day)}부터 4.0등급 올랐어요"
    )

    page.reload()
    settle(page)
    expect_rows(page, older_day, write_day(KOREAN, day))


def test_a_day_is_corrected_on_the_result_by_keyboard_alone(
    open_app: OpensPages, app: LoneApp, server: ServerWithAnswers
) -> None:
    login_id, _, newer = two_checks(app)
    page = open_app(f"/result?id={newer.id}", person=login_id, app=app)
    day = today_in_seoul() - timedelta(days=400)

    widget(page, f"day_line_{newer.id}").get_by_role("spinbutton").first.focus()
    page.keyboard.type(f"{day:%Y%m%d}")
    press_save_by_keyboard(page)

    expect(page.locator(".sn-when")).to_have_text(write_day(KOREAN, day))
    said = page.locator(".sn-done")
    expect(said).to_have_role("status")
    expect(said).to_have_text(KOREAN.visit.day_saved.format(date=write_day(KOREAN, day)))
    page.reload()
    expect(page.locator(".sn-when")).to_have_text(write_day(KOREAN, day))
    expect(widget(page, f"day_{newer.id}").locator("input")).to_have_value(day.isoformat())


@pytest.mark.parametrize("locale", ["ko-KR", "en-US"])
@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_a_day_that_cannot_be_is_refused_in_words_and_can_be_put_right(
    open_app: OpensPages, app: LoneApp, server: ServerWithAnswers, locale: str, size: ViewportSize
) -> None:
    login_id, _, newer = two_checks(app)
    words = KOREAN if locale == "ko-KR" else ENGLISH
    path = f"/result?id={newer.id}"
    page = open_app(path, person=login_id, app=app, locale=locale, size=size)
    today = today_in_seoul()
    tomorrow = today + timedelta(days=1)
    name_day(page, tomorrow, visit=newer)
    widget(page, f"day_save_{newer.id}").locator("button").click()

    problem = page.locator('.sn-problem[data-code="day_outside"]')
    expect(problem).to_have_role("alert")
    expect(problem).to_contain_text(words.problems["day_outside"].what)
    expect(problem).to_contain_text(write_day(words, today))
    expect(widget(page, f"day_{newer.id}").locator("input")).to_have_value(tomorrow.isoformat())
    settle(page)
    expect_to_fit(page)
    expect_no_grave_finding(page)
    expect_room_for_fingers(page)

    name_day(page, today, visit=newer)
    widget(page, f"day_save_{newer.id}").locator("button").click()
    expect(problem).to_have_count(0)
    expect(page.locator(".sn-when")).to_contain_text(write_day(words, today))
