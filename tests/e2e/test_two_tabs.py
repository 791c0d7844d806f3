"""One person with two pages open at once."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Page, expect

from frontend.i18n import Language, catalogue
from tests.e2e.conftest import OpensPages
from tests.e2e.profiles import PHONE
from tests.e2e.steps import (
    PASSWORD,
    choose_photo,
    expect_five_grades,
    log_in,
    new_login_id,
    new_person,
    past_visit,
    services_of,
    settle,
    upload,
    widget,
)
from tests.programs import LoneApp, RunningService

KOREAN = catalogue(Language.KOREAN)


def open_tab(page: Page, service: RunningService) -> Page:
    """Another tab of the same browser, on the page of the check."""
    tab = page.context.new_page()
    tab.goto(service.app_url)
    expect(tab.get_by_role("heading", level=1)).to_have_text(KOREAN.check.title)
    return tab


def test_two_tabs_save_two_checks_and_each_shows_its_own(
    open_app: OpensPages, service: RunningService, sample_photo: Path
) -> None:
    login_id = new_login_id()
    page = open_app(person=login_id)
    tab = open_tab(page, service)
    # Both photos are chosen before either is analysed.
    choose_photo(page, sample_photo)
    upload(tab, sample_photo)
    widget(page, "analyse").locator("button").click()
    expect_five_grades(page)
    expect_five_grades(tab)

    assert page.url != tab.url
    shared = services_of(service.database)
    person = shared.accounts.log_in(login_id, PASSWORD)
    visits = shared.repository.visits(person.id)
    assert {f"{service.app_url}/result?id={visit.id}" for visit in visits} == {page.url, tab.url}


def test_logging_out_in_one_tab_closes_the_other_at_its_next_step(
    open_app: OpensPages, service: RunningService, sample_photo: Path
) -> None:
    login_id = new_login_id()
    page = open_app(person=login_id)
    tab = open_tab(page, service)
    choose_photo(tab, sample_photo)
    analyse = widget(tab, "analyse").locator("button")
    expect(analyse).to_be_visible()

    page.goto(f"{service.app_url}/account")
    widget(page, "log_out").locator("button").click()
    expect(widget(page, "auth_submit")).to_be_visible()

    analyse.click()
    expect(widget(tab, "auth_submit")).to_be_visible()
    shared = services_of(service.database)
    assert shared.repository.count_visits(shared.accounts.log_in(login_id, PASSWORD).id) == 0


def test_a_note_outlives_logging_out_in_another_tab_and_the_top_of_the_page_says_why(
    open_app: OpensPages, app: LoneApp
) -> None:
    shared = services_of(app.database)
    login_id = new_person(shared)
    visit = past_visit(shared, login_id, days_ago=3)
    page = open_app(f"/result?id={visit.id}", person=login_id, size=PHONE, app=app)
    address = page.url
    tab = page.context.new_page()
    tab.goto(f"{app.app_url}/account")
    settle(tab)
    widget(tab, "log_out").locator("button").click()
    expect(widget(tab, "auth_submit")).to_be_visible()

    # Typed like anybody does, in the tab that is in front.
    page.bring_to_front()
    typed = widget(page, f"note_{visit.id}").locator("textarea")
    typed.fill("새 크림을 바른 첫날")
    typed.press("Tab")
    widget(page, f"note_save_{visit.id}").locator("button").click()
    notice = page.locator(".sn-problem[data-code=session_ended]")
    expect(notice).to_be_in_viewport()
    log_in(page, login_id)
    expect(page).to_have_url(address)
    expect(widget(page, f"note_{visit.id}").locator("textarea")).to_have_value(
        "새 크림을 바른 첫날"
    )
    expect(page.get_by_text(KOREAN.visit.note_held)).to_be_visible()


def test_of_two_notes_the_later_one_asks_before_it_takes_the_place_of_the_other(
    open_app: OpensPages, app: LoneApp
) -> None:
    shared = services_of(app.database)
    login_id = new_person(shared)
    visit = past_visit(shared, login_id, days_ago=3)
    page = open_app(f"/result?id={visit.id}", person=login_id, size=PHONE, app=app)
    tab = page.context.new_page()
    tab.goto(page.url)
    settle(tab)
    note, save = f"note_{visit.id}", f"note_save_{visit.id}"
    for one, text in ((tab, "휴대폰에서 쓴 메모"), (page, "새 크림을 바른 첫날")):
        one.bring_to_front()
        widget(one, note).locator("textarea").fill(text)
        widget(one, save).locator("button").click()
        if one is tab:
            expect(tab.get_by_text(KOREAN.visit.note_saved)).to_be_visible()

    expect(page.locator(".sn-problem[data-code=note_changed]")).to_be_visible()
    expect(page.get_by_text("휴대폰에서 쓴 메모")).to_be_visible()
    expect(widget(page, note).locator("textarea")).to_have_value("새 크림을 바른 첫날")
    widget(page, save).locator("button").click()
    expect(page.get_by_text(KOREAN.visit.note_saved)).to_be_visible()
    saved = shared.repository.visit(visit.user_id, visit.id)
    assert saved is not None
    assert saved.note == "새 크림을 바른 첫날"
