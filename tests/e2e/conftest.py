"""A headless Chromium with a fake webcam, and visitors that are watched for strange requests."""

from __future__ import annotations

import io
import shutil
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Protocol
from urllib.parse import urlsplit

import pytest
from PIL import Image, ImageOps
from playwright.sync_api import Browser, Page, ViewportSize, expect, sync_playwright

from frontend.sessions import COOKIE_NAME
from tests.e2e.profiles import DESKTOP, ONE_PROCESS, Profiles
from tests.e2e.steps import services_of, session_token, settle
from tests.programs import ROOT, LoneApp, RunningApp, RunningService, start_app
from tests.support.answers import ServerWithAnswers, analysis_answer, serve_answers

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
WEBCAM_SIZE = (1280, 720)
ASSETS = ROOT / "frontend/assets"
PATIENCE_MS = 30_000
"""Longest wait for the page to say something: a first analysis takes seconds on a busy machine."""


class OpensPages(Protocol):
    """Opens the app in a browser profile of its own, as a visitor or as somebody signed in.

    `person` is the ID of who is signed in; they get an account unless they have one.
    """

    def __call__(
        self,
        path: str = "/",
        *,
        person: str | None = None,
        locale: str = "ko-KR",
        size: ViewportSize | None = None,
        app: RunningApp | None = None,
    ) -> Page: ...


@pytest.fixture(scope="session")
def webcam_video(sample_photo: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the fake webcam sees: the sample face, as a film of ten equal pictures."""
    with Image.open(sample_photo) as photo:
        frame = ImageOps.pad(photo.convert("RGB"), WEBCAM_SIZE, color=(128, 128, 128))
    buffer = io.BytesIO()
    frame.save(buffer, "JPEG", quality=92)
    path = tmp_path_factory.mktemp("webcam") / "webcam.mjpeg"
    path.write_bytes(buffer.getvalue() * 10)
    return path


@pytest.fixture(scope="package")
def chromium(webcam_video: Path) -> Iterator[Browser]:
    """The browser of these tests; the event loop beside it must not meet any others."""
    found = next((path for name in BROWSERS if (path := shutil.which(name))), None)
    if found is None:
        raise FileNotFoundError(f"none of {BROWSERS} is installed: `make test` installs one")
    expect.set_options(timeout=PATIENCE_MS)
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(
            executable_path=found,
            args=[
                "--no-sandbox",
                "--disable-dev-shm-usage",
                "--use-fake-device-for-media-stream",
                "--use-fake-ui-for-media-stream",
                ONE_PROCESS,
                f"--use-file-for-fake-video-capture={webcam_video}",
            ],
        )
        yield running
        running.close()


@pytest.fixture(scope="session")
def own_server() -> Iterator[ServerWithAnswers]:
    with serve_answers() as server:
        yield server


@pytest.fixture(scope="session")
def app(
    own_server: ServerWithAnswers, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[LoneApp]:
    """The app beside a model server whose answers the tests choose."""
    database = tmp_path_factory.mktemp("app") / "skin_notes.db"
    with start_app(database=database, server_url=own_server.url) as running:
        yield running


@pytest.fixture
def server(own_server: ServerWithAnswers) -> Iterator[ServerWithAnswers]:
    """That model server, with the answer that it begins with."""
    own_server.answer(analysis_answer())
    own_server.requests.clear()
    yield own_server
    own_server.go_on.set()


@pytest.fixture(scope="package")
def profiles(chromium: Browser) -> Profiles:
    return Profiles(chromium)


@pytest.fixture
def open_app(profiles: Profiles, service: RunningService) -> Iterator[OpensPages]:
    """Opens pages; afterwards no request may have left the loopback address."""

    def open_page(
        path: str = "/",
        *,
        person: str | None = None,
        locale: str = "ko-KR",
        size: ViewportSize | None = None,
        app: RunningApp | None = None,
    ) -> Page:
        opened = app or service
        profile = profiles.take(opened.app_url, locale=locale)
        profile.set_default_timeout(PATIENCE_MS)
        if person is not None:
            token = session_token(services_of(opened.database), person)
            profile.add_cookies([{"name": COOKIE_NAME, "value": token, "url": opened.app_url}])
        page = profile.new_page()
        page.set_viewport_size(size or DESKTOP)
        page.goto(opened.app_url + path)
        # What is pressed while the page is still drawn may be lost; nobody is that fast.
        settle(page)
        return page

    yield open_page
    addresses = list(profiles.addresses)
    profiles.take_back()
    strangers = [url for url in addresses if not _stays_here(url)]
    assert strangers == [], "requests left this machine"
    public = {url for url in addresses if urlsplit(url).path.startswith("/media/")}
    assert [url for url in public if not _is_part_of_the_app(url)] == []


def _is_part_of_the_app(url: str) -> bool:
    # Whatever lies below /media/ is served to anybody, so it may be a logo, but never a face.
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with direct.open(url) as answer:
        content = answer.read()
    logos = [*ASSETS.glob("*.png"), *ASSETS.glob("*.svg")]
    return any(content == logo.read_bytes() for logo in logos)


def _stays_here(url: str) -> bool:
    parts = urlsplit(url)
    return parts.scheme in {"data", "blob"} or parts.hostname == "127.0.0.1"
