"""What a browser that was never here before loads, and how long a slow line makes it wait.

    python -m benchmarks.first_visit

Every page is opened by a browser with nothing kept, on a phone's size, over a line of 1.6 Mbit/s
and 150 ms: the first page, and check, history and a result of somebody signed in. Beside each the
same page asked for uncompressed, as Streamlit sends its scripts to browsers.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
import time
from collections.abc import Mapping
from contextlib import closing
from typing import Any, Final
from urllib.parse import urljoin

from playwright.sync_api import Browser, sync_playwright

from benchmarks.pages import people_with_checks, start_app
from benchmarks.reporting import describe_setup
from frontend.sessions import COOKIE_NAME
from tests.support.answers import serve_answers

_LINE: Final = {
    "offline": False,
    "latency": 150,
    "downloadThroughput": 1_600_000 / 8,
    "uploadThroughput": 750_000 / 8,
}
_PATIENCE_MS: Final = 180_000
_STANDS: Final = """() => document.querySelector('h1') && document.fonts.status === 'loaded'
    && document.querySelector('[data-test-script-state]')?.dataset.testScriptState === 'notRunning'
    && !document.querySelector('[data-testid=stSkeleton], [data-testid=stSpinner]')"""
_WAYS: Final[Mapping[str, Mapping[str, str]]] = {
    "compressed": {},
    "as it is": {"Accept-Encoding": "identity"},
}


def main() -> int:
    """Measure and print one Markdown table."""
    print(f"Measured on {describe_setup()} with `python -m benchmarks.first_visit`.\n")
    print("| Page | Files | Loaded | Of it typeface | Until it stands |")
    print("|---|---|---|---|---|")
    with (
        tempfile.TemporaryDirectory() as folder,
        serve_answers() as server,
        start_app(f"sqlite:///{folder}/skin_notes.db", server.url) as app,
        sync_playwright() as playwright,
        closing(playwright.chromium.launch(executable_path=shutil.which("chromium"))) as browser,
    ):
        (person,) = people_with_checks(f"sqlite:///{folder}/skin_notes.db", 1)
        pages = {"first page": "", "check": "", "history": "history"}
        pages["result"] = f"result?id={person.visit_id}"
        for name, path in pages.items():
            token = None if name == "first page" else person.token
            # The app tells how it is at an address of Streamlit's.
            url = urljoin(app.url, f"/{path}")
            for way, headers in _WAYS.items():
                print(f"| {name} | {way} | {_open(browser, url, token, headers)} |", flush=True)
    return 0


def _open(browser: Browser, url: str, token: str | None, headers: Mapping[str, str]) -> str:
    """The cells of a page's row."""
    with closing(browser.new_context(locale="ko-KR", viewport={"width": 390, "height": 844})) as it:
        if token is not None:
            it.add_cookies([{"name": COOKIE_NAME, "value": token, "url": url}])
        it.set_extra_http_headers(dict(headers))
        page = it.new_page()
        names: dict[str, str] = {}
        sizes: dict[str, int] = {}

        def note_name(event: dict[str, Any]) -> None:
            names[event["requestId"]] = event["response"]["url"]

        def note_size(event: dict[str, Any]) -> None:
            sizes[event["requestId"]] = event["encodedDataLength"]

        network = it.new_cdp_session(page)
        network.on("Network.responseReceived", note_name)
        network.on("Network.loadingFinished", note_size)
        network.send("Network.enable")
        network.send("Network.emulateNetworkConditions", _LINE)
        began = time.perf_counter()
        page.goto(url, timeout=_PATIENCE_MS)
        page.wait_for_function(_STANDS, timeout=_PATIENCE_MS)
        waited_s = time.perf_counter() - began
    typeface = sum(size for key, size in sizes.items() if "/pretendard-" in names.get(key, ""))
    loaded_kb, typeface_kb = sum(sizes.values()) / 1000, typeface / 1000
    return f"{loaded_kb:,.0f} kB | {typeface_kb:.0f} kB | {waited_s:.1f} s"


if __name__ == "__main__":
    sys.exit(main())
