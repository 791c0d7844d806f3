"""The camera where there is no guide, on a phone with two cameras, and where there is none."""

from __future__ import annotations

from dataclasses import astuple

import pytest
from playwright.sync_api import Browser, expect

from frontend.sessions import COOKIE_NAME
from tests.e2e.camera import (
    CAMERA,
    COUNTED,
    DETECTOR,
    KOREAN,
    expect_status,
    press,
    scene,
)
from tests.e2e.conftest import OpensPages
from tests.e2e.profiles import PHONE
from tests.e2e.steps import new_login_id, services_of, session_token, settle
from tests.programs import LoneApp


def test_without_the_detector_the_camera_says_so_and_counts_down_all_the_same(
    open_app: OpensPages, app: LoneApp
) -> None:
    page = open_app(person=new_login_id(), app=app, size=PHONE)
    page.route(DETECTOR, lambda route: route.abort())
    page.evaluate(CAMERA)
    page.evaluate("picture => window.showScene(picture)", scene(size=(720, 1280), height=0.5))
    press(page, KOREAN.camera)
    expect_status(page, f"{KOREAN.guide} {KOREAN.no_advice}")
    expect(page.get_by_role("switch")).to_be_hidden()
    # An upright picture of 720 x 1280 keeps its shape, and the oval stays inside.
    frame = page.locator(".sn-capture-frame").bounding_box()
    oval = page.locator(".sn-capture-oval").bounding_box()
    assert frame is not None
    assert oval is not None
    assert frame["width"] / frame["height"] == pytest.approx(720 / 1280, abs=0.01)
    assert oval["width"] / frame["width"] == pytest.approx(0.72, abs=0.01)

    press(page, KOREAN.timer)
    expect(page.locator(".sn-capture-count")).to_have_text("3")
    expect(page.get_by_role("button", name=KOREAN.cancel)).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator(".sn-capture-count")).to_have_text("")
    expect(page.get_by_role("button", name=KOREAN.take, exact=True)).to_be_focused()

    page.evaluate(COUNTED)
    press(page, KOREAN.timer)
    expect_status(page, KOREAN.chosen)
    assert [text for text in page.evaluate("window.counted") if text] == ["3", "2", "1"]
    expect(page.get_by_role("button", name=KOREAN.camera_again)).to_be_visible()


def test_on_a_phone_on_its_side_the_advice_stands_beside_the_oval(
    open_app: OpensPages, app: LoneApp
) -> None:
    page = open_app(person=new_login_id(), app=app, size={"width": 844, "height": 390})
    page.route(DETECTOR, lambda route: route.abort())
    page.evaluate(CAMERA)
    page.evaluate("picture => window.showScene(picture)", scene(size=(1280, 720), height=0.5))
    press(page, KOREAN.camera)
    expect_status(page, f"{KOREAN.guide} {KOREAN.no_advice}")
    advice = page.locator(".sn-capture-advice")
    for sentence in (KOREAN.advice.good, max(astuple(KOREAN.advice), key=len)):
        advice.evaluate("(place, sentence) => { place.textContent = sentence; }", sentence)
        frame = page.locator(".sn-capture-frame").bounding_box()
        oval = page.locator(".sn-capture-oval").bounding_box()
        told = advice.bounding_box()
        assert frame is not None
        assert oval is not None
        assert told is not None
        assert told["x"] + told["width"] <= oval["x"]
        assert told["y"] >= frame["y"]


def test_a_browser_without_webgl_is_told_at_once_and_fetches_no_detector(
    open_app: OpensPages, app: LoneApp
) -> None:
    page = open_app(person=new_login_id(), app=app)
    fetched: list[str] = []
    page.on("request", lambda request: fetched.append(request.url))
    page.evaluate(
        """() => {
            const usual = HTMLCanvasElement.prototype.getContext;
            HTMLCanvasElement.prototype.getContext = function (kind, ...wishes) {
                return kind.startsWith('webgl') ? null : usual.call(this, kind, ...wishes);
            };
        }"""
    )
    page.evaluate(CAMERA)
    page.evaluate("picture => window.showScene(picture)", scene())
    press(page, KOREAN.camera)
    expect_status(page, f"{KOREAN.guide} {KOREAN.no_advice}")
    expect(page.get_by_role("switch")).to_be_hidden()
    assert [url for url in fetched if "face_detection" in url] == []
    press(page, KOREAN.take)
    expect_status(page, KOREAN.chosen)


def test_the_back_camera_is_asked_for_and_shown_as_others_see_it(
    open_app: OpensPages, app: LoneApp
) -> None:
    page = open_app(person=new_login_id(), app=app, size=PHONE)
    page.route(DETECTOR, lambda route: route.abort())
    page.evaluate(
        """() => {
            const two = ['front', 'back'].map(id => ({kind: 'videoinput', deviceId: id}));
            navigator.mediaDevices.enumerateDevices = async () => two;
            MediaStreamTrack.prototype.getSettings = () =>
                ({facingMode: window.asked.at(-1).facingMode.ideal ?? 'user'});
        }"""
    )
    page.evaluate(CAMERA)
    page.evaluate("picture => window.showScene(picture)", scene())
    press(page, KOREAN.camera)
    expect_status(page, f"{KOREAN.guide} {KOREAN.no_advice}")
    video = page.locator(".sn-capture video")
    expect(video).to_have_css("transform", "matrix(-1, 0, 0, 1, 0, 0)")
    press(page, KOREAN.flip)
    expect(video).to_have_css("transform", "none")
    press(page, KOREAN.flip)
    expect(video).to_have_css("transform", "matrix(-1, 0, 0, 1, 0, 0)")
    wishes = page.evaluate("window.asked.map(wish => wish.facingMode)")
    assert wishes == ["user", {"ideal": "environment"}, {"ideal": "user"}]


def test_without_https_a_phone_is_offered_its_own_camera_app(
    chromium: Browser, app: LoneApp
) -> None:
    with chromium.new_context(
        locale="ko-KR", viewport=PHONE, is_mobile=True, has_touch=True
    ) as context:
        token = session_token(services_of(app.database), new_login_id())
        context.add_cookies([{"name": COOKIE_NAME, "value": token, "url": app.app_url}])
        page = context.new_page()
        page.add_init_script(
            "Object.defineProperty(navigator, 'mediaDevices', {value: undefined});"
            "Object.defineProperty(window, 'isSecureContext', {value: false});"
            # Chromium has it on phones alone.
            "HTMLInputElement.prototype.capture = '';"
        )
        page.goto(app.app_url)
        settle(page)
        press(page, KOREAN.camera)
        expect_status(page, KOREAN.insecure)
        with page.expect_file_chooser() as chooser:
            press(page, KOREAN.native)
        assert chooser.value.element.get_attribute("capture") == "user"
