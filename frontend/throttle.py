"""Slowing down whoever guesses passwords or makes accounts in bulk.

Within a quarter of an hour an account takes 5 failed log-ins and an address 20; after that even
the right password is refused until the oldest of them is a quarter of an hour old. An ID that does
not exist is counted like one that does, so that a refusal does not tell which exist.

The counts live in the database: a restart forgives nothing, and copies of the app share them. An
attempt is counted before the password is looked at and forgiven when it was right, so that many
attempts at once are no way around the limit. Accounts and addresses are stored as their SHA-256.

A count from more than a minute ahead comes from a clock that was wrong, and is forgotten: it would
keep people out for as long as the clock was ahead. The clocks of several machines have to agree to
within that minute, or the slower one forgets what the faster one counted.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Connection, Engine, delete, insert, select, text

from frontend.errors import TooManyAttemptsError
from frontend.moments import utc_now
from frontend.store.tables import log_in_failures
from frontend.store.transactions import WRITE_LOCK_FIRST


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """At most so many within such a time."""

    most: int
    window: timedelta


PER_ACCOUNT: Final = Limit(most=5, window=timedelta(minutes=15))
PER_ADDRESS: Final = Limit(most=20, window=timedelta(minutes=15))
_SIGN_UP_WINDOW: Final = timedelta(hours=1)
_CLOCKS_DIFFER_BY: Final = timedelta(minutes=1)
_LONGEST_WINDOW: Final = max(PER_ACCOUNT.window, PER_ADDRESS.window, _SIGN_UP_WINDOW)


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """A log-in that may go on and counts as failed until it is forgiven.

    Attributes:
        account: Hash of the account it tries.
        ids: The rows that count it.
    """

    account: str
    ids: tuple[int, ...]


class Throttle:
    """The attempts that one database remembers."""

    def __init__(
        self,
        engine: Engine,
        *,
        sign_ups_per_hour: int = 20,
        now: Callable[[], datetime] = utc_now,
    ) -> None:
        """Work on the database that the engine reaches.

        Args:
            engine: The database.
            sign_ups_per_hour: Most accounts made within an hour from one address.
            now: The clock; tells the present moment, aware.
        """
        self._engine = engine
        self._sign_ups = Limit(most=sign_ups_per_hour, window=_SIGN_UP_WINDOW)
        self._now = now

    def admit_log_in(self, login_key: str, *, address: str | None) -> Attempt:
        """Count an attempt to log in, whether or not there is such an account.

        Args:
            login_key: What is unique about the ID that was typed.
            address: Where the attempt comes from, or None if that is not known.

        Raises:
            TooManyAttemptsError: If the account or the address has to wait first.
        """
        account = _subject("account", login_key)
        limits = {account: PER_ACCOUNT}
        if address is not None:
            limits[_subject("address", address)] = PER_ADDRESS
        return Attempt(account=account, ids=self._count(limits, reason="log_in"))

    def admit_sign_up(self, *, address: str | None) -> None:
        """Count an attempt to make an account.

        Raises:
            TooManyAttemptsError: If the address has to wait first.
        """
        if address is not None:
            self._count({_subject("sign-up", address): self._sign_ups}, reason="sign_up")

    def forgive(self, attempt: Attempt) -> None:
        """The attempt was right: it does not count, nor do the failures of its account.

        The failures of its address stay, or one known password would pay for endless guesses.
        """
        with self._engine.begin() as connection:
            connection.execute(
                delete(log_in_failures).where(
                    log_in_failures.c.id.in_(attempt.ids)
                    | (log_in_failures.c.subject_hash == attempt.account)
                )
            )

    def _count(self, limits: Mapping[str, Limit], *, reason: str) -> tuple[int, ...]:
        now = self._now()
        with self._engine.execution_options(**{WRITE_LOCK_FIRST: True}).begin() as connection:
            if connection.dialect.name == "postgresql":
                # Two that count at once would each not see the other.
                connection.execute(text("LOCK TABLE log_in_failures IN SHARE ROW EXCLUSIVE MODE"))
            connection.execute(
                delete(log_in_failures).where(
                    (log_in_failures.c.failed_at <= now - _LONGEST_WINDOW)
                    | (log_in_failures.c.failed_at > now + _CLOCKS_DIFFER_BY)
                )
            )
            wait = max(
                _wait(connection, subject, limit, now=now) for subject, limit in limits.items()
            )
            if wait <= timedelta(0):
                return tuple(_insert(connection, subject, now=now) for subject in limits)
        raise TooManyAttemptsError(
            f"too many attempts of this kind: {reason}",
            reason=reason,
            minutes=math.ceil(wait / timedelta(minutes=1)),
        )


def _wait(connection: Connection, subject: str, limit: Limit, *, now: datetime) -> timedelta:
    """How long until the subject may try once more; zero if it may now."""
    lately = connection.scalars(
        select(log_in_failures.c.failed_at)
        .where(
            log_in_failures.c.subject_hash == subject,
            log_in_failures.c.failed_at > now - limit.window,
        )
        .order_by(log_in_failures.c.failed_at.desc())
        .limit(limit.most)
    ).all()
    if len(lately) < limit.most:
        return timedelta(0)
    oldest: datetime = lately[-1]
    return oldest + limit.window - now


def _insert(connection: Connection, subject: str, *, now: datetime) -> int:
    row = insert(log_in_failures).values(subject_hash=subject, failed_at=now)
    return int(connection.execute(row.returning(log_in_failures.c.id)).scalar_one())


def _subject(kind: str, name: str) -> str:
    return hashlib.sha256(f"{kind}:{name}".encode()).hexdigest()
