"""Every page and state, on a phone and a desktop, in both languages, light and dark."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, ViewportSize, expect

from frontend.i18n import Language, Words, catalogue
from tests.e2e.conftest import PATIENCE_MS, OpensPages
from tests.e2e.profiles import DESKTOP, PHONE
from tests.e2e.steps import (
    PASSWORD,
    choose,
    expect_five_grades,
    fill_in_credentials,
    keep_photos,
    new_login_id,
    past_visit,
    services_of,
    settle,
    sign_up,
    upload,
    widget,
)
from tests.programs import LoneApp, RunningService


@dataclass(frozen=True, slots=True)
class Look:
    """How somebody sees a page.

    Attributes:
        size: of the window, CSS pixels.
        scheme: of the colours.
    """

    size: ViewportSize
    scheme: Literal["light", "dark"]

    def put_on(self, page: Page) -> None:
        """Have a page seen like that from now on."""
        page.set_viewport_size(self.size)
        page.emulate_media(color_scheme=self.scheme)
        expect(page.get_by_test_id("stApp")).to_have_css("color-scheme", self.scheme)
        settle(page)
        # What measures the window draws itself anew a little later: charts, and the menu.
        page.evaluate(STANDS_STILL, PATIENCE_MS)


LOCALES: Final = {Language.KOREAN: "ko-KR", Language.ENGLISH: "en-US"}
NARROW: Final[ViewportSize] = {"width": 320, "height": 844}
LOOKS: Final = {
    Language.KOREAN: (Look(PHONE, "dark"), Look(DESKTOP, "light")),
    Language.ENGLISH: (Look(PHONE, "light"), Look(DESKTOP, "dark")),
}
"""Two tours with two looks at each stop: each two of a size, a language and a scheme meet once. In
the look that a page is opened with it is examined for grave findings, so each page once in the dark
and once in the light."""
GRAVE: Final = {"serious", "critical"}
TOUCH_PX: Final = 44

STANDS_STILL: Final = """async patience_ms => {
    const ends = performance.now() + patience_ms;
    let before = '';
    for (let unchanged = 0; unchanged < 5;) {
        await new Promise(requestAnimationFrame);
        const now = document.body.outerHTML;
        unchanged = now === before ? unchanged + 1 : 0;
        before = now;
        if (performance.now() > ends) throw new Error('the page never stands still');
    }
}
"""

# What a finger has to hit: everything that can be pressed, by the box that takes the press.
# A link inside a sentence, a handle of a slider (moved by its track too) and what is not on the
# screen are left out, as in WCAG 2.2, 2.5.5.
TOO_SMALL: Final = """minimum => [...document.querySelectorAll(
        'button, a[href], [role=radio], input[type=checkbox], select, summary')]
    .filter(element => {
        const box = element.getBoundingClientRect();
        return element.checkVisibility({checkVisibilityCSS: true, checkOpacity: true})
            && box.width > 1 && box.height > 1
            && !element.closest('p, li, td, .js-plotly-plot, [data-testid=stHeader]');
    })
    .filter(element => {
        const pressed = element.closest('label') ?? element;
        return pressed.getBoundingClientRect().height < minimum - 0.5;
    })
    .map(element => element.outerHTML.slice(0, 160))
"""

# What scrolls, by how many CSS pixels its content is too wide, and what reaches out the farthest.
TOO_WIDE: Final = """() => [...document.querySelectorAll(
        'html, [data-testid=stMain], [role=dialog]')]
    .map(box => [box, box.scrollWidth - box.clientWidth])
    .filter(([, over_px]) => over_px > 0)
    .map(([box, over_px]) => {
        const right = part => part.getBoundingClientRect().right;
        const parts = [...box.querySelectorAll('*')];
        const widest = parts.reduce((a, b) => right(b) > right(a) ? b : a, box);
        const name = box.dataset.testid ?? box.role ?? box.tagName;
        return [name, over_px, widest.outerHTML.slice(0, 160)];
    })
"""


def expect_no_grave_finding(page: Page) -> None:
    # Without this the answer also carries what is in order, megabytes a page.
    options = {"resultTypes": ["violations"]}
    findings: list[dict[str, Any]] = Axe().run(page, options=options).response["violations"]
    grave = [
        (finding["id"], node["target"], node["html"][:200])
        for finding in findings
        if finding["impact"] in GRAVE
        for node in finding["nodes"]
    ]
    assert grave == []


def expect_to_fit(page: Page) -> None:
    """No part of the page may be reachable by scrolling sideways alone."""
    assert page.evaluate(TOO_WIDE) == []


def resize(page: Page, size: ViewportSize) -> None:
    """Give the window another size; what measures it draws itself anew a little later."""
    page.set_viewport_size(size)
    page.evaluate(STANDS_STILL, PATIENCE_MS)


def expect_room_for_fingers(page: Page) -> None:
    assert page.evaluate(TOO_SMALL, TOUCH_PX) == []


def tour(
    open_page: Callable[[str], Page], service: RunningService, words: Words, photo: Path
) -> Iterator[tuple[str, Page]]:
    """All pages in the states that people meet; gives the page when it stands."""

    def goto(path: str) -> Page:
        page.goto(service.app_url + path)
        settle(page)
        return page

    page = open_page("/")
    settle(page)
    yield "login", page
    yield "about, as a visitor", goto("/about")
    yield "sample", goto("/sample")
    goto("/")
    login_id = new_login_id()
    fill_in_credentials(page, login_id, PASSWORD)
    expect(page.locator(".sn-problem")).to_be_visible()
    settle(page)
    yield "login, refused", page
    choose(page, "auth_mode", words.login.sign_up)
    expect(widget(page, "auth_submit").locator("button")).to_have_text(words.login.sign_up)
    settle(page)
    yield "signing up", page
    sign_up(page, login_id, option=words.login.sign_up)
    yield "first check", page
    page.get_by_role("button", name=words.capture.camera, exact=True).click()
    page.wait_for_function("document.querySelector('.sn-capture video').videoWidth > 0")
    yield "check, with the camera on", page
    goto("/")
    text = service.database.parent / "me.jpg"
    text.write_text("This is not a photo.", encoding="utf-8")
    upload(page, text)
    expect(page.locator(".sn-problem")).to_be_visible()
    settle(page)
    yield "check, refused", page
    yield "history, empty", goto("/history")
    yield "compare, empty", goto("/compare")
    goto("/")
    upload(page, photo)
    expect_five_grades(page)
    settle(page)
    yield "result", page
    yield "history, one check", goto("/history")
    shared = services_of(service.database)
    for days_ago in range(1, 10):
        visit = past_visit(shared, login_id, days_ago=days_ago * 9, grade=days_ago % 5)
    yield "history, many checks", goto("/history")
    choose(page, "trend_attribute", words.history.all)
    expect(page.locator(".js-plotly-plot .xy5, .js-plotly-plot .x5y5").first).to_be_attached()
    settle(page)
    yield "history, all five", page
    yield "result, of an earlier check", goto(f"/result?id={visit.id}")
    yield "result, unknown", goto("/result?id=nobody")
    yield "compare", goto("/compare")
    yield "check", goto("/")
    yield "account", goto("/account")
    keep_photos(shared, login_id)
    goto("/")
    upload(page, photo)
    expect_five_grades(page)
    page.reload()
    expect(page.locator(".sn-face .sn-above")).to_be_visible()
    settle(page)
    yield "result, kept", page
    yield "account, keeping photos", goto("/account")


@pytest.mark.parametrize("language", LOOKS)
def test_every_page_can_be_read_and_pressed(
    open_app: OpensPages, service: RunningService, sample_photo: Path, language: Language
) -> None:
    looks = list(LOOKS[language])

    def open_page(path: str) -> Page:
        return open_app(path, locale=LOCALES[language], size=looks[0].size)

    for state, page in tour(open_page, service, catalogue(language), sample_photo):
        for look in looks:
            try:
                look.put_on(page)
                if look is looks[0]:
                    expect_no_grave_finding(page)
                expect_to_fit(page)
                if look.size is PHONE:
                    expect_room_for_fingers(page)
                    resize(page, NARROW)
                    expect_to_fit(page)
                    page.set_viewport_size(PHONE)
            except AssertionError as error:
                error.add_note(f"on the page: {state}, with {look}")
                raise
        # The next page is opened with the look that this one was last seen with.
        looks.reverse()


def test_a_part_that_is_too_wide_is_found_on_the_page_and_in_a_dialog(
    open_app: OpensPages, app: LoneApp
) -> None:
    page = open_app("/account", person=new_login_id(), app=app, size=PHONE)
    expect_to_fit(page)
    widget(page, "delete_account").locator("button").click()
    expect(page.get_by_role("dialog")).to_be_visible()
    expect_to_fit(page)
    for selector, name in (("[role=dialog]", "dialog"), ("h1", "stMain")):
        part = page.locator(selector).first
        part.evaluate("part => part.insertAdjacentHTML('beforeend', '<p id=wide>.</p>')")
        wide = page.locator("#wide")
        wide.evaluate("part => { part.style.width = '2000px'; }")
        with pytest.raises(AssertionError, match=name):
            expect_to_fit(page)
        wide.evaluate("part => part.remove()")
        expect_to_fit(page)


def press_tab_until(page: Page, reached: str) -> None:
    """Press Tab until what the selector names, or something in it, has the focus."""
    for _ in range(80):
        if page.evaluate("selector => document.activeElement?.closest(selector) != null", reached):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"the Tab key never reaches {reached}")


def test_the_keyboard_alone_leads_from_the_form_to_the_trend(open_app: OpensPages) -> None:
    page = open_app()
    settle(page)
    press_tab_until(page, ".st-key-auth_mode")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Space")
    words = catalogue(Language.KOREAN)
    expect(widget(page, "auth_submit").locator("button")).to_have_text(words.login.sign_up)
    press_tab_until(page, ".st-key-login_id input")
    page.keyboard.type(new_login_id())
    press_tab_until(page, ".st-key-password input")
    page.keyboard.type("correct horse battery staple")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text(words.check.title)

    settle(page)
    expect(page.locator(".sn-capture[data-ready]")).to_be_visible()
    press_tab_until(page, ".sn-capture [data-do=camera]")
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name=words.capture.take, exact=True)).to_be_focused()
    page.keyboard.press("Enter")
    expect(widget(page, "analyse").locator("button")).to_be_visible()
    press_tab_until(page, ".st-key-analyse button")
    page.keyboard.press("Enter")
    expect_five_grades(page)

    settle(page)
    press_tab_until(page, ".st-key-see_trend")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text(words.history.title)
