"""The same app in English, on a phone, and in the language that was chosen."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import expect

from frontend.i18n import Language, catalogue
from tests.e2e.conftest import OpensPages
from tests.e2e.profiles import PHONE
from tests.e2e.steps import (
    choose,
    expect_five_grades,
    new_login_id,
    sign_up,
    upload,
    widget,
)
from tests.programs import RunningService

KOREAN = catalogue(Language.KOREAN)
ENGLISH = catalogue(Language.ENGLISH)


def test_an_english_browser_is_answered_in_english(
    open_app: OpensPages, sample_photo: Path
) -> None:
    page = open_app(locale="en-US")
    expect(page.get_by_role("heading", level=1)).to_have_text(ENGLISH.login.promise)
    expect(page.locator("html")).to_have_attribute("lang", "en")
    sign_up(page, new_login_id(), option=ENGLISH.login.sign_up)
    upload(page, sample_photo)
    expect_five_grades(page)
    expect(page.locator(".sn-score .sn-name").first).to_have_text("Oil")
    hangul = page.get_by_text(KOREAN.result.title)
    expect(hangul).to_have_count(0)


def test_a_chosen_language_survives_a_reload_and_logging_out(
    open_app: OpensPages, service: RunningService
) -> None:
    page = open_app("/account", person=new_login_id(), locale="en-US")
    choose(page, "language", KOREAN.endonym)
    expect(page.get_by_role("heading", level=1)).to_have_text(KOREAN.account.title)
    expect(page.locator("html")).to_have_attribute("lang", "ko")

    page.reload()
    expect(page.get_by_role("heading", level=1)).to_have_text(KOREAN.account.title)
    widget(page, "log_out").locator("button").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(KOREAN.login.promise)


def test_every_page_is_reached_with_the_thumb(open_app: OpensPages) -> None:
    page = open_app(person=new_login_id(), size=PHONE)
    menu = widget(page, "bottom_nav")
    for title in (KOREAN.menu.history, KOREAN.compare.menu, KOREAN.menu.account, KOREAN.menu.check):
        link = menu.get_by_role("link", name=title)
        box = link.bounding_box()
        assert box is not None
        assert box["height"] >= 44
        link.click()
        expect(page).to_have_title(f"{title} · {KOREAN.app}")
