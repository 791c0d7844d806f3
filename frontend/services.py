"""What the screens and the routes of one process share: settings, database, accounts, history."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from sqlalchemy import Engine

from frontend.accounts import Accounts
from frontend.sessions import Sessions
from frontend.settings import Settings, load_settings
from frontend.store import Repository, open_database


@dataclass(frozen=True, slots=True, kw_only=True)
class Services:
    """Everything that is made once per process."""

    settings: Settings
    engine: Engine
    accounts: Accounts
    sessions: Sessions
    repository: Repository


def build_services(settings: Settings) -> Services:
    """Open the database, bring its tables up to date, and set up what works on it.

    Raises:
        DatabaseUnusableError: If the database cannot be opened, written or brought up to date.
    """
    engine = open_database(settings.database_url)
    return Services(
        settings=settings,
        engine=engine,
        accounts=Accounts(engine),
        sessions=Sessions(engine, lifetime=settings.session_lifetime),
        repository=Repository(engine),
    )


@cache
def services() -> Services:
    """The services of this process, made from its environment the first time they are needed.

    Raises:
        SettingsInvalidError: If a setting cannot be used.
        DatabaseUnusableError: If the database cannot be used.
    """
    return build_services(load_settings())
