"""A camera that sees what a test shows it, and the page that takes photos from it."""

from __future__ import annotations

import base64
import io
from typing import Final

from PIL import Image
from playwright.sync_api import Page, expect

from frontend.i18n import Language, catalogue
from tests.e2e.conftest import ASSETS, WEBCAM_SIZE

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

COUNTED: Final = """() => {
    window.counted = [];
    const place = document.querySelector('.sn-capture-count');
    new MutationObserver(() => window.counted.push(place.textContent))
        .observe(place, {childList: true});
}"""
"""Notes all that the countdown says: each number stands for a second, too short to look for."""


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
