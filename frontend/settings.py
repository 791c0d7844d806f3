"""The app's settings, and the only place that reads its environment.

| variable                 | default                      | meaning                             |
|--------------------------|------------------------------|-------------------------------------|
| SKINXAI_SERVER_URL       | http://127.0.0.1:8000        | where the model server answers      |
| SKINXAI_API_KEY          | none                         | key sent to the model server        |
| SKINXAI_SERVER_TIMEOUT_S | 60                           | longest wait for an answer, seconds |
| SKINXAI_DATABASE_URL     | sqlite:///data/skin_notes.db | accounts and history                |
| SKINXAI_SESSION_DAYS     | 30                           | days until a sign-in ends           |
| SKINXAI_MAX_PHOTO_MB     | 20                           | largest photo accepted, megabytes   |
| SKINXAI_SIGN_UPS_PER_HOUR | 20                          | new accounts an hour per address    |
| SKINXAI_TRUST_PROXY      | no                           | `yes`: X-Forwarded-For of one proxy |
| SKINXAI_PHOTO_KEY        | none                         | key that kept photos are sealed     |
|                          |                              | with, see `frontend/photo_keys.py`  |
| SKINXAI_PHOTO_STORE      | none                         | where they lie: a folder or a URL,  |
|                          |                              | see `frontend/photo_store.py`       |

A relative path counts from the folder the app is started in. A variable that is set but
empty counts as not set. The port and the address are Streamlit's own settings (see
`frontend/app.py`).
"""

from __future__ import annotations

import math
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final
from urllib.parse import urlsplit

from frontend.errors import SettingsInvalidError
from frontend.photo_keys import parse_photo_keys

DEFAULT_SERVER_URL: Final = "http://127.0.0.1:8000"
DEFAULT_DATABASE_URL: Final = "sqlite:///data/skin_notes.db"
_YES: Final = frozenset({"yes", "true", "on", "1"})
_NO: Final = frozenset({"no", "false", "off", "0"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What can be changed about the app without changing its code.

    Attributes:
        server_url: Address of the model server, without a slash at the end.
        api_key: Key the model server asks for, or None when it asks for none.
        server_timeout_s: Longest wait for one analysis, in seconds, above 0.
        database_url: SQLAlchemy URL of the database.
        session_days: Days until a sign-in ends, 1 to 365.
        max_photo_mb: Largest photo accepted, in megabytes of 1024 x 1024 bytes, 1 to 200.
        sign_ups_per_hour: Most accounts made within an hour from one address, 1 to 100000.
        trust_proxy: Whether one proxy stands before the app and adds the address of whoever
            asks to X-Forwarded-For; without one, anybody could write anything there.
        photo_key: Base64 of 32 random bytes, or several with commas between: the first seals the
            photos that people keep, all of them open. With None, SQLite gets a key file beside it.
        photo_store: Folder or fsspec URL where they lie. With None, SQLite gets a folder beside it.
    """

    server_url: str = DEFAULT_SERVER_URL
    api_key: str | None = field(default=None, repr=False)
    server_timeout_s: float = 60.0
    database_url: str = field(default=DEFAULT_DATABASE_URL, repr=False)
    session_days: int = 30
    max_photo_mb: int = 20
    sign_ups_per_hour: int = 20
    trust_proxy: bool = False
    photo_key: str | None = field(default=None, repr=False)
    photo_store: str | None = field(default=None, repr=False)

    @property
    def session_lifetime(self) -> timedelta:
        """How long a sign-in lasts."""
        return timedelta(days=self.session_days)


def load_settings(environment: Mapping[str, str] | None = None) -> Settings:
    """Read the settings from the environment.

    Args:
        environment: Variables to read; those of the process by default.

    Returns:
        The settings, with defaults for what is not set.

    Raises:
        SettingsInvalidError: If a variable has a value that cannot be used.

    >>> load_settings({"SKINXAI_SESSION_DAYS": "7"}).session_lifetime.days
    7
    """
    variables = os.environ if environment is None else environment
    return Settings(
        server_url=_web_address(variables, "SKINXAI_SERVER_URL", DEFAULT_SERVER_URL),
        api_key=variables.get("SKINXAI_API_KEY", "").strip() or None,
        server_timeout_s=_seconds(variables, "SKINXAI_SERVER_TIMEOUT_S", 60.0),
        database_url=_text(variables, "SKINXAI_DATABASE_URL", DEFAULT_DATABASE_URL),
        session_days=_whole_number(variables, "SKINXAI_SESSION_DAYS", 30, maximum=365),
        max_photo_mb=_whole_number(variables, "SKINXAI_MAX_PHOTO_MB", 20, maximum=200),
        sign_ups_per_hour=_whole_number(
            variables, "SKINXAI_SIGN_UPS_PER_HOUR", 20, maximum=100_000
        ),
        trust_proxy=_yes_or_no(variables, "SKINXAI_TRUST_PROXY", default=False),
        photo_key=_photo_key(variables, "SKINXAI_PHOTO_KEY"),
        photo_store=variables.get("SKINXAI_PHOTO_STORE", "").strip() or None,
    )


def _text(variables: Mapping[str, str], name: str, default: str) -> str:
    return variables.get(name, "").strip() or default


def _web_address(variables: Mapping[str, str], name: str, default: str) -> str:
    address = _text(variables, name, default).rstrip("/")
    parts = urlsplit(address)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise _invalid(name, "an address such as http://127.0.0.1:8000", address)
    return address


def _seconds(variables: Mapping[str, str], name: str, default: float) -> float:
    text = _text(variables, name, str(default))
    expected = "a number of seconds above 0"
    try:
        seconds = float(text)
    except ValueError as error:
        raise _invalid(name, expected, text) from error
    if not math.isfinite(seconds) or seconds <= 0:
        raise _invalid(name, expected, text)
    return seconds


def _photo_key(variables: Mapping[str, str], name: str) -> str | None:
    text = variables.get(name, "").strip()
    if not text:
        return None
    parse_photo_keys(text)
    return text


def _whole_number(variables: Mapping[str, str], name: str, default: int, *, maximum: int) -> int:
    text = _text(variables, name, str(default))
    expected = f"a whole number from 1 to {maximum}"
    try:
        number = int(text)
    except ValueError as error:
        raise _invalid(name, expected, text) from error
    if not 1 <= number <= maximum:
        raise _invalid(name, expected, text)
    return number


def _yes_or_no(variables: Mapping[str, str], name: str, *, default: bool) -> bool:
    text = _text(variables, name, "yes" if default else "no").lower()
    if text not in _YES | _NO:
        raise _invalid(name, "yes or no", text)
    return text in _YES


def _invalid(name: str, expected: str, got: str) -> SettingsInvalidError:
    return SettingsInvalidError(f"{name} has to be {expected}, but it is {got!r}.", name=name)
