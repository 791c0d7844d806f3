"""Looking back: notes, deleting and undoing it, two dates side by side, and files."""

from __future__ import annotations

import base64
import io
import json
import urllib.error
import urllib.request
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from PIL import Image
from playwright.sync_api import Dialog, Locator, Page, expect

from frontend.analysis import parse_analysis
from frontend.components.face_panel import Pictures
from frontend.i18n import Language, catalogue, write_day, write_day_and_time
from frontend.store import Visit
from frontend.vocabulary import Attribute
from tests.e2e.conftest import PHONE, OpensPages
from tests.e2e.steps import (
    choose,
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
    NARROW,
    TOUCH_PX,
    expect_no_grave_finding,
    expect_room_for_fingers,
    expect_to_fit,
)
from tests.programs import RunningService
from tests.support.answers import analysis_answer, picture

KOREAN = catalogue(Language.KOREAN)
SEOUL = ZoneInfo("Asia/Seoul")
PRESSED = "button:not([tabindex='-1']), a"
"""Without the button for screen readers alone that the dialog's library hides in it."""
HEIGHTS = "pressed => pressed.map(each => each.getBoundingClientRect().height)"
HARMFUL = "새 크림 <img src=x onerror=alert(1)> \"'`${x} %{x}"


def rows(page: Page) -> Locator:
    """The past checks in the history."""
    return page.locator("[class*='st-key-row_']")


def pictures_of_grey(grey: int) -> Pictures:
    """Pictures of an analysis whose face is evenly grey, so that one can be told from another."""
    crop = base64.b64encode(picture("JPEG", grey=grey)).decode()
    return Pictures(parse_analysis(analysis_answer(crop=crop)))


def choose_date(page: Page, key: str, visit: Visit) -> None:
    """Choose a check by its day in one of the two selects of the comparison."""
    settle(page)
    widget(page, key).get_by_role("combobox").click()
    day = write_day(KOREAN, visit.taken_at.astimezone(SEOUL))
    page.get_by_role("option", name=day, exact=True).click()


def expect_side_by_side(left: Locator, right: Locator) -> None:
    boxes = [box for each in (left, right) if (box := each.bounding_box()) is not None]
    assert len(boxes) == 2
    assert boxes[0]["y"] == boxes[1]["y"]
    assert boxes[0]["x"] + boxes[0]["width"] <= boxes[1]["x"]


def expect_edge_at(page: Page, percent: int) -> None:
    """Expect the edge between two faces to be this far from the left, and to be told there."""
    said = KOREAN.differences.slider_value.format(earlier=percent, later=100 - percent)
    expect(page.get_by_role("slider")).to_have_attribute("aria-valuetext", said)
    box, edge = (
        page.locator(selector).bounding_box() for selector in (".sn-wipe-frame", ".sn-wipe-edge")
    )
    assert box is not None
    assert edge is not None
    reached = (edge["x"] + edge["width"] / 2 - box["x"]) / box["width"]
    assert reached == pytest.approx(percent / 100, abs=0.01)


def swipe(page: Page, start: tuple[float, float], *, aside_px: float, down_px: float) -> None:
    """Draw a finger over the screen, as slowly as fingers do."""
    touch = page.context.new_cdp_session(page)
    for step in range(11):
        point = {"x": start[0] + aside_px * step / 10, "y": start[1] + down_px * step / 10}
        kind = "touchMove" if step else "touchStart"
        touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [point]})
    touch.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})


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


def test_two_dates_of_one_person_stand_side_by_side(
    open_app: OpensPages, service: RunningService
) -> None:
    shared = services_of(service.database)
    login_id, stranger_id = new_person(shared), new_person(shared)
    first, second, third = (
        past_visit(shared, login_id, days_ago=days, grade=grade)
        for days, grade in ((30, 4), (20, 1), (10, 3))
    )
    theirs = past_visit(shared, stranger_id, days_ago=40, grade=0)
    photos = {}
    for visit, grey in ((first, 60), (second, 180), (theirs, 240)):
        photos[visit.id] = pictures_of_grey(grey)
        shared.kept_photos.switch(visit.user_id, True)
        assert shared.kept_photos.keep(visit.user_id, visit.id, photos[visit.id])

    page = open_app("/compare", person=login_id)
    expect(page).to_have_url(f"{service.app_url}/compare?a={second.id}&b={third.id}")
    choose_date(page, "compare_a", first)
    expect(page).to_have_url(f"{service.app_url}/compare?a={first.id}&b={third.id}")
    choose_date(page, "compare_b", second)
    expect(page).to_have_url(f"{service.app_url}/compare?a={first.id}&b={second.id}")
    cards = page.locator(".sn-change")
    expect(page.locator(".sn-change[data-change='improved']")).to_have_count(4)
    shown = cards.evaluate_all("cards => cards.map(card => card.dataset.attribute)")
    assert shown == [attribute.value for attribute in Attribute]

    maps = page.locator(".sn-face[data-map='oil']")
    expect(maps).to_have_count(2)
    choose(page, "compare_map", KOREAN.result.view_photo)
    faces = page.locator(".sn-face[data-map=''] img")
    expect(faces).to_have_count(2)
    expect(faces.first).to_have_attribute("src", photos[first.id].photo())
    expect(faces.last).to_have_attribute("src", photos[second.id].photo())
    settle(page)
    expect_side_by_side(faces.first, faces.last)
    page.set_viewport_size(PHONE)
    expect_side_by_side(faces.first, faces.last)
    expect_side_by_side(widget(page, "compare_a"), widget(page, "compare_b"))
    expect_to_fit(page)
    expect_no_grave_finding(page)
    expect_room_for_fingers(page)

    page.goto(f"{service.app_url}/compare?a={theirs.id}&b={third.id}")
    expect(page.get_by_text(KOREAN.compare.not_found)).to_be_visible()
    expect(page).to_have_url(f"{service.app_url}/compare?a={second.id}&b={third.id}")
    expect(cards).to_have_count(len(Attribute))
    choose(page, "compare_map", KOREAN.result.view_photo)
    expect(faces).to_have_count(1)
    for secret in (theirs.id, photos[theirs.id].photo()):
        assert secret not in page.content()


def test_two_faces_lie_over_each_other_and_the_edge_between_them_moves(
    open_app: OpensPages, service: RunningService
) -> None:
    shared = services_of(service.database)
    login_id = new_person(shared)
    earlier, later = (past_visit(shared, login_id, days_ago=days) for days in (20, 10))
    shared.kept_photos.switch(earlier.user_id, True)
    shown = {visit.id: pictures_of_grey(grey) for visit, grey in ((earlier, 60), (later, 180))}
    for visit_id, pictures in shown.items():
        assert shared.kept_photos.keep(earlier.user_id, visit_id, pictures)

    page = open_app("/compare", person=login_id)
    choose(page, "compare_view", KOREAN.differences.slider)
    frame, edge = page.locator(".sn-wipe-frame"), page.get_by_role("slider")
    expect(page.locator(".sn-wipe-face[data-date='later'] img").last).to_be_visible()
    choose(page, "compare_map", KOREAN.result.view_photo)
    faces = [
        page.locator(f".sn-wipe-face[data-date='{date}'] img") for date in ("earlier", "later")
    ]
    for face, pictures in zip(faces, shown.values(), strict=True):
        expect(face.first).to_have_attribute("src", pictures.photo())
        expect(face.last).to_be_hidden()
    days = [write_day(KOREAN, visit.taken_at.astimezone(SEOUL)) for visit in (earlier, later)]
    captions = [
        words.format(date=day)
        for words, day in zip((KOREAN.compare.before, KOREAN.compare.after), days, strict=True)
    ]
    expect(page.locator(".sn-wipe figcaption span")).to_have_text(captions)
    name = KOREAN.differences.slider_name.format(before=captions[0], after=captions[1])
    expect(edge).to_have_accessible_name(name)

    settle(page)
    edge.focus()
    for key, percent in (("ArrowRight", 55), ("ArrowLeft", 50), ("Home", 0), ("End", 100)):
        page.keyboard.press(key)
        expect_edge_at(page, percent)
    page.set_viewport_size(PHONE)
    settle(page)
    box = frame.bounding_box()
    assert box is not None
    frame.click(position={"x": box["width"] * 0.2, "y": 90})
    expect_edge_at(page, 20)
    expect(edge).to_be_focused()
    frame.hover(position={"x": box["width"] * 0.5, "y": 90})
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * 0.7, box["y"] + 90)
    expect_edge_at(page, 70)
    page.mouse.up()
    page.mouse.move(box["x"] + box["width"] * 0.3, box["y"] + 90)
    expect_edge_at(page, 70)
    middle = (box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    swipe(page, middle, aside_px=12, down_px=-200)
    page.wait_for_function(
        "top => document.querySelector('.sn-wipe-frame').getBoundingClientRect().top < top",
        arg=box["y"] - 100,
    )
    expect_edge_at(page, 70)
    # It may go on rolling for a while.
    frame.hover(trial=True)
    scrolled = frame.bounding_box()
    assert scrolled is not None
    middle = (middle[0], scrolled["y"] + box["height"] - 20)
    swipe(page, middle, aside_px=-box["width"] * 0.2, down_px=12)
    expect_edge_at(page, 30)
    edge.fill("70")
    expect_edge_at(page, 70)
    # The left of the edge is the dark face of the earlier date, the right the light one.
    with Image.open(io.BytesIO(frame.screenshot())) as drawn:
        greys = [
            drawn.convert("L").getpixel((drawn.width * x // 100, 40)) for x in (50, 65, 75, 90)
        ]
    assert greys == pytest.approx([60, 60, 180, 180], abs=2)

    choose(page, "compare_map", KOREAN.attributes[Attribute.WRINKLE].short)
    expect(faces[1].last).to_be_visible()
    expect_edge_at(page, 70)
    settle(page)
    expect(frame).to_have_css("touch-action", "pan-y pinch-zoom")
    for size in (PHONE, NARROW):
        page.set_viewport_size(size)
        expect_to_fit(page)
    expect_no_grave_finding(page)
    expect_room_for_fingers(page)


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
