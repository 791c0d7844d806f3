"""The line between a page and the app, which tests can make slow."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from playwright.sync_api import Page, WebSocketRoute

from tests.e2e.steps import settle

Message = str | bytes


class Line:
    """What goes over the web socket of a page, each way kept back for as long as a test wants.

    Attributes:
        sent: What the page sent to the app, oldest first: each can be sent once more.
        holds_requests: Whether what the page sends stays on its way.
        holds_answers: Whether what the app answers does.
    """

    def __init__(self, page: Page) -> None:
        """Lay the line by loading the page anew."""
        self.sent: list[Callable[[], None]] = []
        self.holds_requests = self.holds_answers = False
        self._requests: list[Callable[[], None]] = []
        self._answers: list[Callable[[], None]] = []
        page.route_web_socket("**/_stcore/stream*", self._connect)
        page.reload()
        settle(page)

    def let_through(self) -> None:
        """Hold nothing back any more."""
        self.holds_requests = self.holds_answers = False
        for held in (self._requests, self._answers):
            while held:
                held.pop(0)()

    def _connect(self, browser: WebSocketRoute) -> None:
        app = browser.connect_to_server()

        def hear_page(message: Message) -> None:
            send = partial(app.send, message)
            self.sent.append(send)
            self._requests.append(send)
            if not self.holds_requests:
                self._requests.pop()()

        def hear_app(message: Message) -> None:
            self._answers.append(partial(browser.send, message))
            if not self.holds_answers:
                self._answers.pop()()

        browser.on_message(hear_page)
        app.on_message(hear_app)
