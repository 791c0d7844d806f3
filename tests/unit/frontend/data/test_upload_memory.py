"""An uploaded photo is nowhere on the disk."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.formparsers import MultiPartParser
from starlette.testclient import TestClient
from streamlit import config
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
from streamlit.web.server.starlette.starlette_routes import create_upload_routes

import frontend.app
from frontend.services import build_services
from frontend.settings import Settings

LIMIT_MB = 3
OPTIONS = {"server.maxUploadSize": LIMIT_MB, "server.enableXsrfProtection": False}


@pytest.fixture
def browser(database_file: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[TestClient]:
    """Reaches Streamlit's own route for uploads, once the app has started in its process."""
    before = {name: config.get_option(name) for name in OPTIONS}
    # As Starlette has it, and so again for the tests that follow.
    monkeypatch.setattr(MultiPartParser, "spool_max_size", 1024**2)
    shared = build_services(Settings(database_url=f"sqlite:///{database_file}"))
    monkeypatch.setattr(frontend.app, "services", lambda: shared)

    async def start_and_stop() -> None:
        async with frontend.app._with_database(frontend.app.app):
            pass

    for name, value in OPTIONS.items():
        config.set_option(name, value)
    asyncio.run(start_and_stop())
    runtime: Any = SimpleNamespace(is_active_session=lambda _session_id: True)
    uploads = MemoryUploadedFileManager("/_stcore/upload_file")
    yield TestClient(Starlette(routes=create_upload_routes(runtime, uploads, None)))
    for name, value in before.items():
        config.set_option(name, value)


@pytest.mark.parametrize(
    ("size", "status"),
    [
        (1024**2 + 1, 204),
        (LIMIT_MB * 1024**2 - 4096, 204),
        (LIMIT_MB * 1024**2 + 4096, 413),
        ((LIMIT_MB + 1) * 1024**2 - 4096, 413),
        ((LIMIT_MB + 2) * 1024**2, 413),
    ],
)
@pytest.mark.parametrize("tells_its_length", [True, False])
def test_an_upload_of_any_size_never_reaches_the_disk(
    browser: TestClient,
    monkeypatch: pytest.MonkeyPatch,
    *,
    size: int,
    status: int,
    tells_its_length: bool,
) -> None:
    moved_to_disk: list[object] = []
    monkeypatch.setattr(tempfile.SpooledTemporaryFile, "rollover", moved_to_disk.append)
    sent = browser.build_request(
        "PUT", "/_stcore/upload_file/mina/photo", files={"photo": ("face.jpg", bytes(size))}
    )
    if not tells_its_length:
        del sent.headers["Content-Length"]
    assert browser.send(sent).status_code == status
    assert moved_to_disk == []
