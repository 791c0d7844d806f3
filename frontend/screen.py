"""What every view is given: the words, the person, the services, and the other pages."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, tzinfo

from streamlit.navigation.page import Page

from frontend.accounts import User
from frontend.client import ModelServer
from frontend.i18n import Words
from frontend.memory import Memory
from frontend.services import Services
from frontend.store import Visit
from frontend.taken import write_when


@dataclass(frozen=True, slots=True, kw_only=True)
class Pages:
    """The pages, for links between them."""

    check: Page
    history: Page
    compare: Page
    about: Page
    account: Page
    result: Page
    sample: Page


@dataclass(frozen=True, slots=True, kw_only=True)
class Screen:
    """One run of the page.

    Attributes:
        words: The language.
        services: Accounts, sessions and history.
        server: The model server.
        memory: What this open page remembers.
        time_zone: The reader's.
        pages: The other pages.
    """

    words: Words
    services: Services
    server: ModelServer
    memory: Memory
    time_zone: tzinfo
    pages: Pages

    def local(self, moment: datetime) -> datetime:
        """A moment in the reader's time zone."""
        return moment.astimezone(self.time_zone)

    def when(self, visit: Visit) -> str:
        """When a visit's photo was taken, in words."""
        return write_when(self.words, visit, self.time_zone)


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedIn:
    """A run of the page for a person who is signed in."""

    screen: Screen
    user: User
