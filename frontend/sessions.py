"""Sign-ins that last: one-shot tickets and session tokens.

Streamlit cannot set a cookie, a plain route can. So a page that has checked a password issues a
ticket and sends the browser to `open_path(ticket)`; the route there redeems the ticket for a
session token and sets it as an HttpOnly cookie. Tickets and tokens are 256 random bits; the
database has only their SHA-256, so that a copy of it opens nobody's session.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final
from urllib.parse import urlencode

from sqlalchemy import Engine, delete, insert, select

from frontend.accounts import User
from frontend.errors import TicketUnusableError
from frontend.moments import utc_now
from frontend.store.tables import session_tickets, sessions, users

__all__ = [
    "CLOSE_PATH",
    "COOKIE_NAME",
    "OPEN_PATH",
    "TICKET_LIFETIME",
    "Sessions",
    "TicketUnusableError",
    "open_path",
]

COOKIE_NAME: Final = "skin_notes_session"
"""The cookie that holds the session token."""

OPEN_PATH: Final = "/session/open"
"""GET: redeems the ticket `t`, sets the cookie and goes on to the local path `next`."""

CLOSE_PATH: Final = "/session/close"
"""POST: ends the session, clears the cookie and goes to the first page."""

TICKET_LIFETIME: Final = timedelta(seconds=30)

_TOKEN_BYTES: Final = 32


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

    def redeem(self, ticket: str) -> str:
        """Use a ticket up and open a session.

        Also clears away tickets and sessions that have expired.

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
                    )
                )
        if user_id is None:
            raise TicketUnusableError("the ticket is unknown, used or expired")
        return token

    def user_of(self, token: str) -> User | None:
        """Whose session this token opens, or None if it opens none (any more)."""
        statement = (
            select(users.c.id, users.c.login_id)
            .join(sessions, sessions.c.user_id == users.c.id)
            .where(sessions.c.token_hash == _sha256(token), sessions.c.expires_at > self._now())
        )
        with self._engine.connect() as connection:
            row = connection.execute(statement).one_or_none()
        return None if row is None else User(id=row.id, login_id=row.login_id)

    def close(self, token: str) -> None:
        """End a session; a token that opens none is left alone."""
        with self._engine.begin() as connection:
            connection.execute(delete(sessions).where(sessions.c.token_hash == _sha256(token)))


def _sha256(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
