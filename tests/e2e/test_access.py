"""Devices, passwords, recovery codes, throttling and leaving, in a real browser."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from frontend.accounts import CredentialsWrongError
from frontend.i18n import Language, catalogue
from frontend.sessions import COOKIE_NAME, open_path
from frontend.store.tables import users
from tests.e2e.conftest import OpensPages
from tests.e2e.profiles import PHONE
from tests.e2e.steps import (
    PASSWORD,
    choose,
    fill_in_credentials,
    log_in,
    new_login_id,
    past_visit,
    services_of,
    settle,
    sign_up,
    unfold,
    widget,
)
from tests.programs import LoneApp, RunningService, start_app, start_service

KOREAN = catalogue(Language.KOREAN)
NEW = "autumn hill bell"


def fill(page: Page, key: str, text: str) -> None:
    widget(page, key).locator("input").fill(text)


def press(page: Page, key: str) -> None:
    widget(page, key).locator("button").click()


def problem(page: Page, code: str) -> None:
    expect(page.locator(f'.sn-problem[data-code="{code}"]')).to_be_visible()


def session_cookie(context: BrowserContext) -> str | None:
    cookies = {cookie.get("name"): cookie.get("value") for cookie in context.cookies()}
    return cookies.get(COOKIE_NAME)


def put_cookie(page: Page, value: str, app_url: str) -> None:
    page.context.add_cookies([{"name": COOKIE_NAME, "value": value, "url": app_url}])


def get_codes(page: Page, login_id: str) -> list[str]:
    """Have recovery codes made on the account page, read and save them and close the dialog."""
    unfold(page, "codes")
    fill(page, "codes_password", PASSWORD)
    # Twice is once: the codes of a second press would be seen by nobody, and those seen be void.
    widget(page, "codes_submit").locator("button").dblclick()
    codes = page.get_by_role("dialog").locator("code").inner_text().split()
    with page.expect_download() as saved:
        page.get_by_role("link", name=KOREAN.access.codes_file).click()
    head, _, below = saved.value.path().read_text(encoding="utf-8").partition("\n\n")
    assert below.split() == codes
    assert KOREAN.app in head
    assert login_id in head
    press(page, "codes_saved")
    expect(page.get_by_role("dialog")).to_have_count(0)
    return codes


def test_the_rules_are_ticked_off_while_somebody_types(open_app: OpensPages) -> None:
    page = open_app()
    choose(page, "auth_mode", KOREAN.login.sign_up)
    kept = page.locator('.sn-rules li[data-kept="true"]')
    expect(page.locator(".sn-rules li")).to_have_count(4)
    expect(kept).to_have_count(0)
    widget(page, "login_id").locator("input").press_sequentially("민 지")
    expect(kept).to_have_text([f"3–32자 {KOREAN.access.rule_kept}"])
    fill(page, "login_id", "민지")
    expect(kept).to_contain_text(["글자, 숫자와"])
    fill(page, "login_id", "minji.kim")
    fill(page, "password", "MINJI.KIM")
    expect(kept).to_contain_text(["3–32자", "글자, 숫자와", "8자 이상"])
    fill(page, "password", PASSWORD)
    expect(kept).to_have_count(4)


def test_a_device_that_is_ended_elsewhere_meets_the_form_and_the_reason(
    open_app: OpensPages, service: RunningService
) -> None:
    login_id = new_login_id()
    laptop = open_app("/account", person=login_id)
    phone = open_app("/account", size=PHONE)
    log_in(phone, login_id)
    expect(phone.locator(".sn-device")).to_have_count(2)

    laptop.reload()
    expect(laptop.locator(".sn-device")).to_have_count(2)
    expect(laptop.locator(".sn-device").first).to_contain_text(KOREAN.access.device_this)
    laptop.locator('[class*="st-key-end_"] button').click()
    expect(laptop.locator(".sn-done")).to_have_text(KOREAN.access.device_ended)

    # The page that is open there finds out at its next run, not only at its next load.
    choose(phone, "language", "English")
    problem(phone, "session_ended")
    expect(widget(phone, "auth_submit")).to_be_visible()
    laptop.reload()
    expect(laptop.locator(".sn-device")).to_have_count(1)


def test_logging_out_everywhere_reaches_every_browser(
    open_app: OpensPages, service: RunningService
) -> None:
    login_id = new_login_id()
    here, there = (open_app(path, person=login_id) for path in ("/account", "/history"))
    expect(there.get_by_role("heading", level=1)).to_have_text(KOREAN.history.title)

    press(here, "log_out_everywhere")

    expect(here.locator(".sn-done")).to_have_text(KOREAN.access.notices["logged_out_everywhere"])
    expect(here.locator(".sn-problem")).to_have_count(0)
    assert session_cookie(here.context) is None
    there.reload()
    problem(there, "session_ended")


def test_a_changed_password_ends_the_other_browsers_alone(
    open_app: OpensPages, service: RunningService
) -> None:
    login_id = new_login_id()
    here, there = (open_app("/account", person=login_id) for _ in range(2))
    expect(there.get_by_role("heading", level=1)).to_have_text(KOREAN.account.title)

    unfold(here, "password_change")
    fill(here, "present_password", PASSWORD)
    fill(here, "new_password", NEW)
    press(here, "new_password_submit")
    expect(here.locator(".sn-done")).to_have_text(KOREAN.access.password_changed)

    here.reload()
    expect(here.get_by_role("heading", level=1)).to_have_text(KOREAN.account.title)
    there.reload()
    problem(there, "session_ended")
    fill_in_credentials(there, login_id, PASSWORD)
    problem(there, "credentials_wrong")
    fill_in_credentials(there, login_id, NEW)
    expect(there.get_by_role("heading", level=1)).to_have_text(KOREAN.account.title)


def test_a_recovery_code_opens_the_account_once(
    open_app: OpensPages, service: RunningService
) -> None:
    login_id = new_login_id()
    before = open_app("/account", person=login_id)
    codes = get_codes(before, login_id)
    assert len(codes) == 10
    expect(before.locator(".sn-codes-left")).to_contain_text("10")

    def recover(page: Page) -> None:
        unfold(page, "forgot")
        fill(page, "recovery_id", login_id)
        fill(page, "recovery_code", codes[0].lower())
        fill(page, "recovery_password", NEW)
        press(page, "recovery_submit")

    forgetful = open_app("/history")
    recover(forgetful)
    expect(forgetful.get_by_role("heading", level=1)).to_have_text(KOREAN.history.title)
    before.reload()
    problem(before, "session_ended")
    again = open_app()
    recover(again)
    problem(again, "recovery_code_wrong")


def test_a_deleted_account_is_gone_at_once(open_app: OpensPages, service: RunningService) -> None:
    login_id = new_login_id()
    page = open_app("/account", person=login_id, size=PHONE)
    shared = services_of(service.database)
    past_visit(shared, login_id, days_ago=1)

    press(page, "delete_account")
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_role("link", name=KOREAN.access.delete_export)).to_be_visible()
    fill(page, "delete_password", "a guess")
    press(page, "delete_confirm")
    problem(page, "password_wrong")
    fill(page, "delete_password", PASSWORD)
    press(page, "delete_confirm")

    expect(page.locator(".sn-done")).to_have_text(KOREAN.access.notices["account_deleted"])
    assert session_cookie(page.context) is None
    with shared.engine.connect() as connection:
        assert login_id not in set(
            connection.scalars(users.select().with_only_columns(users.c.login_id))
        )
    fill_in_credentials(page, login_id, PASSWORD)
    problem(page, "credentials_wrong")


def test_forged_and_replayed_cookies_and_tickets_lead_to_the_form_and_the_reason(
    open_app: OpensPages, service: RunningService
) -> None:
    login_id = new_login_id()
    page = open_app()
    put_cookie(page, "forged", service.app_url)
    page.goto(f"{service.app_url}/history")
    problem(page, "session_ended")
    sign_up(page, login_id)
    stolen = session_cookie(page.context)

    shared = services_of(service.database)
    ticket = shared.sessions.issue_ticket(shared.accounts.log_in(login_id, PASSWORD).id)
    shared.sessions.redeem(ticket)
    page.evaluate("path => location.assign(path)", open_path(ticket, next_path="/history"))
    expect(page.locator(".sn-done")).to_contain_text(login_id)
    assert session_cookie(page.context) == stolen

    visitor = open_app()
    for forged in (ticket, "forged"):
        visitor.evaluate("path => location.assign(path)", open_path(forged))
        visitor.wait_for_url("**/?notice=ticket_unusable")
        problem(visitor, "ticket_unusable")
    assert session_cookie(visitor.context) is None
    log_in(visitor, login_id)
    expect(visitor).to_have_url(f"{service.app_url}/")


@pytest.fixture
def restarted(tmp_path: Path) -> Iterator[tuple[LoneApp, str]]:
    """The app, started after five failures of an account, and the account's ID.

    It has to be asked for before `open_app`, which looks at what the app served in the end.
    """
    database, login_id = tmp_path / "throttled.db", new_login_id()
    before = services_of(database)
    before.accounts.sign_up(login_id, PASSWORD)
    for number in range(5):
        with pytest.raises(CredentialsWrongError):
            before.accounts.log_in(login_id, f"guess number {number}")
    before.engine.dispose()
    with start_app(database=database, server_url="http://127.0.0.1:9") as running:
        yield running, login_id


def test_throttling_survives_a_restart(
    restarted: tuple[LoneApp, str], open_app: OpensPages
) -> None:
    app, login_id = restarted
    page = open_app(app=app)
    fill_in_credentials(page, login_id, PASSWORD)
    problem(page, "too_many_attempts")
    expect(page.locator(".sn-problem")).to_contain_text("분 뒤에 다시 해 주세요")
    assert session_cookie(page.context) is None


def test_from_the_form_to_the_account_page_by_keyboard_alone(open_app: OpensPages) -> None:
    login_id = new_login_id()
    page = open_app("/account")
    choose(page, "auth_mode", KOREAN.login.sign_up)
    expect(page.locator(".sn-rules").first).to_be_visible()
    settle(page)
    page.keyboard.press("Tab")
    page.keyboard.type(login_id)
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text(KOREAN.account.title)
    settle(page)
    widget(page, "password_change").locator("summary").focus()
    page.keyboard.press("Enter")
    expect(widget(page, "present_password").locator("input")).to_be_visible()
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.type(NEW)
    page.keyboard.press("Enter")
    expect(page.locator(".sn-done")).to_have_text(KOREAN.access.password_changed)


def test_what_is_touched_on_the_account_page_is_at_least_44_px_high(open_app: OpensPages) -> None:
    page = open_app("/account", person=new_login_id(), size=PHONE)
    for key in ("password_change", "codes"):
        unfold(page, key)
    expect(widget(page, "new_password").locator("input")).to_be_visible()
    small = page.get_by_test_id("stMainBlockContainer").evaluate(
        """main => [...main.querySelectorAll('button, a, summary, input:not([type=checkbox])')]
            .filter(part => part.checkVisibility())
            .map(part => [part.getBoundingClientRect().height, part.outerHTML.slice(0, 120)])
            .filter(([height]) => height < 44)"""
    )
    assert small == []


@pytest.fixture
def stopped_after(tmp_path: Path) -> Iterator[RunningService]:
    """A service that the test stops: only then has all been read that it said."""
    running = start_service(database=tmp_path / "skin_notes.db")
    yield running
    running.stop()


def test_no_password_token_code_or_id_is_in_the_output_of_the_programs(
    chromium: Browser, stopped_after: RunningService
) -> None:
    login_id = f"quiet.{new_login_id()}"
    with chromium.new_context(locale="ko-KR") as context:
        page = context.new_page()
        page.goto(f"{stopped_after.app_url}/account")
        settle(page)
        sign_up(page, login_id)
        token = session_cookie(context)
        codes = get_codes(page, login_id)
        user_id = services_of(stopped_after.database).accounts.log_in(login_id, PASSWORD).id
        press(page, "log_out")
        expect(widget(page, "auth_submit")).to_be_visible()
        fill_in_credentials(page, login_id, "a wrong password")
        problem(page, "credentials_wrong")

    assert stopped_after.stop() == 0
    output = "".join(stopped_after.output)
    assert output
    assert token is not None
    for secret in (login_id, user_id, token, PASSWORD, "a wrong password", *codes):
        assert secret not in output
