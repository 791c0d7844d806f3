"""One person with two pages open at once."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Page, expect

from frontend.i18n import Language, catalogue
from tests.e2e.conftest import OpensPages
from tests.e2e.steps import (
    PASSWORD,
    choose_photo,
    expect_five_grades,
    new_login_id,
    services_of,
    upload,
    widget,
)
from tests.programs import RunningService

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
