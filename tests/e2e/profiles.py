"""Browser profiles that are emptied after each test, but whose process stays."""

from __future__ import annotations

from urllib.parse import urlsplit

from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize

DESKTOP: ViewportSize = {"width": 1280, "height": 800}
PHONE: ViewportSize = {"width": 390, "height": 844}
ONE_PROCESS = "--process-per-site"
"""Has all pages of a profile in one process of the browser."""


class Profiles:
    """The profiles of one browser; each belongs to one test at a time.

    A page of Streamlit takes four seconds to stand where its scripts have to be compiled first, and
    two where another page of the same process was there before: so each profile keeps a page open.

    Attributes:
        addresses: What the pages asked for since the profiles were taken back last.
    """

    def __init__(self, browser: Browser) -> None:
        """Begin with none.

        Args:
            browser: Started with `ONE_PROCESS`.
        """
        self.addresses: list[str] = []
        self._browser = browser
        self._empty: dict[str, list[BrowserContext]] = {}
        self._taken: list[tuple[str, BrowserContext]] = []

    def take(self, url: str, *, locale: str) -> BrowserContext:
        """An empty profile that has a camera and no moving pictures.

        Args:
            url: Of the app that it is for.
            locale: What the browser asks for.
        """
        empty = self._empty.setdefault(locale, [])
        profile = empty.pop() if empty else self._make(url, locale)
        self._taken.append((locale, profile))
        return profile

    def take_back(self) -> None:
        """Close the test's pages, and forget all that their addresses stored."""
        urls = {urlsplit(address) for address in self.addresses}
        origins = {f"{url.scheme}://{url.netloc}" for url in urls if url.scheme.startswith("http")}
        for locale, profile in self._taken:
            stays, *pages = profile.pages
            for page in pages:
                page.close()
            storage = profile.new_cdp_session(stays)
            for origin in origins:
                storage.send(
                    "Storage.clearDataForOrigin", {"origin": origin, "storageTypes": "all"}
                )
            storage.detach()
            profile.clear_cookies()
            self._empty[locale].append(profile)
        self._taken.clear()
        self.addresses.clear()

    def _make(self, url: str, locale: str) -> BrowserContext:
        profile = self._browser.new_context(
            locale=locale,
            timezone_id="Asia/Seoul",
            viewport=DESKTOP,
            permissions=["camera"],
            reduced_motion="reduce",
        )
        profile.on("request", lambda request: self.addresses.append(request.url))
        profile.on("page", self._listen)
        profile.new_page().goto(f"{url}/_stcore/health")
        return profile

    def _listen(self, page: Page) -> None:
        page.on("websocket", lambda socket: self.addresses.append(socket.url))
