"""The errors of the app's data layer, as one tree.

    SkinNotesError
    ├── SettingsInvalidError       an environment variable cannot be used
    ├── DatabaseUnusableError      the database cannot be opened, written or brought up to date
    ├── AccountError
    │   ├── LoginIdInvalidError    the ID breaks the rules for IDs
    │   ├── LoginIdTakenError      somebody else has the ID
    │   ├── PasswordWeakError      the password breaks the rules for passwords
    │   └── CredentialsWrongError  no account has this ID and this password
    └── TicketUnusableError        a sign-in ticket is unknown, used or expired

Each has a `code`, stable across versions, and `params`, the numbers and words a sentence about it
needs. The sentences people read on the screen belong to the language catalogues, which are keyed
by `code`; the English message in the exception is for logs and for whoever starts the program.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import ClassVar


class SkinNotesError(Exception):
    """Base of every error the data layer raises on purpose.

    Attributes:
        code: The stable name of the error.
        params: What a sentence about the error has to mention.
    """

    code: ClassVar[str]

    def __init__(self, message: str, **params: str | int) -> None:
        """Keep the message for logs and the parameters for the screen."""
        super().__init__(message)
        self.params: Mapping[str, str | int] = MappingProxyType(params)


class SettingsInvalidError(SkinNotesError):
    """An environment variable has a value the app cannot use."""

    code = "settings_invalid"


class DatabaseUnusableError(SkinNotesError):
    """The database cannot be opened, written or brought up to date."""

    code = "database_unusable"


class AccountError(SkinNotesError):
    """Signing up or logging in was refused."""


class LoginIdInvalidError(AccountError):
    """The ID breaks the rules for IDs; `params` has `minimum` and `maximum` characters."""

    code = "login_id_invalid"


class LoginIdTakenError(AccountError):
    """Somebody else has the ID, whatever its upper and lower case."""

    code = "login_id_taken"


class PasswordWeakError(AccountError):
    """The password breaks the rules for passwords.

    `params` has `minimum` and `maximum` characters and `reason`, one of `too_short`, `too_long`
    and `same_as_login_id`.
    """

    code = "password_weak"


class CredentialsWrongError(AccountError):
    """No account has this ID and this password; which of the two is wrong is never told."""

    code = "credentials_wrong"


class TicketUnusableError(SkinNotesError):
    """A sign-in ticket is unknown, was used before or is older than its lifetime."""

    code = "ticket_unusable"
