"""Two dates of one person: side by side, over each other, and what changed."""

from __future__ import annotations

import base64
import io
from zoneinfo import ZoneInfo

import pytest
from PIL import Image
from playwright.sync_api import Locator, Page, expect

from frontend.analysis import parse_analysis
from frontend.components.face_panel import Pictures
from frontend.i18n import Language, catalogue, write_day
from frontend.store import Visit
from frontend.vocabulary import Attribute
from tests.e2e.conftest import OpensPages
from tests.e2e.profiles import PHONE
from tests.e2e.steps import (
    choose,
    new_person,
    past_visit,
    services_of,
    settle,
    widget,
)
from tests.e2e.test_every_page import (
    NARROW,
    expect_no_grave_finding,
    expect_room_for_fingers,
    expect_to_fit,
    resize,
)
from tests.programs import RunningService
from tests.support.answers import analysis_answer, picture

KOREAN = catalogue(Language.KOREAN)
SEOUL = ZoneInfo("Asia/Seoul")


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
    resize(page, PHONE)
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
    resize(page, PHONE)
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
    # Whatever is left of the rolling, the app's head must not cover what is looked at.
    frame.evaluate("frame => frame.scrollIntoView({block: 'center', behavior: 'instant'})")
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
        resize(page, size)
        expect_to_fit(page)
    expect_no_grave_finding(page)
    expect_room_for_fingers(page)
