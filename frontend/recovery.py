"""Recovery codes: ten one-time keys to an account whose password is forgotten.

A code is 80 random bits, so its bare SHA-256 gives nothing away; it is hashed together with the
person's ID, which binds it to them.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable
from datetime import datetime
from typing import Final

from sqlalchemy import Engine, delete, func, insert, select, update

from frontend.accounts import User, tried_key
from frontend.errors import RecoveryCodeWrongError
from frontend.login_rules import Passwords, check_password
from frontend.moments import utc_now
from frontend.store.sign_ins import end_sign_ins
from frontend.store.tables import recovery_codes, users
from frontend.store.transactions import WRITE_LOCK_FIRST
from frontend.throttle import Throttle

__all__ = ["NUMBER_OF_CODES", "RecoveryCodeWrongError", "RecoveryCodes"]

NUMBER_OF_CODES: Final = 10

# Crockford's base 32: no letter that looks like a digit.
_ALPHABET: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_LOOK_ALIKES: Final = str.maketrans("OIL", "011", "- ")
_LENGTH: Final = 16
_GROUP: Final = 4
_MOST_TYPED: Final = 64
_NOBODY: Final = "0" * 32


class RecoveryCodes:
    """The recovery codes in one database."""

    def __init__(
        self,
        engine: Engine,
        *,
        passwords: Passwords,
        throttle: Throttle,
        now: Callable[[], datetime] = utc_now,
    ) -> None:
        """Work on the database that the engine reaches.

        Args:
            engine: The database.
            passwords: Hashes the new password.
            throttle: Counts a wrong code like a wrong password.
            now: The clock; tells the present moment, aware.
        """
        self._engine = engine
        self._passwords = passwords
        self._throttle = throttle
        self._now = now

    def renew(self, user_id: str) -> tuple[str, ...]:
        """Make ten codes for a person; the codes before them are of no use any more.

        Returns:
            The codes, to be shown once: `4J7K-9Q2M-XB0D-HT5V` and the like.
        """
        codes = tuple(_new_code() for _ in range(NUMBER_OF_CODES))
        now = self._now()
        with self._engine.begin() as connection:
            connection.execute(delete(recovery_codes).where(recovery_codes.c.user_id == user_id))
            connection.execute(
                insert(recovery_codes),
                [
                    {"code_hash": _hash(user_id, code), "user_id": user_id, "created_at": now}
                    for code in codes
                ],
            )
        return codes

    def count(self, user_id: str) -> int:
        """How many codes of a person have not been used."""
        statement = select(func.count()).where(recovery_codes.c.user_id == user_id)
        with self._engine.connect() as connection:
            return connection.execute(statement).scalar_one()

    def use(
        self, login_id: str, code: str, new_password: str, *, address: str | None = None
    ) -> User:
        """Use a code up, set a new password and end every session of the person.

        All of it happens or nothing. An unknown ID costs as much time as a wrong code.

        Args:
            login_id: As it was typed.
            code: As it was typed; case, hyphens and spaces do not matter.
            new_password: The password from now on.
            address: Where the request comes from, or None if that is not known.

        Raises:
            PasswordWeakError: If the new password breaks the rules.
            RecoveryCodeWrongError: If no account has this ID and this unused code.
            TooManyAttemptsError: If too many log-ins failed lately; then nothing is looked at.
        """
        check_password(new_password, login_id=login_id)
        key = tried_key(login_id)
        attempt = self._throttle.admit_log_in(key, address=address)
        password_hash = self._passwords.hash(new_password)
        with self._engine.execution_options(**{WRITE_LOCK_FIRST: True}).begin() as connection:
            row = connection.execute(
                select(users.c.id, users.c.login_id).where(users.c.login_key == key)
            ).one_or_none()
            user_id = _NOBODY if row is None else str(row.id)
            # Deleting decides: of two uses of one code at once, one finds it.
            used = connection.execute(
                delete(recovery_codes).where(
                    recovery_codes.c.user_id == user_id,
                    recovery_codes.c.code_hash == _hash(user_id, code),
                )
            ).rowcount
            if used:
                connection.execute(
                    update(users).where(users.c.id == user_id).values(password_hash=password_hash)
                )
                end_sign_ins(connection, user_id)
        if row is None or not used:
            raise RecoveryCodeWrongError("no account has this ID and this recovery code")
        self._throttle.forgive(attempt)
        return User(id=user_id, login_id=row.login_id)


def _new_code() -> str:
    letters = "".join(secrets.choice(_ALPHABET) for _ in range(_LENGTH))
    return "-".join(letters[start : start + _GROUP] for start in range(0, _LENGTH, _GROUP))


def _plain(code: str) -> str:
    """The code without what people add or confuse when they type it.

    >>> _plain(" 4j7k-9q2m xbOd-ht5v ")
    '4J7K9Q2MXB0DHT5V'
    """
    return code[:_MOST_TYPED].upper().translate(_LOOK_ALIKES)


def _hash(user_id: str, code: str) -> str:
    return hashlib.sha256(f"{user_id}:{_plain(code)}".encode()).hexdigest()
