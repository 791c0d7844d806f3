"""What the screens and the routes of one process share: settings, database, accounts, history."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from sqlalchemy import Engine

from frontend.accounts import Accounts
from frontend.held_notes import HeldNotes
from frontend.kept_photos import KeptPhotos, open_kept_photos
from frontend.login_rules import Passwords
from frontend.recovery import RecoveryCodes
from frontend.serving_version import ServingVersion
from frontend.sessions import Sessions
from frontend.settings import Settings, load_settings
from frontend.shown_pictures import ShownPictures
from frontend.store import Repository, open_database
from frontend.throttle import Throttle


@dataclass(frozen=True, slots=True, kw_only=True)
class Services:
    """Everything that is made once per process."""

    settings: Settings
    engine: Engine
    accounts: Accounts
    recovery: RecoveryCodes
    sessions: Sessions
    repository: Repository
    kept_photos: KeptPhotos
    shown_pictures: ShownPictures
    held_notes: HeldNotes
    serving_version: ServingVersion


def build_services(settings: Settings) -> Services:
    """Open the database, bring its tables up to date, and set up what works on it.

    Raises:
        SettingsInvalidError: If the place for kept photos is none.
        DatabaseUnusableError: If the database cannot be opened, written or brought up to date.
    """
    engine = open_database(settings.database_url)
    kept_photos = open_kept_photos(engine, settings)
    passwords = Passwords()
    throttle = Throttle(engine, sign_ups_per_hour=settings.sign_ups_per_hour)
    return Services(
        settings=settings,
        engine=engine,
        accounts=Accounts(engine, passwords=passwords, throttle=throttle, erase=kept_photos.erase),
        recovery=RecoveryCodes(engine, passwords=passwords, throttle=throttle),
        sessions=Sessions(engine, lifetime=settings.session_lifetime),
        repository=Repository(engine, erase=kept_photos.erase),
        kept_photos=kept_photos,
        shown_pictures=ShownPictures(),
        held_notes=HeldNotes(),
        serving_version=ServingVersion(),
    )


@cache
def services() -> Services:
    """The services of this process, made from its environment the first time they are needed.

    Raises:
        SettingsInvalidError: If a setting cannot be used.
        DatabaseUnusableError: If the database cannot be used.
    """
    return build_services(load_settings())
