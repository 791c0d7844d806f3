"""The guide in front of the camera: what it sees, what it says, when it takes the photo."""

from __future__ import annotations

import dataclasses
from typing import Any, Final
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect

from frontend.i18n.sections.capture import Advice
from tests.e2e.camera import COUNTED, KOREAN, expect_status, scene, with_camera
from tests.e2e.conftest import OpensPages
from tests.e2e.steps import new_login_id
from tests.programs import LoneApp


def expect_advice(page: Page, name: str) -> None:
    expect(page.locator(".sn-capture")).to_have_attribute("data-advice", name)
    expect(page.locator(".sn-capture-advice")).to_have_text(getattr(KOREAN.advice, name))


def oval_border(page: Page) -> tuple[str, str, str]:
    found: Any = page.locator(".sn-capture-oval").evaluate(
        "oval => { const {borderTopStyle: style, borderTopWidth: width, borderTopColor: colour}"
        " = getComputedStyle(oval); return [style, width, colour]; }"
    )
    style, width, colour = found
    return style, width, colour


# Somebody who stands right, in a frame of 1280 x 720: the oval is 590.4 px high, so a box of 400
# fills 0.68 of it, and its middle lies 0.1 ovals (59 px) below the middle of the frame.
FACE: Final[dict[str, Any]] = {
    "box": {"x": 440, "y": 219, "width": 400, "height": 400},
    "eyes": [{"x": 560, "y": 320}, {"x": 720, "y": 320}],
    "nose": {"x": 640, "y": 400},
    "brightness": 120,
    "evenness": 0.9,
    "speed": 0.05,
}
WELL: Final[dict[str, Any]] = {
    "width": 1280,
    "height": 720,
    "brightness": 120,
    "faces": 1,
    "face": FACE,
}

# Whoever was seen leaves as soon as the countdown begins.
LEAVES_AT_THREE: Final = """picture => {
    const place = document.querySelector('.sn-capture-count');
    new MutationObserver((_, observer) => {
        if (place.textContent !== '3') return;
        observer.disconnect();
        window.showScene(picture);
    }).observe(place, {childList: true});
}"""


def reading(**face: Any) -> dict[str, Any]:
    return {**WELL, "face": {**FACE, **face}}


def test_each_shortcoming_has_its_advice_and_sides_are_those_of_the_screen(
    app: LoneApp, chromium: Browser
) -> None:
    cases: list[tuple[dict[str, Any], str, str]] = [
        (WELL, "good", "good"),
        ({**WELL, "face": None}, "no_face", "no_face"),
        ({**WELL, "face": None, "brightness": 30}, "dark", "dark"),
        ({**WELL, "faces": 2}, "several", "several"),
        # 280 of 590 px are 0.47 ovals, 480 are 0.81.
        (reading(box={"x": 500, "y": 279, "width": 280, "height": 280}), "closer", "closer"),
        (reading(box={"x": 400, "y": 179, "width": 480, "height": 480}), "farther", "farther"),
        # 99 px between the eyes are too few in the photo, however large the box.
        (reading(eyes=[{"x": 590, "y": 320}, {"x": 689, "y": 320}]), "closer", "closer"),
        # 80 px towards the image's left are 0.14 ovals, and a mirror shows them on the right.
        (reading(box={"x": 360, "y": 219, "width": 400, "height": 400}), "move_left", "move_right"),
        (reading(box={"x": 520, "y": 219, "width": 400, "height": 400}), "move_right", "move_left"),
        (reading(box={"x": 440, "y": 309, "width": 400, "height": 400}), "move_up", "move_up"),
        (reading(box={"x": 440, "y": 129, "width": 400, "height": 400}), "move_down", "move_down"),
        # The eye on the image's right 40 px lower than the other: 14 degrees clockwise.
        (
            reading(eyes=[{"x": 560, "y": 300}, {"x": 720, "y": 340}], nose={"x": 630, "y": 400}),
            "tilt_right",
            "tilt_left",
        ),
        (
            reading(eyes=[{"x": 560, "y": 340}, {"x": 720, "y": 300}], nose={"x": 650, "y": 400}),
            "tilt_left",
            "tilt_right",
        ),
        # The nose 32 of 160 px towards the image's left.
        (reading(nose={"x": 608, "y": 400}), "turn_left", "turn_right"),
        (reading(nose={"x": 672, "y": 400}), "turn_right", "turn_left"),
        (reading(brightness=50), "dark", "dark"),
        (reading(brightness=230), "bright", "bright"),
        (reading(evenness=0.5), "uneven", "uneven"),
        (reading(speed=0.8), "still", "still"),
        # The most important first.
        (reading(speed=0.8, brightness=50, nose={"x": 608, "y": 400}), "turn_left", "turn_right"),
    ]
    with chromium.new_context() as context:
        page = context.new_page()
        page.goto(f"{app.app_url}/app/static/guide/advice.js")
        told = page.evaluate(
            """async readings => {
                const {advise} = await import(location.href);
                return readings.map(one => [advise(one, true), advise(one, false)]);
            }""",
            [case[0] for case in cases],
        )
    assert told == [[mirrored, away] for _, mirrored, away in cases]
    told_of = {name for pair in told for name in pair}
    assert told_of == {field.name for field in dataclasses.fields(Advice)}


def test_a_sentence_stays_readable_and_one_that_flickers_is_not_said(
    app: LoneApp, chromium: Browser
) -> None:
    seen = [
        (0, "closer"), (200, "closer"), (400, "dark"), (600, "closer"),  # dark for a moment
        (800, "dark"), (1000, "dark"), (1200, "dark"), (1400, "dark"), (1600, "dark"),
        (1800, "good"), (2000, "good"), (2200, "good"), (2700, "good"), (3300, "good"),
        (3400, "still"), (3600, "good"),
    ]  # fmt: skip
    with chromium.new_context() as context:
        page = context.new_page()
        page.goto(f"{app.app_url}/app/static/guide/advice.js")
        said = page.evaluate(
            """async seen => {
                const {steady, isReady} = await import(location.href);
                let shown = null;
                return seen.map(([at, advice]) => {
                    shown = steady(shown, advice, at);
                    return [at, shown.advice, isReady(shown, at)];
                });
            }""",
            seen,
        )
    assert [(at, advice) for at, advice, _ in said if at in {1400, 1600, 2000, 2200, 3400}] == [
        (1400, "closer"),
        (1600, "dark"),
        (2000, "dark"),
        (2200, "good"),
        (3400, "good"),
    ]
    assert [at for at, _, ready in said if ready] == [3300, 3600]


def test_brightness_and_speed_are_measured_in_the_face(app: LoneApp, chromium: Browser) -> None:
    with chromium.new_context() as context:
        page = context.new_page()
        page.goto(f"{app.app_url}/app/static/guide/reading.js")
        measured = page.evaluate(
            """async () => {
                const {readFrame} = await import(location.href);
                const pen = new OffscreenCanvas(100, 100).getContext('2d');
                pen.fillStyle = 'rgb(200, 200, 200)'; pen.fillRect(0, 0, 50, 100);
                pen.fillStyle = 'rgb(100, 100, 100)'; pen.fillRect(50, 0, 50, 100);
                const pixels = pen.getImageData(0, 0, 100, 100);
                const box = {xCenter: 0.5, yCenter: 0.5, width: 0.5, height: 0.5};
                const seen = (dx) => [{boundingBox: box, landmarks:
                    [[0.4, 0.4], [0.6, 0.4], [0.5, 0.5]].map(([x, y]) => ({x: x + dx, y}))}];
                const frame = {width: 1000, height: 1000};
                const bystander = (width) => ({boundingBox: {...box, width}, landmarks: []});
                const one = readFrame(seen(0), pixels, frame, null, 0);
                const two = readFrame(
                    [...seen(0.02), bystander(0.2), bystander(0.3)], pixels, frame, one, 200);
                return [one.face.brightness, one.face.evenness, one.face.speed, one.faces,
                        two.face.speed, two.faces, one.face.box.x, readFrame(
                        [], pixels, frame, two, 400).face];
            }"""
        )
    # 20 px of an eye distance of 200 px in 0.2 s; of the others, 0.3 is more than half of 0.5.
    assert measured == [150, 0.5, 0, 1, pytest.approx(0.5), 2, 250, None]


def test_the_guide_follows_what_the_camera_sees(open_app: OpensPages, app: LoneApp) -> None:
    page = open_app(person=new_login_id(), app=app)
    fetched: list[str] = []
    page.on("request", lambda request: fetched.append(request.url))
    with_camera(page, scene(height=0))
    expect_advice(page, "no_face")
    waiting = oval_border(page)
    for picture, advice in (
        (scene(height=0.5), "closer"),
        # Clockwise in the image is to the left in the mirror, so to the right is upright again.
        (scene(degrees=20), "tilt_right"),
        (scene(right=0.12), "move_right"),
        (scene(dim=0.25), "dark"),
        (scene(), "good"),
    ):
        page.evaluate("picture => window.showScene(picture)", picture)
        expect_advice(page, advice)
    well = oval_border(page)
    assert waiting[:2] == ("dashed", "3px")
    assert well[:2] == ("solid", "6px")
    assert waiting[2] != well[2]

    detector = {urlsplit(url).path.rsplit("/", 1)[-1] for url in fetched if "face_detection" in url}
    assert detector == {
        "face_detection.js",
        "face_detection_short.binarypb",
        "face_detection_short_range.tflite",
        "face_detection_solution_simd_wasm_bin.js",
        "face_detection_solution_simd_wasm_bin.wasm",
    }
    assert {url for url in fetched if not url.startswith((app.app_url, "data:", "blob:"))} == set()

    # The switch is off until somebody wants it; then the photo takes itself.
    page.evaluate(COUNTED)
    page.evaluate(LEAVES_AT_THREE, scene(height=0))
    page.get_by_role("switch", name=KOREAN.automatic).check()
    page.wait_for_function("window.counted.includes('3') && window.counted.at(-1) === ''")
    expect_advice(page, "no_face")
    page.evaluate("picture => window.showScene(picture)", scene())
    expect_status(page, KOREAN.chosen)
    expect(page.locator(".sn-capture-advice")).to_be_hidden()
