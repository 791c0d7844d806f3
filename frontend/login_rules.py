"""The rules for IDs and passwords, and how a password is hashed."""

from __future__ import annotations

import secrets
import unicodedata
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import VerifyMismatchError
from zxcvbn import zxcvbn

from frontend.errors import LoginIdInvalidError, PasswordWeakError

LOGIN_ID_MINIMUM: Final = 3
LOGIN_ID_MAXIMUM: Final = 32
PASSWORD_MINIMUM: Final = 8
PASSWORD_MAXIMUM: Final = 256

# A password is refused that zxcvbn (Wheeler 2016, USENIX Security) expects to be found within a
# million guesses: a common one, a row of the keyboard, a name and a year.
_LEAST_STRENGTH: Final = 2
_STRENGTH_SEEN_IN: Final = 16
"""Characters from the first; chosen ones make 16 take .04 s, as a hash does, and 72 take 4 s."""
_TRIED_FIRST: Final = ("skin", "notes", "살결", "비밀번호")

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
_TYPED_PER_CHARACTER: Final = 4
_PASSWORD_MAXIMUM_TYPED: Final = _TYPED_PER_CHARACTER * PASSWORD_MAXIMUM


class Passwords:
    """Hashes passwords with argon2id (RFC 9106).

    The strength is what OWASP's password storage cheat sheet asks for: 2 passes over 19 MiB.
    """

    def __init__(self) -> None:
        self._hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
        self.hash_of_nobody: Final = self._hasher.hash(secrets.token_urlsafe(32))
        """A hash that no password has, to be checked in place of one that does not exist."""

    def hash(self, password: str) -> str:
        """The hash of a password, with its parameters and a salt of its own."""
        return self._hasher.hash(_normalised(password))

    def match(self, password_hash: str, password: str) -> bool:
        """Whether a hash was made of this password."""
        # No account has an empty password, and what is too long costs no more time than it.
        if len(password) > _PASSWORD_MAXIMUM_TYPED:
            password = ""
        try:
            return self._hasher.verify(password_hash, _normalised(password))
        except VerifyMismatchError:
            return False

    def are_outdated_in(self, password_hash: str) -> bool:
        """Whether a hash was made with other parameters than today's."""
        return self._hasher.check_needs_rehash(password_hash)


def checked_login_id(login_id: str) -> str:
    """Return the ID in form NFKC, without spaces around it.

    Raises:
        LoginIdInvalidError: If it breaks the rules for IDs.

    >>> checked_login_id(" Kim.민지_1 ")
    'Kim.민지_1'
    """
    typed = login_id.strip()
    normalised = "" if len(typed) > _TYPED_PER_CHARACTER * LOGIN_ID_MAXIMUM else _normalised(typed)
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


def check_password(password: str, *, login_id: str) -> None:
    """Hold a new password against the rules.

    Raises:
        PasswordWeakError: If it breaks one; `reason` says which.
    """
    if len(password) > _PASSWORD_MAXIMUM_TYPED:
        raise _weak("too_long")
    normalised = _normalised(password)
    if len(normalised) < PASSWORD_MINIMUM:
        raise _weak("too_short")
    if len(normalised) > PASSWORD_MAXIMUM:
        raise _weak("too_long")
    if login_key(password) == login_key(login_id):
        raise _weak("same_as_login_id")
    tried_first = (login_key(login_id), *_TRIED_FIRST)
    # What is hard to guess stays so with more after it.
    beginning = normalised[:_STRENGTH_SEEN_IN]
    if zxcvbn(beginning, user_inputs=tried_first)["score"] < _LEAST_STRENGTH:
        raise _weak("guessable")


def _may_be_in_login_id(character: str) -> bool:
    # Marks are parts of letters in many scripts: vowel signs in Devanagari, for one.
    category = unicodedata.category(character)
    allowed = category[0] == "L" or category in {"Mn", "Mc", "Nd"} or character in _PUNCTUATION
    return allowed and character not in _INVISIBLE


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
