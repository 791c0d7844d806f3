"""Who may see what: logging in and out, sessions, and other people's results."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from frontend.i18n import Language, catalogue
from frontend.sessions import COOKIE_NAME
from tests.e2e.conftest import OpensPages
from tests.e2e.lines import Line
from tests.e2e.profiles import PHONE
from tests.e2e.steps import (
    PASSWORD,
    choose,
    expect_five_grades,
    fill_in_credentials,
    log_in,
    log_out,
    new_login_id,
    new_person,
    past_visit,
    services_of,
    sign_up,
    widget,
)
from tests.programs import RunningService

KOREAN = catalogue(Language.KOREAN)


def test_a_person_stays_signed_in_after_a_reload_and_in_a_new_tab(
    open_app: OpensPages, service: RunningService
) -> None:
    page = open_app()
    sign_up(page, new_login_id())
    page.reload()
    expect(page.get_by_role("heading", level=1)).to_have_text(KOREAN.check.title)

    tab = page.context.new_page()
    tab.goto(f"{service.app_url}/history")
    expect(tab.get_by_role("heading", level=1)).to_have_text(KOREAN.history.title)


def test_logging_out_ends_the_session_in_every_tab(
    open_app: OpensPages, service: RunningService
) -> None:
    page = open_app(person=new_login_id())
    old = page.context.cookies(service.app_url)
    log_out(page, service)
    assert COOKIE_NAME not in {cookie.get("name") for cookie in page.context.cookies()}

    # A copy of the cookie opens nothing any more: the session itself has ended.
    stolen = next(cookie for cookie in old if cookie.get("name") == COOKIE_NAME)
    page.context.add_cookies(
        [{"name": COOKIE_NAME, "value": str(stolen.get("value")), "url": service.app_url}]
    )
    page.goto(f"{service.app_url}/history")
    expect(widget(page, "auth_submit")).to_be_visible()


def test_signing_up_twice_at_once_makes_one_account_and_no_complaint(open_app: OpensPages) -> None:
    page = open_app()
    choose(page, "auth_mode", KOREAN.login.sign_up)
    expect(widget(page, "auth_submit").locator("button")).to_have_text(KOREAN.login.sign_up)
    widget(page, "login_id").locator("input").fill(new_login_id())
    widget(page, "password").locator("input").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text(KOREAN.check.title)


def test_an_address_survives_logging_in(open_app: OpensPages, service: RunningService) -> None:
    login_id = new_person(services_of(service.database))
    page = open_app("/history")
    log_in(page, login_id)
    expect(page.get_by_role("heading", level=1)).to_have_text(KOREAN.history.title)
    expect(page).to_have_url(f"{service.app_url}/history")


def test_a_corrected_password_counts_while_the_wrong_one_is_looked_at(
    open_app: OpensPages, service: RunningService
) -> None:
    login_id = new_person(services_of(service.database))
    page = open_app()
    line = Line(page)
    line.holds_answers = True
    fill_in_credentials(page, login_id, PASSWORD.upper())
    fill_in_credentials(page, login_id, PASSWORD)
    line.let_through()
    expect(page.get_by_role("heading", level=1)).to_have_text(KOREAN.check.title)


@pytest.mark.parametrize("guess", [PASSWORD.upper(), f"{PASSWORD} "])
def test_a_wrong_password_is_refused(
    open_app: OpensPages, service: RunningService, guess: str
) -> None:
    login_id = new_person(services_of(service.database))
    page = open_app(size=PHONE)
    fill_in_credentials(page, login_id, guess)
    refusal = page.locator('.sn-problem[data-code="credentials_wrong"]')
    expect(refusal).to_contain_text(KOREAN.problems["credentials_wrong"].what)
    expect(refusal).to_be_in_viewport(ratio=1)
    assert COOKIE_NAME not in {cookie.get("name") for cookie in page.context.cookies()}


def test_an_id_can_be_taken_once(open_app: OpensPages, service: RunningService) -> None:
    login_id = new_person(services_of(service.database))
    page = open_app()
    choose(page, "auth_mode", KOREAN.login.sign_up)
    expect(widget(page, "auth_submit").locator("button")).to_have_text(KOREAN.login.sign_up)
    fill_in_credentials(page, login_id.upper(), PASSWORD)
    expect(page.locator('.sn-problem[data-code="login_id_taken"]')).to_be_visible()


def test_another_persons_result_is_refused(open_app: OpensPages, service: RunningService) -> None:
    shared = services_of(service.database)
    owner = new_person(shared)
    visit = past_visit(shared, owner, days_ago=1)
    address = f"/result?id={visit.id}"

    own = open_app(address)
    log_in(own, owner)
    expect_five_grades(own)

    stranger = open_app(address, person=new_login_id())
    expect(stranger.get_by_text(KOREAN.result.not_found)).to_be_visible()
    expect(stranger.locator(".sn-score")).to_have_count(0)

    visitor = open_app(address)
    expect(widget(visitor, "auth_submit")).to_be_visible()
    expect(visitor.locator(".sn-score")).to_have_count(0)
