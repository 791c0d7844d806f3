"""Sign-ins that last: one-shot tickets and session tokens.

Streamlit cannot set a cookie, a plain route can. So a page that has checked a password issues a
ticket and sends the browser to `open_path(ticket)`; the route there redeems the ticket for a
session token and sets it as an HttpOnly cookie. Tickets and tokens are 256 random bits; the
database has only their SHA-256, so that a copy of it opens nobody's session.
"""

from __future__ import annotations

import hashlib
import logging
import secrets
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from urllib.parse import urlencode

from sqlalchemy import Engine, delete, insert, select, update

from frontend.accounts import User
from frontend.errors import TicketUnusableError
from frontend.moments import utc_now
from frontend.store.failures import DATABASE_FAILURES
from frontend.store.sign_ins import end_sign_ins
from frontend.store.tables import DEVICE_LENGTH, session_tickets, sessions, users

__all__ = [
    "CLOSE_PATH",
    "COOKIE_NAME",
    "OPEN_PATH",
    "TICKET_LIFETIME",
    "Sessions",
    "SignedInDevice",
    "TicketUnusableError",
    "open_path",
    "token_hash",
]

_LOG: Final = logging.getLogger(__name__)

COOKIE_NAME: Final = "skin_notes_session"
"""The cookie that holds the session token."""

OPEN_PATH: Final = "/session/open"
"""GET: redeems the ticket `t`, sets the cookie and goes on to the local path `next`."""

CLOSE_PATH: Final = "/session/close"
"""POST: ends the session, clears the cookie and goes to the first page."""

TICKET_LIFETIME: Final = timedelta(seconds=30)

_TOKEN_BYTES: Final = 32
_SEEN_EVERY: Final = timedelta(minutes=5)
"""How exactly it is known when a device was last seen: a write at every run would be waste."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedInDevice:
    """One sign-in, as the person's own list shows it.

    Attributes:
        id: Names it in the list; opens nothing.
        device: Words for browser and system, or an empty text where they are not known.
        last_seen_at: When it was last used, to within a few minutes; UTC.
        is_this: Whether it is the one that asks.
    """

    id: str
    device: str
    last_seen_at: datetime
    is_this: bool


def open_path(ticket: str, *, next_path: str = "/") -> str:
    """The address that turns a ticket into a cookie and then goes on to a path of this app.

    >>> open_path("abc", next_path="/history")
    '/session/open?t=abc&next=%2Fhistory'
    """
    return f"{OPEN_PATH}?{urlencode({'t': ticket, 'next': next_path})}"


class Sessions:
    """The sign-ins in one database."""

    def __init__(
        self,
        engine: Engine,
        *,
        lifetime: timedelta = timedelta(days=30),
        now: Callable[[], datetime] = utc_now,
    ) -> None:
        """Work on the database that the engine reaches.

        Args:
            engine: The database.
            lifetime: How long a sign-in lasts.
            now: The clock; tells the present moment, aware.
        """
        self._engine = engine
        self._now = now
        self.lifetime = lifetime

    def issue_ticket(self, user_id: str) -> str:
        """Make a ticket that opens one session for this person within 30 seconds."""
        ticket = secrets.token_urlsafe(_TOKEN_BYTES)
        with self._engine.begin() as connection:
            connection.execute(
                insert(session_tickets).values(
                    ticket_hash=_sha256(ticket),
                    user_id=user_id,
                    expires_at=self._now() + TICKET_LIFETIME,
                )
            )
        return ticket

    def redeem(self, ticket: str, *, device: str = "") -> str:
        """Use a ticket up and open a session.

        Also clears away tickets and sessions that have expired.

        Args:
            ticket: The ticket.
            device: Words for the browser and the system, for the person's list of devices.

        Returns:
            The session token, to be kept in the cookie alone.

        Raises:
            TicketUnusableError: If the ticket is unknown, was used before or has expired.
        """
        now = self._now()
        token = secrets.token_urlsafe(_TOKEN_BYTES)
        with self._engine.begin() as connection:
            connection.execute(delete(session_tickets).where(session_tickets.c.expires_at <= now))
            connection.execute(delete(sessions).where(sessions.c.expires_at <= now))
            # Deleting and reading in one statement: of two at once, one finds the ticket.
            user_id = connection.execute(
                delete(session_tickets)
                .where(session_tickets.c.ticket_hash == _sha256(ticket))
                .returning(session_tickets.c.user_id)
            ).scalar_one_or_none()
            if user_id is not None:
                connection.execute(
                    insert(sessions).values(
                        token_hash=_sha256(token),
                        user_id=user_id,
                        created_at=now,
                        expires_at=now + self.lifetime,
                        id=uuid.uuid4().hex,
                        device=device[:DEVICE_LENGTH],
                        last_seen_at=now,
                    )
                )
        if user_id is None:
            raise TicketUnusableError("the ticket is unknown, used or expired")
        return token

    def user_of(self, token: str) -> User | None:
        """Whose session this token opens, or None if it opens none (any more)."""
        now = self._now()
        statement = (
            select(users.c.id, users.c.login_id, sessions.c.last_seen_at)
            .join(sessions, sessions.c.user_id == users.c.id)
            .where(sessions.c.token_hash == _sha256(token), sessions.c.expires_at > now)
        )
        with self._engine.connect() as connection:
            row = connection.execute(statement).one_or_none()
        if row is None:
            return None
        if now - row.last_seen_at >= _SEEN_EVERY:
            self._see(token, now)
        return User(id=row.id, login_id=row.login_id)

    def devices_of(self, user_id: str, *, token: str | None) -> list[SignedInDevice]:
        """Where a person is signed in: the device that asks first, then the last seen first.

        Args:
            user_id: Whose devices.
            token: The session token of the browser that asks, if it is known.
        """
        statement = (
            select(sessions)
            .where(sessions.c.user_id == user_id, sessions.c.expires_at > self._now())
            .order_by(sessions.c.last_seen_at.desc(), sessions.c.id)
        )
        this = None if token is None else _sha256(token)
        with self._engine.connect() as connection:
            rows = connection.execute(statement).all()
        devices = [
            SignedInDevice(
                id=row.id,
                device=row.device,
                last_seen_at=row.last_seen_at,
                is_this=row.token_hash == this,
            )
            for row in rows
        ]
        return sorted(devices, key=lambda device: not device.is_this)

    def end(self, user_id: str, session_id: str) -> bool:
        """End one session of this person by its place in the list; tell whether there was one."""
        statement = delete(sessions).where(
            sessions.c.user_id == user_id, sessions.c.id == session_id
        )
        with self._engine.begin() as connection:
            return connection.execute(statement).rowcount == 1

    def close_all(self, user_id: str) -> int:
        """End all sessions of a person; tell how many there were."""
        with self._engine.begin() as connection:
            return end_sign_ins(connection, user_id)

    def close(self, token: str) -> None:
        """End a session; a token that opens none is left alone."""
        with self._engine.begin() as connection:
            connection.execute(delete(sessions).where(sessions.c.token_hash == _sha256(token)))

    def _see(self, token: str, now: datetime) -> None:
        statement = update(sessions).where(sessions.c.token_hash == _sha256(token))
        try:
            with self._engine.begin() as connection:
                connection.execute(statement.values(last_seen_at=now))
        except DATABASE_FAILURES:
            # A database that cannot be written can still be read, and is worth reading.
            _LOG.warning("a session's last use could not be noted", exc_info=True)


def token_hash(token: str) -> str:
    """What the database knows a session token by."""
    return _sha256(token)


def _sha256(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
