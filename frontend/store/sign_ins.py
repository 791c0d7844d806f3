"""Ending sign-ins inside a transaction that changes more than them."""

from __future__ import annotations

from sqlalchemy import Connection, delete

from frontend.store.tables import session_tickets, sessions


def end_sign_ins(connection: Connection, user_id: str, *, but: str | None = None) -> int:
    """End all sessions of a person and make their unused tickets useless.

    Args:
        connection: The transaction it is part of.
        user_id: Whose.
        but: Hash of the token whose session goes on, or None to end them all.

    Returns:
        How many sessions were ended.
    """
    connection.execute(delete(session_tickets).where(session_tickets.c.user_id == user_id))
    theirs = delete(sessions).where(sessions.c.user_id == user_id)
    if but is not None:
        theirs = theirs.where(sessions.c.token_hash != but)
    return connection.execute(theirs).rowcount
