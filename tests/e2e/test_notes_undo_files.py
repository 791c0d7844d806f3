"""Looking back: notes, deleting and undoing it, and files."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Dialog, Locator, Page, expect

from frontend.i18n import Language, catalogue, write_day_and_time
from tests.e2e.conftest import OpensPages
from tests.e2e.profiles import PHONE
from tests.e2e.steps import (
    expect_five_grades,
    new_login_id,
    new_person,
    past_visit,
    services_of,
    settle,
    upload,
    widget,
)
from tests.e2e.test_every_page import (
    TOUCH_PX,
    expect_no_grave_finding,
    expect_room_for_fingers,
    expect_to_fit,
)
from tests.programs import RunningService

KOREAN = catalogue(Language.KOREAN)
SEOUL = ZoneInfo("Asia/Seoul")
PRESSED = "button:not([tabindex='-1']), a"
"""Without the button for screen readers alone that the dialog's library hides in it."""
HEIGHTS = "pressed => pressed.map(each => each.getBoundingClientRect().height)"
HARMFUL = "새 크림 <img src=x onerror=alert(1)> \"'`${x} %{x}"


def rows(page: Page) -> Locator:
    """The past checks in the history."""
    return page.locator("[class*='st-key-row_']")


def test_a_harmful_note_is_only_text_on_the_result_in_the_history_and_on_the_trend(
    open_app: OpensPages, service: RunningService
) -> None:
    shared = services_of(service.database)
    login_id = new_person(shared)
    past_visit(shared, login_id, days_ago=9)
    noted = past_visit(shared, login_id, days_ago=2)
    page = open_app(f"/result?id={noted.id}", person=login_id)
    opened: list[str] = []

    def close(dialog: Dialog) -> None:
        opened.append(dialog.message)
        dialog.dismiss()

    page.on("dialog", close)
    widget(page, f"note_{noted.id}").locator("textarea").fill(HARMFUL)
    widget(page, f"note_save_{noted.id}").locator("button").click()
    expect(page.get_by_text(KOREAN.visit.note_saved)).to_be_visible()
    page.reload()
    expect(widget(page, f"note_{noted.id}").locator("textarea")).to_have_value(HARMFUL)

    page.goto(f"{service.app_url}/history")
    expect(widget(page, f"entry_{noted.id}").locator(".sn-row-note span")).to_have_text(HARMFUL)
    expect(page.locator(".sn-row-note")).to_have_count(1)
    # Two checks, and the mark of the note above the later one.
    points = page.locator(".js-plotly-plot .scatterlayer .point")
    expect(points).to_have_count(3)
    # Plotly lays a sheet over its points that takes the pointer for them.
    points.last.hover(force=True)
    expect(page.locator(".js-plotly-plot .hoverlayer")).to_contain_text("<img src=x")
    expect(page.locator("img[src='x']")).to_have_count(0)
    assert opened == []


def test_a_check_deleted_from_its_result_or_from_its_row_comes_back_unless_it_is_for_good(
    open_app: OpensPages, service: RunningService
) -> None:
    shared = services_of(service.database)
    login_id = new_person(shared)
    first, second, _ = (past_visit(shared, login_id, days_ago=days) for days in (3, 2, 1))

    page = open_app("/history", person=login_id, size=PHONE)
    undo_bar = widget(page, "undo_bar")
    widget(page, f"more_{first.id}").locator("button").click()
    dialog = page.get_by_role("dialog")
    expect(widget(page, f"delete_{first.id}")).to_be_visible()
    settle(page)
    expect_no_grave_finding(page)
    heights_px = dialog.locator(PRESSED).evaluate_all(HEIGHTS)
    assert min(heights_px) >= TOUCH_PX
    dialog.get_by_role("button", name=KOREAN.visit.delete).click()
    expect(rows(page)).to_have_count(2)
    expect(dialog).to_have_count(0)
    widget(page, "forget_deleted").locator("button").click()
    expect(undo_bar).to_have_count(0)
    expect(rows(page)).to_have_count(2)
    assert shared.repository.recently_deleted(first.user_id) == []

    page.goto(f"{service.app_url}/result?id={second.id}")
    widget(page, f"delete_{second.id}").locator("button").click()
    expect(page).to_have_url(f"{service.app_url}/history")
    expect(rows(page)).to_have_count(1)
    page.reload()
    when = write_day_and_time(KOREAN, second.taken_at.astimezone(SEOUL))
    expect(undo_bar).to_contain_text(KOREAN.visit.deleted.format(date=when))
    settle(page)
    expect_to_fit(page)
    expect_no_grave_finding(page)
    expect_room_for_fingers(page)
    widget(page, "undo_delete").locator("button").click()
    expect(rows(page)).to_have_count(2)
    expect(undo_bar).to_have_count(0)


def test_a_dialog_whose_session_was_ended_elsewhere_deletes_nothing(
    open_app: OpensPages, service: RunningService
) -> None:
    shared = services_of(service.database)
    login_id = new_person(shared)
    visit = past_visit(shared, login_id, days_ago=1)
    page = open_app("/history", person=login_id)
    widget(page, f"more_{visit.id}").locator("button").click()
    delete = widget(page, f"delete_{visit.id}").locator("button")
    expect(delete).to_be_visible()

    assert shared.sessions.close_all(visit.user_id) == 1
    delete.click()
    expect(widget(page, "auth_submit")).to_be_visible()
    expect(page.get_by_role("dialog")).to_have_count(0)
    assert shared.repository.visit(visit.user_id, visit.id) == visit


def test_files_are_downloaded_by_the_owner_alone(
    open_app: OpensPages, service: RunningService, sample_photo: Path
) -> None:
    login_id = new_login_id()
    page = open_app(person=login_id)
    upload(page, sample_photo)
    expect_five_grades(page)
    page.goto(f"{service.app_url}/history")
    addresses = {}
    for name, beginning in (("PDF", b"%PDF-"), ("CSV", b"\xef\xbb\xbfvisit_id"), ("JSON", b"{")):
        link = page.get_by_role("link", name=name)
        with page.expect_download() as download:
            link.click()
        assert download.value.path().read_bytes().startswith(beginning)
        addresses[name] = download.value.url
    assert page.url == f"{service.app_url}/history"
    with page.expect_download() as download:
        page.get_by_role("link", name="JSON").click()
    assert json.loads(download.value.path().read_bytes())["login_id"] == login_id

    for address in addresses.values():
        assert "/media/" not in address
        with pytest.raises(urllib.error.HTTPError) as refused:
            urllib.request.build_opener(urllib.request.ProxyHandler({})).open(address)
        assert refused.value.code == 401


def test_a_report_of_thirty_checks_is_made(open_app: OpensPages, service: RunningService) -> None:
    shared = services_of(service.database)
    login_id = new_person(shared)
    for days in range(1, 31):
        past_visit(shared, login_id, days_ago=days, grade=days % 5)
    page = open_app("/about", person=login_id)
    answer = page.request.get(f"{service.app_url}/export/history.pdf?lang=ko&zone=Asia/Seoul")
    assert answer.status == 200
    assert answer.body().startswith(b"%PDF-")
