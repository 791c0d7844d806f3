"""The main job: a stranger signs up, gives a photo, sees five grades and where they come from."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urljoin

import pytest
from playwright.sync_api import Page, expect

from frontend.i18n import Language, catalogue
from frontend.sessions import COOKIE_NAME
from frontend.vocabulary import Attribute
from tests.e2e.conftest import OpensPages
from tests.e2e.steps import (
    PASSWORD,
    choose,
    expect_five_grades,
    new_login_id,
    painted_share,
    sign_up,
    take_photo,
    upload,
    widget,
)
from tests.programs import LoneApp, RunningService, start_app
from tests.support.answers import ServerWithAnswers
from tests.support.reports import pictures_drawn

KOREAN = catalogue(Language.KOREAN)


class Newcomer:
    """Somebody whose every act is counted."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self.interactions = 0

    def press(self, key: str) -> None:
        self.interactions += 1
        widget(self._page, key).locator("button").click()

    def choose(self, key: str, option: str) -> None:
        self.interactions += 1
        widget(self._page, key).get_by_role("radio", name=option, exact=True).click()

    def write(self, key: str, text: str) -> None:
        self.interactions += 1
        widget(self._page, key).locator("input").fill(text)

    def choose_photo(self, photo: Path) -> None:
        self.interactions += 1
        self._page.locator(".sn-capture[data-ready] .sn-capture-file").set_input_files(photo)


def expect_five_maps(page: Page) -> None:
    """The sample face has each of the five signs, so each map has to show something of its own."""
    painted = set()
    for attribute in Attribute:
        choose(page, "map_attribute", KOREAN.attributes[attribute].short)
        above = page.locator(f'.sn-face[data-map="{attribute}"] .sn-above')
        expect(above).to_be_visible()
        address = above.get_attribute("src")
        assert address is not None
        assert address.startswith("data:image/")
        share = painted_share(above)
        assert share < 0.9, f"the map of {attribute} points everywhere"
        assert share > 0.001, f"the map of {attribute} is empty"
        painted.add(address)
    assert len(painted) == len(Attribute)


def pictures_in_report(page: Page) -> int:
    """How many pictures the report shows that the page links to: the face and its maps."""
    address = page.get_by_role("link", name=KOREAN.visit.report).get_attribute("href")
    assert address is not None
    answer = page.request.get(urljoin(page.url, address))
    assert answer.status == 200
    return pictures_drawn(answer.body())


def test_after_at_most_six_interactions_a_photo_has_five_grades_with_maps_and_stays_after_a_reload(
    open_app: OpensPages, sample_photo: Path
) -> None:
    page = open_app()
    newcomer = Newcomer(page)
    expect(page.get_by_role("heading", level=1)).to_have_text(KOREAN.login.promise)
    expect(page.get_by_text(KOREAN.not_medical)).to_be_visible()
    newcomer.choose("auth_mode", KOREAN.login.sign_up)
    expect(widget(page, "auth_submit").locator("button")).to_have_text(KOREAN.login.sign_up)
    newcomer.write("login_id", new_login_id())
    newcomer.write("password", PASSWORD)
    newcomer.press("auth_submit")
    expect(page.get_by_role("heading", level=1)).to_have_text(KOREAN.check.title)

    newcomer.choose_photo(sample_photo)
    newcomer.press("analyse")
    expect_five_grades(page)
    assert newcomer.interactions <= 6
    expect_five_maps(page)
    assert pictures_in_report(page) == 6

    page.reload()
    expect_five_grades(page)
    expect(page.locator(".sn-no-picture")).to_be_visible()


def test_a_webcam_photo_is_analysed(open_app: OpensPages) -> None:
    page = open_app(person=new_login_id())
    take_photo(page, camera=KOREAN.capture.camera, take=KOREAN.capture.take)
    widget(page, "analyse").locator("button").click()
    expect_five_grades(page)
    expect_five_maps(page)


def test_the_map_fades_with_the_slider_and_gives_way_to_the_photo(
    open_app: OpensPages, sample_photo: Path
) -> None:
    page = open_app(person=new_login_id())
    upload(page, sample_photo)
    above = page.locator(".sn-face .sn-above")
    expect(above).to_have_css("opacity", "1")

    slider = widget(page, "map_opacity").get_by_role("slider")
    slider.focus()
    slider.press("ArrowLeft")
    expect(above).to_have_css("opacity", "0.95")

    whole = above.get_attribute("src") or ""
    slider = widget(page, "map_lowest").get_by_role("slider")
    slider.focus()
    slider.press("ArrowRight")
    expect(above).not_to_have_attribute("src", whole)

    choose(page, "map_view", KOREAN.result.view_photo)
    expect(above).to_have_count(0)
    expect(page.locator('.sn-face[data-map=""] .sn-below')).to_be_visible()


def test_the_sample_face_can_be_tried_without_an_account(open_app: OpensPages) -> None:
    page = open_app()
    widget(page, "try_sample").locator("button").click()
    expect_five_grades(page)
    expect_five_maps(page)
    expect(page.get_by_text(KOREAN.result.sample_note)).to_be_visible()


def test_the_session_cookie_is_out_of_reach_of_scripts(
    open_app: OpensPages, service: RunningService
) -> None:
    page = open_app()
    sign_up(page, new_login_id())
    cookies = page.context.cookies(service.app_url)
    session = next(cookie for cookie in cookies if cookie.get("name") == COOKIE_NAME)
    assert session.get("httpOnly") is True
    assert session.get("sameSite") == "Lax"
    assert COOKIE_NAME not in str(page.evaluate("document.cookie"))


@pytest.fixture
def app_alone(own_server: ServerWithAnswers, tmp_path: Path) -> Iterator[LoneApp]:
    """An app whose database nobody else writes to: sealed, a kept photo looks like anything.

    It has to be asked for before `open_app`, which looks at what the app served in the end.
    """
    database = tmp_path / "own" / "skin_notes.db"
    database.parent.mkdir()
    with start_app(database=database, server_url=own_server.url) as running:
        yield running


def test_the_photo_is_not_kept(
    app_alone: LoneApp, open_app: OpensPages, server: ServerWithAnswers, sample_photo: Path
) -> None:
    page = open_app(person=new_login_id(), app=app_alone)
    upload(page, sample_photo)
    expect_five_grades(page)
    pictures = (b"\xff\xd8\xff", b"\x89PNG", b"WEBP", b"JFIF")
    assert any(pictures[0] in body for _, _, body in server.requests)
    database = Path(app_alone.database)
    files = [file for file in database.parent.rglob("*") if file.is_file()]
    assert database in files
    for file in files:
        content = file.read_bytes()
        assert not any(signature in content for signature in pictures), file.name


LOADED = """() => {
    const page = performance.getEntriesByType('navigation');
    const rest = performance.getEntriesByType('resource');
    return [...page, ...rest].map(({ name, encodedBodySize }) => [name, encodedBodySize]);
}"""
FONTS_STAND = """() => document.fonts.status === 'loaded'
    && performance.getEntriesByType('resource')
        .filter(({ name }) => /pretendard-.*woff2/.test(name)).length > 5
"""


def test_a_first_page_is_light_enough_for_a_phone_s_line(open_app: OpensPages) -> None:
    page = open_app()
    page.wait_for_function(FONTS_STAND)
    loaded: dict[str, int] = dict(page.evaluate(LOADED))
    parts = [size for name, size in loaded.items() if "/pretendard-" in name and size > 0]

    assert 5 < len(parts) < 30
    assert sum(parts) < 500_000
    assert 500_000 < sum(loaded.values()) < 2_000_000
