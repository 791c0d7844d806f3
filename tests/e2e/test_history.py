"""Coming back: the trend, the table of past checks, and ways to narrow them down."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from playwright.sync_api import ViewportSize, expect

from frontend.grading import Change
from frontend.i18n import Language, catalogue
from frontend.views.history import ROWS_PER_PAGE
from frontend.vocabulary import Attribute
from tests.e2e.conftest import OpensPages
from tests.e2e.steps import (
    choose,
    expect_five_grades,
    new_login_id,
    new_person,
    past_visit,
    services_of,
    settle,
    upload,
    widget,
)
from tests.programs import RunningService

KOREAN = catalogue(Language.KOREAN)
ENGLISH = catalogue(Language.ENGLISH)
LEAVES_ITS_ROW = """rows => rows.filter(row => {
    const text = row.querySelector('a p').getBoundingClientRect();
    const box = row.getBoundingClientRect();
    return text.top < box.top || text.bottom > box.bottom;
}).length"""


def test_a_new_persons_history_says_that_it_is_empty(open_app: OpensPages) -> None:
    page = open_app("/history", person=new_login_id())
    expect(page.get_by_text(KOREAN.history.empty)).to_be_visible()


def test_two_visits_make_a_trend(
    open_app: OpensPages, service: RunningService, sample_photo: Path
) -> None:
    login_id = new_login_id()
    page = open_app(person=login_id)
    past_visit(services_of(service.database), login_id, days_ago=20, grade=4)
    upload(page, sample_photo)
    expect_five_grades(page)
    widget(page, "see_trend").locator("button").click()

    chart = page.locator(".js-plotly-plot")
    expect(chart.locator(".scatterlayer .point")).to_have_count(2)
    expect(page.locator("[class*='st-key-row_']")).to_have_count(2)
    for attribute in Attribute:
        choose(page, "trend_attribute", KOREAN.attributes[attribute].short)
        shown = widget(page, f"trend_{attribute}").locator(".js-plotly-plot")
        expect(shown.locator(".scatterlayer .point")).to_have_count(2)
    choose(page, "trend_attribute", KOREAN.history.all)
    five = widget(page, "trend_all").locator(".js-plotly-plot")
    expect(five.locator(".scatterlayer .point")).to_have_count(2 * len(Attribute))


def test_a_period_leaves_out_what_lies_before_it(
    open_app: OpensPages, service: RunningService
) -> None:
    shared = services_of(service.database)
    login_id = new_person(shared)
    for days_ago in (3, 40, 200):
        past_visit(shared, login_id, days_ago=days_ago)
    page = open_app("/history", person=login_id)

    table = page.locator("[class*='st-key-row_']")
    month, quarter, year, _ = KOREAN.history.periods
    for period, expected in ((month, 1), (quarter, 2), (year, 3)):
        choose(page, "period", period)
        expect(table).to_have_count(expected)


def test_nine_visits_fill_a_page_of_eight_and_one_more(
    open_app: OpensPages, service: RunningService
) -> None:
    shared = services_of(service.database)
    login_id = new_person(shared)
    visits = [past_visit(shared, login_id, days_ago=days) for days in range(1, ROWS_PER_PAGE + 2)]
    page = open_app("/history", person=login_id)

    table = page.locator("[class*='st-key-row_']")
    expect(table).to_have_count(8)
    expect(page.locator(".sn-cell")).to_have_count(8 * len(Attribute))
    widget(page, "past_page").get_by_role("button", name="2쪽", exact=True).click()
    expect(table).to_have_count(1)
    oldest = widget(page, f"row_{visits[-1].id}")
    expect(oldest).to_be_visible()

    oldest.get_by_role("link").click()
    expect_five_grades(page)
    expect(page).to_have_url(f"{service.app_url}/result?id={visits[-1].id}")
    expect(page.locator(".sn-no-picture")).to_be_visible()


@pytest.mark.parametrize("width_px", [1280, 390, 320])
def test_the_day_the_time_and_the_mark_of_an_earlier_version_stay_in_their_row(
    open_app: OpensPages, service: RunningService, width_px: int
) -> None:
    shared = services_of(service.database)
    login_id = new_person(shared)
    for days_ago in (1, 2):
        past_visit(shared, login_id, days_ago=days_ago)
    size: ViewportSize = {"width": width_px, "height": 844}
    page = open_app("/history", person=login_id, locale="en-US", size=size)
    table = page.locator("[class*='st-key-row_']")
    expect(table).to_have_count(2)
    # Which version is today's the app hears from the server in its own time.
    deadline = time.monotonic() + 60
    while ENGLISH.comparable.old_version_mark not in table.first.inner_text():
        assert time.monotonic() < deadline, "no check is marked as one of an earlier version"
        page.reload()
        settle(page)
    assert table.evaluate_all(LEAVES_ITS_ROW) == 0


def test_back_from_a_check_returns_to_the_attribute_the_period_and_the_page(
    open_app: OpensPages, service: RunningService
) -> None:
    shared = services_of(service.database)
    login_id = new_person(shared)
    visits = [past_visit(shared, login_id, days_ago=days) for days in range(1, ROWS_PER_PAGE + 2)]
    page = open_app("/history", person=login_id)
    _, _, year, _ = KOREAN.history.periods
    wrinkle = KOREAN.attributes[Attribute.WRINKLE].short
    choose(page, "trend_attribute", wrinkle)
    expect(widget(page, "trend_wrinkle")).to_be_visible()
    choose(page, "period", year)
    expect(page).to_have_url(f"{service.app_url}/history?attribute=wrinkle&period=year")
    widget(page, "past_page").get_by_role("button", name="2쪽", exact=True).click()
    oldest = widget(page, f"row_{visits[-1].id}")
    expect(oldest).to_be_visible()
    address = page.url
    oldest.get_by_role("link").click()
    expect_five_grades(page)

    page.go_back()
    expect(oldest).to_be_visible()
    expect(page).to_have_url(address)
    for key, chosen in (("trend_attribute", wrinkle), ("period", year)):
        expect(widget(page, key).get_by_role("radio", name=chosen, exact=True)).to_have_attribute(
            "aria-checked", "true"
        )
    page.reload()
    expect(oldest).to_be_visible()


def test_a_trend_says_in_words_what_changed_and_how_much_can_be_chance(
    open_app: OpensPages, service: RunningService
) -> None:
    shared = services_of(service.database)
    login_id = new_person(shared)
    for days_ago, grade in ((40, 3), (30, 3), (20, 1), (10, 1)):
        past_visit(shared, login_id, days_ago=days_ago, grade=grade)
    page = open_app("/history", person=login_id)

    choose(page, "trend_attribute", KOREAN.attributes[Attribute.WRINKLE].short)
    # What is true of wrinkles is true of oil as well, which stands there at first.
    heading = widget(page, "trend_card").locator("h2")
    expect(heading).to_contain_text(KOREAN.attributes[Attribute.WRINKLE].name)
    expect(widget(page, "trend_wrinkle")).to_be_visible()
    told = page.locator(".sn-told")
    expect(told).to_have_attribute("data-change", "improved")
    expect(told).to_contain_text("등급 내렸어요")
    expect(told).to_contain_text(KOREAN.compare.changes[Change.IMPROVED])
    for sign in ("line", "baseline"):
        expect(page.locator(f".sn-key-{sign}")).to_be_visible()
    for attribute, change in ((Attribute.HYDRATION, "look"), (Attribute.SENSITIVITY, "improved")):
        choose(page, "trend_attribute", KOREAN.attributes[attribute].short)
        expect(heading).to_contain_text(KOREAN.attributes[attribute].name)
        expect(told).to_have_attribute("data-change", change)
    choose(page, "trend_attribute", KOREAN.history.all)
    expect(page.locator(".sn-all-told li")).to_have_count(len(Attribute))
