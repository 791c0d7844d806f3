"""Accounts: signing up and logging in with an ID and a password."""

from __future__ import annotations

import secrets
import unicodedata
import uuid
from dataclasses import dataclass
from typing import Any, Final

from argon2 import PasswordHasher
from argon2.exceptions import VerifyMismatchError
from sqlalchemy import Engine, Row, insert, select, update
from sqlalchemy.exc import IntegrityError

from frontend.errors import (
    CredentialsWrongError,
    LoginIdInvalidError,
    LoginIdTakenError,
    PasswordWeakError,
)
from frontend.moments import utc_now
from frontend.store.tables import users

__all__ = [
    "LOGIN_ID_MAXIMUM",
    "LOGIN_ID_MINIMUM",
    "PASSWORD_MAXIMUM",
    "PASSWORD_MINIMUM",
    "Accounts",
    "CredentialsWrongError",
    "LoginIdInvalidError",
    "LoginIdTakenError",
    "PasswordWeakError",
    "User",
]

LOGIN_ID_MINIMUM: Final = 3
LOGIN_ID_MAXIMUM: Final = 32
PASSWORD_MINIMUM: Final = 8
PASSWORD_MAXIMUM: Final = 256

_PUNCTUATION: Final = frozenset("._-")
# Letters and marks by Unicode's categories that nevertheless print nothing (property
# Default_Ignorable_Code_Point): two IDs that differ in them alone would look the same.
_INVISIBLE: Final = frozenset(
    chr(code)
    for codes in (
        (0x034F, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x3164, 0xFFA0),
        range(0x180B, 0x1810),
        range(0xFE00, 0xFE10),
        range(0xE0100, 0xE01F0),
    )
    for code in codes
)
# Text in form NFKC may have been typed with several characters for each of its own.
_PASSWORD_MAXIMUM_TYPED: Final = 4 * PASSWORD_MAXIMUM


@dataclass(frozen=True, slots=True, kw_only=True)
class User:
    """A person with an account.

    Attributes:
        id: Version 4 UUID, 32 hexadecimal characters; never changes.
        login_id: The ID as the person wrote it, in Unicode's form NFKC.
    """

    id: str
    login_id: str


class Accounts:
    """The accounts in one database.

    Passwords are hashed with argon2id (RFC 9106) at the strength OWASP's password storage cheat
    sheet asks for: 2 passes over 19 MiB. A hash made with other parameters is renewed at the next
    log-in.
    """

    def __init__(self, engine: Engine) -> None:
        """Work on the database that the engine reaches."""
        self._engine = engine
        self._hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
        self._hash_of_nobody = self._hasher.hash(secrets.token_urlsafe(32))

    def sign_up(self, login_id: str, password: str) -> User:
        """Make an account.

        Args:
            login_id: 3 to 32 letters of any script, digits, and `.`, `_` or `-`; unique whatever
                its upper and lower case.
            password: 8 to 256 characters, and not the ID.

        Raises:
            LoginIdInvalidError: If the ID breaks the rules.
            PasswordWeakError: If the password breaks the rules.
            LoginIdTakenError: If somebody has the ID.
        """
        user = User(id=uuid.uuid4().hex, login_id=checked_login_id(login_id))
        password_hash = self._hasher.hash(_checked_password(password, login_id=user.login_id))
        try:
            with self._engine.begin() as connection:
                connection.execute(
                    insert(users).values(
                        id=user.id,
                        login_id=user.login_id,
                        login_key=login_key(user.login_id),
                        password_hash=password_hash,
                        created_at=utc_now(),
                    )
                )
        except IntegrityError as error:
            raise LoginIdTakenError("the ID is taken") from error
        return user

    def log_in(self, login_id: str, password: str) -> User:
        """Find the account with this ID and this password.

        An unknown ID costs as much time as a wrong password, so that the time does not tell which
        IDs exist.

        Raises:
            CredentialsWrongError: If there is no such account.
        """
        row = self._row_of(login_id)
        password_hash = self._hash_of_nobody if row is None else str(row.password_hash)
        matches = self._matches(password_hash, password)
        if row is None or not matches:
            raise CredentialsWrongError("no account has this ID and this password")
        if self._hasher.check_needs_rehash(password_hash):
            self._renew_hash(row.id, password)
        return User(id=row.id, login_id=row.login_id)

    def _row_of(self, login_id: str) -> Row[Any] | None:
        try:
            statement = select(users).where(
                users.c.login_key == login_key(checked_login_id(login_id))
            )
        except LoginIdInvalidError:
            return None
        with self._engine.connect() as connection:
            return connection.execute(statement).one_or_none()

    def _matches(self, password_hash: str, password: str) -> bool:
        # No account has an empty password, and what is too long costs no more time than it.
        if len(password) > _PASSWORD_MAXIMUM_TYPED:
            password = ""
        try:
            return self._hasher.verify(password_hash, _normalised(password))
        except VerifyMismatchError:
            return False

    def _renew_hash(self, user_id: str, password: str) -> None:
        statement = (
            update(users)
            .where(users.c.id == user_id)
            .values(password_hash=self._hasher.hash(_normalised(password)))
        )
        with self._engine.begin() as connection:
            connection.execute(statement)


def checked_login_id(login_id: str) -> str:
    """Return the ID in form NFKC, without spaces around it.

    Raises:
        LoginIdInvalidError: If it breaks the rules for IDs.

    >>> checked_login_id(" Kim.민지_1 ")
    'Kim.민지_1'
    """
    normalised = _normalised(login_id.strip())
    long_enough = LOGIN_ID_MINIMUM <= len(normalised) <= LOGIN_ID_MAXIMUM
    if not long_enough or not all(_may_be_in_login_id(character) for character in normalised):
        raise LoginIdInvalidError(
            "the ID has to be 3 to 32 letters, digits or . _ -",
            minimum=LOGIN_ID_MINIMUM,
            maximum=LOGIN_ID_MAXIMUM,
        )
    return normalised


def login_key(login_id: str) -> str:
    """What has to be unique about an ID: its letters, whatever their case or encoding.

    >>> login_key("Straße") == login_key(" STRASSE")
    True
    """
    return _normalised(_normalised(login_id.strip()).casefold())


def _may_be_in_login_id(character: str) -> bool:
    # Marks are parts of letters in many scripts: vowel signs in Devanagari, for one.
    category = unicodedata.category(character)
    allowed = category[0] == "L" or category in {"Mn", "Mc", "Nd"} or character in _PUNCTUATION
    return allowed and character not in _INVISIBLE


def _checked_password(password: str, *, login_id: str) -> str:
    if len(password) > _PASSWORD_MAXIMUM_TYPED:
        raise _weak("too_long")
    normalised = _normalised(password)
    if len(normalised) < PASSWORD_MINIMUM:
        raise _weak("too_short")
    if len(normalised) > PASSWORD_MAXIMUM:
        raise _weak("too_long")
    if login_key(password) == login_key(login_id):
        raise _weak("same_as_login_id")
    return normalised


def _weak(reason: str) -> PasswordWeakError:
    return PasswordWeakError(
        f"the password is refused: {reason}",
        reason=reason,
        minimum=PASSWORD_MINIMUM,
        maximum=PASSWORD_MAXIMUM,
    )


def _normalised(text: str) -> str:
    # The same Hangul or accented letter can be typed as one character or as several.
    return unicodedata.normalize("NFKC", text)
