"""Takes the pictures that the READMEs show: the sample face's result and a made-up history.

    python -m tests.screenshots

Run it after a change of the pages that these pictures show; it writes `frontend/assets/readme`.
"""

from __future__ import annotations

import argparse
import io
import shutil
import tempfile
from pathlib import Path
from typing import Final

from PIL import Image
from playwright.sync_api import Page, sync_playwright

from frontend.i18n import Language, catalogue
from tests.e2e.conftest import BROWSERS
from tests.e2e.profiles import PHONE
from tests.e2e.steps import (
    expect_five_grades,
    new_login_id,
    past_visit,
    services_of,
    settle,
    sign_up,
    upload,
)
from tests.programs import ROOT, RunningService, start_service

FOLDER: Final = ROOT / "frontend/assets/readme"
SAMPLE: Final = ROOT / "frontend/assets/sample_face.jpg"
GRADES: Final = (3, 3, 2, 3, 2, 2, 1)
"""Of the made-up checks, one a week, the oldest first."""


def main() -> None:
    """Take both pictures in both languages."""
    argparse.ArgumentParser(
        prog="python -m tests.screenshots",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    ).parse_args()
    FOLDER.mkdir(exist_ok=True)
    found = next(path for name in BROWSERS if (path := shutil.which(name)))
    with tempfile.TemporaryDirectory() as folder:
        service = start_service(database=Path(folder) / "skin_notes.db")
        try:
            with sync_playwright() as playwright:
                browser = playwright.chromium.launch(executable_path=found, args=["--no-sandbox"])
                for language, locale in ((Language.KOREAN, "ko-KR"), (Language.ENGLISH, "en-US")):
                    context = browser.new_context(
                        locale=locale,
                        timezone_id="Asia/Seoul",
                        viewport=PHONE,
                        device_scale_factor=2,
                        reduced_motion="reduce",
                    )
                    page = context.new_page()
                    page.goto(service.app_url)
                    _take(page, service, language)
                    context.close()
                browser.close()
        finally:
            service.stop()


def _take(page: Page, service: RunningService, language: Language) -> None:
    words = catalogue(language)
    login_id = new_login_id()
    sign_up(page, login_id, option=words.login.sign_up)
    shared = services_of(service.database)
    for weeks, grade in enumerate(reversed(GRADES), start=1):
        past_visit(shared, login_id, days_ago=7 * weeks, grade=grade)
    upload(page, SAMPLE)
    expect_five_grades(page)
    settle(page)
    _save(page, FOLDER / f"result.{language}.webp")
    page.goto(f"{service.app_url}/history")
    settle(page)
    page.locator(".js-plotly-plot .scatterlayer").first.wait_for()
    _save(page, FOLDER / f"history.{language}.webp")


def _save(page: Page, path: Path) -> None:
    with Image.open(io.BytesIO(page.screenshot())) as picture:
        picture.convert("RGB").save(path, "WEBP", quality=82, method=6)


if __name__ == "__main__":
    main()
