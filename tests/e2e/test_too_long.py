"""Texts that are too long, pasted into the fields of a real browser."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from frontend.i18n import Language, catalogue
from tests.e2e.conftest import OpensPages
from tests.e2e.steps import (
    choose,
    fill_in_credentials,
    new_login_id,
    new_person,
    past_visit,
    services_of,
    widget,
)
from tests.programs import RunningService

KOREAN = catalogue(Language.KOREAN)


def expect_refused(page: Page, code: str) -> None:
    expect(page.locator(f'.sn-problem[data-code="{code}"]')).to_be_visible()


def test_a_pasted_note_that_is_too_long_is_refused_and_stays(
    open_app: OpensPages, service: RunningService
) -> None:
    shared = services_of(service.database)
    login_id = new_person(shared)
    visit = past_visit(shared, login_id, days_ago=1)
    page = open_app(f"/result?id={visit.id}", person=login_id)
    field = widget(page, f"note_{visit.id}").locator("textarea")
    field.fill("a" * 501)
    widget(page, f"note_save_{visit.id}").locator("button").click()
    expect_refused(page, "note_too_long")
    expect(page.get_by_text(KOREAN.visit.note_saved)).to_have_count(0)
    expect(field).to_have_value("a" * 501)


def test_an_id_and_a_password_that_are_too_long_are_refused_and_stay(open_app: OpensPages) -> None:
    page = open_app()
    choose(page, "auth_mode", KOREAN.login.sign_up)
    expect(widget(page, "auth_submit").locator("button")).to_have_text(KOREAN.login.sign_up)
    fill_in_credentials(page, "i" * 40, "p" * 300)
    expect_refused(page, "login_id_invalid")
    expect(widget(page, "login_id").locator("input")).to_have_value("i" * 40)
    fill_in_credentials(page, new_login_id(), "p" * 300)
    expect_refused(page, "password_weak")
    expect(widget(page, "password").locator("input")).to_have_value("p" * 300)
