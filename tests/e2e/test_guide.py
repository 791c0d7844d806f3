"""The guide in front of the camera: live advice, countdown, two cameras, and what fails."""

from __future__ import annotations

import base64
import dataclasses
import io
from collections.abc import Iterator
from typing import Any, Final
from urllib.parse import urlsplit

import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, expect

from frontend.i18n import Language, catalogue
from frontend.i18n.sections.capture import Advice
from frontend.sessions import COOKIE_NAME
from tests.e2e.conftest import ASSETS, PHONE, WEBCAM_SIZE, OpensPages
from tests.e2e.steps import new_login_id, services_of, session_token, settle
from tests.programs import LoneApp, start_app
from tests.support.answers import serve_answers

KOREAN = catalogue(Language.KOREAN).capture
DETECTOR: Final = "**/app/static/face_detection-*/**"

CAMERA: Final = """() => {
    const canvas = document.createElement('canvas');
    const pen = canvas.getContext('2d');
    let picture = null;
    window.showScene = async (address) => {
        const next = new Image();
        next.src = address;
        await next.decode();
        [canvas.width, canvas.height] = [next.width, next.height];
        picture = next;
        pen.drawImage(picture, 0, 0);
    };
    setInterval(() => picture && pen.drawImage(picture, 0, 0), 50);
    window.asked = [];
    navigator.mediaDevices.getUserMedia = async (wish) => {
        window.asked.push(wish.video);
        return canvas.captureStream(20);
    };
}"""
"""A camera that shows the picture it is given, instead of the one that the browser began with."""


def scene(
    *,
    height: float = 1.0,
    degrees: float = 0.0,
    right: float = 0.0,
    dim: float = 1.0,
    size: tuple[int, int] = WEBCAM_SIZE,
) -> str:
    """What the camera sees, as a data address: the sample face on grey.

    Args:
        height: of the sample's picture over that of the frame; 0 for nobody.
        degrees: by which it is turned clockwise.
        right: how far right of the middle it stands, as a share of the frame's width.
        dim: what is left of its brightness.
        size: of the frame, pixels.
    """
    frame = Image.new("RGB", size, (150, 150, 150))
    side_px = round(height * size[1])
    if side_px:
        with Image.open(ASSETS / "sample_face.jpg") as one:
            face = one.convert("RGB").resize((side_px, side_px))
        face = face.rotate(-degrees, Image.Resampling.BICUBIC, fillcolor=(150, 150, 150))
        place = ((size[0] - side_px) // 2 + round(right * size[0]), (size[1] - side_px) // 2)
        frame.paste(face, place)
    frame = frame.point([round(value * dim) for value in range(256)] * 3)
    buffer = io.BytesIO()
    frame.save(buffer, "JPEG", quality=92)
    return "data:image/jpeg;base64," + base64.b64encode(buffer.getvalue()).decode()


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LoneApp]:
    database = tmp_path_factory.mktemp("guide") / "skin_notes.db"
    with serve_answers() as server, start_app(database=database, server_url=server.url) as running:
        yield running


def with_camera(page: Page, picture: str) -> None:
    """Give the page a camera that sees the picture, and turn it on."""
    page.evaluate(CAMERA)
    page.evaluate("picture => window.showScene(picture)", picture)
    press(page, KOREAN.camera)
    expect_status(page, KOREAN.guide)


def press(page: Page, text: str) -> None:
    page.get_by_role("button", name=text, exact=True).click()


def expect_status(page: Page, sentence: str) -> None:
    expect(page.locator(".sn-capture-status")).to_have_text(sentence)


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
    page.get_by_role("switch", name=KOREAN.automatic).check()
    expect(page.locator(".sn-capture-count")).to_have_text("3")
    page.evaluate("picture => window.showScene(picture)", scene(height=0))
    expect(page.locator(".sn-capture-count")).to_have_text("")
    expect_advice(page, "no_face")
    page.evaluate("picture => window.showScene(picture)", scene())
    expect_status(page, KOREAN.chosen)
    expect(page.locator(".sn-capture-advice")).to_be_hidden()


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

    press(page, KOREAN.timer)
    for number in ("3", "2", "1"):
        expect(page.locator(".sn-capture-count")).to_have_text(number)
    expect_status(page, KOREAN.chosen)
    expect(page.get_by_role("button", name=KOREAN.camera_again)).to_be_visible()


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
    with_camera(page, scene())
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
