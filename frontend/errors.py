"""The errors of the app's data layer, as one tree.

    SkinNotesError
    ├── SettingsInvalidError       an environment variable cannot be used
    ├── DatabaseUnusableError      the database cannot be opened, written or brought up to date
    ├── AccountError
    │   ├── LoginIdInvalidError    the ID breaks the rules for IDs
    │   ├── LoginIdTakenError      somebody else has the ID
    │   ├── PasswordWeakError      the password breaks the rules for passwords
    │   ├── CredentialsWrongError  no account has this ID and this password
    │   ├── PasswordWrongError     this is not the present password of who is signed in
    │   ├── RecoveryCodeWrongError no account has this ID and this recovery code
    │   └── TooManyAttemptsError   too many log-ins failed, or accounts were made, lately
    ├── KeptPhotosError
    │   ├── PhotoKeyUnusableError     there is no key to keep photos with
    │   ├── PhotoStoreUnusableError   the place of the kept photos is not there or does not answer
    │   └── KeptPhotoUnreadableError  no key that is there opens a kept photo
    ├── NoteTooLongError           a note on a visit has too many characters
    ├── DayOutsideError            no photo can be of the day that its owner named
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

    `params` has `minimum` and `maximum` characters and `reason`, one of `too_short`, `too_long`,
    `same_as_login_id` and `guessable`.
    """

    code = "password_weak"


class CredentialsWrongError(AccountError):
    """No account has this ID and this password; which of the two is wrong is never told."""

    code = "credentials_wrong"


class KeptPhotosError(SkinNotesError):
    """Keeping photos, or looking at a kept one, is not possible."""


class PhotoKeyUnusableError(KeptPhotosError):
    """There is no key to keep photos with.

    `params` has `reason`, one of `missing` (no key is set, and the database is no file of this
    machine that a key could lie beside) and `unreadable` (the key file holds no key or cannot be
    read or made).
    """

    code = "photo_key_unusable"


class PhotoStoreUnusableError(KeptPhotosError):
    """The place of the kept photos is not there or does not answer.

    `params` has `reason`, one of `missing` (no place is set, and the database is no file of this
    machine that a folder could lie beside), `folder` (the folder cannot be made) and `away` (the
    store cannot be reached, or refuses).
    """

    code = "photo_store_unusable"


class KeptPhotoUnreadableError(KeptPhotosError):
    """A kept photo cannot be opened.

    It was sealed with a key that is not there any more, or was tampered with; or, where `params`
    has the `reason` `lost`, the store has lost it.
    """

    code = "kept_photo_unreadable"


class PasswordWrongError(AccountError):
    """The password that had to confirm a change is not the present one."""

    code = "password_wrong"


class RecoveryCodeWrongError(AccountError):
    """No account has this ID and this recovery code; which of the two is wrong is never told."""

    code = "recovery_code_wrong"


class TooManyAttemptsError(AccountError):
    """Too much was tried from one address or at one account; `params` has `minutes` to wait.

    `reason` is `log_in` or `sign_up`.
    """

    code = "too_many_attempts"


class NoteTooLongError(SkinNotesError):
    """A note on a visit has too many characters; `params` has the `maximum`."""

    code = "note_too_long"


class DayOutsideError(SkinNotesError):
    """No photo can be of the day that its owner named.

    `params` has the `first` and the `last` day that can be named, as ISO 8601 writes days.
    """

    code = "day_outside"


class TicketUnusableError(SkinNotesError):
    """A sign-in ticket is unknown, was used before or is older than its lifetime."""

    code = "ticket_unusable"
