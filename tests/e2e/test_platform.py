"""What Streamlit does by itself: the history of the browser, its English, unknown addresses."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import expect

from frontend.i18n import Language, catalogue
from tests.e2e.conftest import OpensPages
from tests.e2e.steps import choose, expect_five_grades, new_login_id, upload, widget
from tests.programs import LoneApp
from tests.support.answers import ServerWithAnswers, analysis_lines

KOREAN = catalogue(Language.KOREAN)
ENGLISH = catalogue(Language.ENGLISH)
ENGLISH_NAMES = """() => [...document.querySelectorAll('[aria-label], [placeholder]')]
    .flatMap(each => [each.getAttribute('aria-label'), each.getAttribute('placeholder')])
    .filter(text => text && /^[\\x20-\\x7e]*[A-Za-z]{3}[\\x20-\\x7e]*$/.test(text))
"""


def test_back_from_a_fresh_result_is_one_press_and_returns_to_it_from_the_history(
    open_app: OpensPages, app: LoneApp, server: ServerWithAnswers, sample_photo: Path
) -> None:
    assert server.url
    page = open_app(person=new_login_id(), app=app)
    steps = page.evaluate("history.length")
    upload(page, sample_photo)
    expect_five_grades(page)
    address = page.url
    assert page.evaluate("history.length") == steps + 1
    widget(page, "see_trend").locator("button").click()
    expect(page).to_have_url(f"{app.app_url}/history")
    expect(page.get_by_role("heading", level=1)).to_have_text(KOREAN.history.title)
    assert page.evaluate("history.length") == steps + 2

    page.go_back()
    expect_five_grades(page)
    expect(page).to_have_url(address)
    page.go_back()
    expect(page).to_have_url(f"{app.app_url}/")
    expect(page.get_by_role("heading", level=1)).to_have_text(KOREAN.check.title)


def test_an_unknown_address_is_told_in_the_pages_language_with_a_way_home(
    open_app: OpensPages, app: LoneApp
) -> None:
    # Below an address of several parts, the page would look for its own scripts.
    for person, address in ((None, "/nosuch"), (new_login_id(), "/not/nosuch")):
        page = open_app(address, person=person, app=app)
        expect(page.get_by_role("heading", level=1)).to_have_text(KOREAN.platform.no_page)
        expect(page.get_by_role("dialog")).to_have_count(0)
        widget(page, "to_first_page").locator("button").click()
        expect(page).to_have_url(f"{app.app_url}/")


def test_no_name_that_streamlit_gives_stays_english_in_korean(
    open_app: OpensPages, app: LoneApp
) -> None:
    page = open_app(app=app)
    expect(page.get_by_test_id("stSkipToContent")).to_have_text("본문으로 건너뛰기")
    shown = page.get_by_role("button", name="비밀번호 보기", exact=True)
    shown.click()
    expect(page.get_by_role("button", name="비밀번호 숨기기", exact=True)).to_be_visible()
    assert page.evaluate(ENGLISH_NAMES) == []
    page = open_app(person=new_login_id(), app=app)
    expect(page.get_by_role("navigation", name="메뉴", exact=True)).to_be_visible()
    assert page.evaluate(ENGLISH_NAMES) == []


def test_no_button_of_streamlits_stops_an_analysis(
    open_app: OpensPages, app: LoneApp, server: ServerWithAnswers, sample_photo: Path
) -> None:
    server.answer_in_lines(*analysis_lines())
    server.go_on.clear()
    page = open_app(person=new_login_id(), app=app)
    upload(page, sample_photo)
    expect(page.locator(".sn-waiting")).to_be_visible()
    # "Running..." and "Stop" would come after half a second.
    page.wait_for_timeout(1000)
    expect(page.get_by_test_id("stStatusWidget")).to_have_count(0)
    server.go_on.set()
    expect_five_grades(page)


def test_the_other_language_is_spoken_at_once(open_app: OpensPages, app: LoneApp) -> None:
    page = open_app(app=app)
    choose(page, "language", "English")
    expect(page.get_by_role("heading", level=1)).to_have_text(ENGLISH.login.promise)
    expect(page.get_by_test_id("stSkipToContent")).to_have_text("Skip to main content")
    expect(page.get_by_role("button", name="Show password", exact=True)).to_be_visible()


def test_a_dialog_of_streamlits_is_told_in_the_pages_language(
    open_app: OpensPages, app: LoneApp
) -> None:
    page = open_app(person=new_login_id(), app=app)
    # As Streamlit opens it when the app is away, which takes it minutes.
    page.evaluate(
        """texts => {
            const dialog = document.createElement('div');
            dialog.setAttribute('role', 'dialog');
            dialog.append(...texts.map(text => {
                const line = document.createElement('p');
                line.textContent = text;
                return line;
            }));
            document.body.append(dialog);
        }""",
        ["Connection error", "My note: Connection error"],
    )
    dialog = page.get_by_role("dialog").locator("p")
    expect(dialog).to_have_text(
        [KOREAN.platform.texts["Connection error"], "My note: Connection error"]
    )
