"""What cannot be analysed is answered by a sentence that says why and what to do."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from frontend.i18n import Language, catalogue
from tests.e2e.conftest import OpensPages
from tests.e2e.steps import choose_photo, expect_five_grades, new_login_id, upload, widget
from tests.programs import LoneApp, free_port, start_app

KOREAN = catalogue(Language.KOREAN)


def expect_problem(page: Page, code: str) -> None:
    problem = page.locator(f'.sn-problem[data-code="{code}"]')
    expect(problem).to_have_role("alert")
    expect(problem).to_contain_text(KOREAN.problems[code].what.split("{")[0])


@pytest.fixture(scope="module")
def app_without_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LoneApp]:
    """An app whose model server is away."""
    database = tmp_path_factory.mktemp("alone") / "skin_notes.db"
    with start_app(database=database, server_url=f"http://127.0.0.1:{free_port()}") as running:
        yield running


def test_a_text_renamed_to_jpg_is_refused_and_the_next_photo_is_not(
    open_app: OpensPages, tmp_path: Path, sample_photo: Path
) -> None:
    text = tmp_path / "me.jpg"
    text.write_text("This is not a photo.", encoding="utf-8")
    page = open_app(person=new_login_id())
    choose_photo(page, text)
    expect(page.locator(".sn-capture-lead")).to_have_text(KOREAN.capture.no_preview)
    widget(page, "analyse").locator("button").click()
    expect_problem(page, "photo_unreadable")
    expect(page.locator(".sn-capture-status")).to_be_empty()
    # It may not be read any more.
    expect(page.locator(".sn-capture-lead")).to_have_text(KOREAN.capture.no_preview_refused)

    again = page.get_by_role("button", name=KOREAN.capture.file_again, exact=True)
    expect(again).to_have_count(1)
    upload(page, sample_photo)
    expect_five_grades(page)


def test_a_photo_without_a_face_is_refused(open_app: OpensPages, tmp_path: Path) -> None:
    photo = tmp_path / "sky.png"
    shades = np.linspace(120, 220, 400, dtype=np.uint8)
    Image.fromarray(np.tile(shades[:, None, None], (1, 400, 3))).save(photo)
    page = open_app(person=new_login_id())
    upload(page, photo)
    expect_problem(page, "face_not_found")


def test_two_people_in_one_photo_are_refused(
    open_app: OpensPages, tmp_path: Path, sample_photo: Path
) -> None:
    photo = tmp_path / "both.jpg"
    with Image.open(sample_photo) as one:
        both = Image.new("RGB", (2 * one.width, one.height))
        both.paste(one, (0, 0))
        both.paste(one, (one.width, 0))
    both.save(photo)
    page = open_app(person=new_login_id())
    upload(page, photo)
    problem = page.locator('.sn-problem[data-code="face_several"]')
    expect(problem).to_contain_text("2")


def test_a_server_that_is_away_is_said_so(
    open_app: OpensPages, app_without_server: LoneApp, sample_photo: Path
) -> None:
    page = open_app(person=new_login_id(), app=app_without_server)
    upload(page, sample_photo)
    expect_problem(page, "server_away")
    expect(page.locator(".sn-score")).to_have_count(0)
