"""Keeping photos, in the browser: kept when asked, seen by their owner alone, gone when told."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Page, expect

from frontend.i18n import Language, catalogue
from frontend.store.tables import visits
from frontend.views import result
from frontend.vocabulary import Attribute
from tests.e2e.conftest import OpensPages
from tests.e2e.steps import (
    choose,
    expect_five_grades,
    keep_photos,
    new_login_id,
    new_person,
    services_of,
    settle,
    sign_up,
    switch_keeping_on,
    upload,
    widget,
)
from tests.programs import RunningService

KOREAN = catalogue(Language.KOREAN)
SWITCH = "keep_photos"


def check_with_photo_kept(page: Page, service: RunningService, photo: Path) -> str:
    """Check once with the switch on; gives the result's address."""
    page.goto(service.app_url)
    expect(page.get_by_text(KOREAN.keeping.promise)).to_be_visible()
    upload(page, photo)
    expect_five_grades(page)
    assert result.QUERY in page.url
    return page.url


def test_a_kept_photo_is_there_after_a_reload_for_its_owner_alone(
    open_app: OpensPages, service: RunningService, sample_photo: Path
) -> None:
    page = open_app("/account", person=new_login_id())
    switch_keeping_on(page)
    address = check_with_photo_kept(page, service, sample_photo)

    page.reload()
    expect_five_grades(page)
    face = page.locator(".sn-face")
    expect(face).to_be_visible()
    for attribute in Attribute:
        choose(page, "map_attribute", KOREAN.attributes[attribute].short)
        expect(page.locator(f".sn-face[data-map='{attribute}']")).to_be_visible()
    for picture in face.locator("img").all():
        assert (picture.get_attribute("src") or "").startswith("data:image/")

    stranger = open_app(address.removeprefix(service.app_url))
    expect(widget(stranger, "auth_submit")).to_be_visible()
    sign_up(stranger, new_login_id())
    expect(stranger.get_by_text(KOREAN.result.not_found)).to_be_visible()
    expect(stranger.locator(".sn-face")).to_have_count(0)


def test_one_photo_is_deleted_and_then_all_of_them_by_switching_off(
    open_app: OpensPages, service: RunningService, sample_photo: Path
) -> None:
    shared = services_of(service.database)
    login_id = new_person(shared)
    keep_photos(shared, login_id)
    page = open_app("/about", person=login_id)
    first = check_with_photo_kept(page, service, sample_photo)
    second = check_with_photo_kept(page, service, sample_photo)

    widget(page, "delete_photo").locator("button").click()
    widget(page, "ask_delete_photo_confirm").locator("button").click()
    expect(page.locator(".sn-no-picture")).to_be_visible()
    expect_five_grades(page)
    page.goto(first)
    expect(page.locator(".sn-face")).to_be_visible()

    page.goto(f"{service.app_url}/account")
    expect(page.locator("[data-kept='1']")).to_be_visible()
    widget(page, SWITCH).locator("label").click()
    widget(page, "ask_keep_photos_stop_cancel").locator("button").click()
    expect(widget(page, SWITCH).get_by_role("switch")).to_be_checked()
    widget(page, SWITCH).locator("label").click()
    widget(page, "ask_keep_photos_stop_confirm").locator("button").click()
    expect(page.get_by_text(KOREAN.keeping.deleted)).to_be_visible()
    expect(widget(page, SWITCH).get_by_role("switch")).not_to_be_checked()

    for address in (first, second):
        page.goto(address)
        expect_five_grades(page)
        expect(page.locator(".sn-no-picture")).to_be_visible()


def test_no_page_breaks_its_own_security_policy(
    open_app: OpensPages, service: RunningService, sample_photo: Path
) -> None:
    page = open_app()
    broken: list[str] = []

    def remember(violation: str) -> None:
        broken.append(violation)

    page.expose_function("toldOfViolation", remember)
    page.add_init_script(
        "addEventListener('securitypolicyviolation',"
        " event => toldOfViolation(`${event.violatedDirective} ${event.blockedURI}`))"
    )
    page.reload()
    sign_up(page, new_login_id())
    upload(page, sample_photo)
    expect_five_grades(page)
    for path in ("/history", "/compare", "/account", "/about", "/sample", "/"):
        page.goto(service.app_url + path)
        settle(page)
        if path == "/history":
            expect(page.locator(".js-plotly-plot")).to_be_visible()
    # The script itself works: a picture of another site is refused and told.
    page.evaluate(
        "new Promise(told => { addEventListener('securitypolicyviolation', told);"
        " const image = new Image(); image.src = 'http://127.0.0.1:9/'; })"
    )
    assert [told.split()[0] for told in broken] == ["img-src"]


def test_a_check_of_earlier_networks_is_marked_and_graded_anew(
    open_app: OpensPages, service: RunningService, sample_photo: Path
) -> None:
    shared = services_of(service.database)
    login_id = new_person(shared)
    keep_photos(shared, login_id)
    page = open_app("/about", person=login_id)
    address = check_with_photo_kept(page, service, sample_photo)
    visit_id = address.rsplit("=", 1)[-1]
    with shared.engine.begin() as connection:
        of_visit = visits.update().where(visits.c.id == visit_id)
        connection.execute(of_visit.values(model_version="2026.1.0"))
    page.reload()
    expect(page.locator("[data-version='2026.1.0']")).to_be_visible()

    page.goto(f"{service.app_url}/history")
    expect(page.get_by_text(KOREAN.comparable.old_version, exact=True)).to_be_visible()
    widget(page, "regrade").locator("button").click()
    expect(page.get_by_text(KOREAN.comparable.regraded.format(count=1))).to_be_visible()
    expect(widget(page, "regrade")).to_have_count(0)
    expect(page.get_by_text(KOREAN.comparable.old_version, exact=True)).to_have_count(0)

    page.goto(address)
    expect_five_grades(page)
    expect(page.locator(".sn-face")).to_be_visible()
    expect(page.locator("[data-version]")).to_have_count(0)
