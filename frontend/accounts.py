"""Accounts: signing up, logging in, changing the password, leaving."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from sqlalchemy import Engine, Row, delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from frontend.errors import (
    CredentialsWrongError,
    LoginIdInvalidError,
    LoginIdTakenError,
    PasswordWeakError,
    PasswordWrongError,
    TooManyAttemptsError,
)
from frontend.login_rules import (
    LOGIN_ID_MAXIMUM,
    LOGIN_ID_MINIMUM,
    PASSWORD_MAXIMUM,
    PASSWORD_MINIMUM,
    Passwords,
    check_password,
    checked_login_id,
    login_key,
)
from frontend.moments import utc_now
from frontend.store.erasing import forget_changes
from frontend.store.sign_ins import end_sign_ins
from frontend.store.tables import recovery_codes, users
from frontend.throttle import Throttle

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
    "PasswordWrongError",
    "TooManyAttemptsError",
    "User",
    "tried_key",
]


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

    Every method that looks at a password is throttled, by the account and by the client's
    `address` where that is known. A hash of a weaker kind is renewed at the next log-in.
    """

    def __init__(
        self,
        engine: Engine,
        *,
        passwords: Passwords | None = None,
        throttle: Throttle | None = None,
        erase: Callable[[], object] | None = None,
        now: Callable[[], datetime] = utc_now,
    ) -> None:
        """Work on the database that the engine reaches.

        Args:
            engine: The database.
            passwords: Hashes and checks passwords.
            throttle: Counts attempts, by default with the usual limits.
            erase: Makes what was deleted really be gone, by default from the database alone; an
                `Eraser`, where pictures may have been kept.
            now: The clock; tells the present moment, aware.
        """
        self._engine = engine
        self._passwords = passwords or Passwords()
        self._throttle = throttle or Throttle(engine, now=now)
        self._erase = erase or partial(forget_changes, engine)
        self._now = now

    def sign_up(self, login_id: str, password: str, *, address: str | None = None) -> User:
        """Make an account.

        Args:
            login_id: 3 to 32 letters of any script, digits, and `.`, `_` or `-`; unique whatever
                its upper and lower case.
            password: 8 to 256 characters, not the ID, and not easy to guess.
            address: Where the request comes from, or None if that is not known.

        Raises:
            LoginIdInvalidError: If the ID breaks the rules.
            PasswordWeakError: If the password breaks the rules.
            LoginIdTakenError: If somebody has the ID.
            TooManyAttemptsError: If the address has made many accounts lately.
        """
        user = User(id=uuid.uuid4().hex, login_id=checked_login_id(login_id))
        check_password(password, login_id=user.login_id)
        self._throttle.admit_sign_up(address=address)
        password_hash = self._passwords.hash(password)
        try:
            with self._engine.begin() as connection:
                connection.execute(
                    insert(users).values(
                        id=user.id,
                        login_id=user.login_id,
                        login_key=login_key(user.login_id),
                        password_hash=password_hash,
                        created_at=self._now(),
                    )
                )
        except IntegrityError as error:
            raise LoginIdTakenError("the ID is taken") from error
        return user

    def log_in(self, login_id: str, password: str, *, address: str | None = None) -> User:
        """Find the account with this ID and this password.

        An unknown ID costs as much time as a wrong password, so that the time does not tell which
        IDs exist.

        Args:
            login_id: As it was typed.
            password: As it was typed.
            address: Where the request comes from, or None if that is not known.

        Raises:
            CredentialsWrongError: If there is no such account.
            TooManyAttemptsError: If too many log-ins failed lately; then nothing is looked at.
        """
        key = tried_key(login_id)
        attempt = self._throttle.admit_log_in(key, address=address)
        row = self._row_of(key)
        password_hash = self._passwords.hash_of_nobody if row is None else str(row.password_hash)
        matches = self._passwords.match(password_hash, password)
        if row is None or not matches:
            raise CredentialsWrongError("no account has this ID and this password")
        self._throttle.forgive(attempt)
        if self._passwords.are_outdated_in(password_hash):
            self._renew_hash(row.id, password)
        return User(id=row.id, login_id=row.login_id)

    def confirm(self, user: User, password: str, *, address: str | None = None) -> None:
        """Make sure that whoever is signed in knows the present password.

        Raises:
            PasswordWrongError: If it is another one.
            TooManyAttemptsError: If too many were tried lately.
        """
        try:
            self.log_in(user.login_id, password, address=address)
        except CredentialsWrongError as error:
            raise PasswordWrongError("this is not the present password") from error

    def change_password(
        self,
        user: User,
        present: str,
        new: str,
        *,
        keep: str | None,
        address: str | None = None,
    ) -> bool:
        """Change the password, and end every other session and the recovery codes of the person.

        Whoever knew the password until now may have made codes of their own with it.

        Args:
            user: Who.
            present: The password until now.
            new: The password from now on.
            keep: Hash of the token whose session goes on (`token_hash`), or None to end all.
            address: Where the request comes from, or None if that is not known.

        Returns:
            Whether there were recovery codes.

        Raises:
            PasswordWeakError: If the new password breaks the rules.
            PasswordWrongError: If `present` is not the present password.
            TooManyAttemptsError: If too many were tried lately.
        """
        check_password(new, login_id=user.login_id)
        self.confirm(user, present, address=address)
        password_hash = self._passwords.hash(new)
        theirs = recovery_codes.c.user_id == user.id
        with self._engine.begin() as connection:
            # Before the person, as using a code does, lest the two wait for each other.
            codes = connection.execute(delete(recovery_codes).where(theirs)).rowcount
            connection.execute(
                update(users).where(users.c.id == user.id).values(password_hash=password_hash)
            )
            end_sign_ins(connection, user.id, but=keep)
        return codes > 0

    def delete(self, user: User, password: str, *, address: str | None = None) -> None:
        """Delete an account with everything in it, at once.

        Raises:
            PasswordWrongError: If this is not the present password.
            TooManyAttemptsError: If too many were tried lately.
        """
        self.confirm(user, password, address=address)
        # Sessions, codes and visits go with the row, by their foreign keys, and pictures get loose.
        with self._engine.begin() as connection:
            connection.execute(delete(users).where(users.c.id == user.id))
        self._erase()

    def _row_of(self, key: str) -> Row[Any] | None:
        with self._engine.connect() as connection:
            return connection.execute(select(users).where(users.c.login_key == key)).one_or_none()

    def _renew_hash(self, user_id: str, password: str) -> None:
        statement = (
            update(users)
            .where(users.c.id == user_id)
            .values(password_hash=self._passwords.hash(password))
        )
        with self._engine.begin() as connection:
            connection.execute(statement)


def tried_key(login_id: str) -> str:
    """The key of the account that an ID means, also where it can mean none.

    >>> tried_key(" Minji "), tried_key("no such id!")
    ('minji', 'no such id!')
    """
    try:
        return login_key(checked_login_id(login_id))
    except LoginIdInvalidError:
        # No account has it; it is only counted, and counting needs no more than its beginning.
        # PostgreSQL's text holds no NUL, and no account has what stands for it here either.
        return login_key(login_id.strip()[:LOGIN_ID_MAXIMUM]).replace("\x00", "\ufffd")
