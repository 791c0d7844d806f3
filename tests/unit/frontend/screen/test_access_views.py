"""Getting in and out, on the form and on the person's own page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
import streamlit as st
from sqlalchemy.exc import OperationalError
from streamlit.testing.v1 import AppTest

from frontend import visitor
from frontend.accounts import Accounts, CredentialsWrongError, User
from frontend.i18n import Language, catalogue
from frontend.services import Services
from tests.support.visits import save_visit

KOREAN = catalogue(Language.KOREAN)
PASSWORD = "spring river lamp"
NEW = "autumn hill bell"


@pytest.fixture
def token(shared: Services, mina: User, monkeypatch: pytest.MonkeyPatch) -> str:
    """What the browser's cookie holds."""
    opened = shared.sessions.redeem(
        shared.sessions.issue_ticket(mina.id), device="Chrome · Android"
    )
    monkeypatch.setattr(visitor, "session_token", lambda: opened)
    return opened


def _another_device(shared: Services, user: User) -> str:
    ticket = shared.sessions.issue_ticket(user.id)
    return shared.sessions.redeem(ticket, device="Safari · iPhone")


def _fill_in(page: AppTest, fields: Mapping[str, str], button: str) -> AppTest:
    for key, value in fields.items():
        page.text_input(key=key).set_value(value)
    return page.button(key=button).click().run()


def _problem(tabs: Any, page: AppTest) -> str:
    return str(tabs.text(page)).partition('data-code="')[2].partition('"')[0]


def test_the_rules_are_told_before_anything_is_typed(tabs: Any) -> None:
    page = tabs.open()
    page.segmented_control(key="auth_mode").select("sign_up").run()

    text = tabs.text(page)
    for rule in ("3–32자", "글자, 숫자와 . _ - 만", "8자 이상", "아이디와 다르게"):
        assert rule in text


def test_the_sixth_try_is_refused_even_with_the_right_password_and_says_how_long(
    tabs: Any, mina: User
) -> None:
    page = tabs.open()
    for _ in range(5):
        _fill_in(page, {"login_id": "mina", "password": "a guess"}, "auth_submit")
        assert _problem(tabs, page) == "credentials_wrong"

    _fill_in(page, {"login_id": "mina", "password": PASSWORD}, "auth_submit")

    assert _problem(tabs, page) == "too_many_attempts"
    assert "15분 뒤에" in tabs.text(page)
    assert "/session/open" not in tabs.text(page)


def test_attempts_are_counted_by_the_address_of_the_client(
    tabs: Any, shared: Services, mina: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = tabs.open()
    monkeypatch.setattr(visitor, "client_address", lambda *, trust_proxy: "203.0.113.9")
    for number in range(20):
        with pytest.raises(CredentialsWrongError):
            shared.accounts.log_in(f"guess{number}", "a guess", address="203.0.113.9")

    _fill_in(page, {"login_id": "mina", "password": PASSWORD}, "auth_submit")

    assert _problem(tabs, page) == "too_many_attempts"


def test_a_recovery_code_sets_a_password_and_signs_in(
    tabs: Any, shared: Services, mina: User
) -> None:
    code = shared.recovery.renew(mina.id)[0]
    elsewhere = _another_device(shared, mina)
    fields = {"recovery_id": "mina", "recovery_code": code, "recovery_password": NEW}

    page = _fill_in(tabs.open("history"), fields, "recovery_submit")

    assert "/session/open?t=" in tabs.text(page)
    assert "next=%2Fhistory" in tabs.text(page)
    assert shared.accounts.log_in("mina", NEW) == mina
    assert shared.sessions.user_of(elsewhere) is None
    assert code not in tabs.text(page)


@pytest.mark.parametrize("login_id", ["mina", "nobody"])
def test_a_wrong_code_is_refused_in_the_same_words_for_any_id(
    tabs: Any, shared: Services, mina: User, login_id: str
) -> None:
    shared.recovery.renew(mina.id)
    fields = {"recovery_id": login_id, "recovery_code": "0000", "recovery_password": NEW}

    page = _fill_in(tabs.open(), fields, "recovery_submit")

    assert _problem(tabs, page) == "recovery_code_wrong"
    assert shared.accounts.log_in("mina", PASSWORD) == mina


def test_a_cookie_that_opens_nothing_is_told(tabs: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(visitor, "session_token", lambda: "forged")
    assert _problem(tabs, tabs.open("history")) == "session_ended"
    assert _problem(tabs, tabs.open(notice="ticket_unusable")) == "ticket_unusable"
    assert 'class="sn-card sn-problem"' not in tabs.text(tabs.open("about"))


def test_a_visitor_without_a_cookie_is_told_nothing(tabs: Any) -> None:
    assert _problem(tabs, tabs.open("history")) == ""


@pytest.mark.parametrize(
    "notice", ["account_deleted", "account_deleted_later", "logged_out_everywhere"]
)
def test_the_first_page_says_what_was_done(tabs: Any, notice: str) -> None:
    assert KOREAN.access.notices[notice] in tabs.text(tabs.open(notice=notice))


def test_a_used_ticket_in_a_browser_that_is_signed_in_says_who_is(minas: Any) -> None:
    page = minas.open(notice="ticket_unusable")
    assert KOREAN.access.still_signed_in.format(login_id="mina") in minas.text(page)
    assert page.title[0].value == KOREAN.check.title


def test_changing_the_password_keeps_this_device_alone(
    minas: Any, shared: Services, mina: User, token: str
) -> None:
    elsewhere = _another_device(shared, mina)
    fields = {"present_password": PASSWORD, "new_password": NEW}

    page = _fill_in(minas.open("account"), fields, "new_password_submit")

    assert KOREAN.access.password_changed in minas.text(page)
    assert KOREAN.access.codes_ended not in minas.text(page)
    assert shared.accounts.log_in("mina", NEW) == mina
    assert shared.sessions.user_of(token) == mina
    assert shared.sessions.user_of(elsewhere) is None
    # The list is drawn after the change, so it tells what is true now.
    assert minas.text(page).count('class="sn-device"') == 1


def test_who_had_recovery_codes_is_told_that_a_changed_password_ended_them(
    minas: Any, shared: Services, mina: User
) -> None:
    shared.recovery.renew(mina.id)
    fields = {"present_password": PASSWORD, "new_password": NEW}

    page = _fill_in(minas.open("account"), fields, "new_password_submit")

    assert KOREAN.access.codes_ended in minas.text(page)
    assert KOREAN.access.codes_none in minas.text(page)


@pytest.mark.parametrize(
    ("present", "new", "code"),
    [("a guess", NEW, "password_wrong"), (PASSWORD, "short", "password_weak")],
)
def test_a_refused_change_says_why(
    minas: Any, shared: Services, mina: User, present: str, new: str, code: str
) -> None:
    fields = {"present_password": present, "new_password": new}
    page = _fill_in(minas.open("account"), fields, "new_password_submit")
    assert _problem(minas, page) == code
    assert shared.accounts.log_in("mina", PASSWORD) == mina


def test_the_devices_are_listed_and_another_one_can_be_ended(
    minas: Any, shared: Services, mina: User, token: str
) -> None:
    elsewhere = _another_device(shared, mina)
    page = minas.open("account")
    text = minas.text(page)
    assert text.index("Chrome · Android") < text.index("Safari · iPhone")
    assert text.count(KOREAN.access.device_this) == 1

    (button,) = (button for button in page.button if str(button.key).startswith("end_"))
    button.click().run()

    assert KOREAN.access.device_ended in minas.text(page)
    assert shared.sessions.user_of(elsewhere) is None
    assert shared.sessions.user_of(token) == mina


def test_a_device_without_words_is_listed_all_the_same(
    minas: Any, shared: Services, mina: User, token: str
) -> None:
    shared.sessions.redeem(shared.sessions.issue_ticket(mina.id))
    assert KOREAN.access.device_unknown in minas.text(minas.open("account"))


def test_logging_out_everywhere_ends_all_sessions_and_clears_the_cookie(
    minas: Any, shared: Services, mina: User, token: str
) -> None:
    elsewhere = _another_device(shared, mina)
    page = minas.open("account")

    page.button(key="log_out_everywhere").click().run()

    assert shared.sessions.user_of(token) is None
    assert shared.sessions.user_of(elsewhere) is None
    assert "/session/close?notice=logged_out_everywhere" in minas.text(page)


def test_recovery_codes_are_shown_once_after_the_password(
    minas: Any, shared: Services, mina: User
) -> None:
    page = minas.open("account")
    assert KOREAN.access.codes_none in minas.text(page)

    _fill_in(page, {"codes_password": PASSWORD}, "codes_submit")

    (shown,) = page.code
    codes = shown.value.split("\n")
    assert len(codes) == 10
    assert KOREAN.access.codes_left.format(count=10) in minas.text(page)
    page.run()
    assert not page.code
    assert not minas.open("account").code
    assert shared.recovery.use("mina", codes[0], NEW) == mina
    assert KOREAN.access.codes_left.format(count=9) in minas.text(minas.open("account"))


def test_who_used_all_codes_is_not_told_to_have_got_none_yet(
    minas: Any, shared: Services, mina: User
) -> None:
    for code in shared.recovery.renew(mina.id):
        shared.recovery.use("mina", code, NEW)
    assert "쓸 수 있는 코드가 없어요." in minas.text(minas.open("account"))
    assert "yet" not in catalogue(Language.ENGLISH).access.codes_none


def test_without_the_password_there_are_no_codes(minas: Any, shared: Services, mina: User) -> None:
    page = _fill_in(minas.open("account"), {"codes_password": "a guess"}, "codes_submit")
    assert _problem(minas, page) == "password_wrong"
    assert not page.code
    assert shared.recovery.count(mina.id) == 0


def test_before_an_account_is_deleted_its_records_can_be_exported(
    minas: Any, shared: Services, mina: User
) -> None:
    save_visit(shared, mina)
    page = minas.open("account")

    page.button(key="delete_account").click().run()

    assert KOREAN.access.delete_export in [link.label for link in page.page_link]
    assert "delete_confirm" in {button.key for button in page.button}
    assert shared.repository.count_visits(mina.id) == 1


def test_a_database_that_fails_is_told_where_the_account_was_to_be_deleted(
    minas: Any, shared: Services, mina: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_arguments: object, **_options: object) -> None:
        raise OperationalError("DELETE", {}, Exception("database is locked"))

    page = minas.open("account")
    page.button(key="delete_account").click().run()
    page.text_input(key="delete_password").set_value(PASSWORD)
    monkeypatch.setattr(Accounts, "delete", fail)
    minas.press_in_dialog(page, "delete_confirm")
    assert not page.exception
    assert _problem(minas, page) == "database_unusable"


@pytest.mark.parametrize(
    ("headers", "trusted", "untrusted"),
    [
        ({}, "203.0.113.9", "203.0.113.9"),
        ({"X-Forwarded-For": "198.51.100.7"}, "198.51.100.7", "unknown"),
        # Whatever the client wrote itself stands before what the proxy has added.
        ({"X-Forwarded-For": "10.9.8.7, 198.51.100.7"}, "198.51.100.7", "unknown"),
        ({"X-Forwarded-For": "2001:db8:1:2:3::4"}, "2001:db8:1:2::/64", "unknown"),
        ({"X-Forwarded-For": "::ffff:198.51.100.7"}, "198.51.100.7", "unknown"),
        ({"X-Forwarded-For": "<script>"}, "unknown", "unknown"),
    ],
)
def test_only_a_trusted_proxy_tells_the_address(
    headers: dict[str, str], trusted: str, untrusted: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Context:
        ip_address = "203.0.113.9"

        class headers:  # noqa: N801
            @staticmethod
            def get_all(name: str) -> list[str]:
                return [headers[name]] if name in headers else []

    monkeypatch.setattr(st, "context", Context)
    assert visitor.client_address(trust_proxy=True) == trusted
    assert visitor.client_address(trust_proxy=False) == untrusted
