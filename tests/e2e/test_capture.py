"""The widget that takes or chooses a photo: what it sends, and what it says when it cannot."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageOps
from playwright.sync_api import APIResponse, FilePayload, Page, expect

from frontend.i18n import Language, catalogue
from frontend.sessions import COOKIE_NAME
from tests.e2e.conftest import WEBCAM_SIZE, OpensPages
from tests.e2e.profiles import PHONE
from tests.e2e.steps import (
    choose_photo,
    expect_five_grades,
    new_login_id,
    take_photo,
    widget,
)
from tests.programs import LoneApp
from tests.support.answers import ServerWithAnswers
from tests.support.photos import encode_image, exif_with_orientation

KOREAN = catalogue(Language.KOREAN)


def sent_photos(server: ServerWithAnswers, field: str) -> list[bytes]:
    """The files in the form that the server was sent last."""
    _, _, body = server.requests[-1]
    boundary = body.split(b"\r\n", 1)[0]
    parts = body.split(f'; name="{field}"'.encode())[1:]
    return [part.split(b"\r\n\r\n", 1)[1].split(b"\r\n" + boundary, 1)[0] for part in parts]


def sent_photo(server: ServerWithAnswers) -> bytes:
    """The one file in the form that the server was sent last."""
    (photo,) = sent_photos(server, "photo")
    return photo


def analyse(page: Page) -> None:
    widget(page, "analyse").locator("button").click()


def lopsided(picture: Image.Image) -> npt.NDArray[np.float64]:
    """What of the face in the middle differs between left and right; a mirror turns its sign."""
    grey = np.asarray(picture.convert("L").resize((128, 72)), np.float64)[:, 34:94]
    return grey - grey[:, ::-1]


def expect_status(page: Page, sentence: str) -> None:
    expect(page.locator(".sn-capture-status")).to_have_text(sentence)


def test_a_large_photo_is_sent_small_and_upright_without_its_metadata(
    open_app: OpensPages,
    app: LoneApp,
    server: ServerWithAnswers,
    sample_photo: Path,
    tmp_path: Path,
) -> None:
    with Image.open(sample_photo) as one:
        upright = one.convert("RGB").resize((2400, 3200))
    exif = exif_with_orientation(6)
    exif[0x010F] = "A camera that may be recognised"
    lying = tmp_path / "IMG_20261123_private.jpg"
    lying.write_bytes(
        encode_image(upright.transpose(Image.Transpose.ROTATE_90), "JPEG", exif=exif, quality=95)
    )
    page = open_app(person=new_login_id(), app=app)
    choose_photo(page, lying)
    analyse(page)
    expect_five_grades(page)

    content = sent_photo(server)
    with Image.open(io.BytesIO(content)) as arrived:
        assert (arrived.format, arrived.size) == ("JPEG", (1200, 1600))
        assert not arrived.getexif()
        small = np.asarray(arrived.convert("L").resize((120, 160)), float)
    expected = np.asarray(upright.convert("L").resize((120, 160)), float)
    assert np.abs(small - expected).mean() < 4
    assert b"private" not in server.requests[-1][2]


def test_a_file_that_the_browser_cannot_decode_is_sent_as_it_is(
    open_app: OpensPages,
    app: LoneApp,
    server: ServerWithAnswers,
    sample_photo: Path,
    tmp_path: Path,
) -> None:
    photo = tmp_path / "IMG_0001.HEIC"
    with Image.open(sample_photo) as one:
        photo.write_bytes(encode_image(one.convert("RGB"), "HEIF"))
    page = open_app(person=new_login_id(), app=app)
    choose_photo(page, photo)
    expect(page.get_by_text(KOREAN.capture.no_preview)).to_be_visible()
    analyse(page)
    expect_five_grades(page)

    assert sent_photo(server) == photo.read_bytes()


def test_a_file_of_twenty_megabytes_arrives_and_a_larger_one_is_refused_at_once(
    open_app: OpensPages, app: LoneApp, server: ServerWithAnswers, tmp_path: Path
) -> None:
    largest, too_large = tmp_path / "large.heic", tmp_path / "larger.heic"
    largest.write_bytes(b"\x07" * (20 * 1024 * 1024 - 4096))
    too_large.write_bytes(b"\x07" * (20 * 1024 * 1024 + 1))
    page = open_app(person=new_login_id(), app=app)

    choose_photo(page, too_large)
    expect_status(page, KOREAN.capture.too_large.format(max_mb=20))
    choose_photo(page, largest)
    expect_status(page, KOREAN.capture.chosen)
    analyse(page)
    expect_five_grades(page)
    assert len(sent_photo(server)) == 20 * 1024 * 1024 - 4096


def test_a_file_of_another_kind_is_refused_before_it_is_sent(
    open_app: OpensPages, app: LoneApp, server: ServerWithAnswers, tmp_path: Path
) -> None:
    text = tmp_path / "notes.txt"
    text.write_text("These are words.", encoding="utf-8")
    page = open_app(person=new_login_id(), app=app)
    choose_photo(page, text)

    expect_status(page, KOREAN.capture.wrong_type)
    expect(widget(page, "analyse")).to_have_count(0)


def test_after_a_refused_file_the_photo_before_it_is_shown_which_is_the_one_that_is_analysed(
    open_app: OpensPages,
    app: LoneApp,
    server: ServerWithAnswers,
    sample_photo: Path,
    tmp_path: Path,
) -> None:
    text, too_large = tmp_path / "notes.pdf", tmp_path / "larger.heic"
    text.write_bytes(b"%PDF-1.7")
    too_large.write_bytes(b"\x07" * (20 * 1024 * 1024 + 1))
    page = open_app(person=new_login_id(), app=app)
    choose_photo(page, sample_photo)
    expect_status(page, KOREAN.capture.chosen)
    for file, sentence in {
        text: KOREAN.capture.wrong_type,
        too_large: KOREAN.capture.too_large.format(max_mb=20),
    }.items():
        choose_photo(page, file)
        expect_status(page, sentence)
        expect(page.locator(".sn-capture img")).to_be_visible()
    analyse(page)
    expect_five_grades(page)

    assert sent_photo(server) == sample_photo.read_bytes()


def test_the_webcam_s_preview_is_a_mirror_and_its_three_photos_are_not(
    open_app: OpensPages, app: LoneApp, server: ServerWithAnswers, sample_photo: Path
) -> None:
    page = open_app(person=new_login_id(), app=app, size=PHONE)
    page.get_by_role("button", name=KOREAN.capture.camera, exact=True).click()
    expect_status(page, KOREAN.capture.guide)
    expect(page.locator(".sn-capture video")).to_have_css("transform", "matrix(-1, 0, 0, 1, 0, 0)")
    page.get_by_role("button", name=KOREAN.capture.take, exact=True).click()
    expect_status(page, KOREAN.capture.chosen)
    analyse(page)
    expect_five_grades(page)

    assert server.requests[-1][0] == "/v1/analyses:burst"
    frames = sent_photos(server, "photos")
    assert len(frames) == 3
    with Image.open(sample_photo) as one:
        seen = lopsided(ImageOps.pad(one.convert("RGB"), WEBCAM_SIZE))
    for frame in frames:
        with Image.open(io.BytesIO(frame)) as arrived:
            assert arrived.size == WEBCAM_SIZE
            photo = lopsided(arrived)
        assert np.corrcoef(photo.ravel(), seen.ravel())[0, 1] > 0.8


def test_leaving_the_page_turns_the_camera_off(
    open_app: OpensPages, app: LoneApp, server: ServerWithAnswers
) -> None:
    page = open_app(person=new_login_id(), app=app, size=PHONE)
    page.evaluate(
        """() => {
            const ask = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
            navigator.mediaDevices.getUserMedia = async (wish) => {
                window.asked = wish;
                return (window.given = await ask(wish));
            };
        }"""
    )
    page.get_by_role("button", name=KOREAN.capture.camera, exact=True).click()
    expect_status(page, KOREAN.capture.guide)
    assert page.evaluate("window.asked.video.facingMode") == "user"

    widget(page, "bottom_nav").get_by_role("link", name=KOREAN.menu.history).click()
    expect(page.locator(".sn-capture")).to_have_count(0)
    page.wait_for_function("window.given.getTracks().every(track => track.readyState === 'ended')")


def test_a_camera_that_cannot_be_used_is_explained_and_a_file_still_can(
    open_app: OpensPages, app: LoneApp, server: ServerWithAnswers
) -> None:
    page = open_app(person=new_login_id(), app=app)
    page.evaluate(
        """() => {
            navigator.mediaDevices.getUserMedia =
                () => Promise.reject(new DOMException('', window.refusal));
        }"""
    )
    for refusal, sentence in {
        "NotAllowedError": KOREAN.capture.blocked,
        "NotFoundError": KOREAN.capture.no_camera,
        "NotReadableError": KOREAN.capture.busy,
    }.items():
        page.evaluate("refusal => { window.refusal = refusal; }", refusal)
        page.get_by_role("button", name=KOREAN.capture.camera, exact=True).click()

        # The sentences differ, so that each shows which refusal it answers.
        expect_status(page, sentence)
        expect(page.get_by_role("button", name=KOREAN.capture.file, exact=True)).to_be_visible()


def test_an_address_without_https_is_explained(
    open_app: OpensPages, app: LoneApp, server: ServerWithAnswers
) -> None:
    page = open_app(person=new_login_id(), app=app)
    page.evaluate(
        """() => {
            Object.defineProperty(navigator, 'mediaDevices', {value: undefined});
            Object.defineProperty(window, 'isSecureContext', {value: false});
            delete HTMLInputElement.prototype.capture;
        }"""
    )
    page.get_by_role("button", name=KOREAN.capture.camera, exact=True).click()

    expect_status(page, KOREAN.capture.insecure)


def test_a_photo_is_given_by_keyboard_alone_with_buttons_a_thumb_can_hit(
    open_app: OpensPages, app: LoneApp, server: ServerWithAnswers
) -> None:
    page = open_app(person=new_login_id(), app=app, size=PHONE)
    camera = page.get_by_role("button", name=KOREAN.capture.camera, exact=True)
    choose_file = page.get_by_role("button", name=KOREAN.capture.file, exact=True)
    for button in (camera, choose_file):
        box = button.bounding_box()
        assert box is not None
        assert box["height"] >= 44
    camera.focus()
    page.keyboard.press("Tab")
    expect(choose_file).to_be_focused()
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Enter")
    take = page.get_by_role("button", name=KOREAN.capture.take, exact=True)
    expect(take).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name=KOREAN.capture.camera_again)).to_be_focused()
    expect_status(page, KOREAN.capture.chosen)
    expect(widget(page, "analyse").locator("button")).to_be_visible()
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    expect(widget(page, "analyse").locator("button")).to_be_focused()
    page.keyboard.press("Enter")
    expect_five_grades(page)


def test_another_photo_takes_the_place_of_the_first(
    open_app: OpensPages, app: LoneApp, server: ServerWithAnswers, sample_photo: Path
) -> None:
    page = open_app(person=new_login_id(), app=app)
    take_photo(page, camera=KOREAN.capture.camera, take=KOREAN.capture.take)
    expect_status(page, KOREAN.capture.chosen)
    choose_photo(page, sample_photo)
    expect_status(page, KOREAN.capture.chosen)
    analyse(page)
    expect_five_grades(page)

    assert sent_photo(server) == sample_photo.read_bytes()


def test_who_is_not_signed_in_uploads_nothing_even_to_a_page_that_is_open(
    open_app: OpensPages, app: LoneApp, server: ServerWithAnswers, sample_photo: Path
) -> None:
    page = open_app(person=new_login_id(), app=app)
    with page.expect_response("**/_stcore/upload_file/**") as upload:
        choose_photo(page, sample_photo)
    assert upload.value.status == 204
    asked = upload.value.request
    photo: FilePayload = {
        "name": "face.jpg",
        "mimeType": "image/jpeg",
        "buffer": sample_photo.read_bytes(),
    }

    def upload_again() -> APIResponse:
        return page.request.fetch(
            asked.url,
            method=asked.method,
            headers={"X-Xsrftoken": asked.headers["x-xsrftoken"]},
            multipart={"photo": photo},
        )

    assert upload_again().status == 204
    page.context.clear_cookies(name=COOKIE_NAME)
    refused = upload_again()
    assert (refused.status, refused.text()) == (401, "To upload a photo, log in.")
    assert refused.headers["x-content-type-options"] == "nosniff"


def test_streamlit_s_own_uploader_serves_where_the_widget_cannot(
    open_app: OpensPages, app: LoneApp, server: ServerWithAnswers, sample_photo: Path
) -> None:
    page = open_app(person=new_login_id(), app=app)
    uploader = page.get_by_test_id("stFileUploader")
    expect(uploader).to_be_hidden()

    # As if the widget's script had not loaded.
    page.locator(".sn-capture[data-ready]").evaluate("widget => widget.remove()")
    expect(uploader).to_be_visible()
    page.get_by_test_id("stFileUploaderDropzoneInput").set_input_files(sample_photo)
    analyse(page)
    expect_five_grades(page)
