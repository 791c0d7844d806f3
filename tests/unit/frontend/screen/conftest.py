"""A model server with chosen answers, and the app's script on a fresh database."""

from __future__ import annotations

import functools
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from streamlit.components.v2 import manifest_scanner
from streamlit.runtime.scriptrunner import RerunData
from streamlit.testing.v1 import AppTest, local_script_runner
from streamlit.util import calc_hash

import frontend.main
from frontend import services as services_module
from frontend import visitor
from frontend.accounts import User
from frontend.services import Services, build_services
from frontend.serving_version import ServingVersion
from frontend.settings import Settings
from tests.support.answers import ServerWithAnswers, serve_answers


@pytest.fixture(autouse=True, scope="session")
def components_are_looked_for_once() -> Iterator[None]:
    """Streamlit looks through all installed packages, for a second, when AppTest opens a page."""
    with pytest.MonkeyPatch.context() as patched:
        once = functools.cache(manifest_scanner.scan_component_manifests)
        patched.setattr(manifest_scanner, "scan_component_manifests", once)
        yield


@pytest.fixture
def model_server() -> Iterator[ServerWithAnswers]:
    with serve_answers() as server:
        yield server


@pytest.fixture
def shared(
    tmp_path: Path,
    ready_database: Path,
    model_server: ServerWithAnswers,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Services]:
    """What the script finds as the process's services."""
    file = shutil.copyfile(ready_database, tmp_path / "notes.db")
    settings = Settings(server_url=model_server.url, database_url=f"sqlite:///{file}")
    # On a busy machine no answer may come too late.
    built = replace(build_services(settings), serving_version=ServingVersion(patience_s=60))
    monkeypatch.setattr(services_module, "services", lambda: built)
    yield built
    built.engine.dispose()


@pytest.fixture
def mina(shared: Services) -> User:
    return shared.accounts.sign_up("mina", "spring river lamp")


class Tabs:
    """Tabs of one person's browser, or of a visitor's when `user` is None."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.user: User | None = None
        monkeypatch.setattr(visitor, "current_user", lambda _sessions: self.user)
        # AppTest has no cookies and no client; what stands in for them answers anything.
        monkeypatch.setattr(visitor, "session_token", lambda: None)
        monkeypatch.setattr(visitor, "client_address", lambda *, trust_proxy: "this machine")

    def open(self, path: str = "", *, locale: str = "ko-KR", **query: str) -> AppTest:
        """Open the page at a path of the app in a new tab."""
        script = Path(frontend.main.__file__)
        page = AppTest.from_file(script, default_timeout=60)
        page.context = {"locale": locale, "timezone": "Asia/Seoul"}
        page.query_params.update(query)
        # AppTest's own way to switch knows pages in files alone; these are functions.
        page._page_hash = calc_hash(path)
        page.run()
        return page

    def press_in_dialog(self, page: AppTest, key: str) -> AppTest:
        """Press a button of the dialog that is open, which Streamlit then runs alone."""
        return self.run_piece(page, page.button(key=key).click())

    def run_piece(self, page: AppTest, changed: Any) -> AppTest:
        """Run the page's only dialog or fragment, of which a widget was changed."""
        (piece,) = page._fragment_storage._fragments

        def of_piece(**asked: Any) -> RerunData:
            return RerunData(**asked, fragment_id_queue=[piece])

        # AppTest itself always runs the whole script.
        with pytest.MonkeyPatch.context() as patched:
            patched.setattr(local_script_runner, "RerunData", of_piece)
            ran: AppTest = changed.run()
            return ran

    def choose_photo(self, page: AppTest, name: str = "photo.jpg") -> AppTest:
        """Choose a file on the check page."""
        return page.file_uploader[0].set_value((name, b"the bytes of a photo", "image/jpeg")).run()

    def analyse(self, page: AppTest) -> AppTest:
        """Have the chosen photo analysed."""
        return page.button(key="analyse").click().run()

    def check(self) -> AppTest:
        """Choose a photo in a new tab and have it analysed."""
        return self.analyse(self.choose_photo(self.open()))

    def buttons(self, page: AppTest) -> set[str]:
        """The keys of all buttons."""
        return {button.key for button in page.button if button.key}

    def text(self, page: AppTest) -> str:
        """All HTML that the page wrote itself, in order, without style sheets and its script."""
        written = (element.value for element in page.html)
        return "".join(html for html in written if not html.startswith(("<style>", "<script>(")))


@pytest.fixture
def tabs(shared: Services, monkeypatch: pytest.MonkeyPatch) -> Tabs:
    return Tabs(monkeypatch)


@pytest.fixture
def minas(tabs: Tabs, mina: User) -> Tabs:
    """Tabs of a browser in which Mina is signed in."""
    tabs.user = mina
    return tabs
