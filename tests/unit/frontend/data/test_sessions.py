"""Tickets and session tokens."""

from __future__ import annotations

import logging
from datetime import timedelta
from pathlib import Path
from threading import Barrier, Thread

import pytest
from sqlalchemy import Engine, delete, func, select

from frontend.accounts import Accounts, User
from frontend.sessions import Sessions, TicketUnusableError
from frontend.store import tables
from tests.unit.frontend.data.conftest import Clock


@pytest.fixture
def sessions(engine: Engine, clock: Clock) -> Sessions:
    return Sessions(engine, lifetime=timedelta(days=30), now=clock)


def test_a_ticket_opens_a_session_of_its_person(sessions: Sessions, minji: User) -> None:
    assert sessions.user_of(sessions.redeem(sessions.issue_ticket(minji.id))) == minji


def test_a_ticket_works_once(sessions: Sessions, minji: User) -> None:
    ticket = sessions.issue_ticket(minji.id)
    sessions.redeem(ticket)
    with pytest.raises(TicketUnusableError) as caught:
        sessions.redeem(ticket)
    assert caught.value.code == "ticket_unusable"


def test_a_ticket_works_for_less_than_30_seconds(
    sessions: Sessions, minji: User, clock: Clock
) -> None:
    in_time, too_late = sessions.issue_ticket(minji.id), sessions.issue_ticket(minji.id)
    clock.advance(by=timedelta(seconds=29.9))
    sessions.redeem(in_time)
    clock.advance(by=timedelta(seconds=0.1))
    with pytest.raises(TicketUnusableError):
        sessions.redeem(too_late)


@pytest.mark.parametrize("forged", ["", "x" * 43, "' OR 1=1 --", "티켓"])
def test_a_forged_ticket_and_a_forged_token_open_nothing(
    sessions: Sessions, minji: User, forged: str
) -> None:
    sessions.redeem(sessions.issue_ticket(minji.id))
    with pytest.raises(TicketUnusableError):
        sessions.redeem(forged)
    assert sessions.user_of(forged) is None


def test_a_ticket_is_no_token_and_a_token_is_no_ticket(sessions: Sessions, minji: User) -> None:
    ticket = sessions.issue_ticket(minji.id)
    assert sessions.user_of(ticket) is None
    with pytest.raises(TicketUnusableError):
        sessions.redeem(sessions.redeem(ticket))


def test_a_session_ends_after_30_days(sessions: Sessions, minji: User, clock: Clock) -> None:
    token = sessions.redeem(sessions.issue_ticket(minji.id))
    clock.advance(by=timedelta(days=30) - timedelta(seconds=1))
    assert sessions.user_of(token) == minji
    clock.advance(by=timedelta(seconds=1))
    assert sessions.user_of(token) is None


def test_closing_ends_one_session_and_leaves_the_others(sessions: Sessions, minji: User) -> None:
    phone = sessions.redeem(sessions.issue_ticket(minji.id))
    laptop = sessions.redeem(sessions.issue_ticket(minji.id))
    sessions.close(phone)
    sessions.close("no such token")
    assert sessions.user_of(phone) is None
    assert sessions.user_of(laptop) == minji


def test_tokens_are_256_random_bits(sessions: Sessions, minji: User) -> None:
    tokens = {sessions.redeem(sessions.issue_ticket(minji.id)) for _ in range(20)}
    assert len(tokens) == 20
    assert {len(token) for token in tokens} == {43}  # 256 bits, 6 to a character


def test_deleting_a_person_ends_their_sessions_and_tickets(
    sessions: Sessions, engine: Engine, minji: User
) -> None:
    token = sessions.redeem(sessions.issue_ticket(minji.id))
    ticket = sessions.issue_ticket(minji.id)
    with engine.begin() as connection:
        connection.execute(delete(tables.users).where(tables.users.c.id == minji.id))
    assert sessions.user_of(token) is None
    with pytest.raises(TicketUnusableError):
        sessions.redeem(ticket)


def test_what_has_expired_is_cleared_away(
    sessions: Sessions, engine: Engine, minji: User, clock: Clock
) -> None:
    sessions.redeem(sessions.issue_ticket(minji.id))
    sessions.issue_ticket(minji.id)
    clock.advance(by=timedelta(days=31))
    sessions.redeem(sessions.issue_ticket(minji.id))
    with engine.connect() as connection:
        for table, left in ((tables.sessions, 1), (tables.session_tickets, 0)):
            count = connection.execute(select(func.count()).select_from(table)).scalar_one()
            assert count == left


def test_of_two_copies_of_the_app_only_one_can_redeem_a_ticket(
    engine: Engine, second_engine: Engine, minji: User
) -> None:
    copies = [Sessions(engine), Sessions(second_engine)]
    tickets = [copies[0].issue_ticket(minji.id) for _ in range(10)]
    together = Barrier(2)
    opened: list[str] = []
    refused: list[str] = []

    def redeem_all(copy: Sessions) -> None:
        for ticket in tickets:
            together.wait()
            try:
                copy.redeem(ticket)
            except TicketUnusableError:
                refused.append(ticket)
            else:
                opened.append(ticket)

    threads = [Thread(target=redeem_all, args=(copy,)) for copy in copies]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert opened == tickets
    assert refused == tickets


def test_no_password_ticket_or_token_is_in_the_database_or_the_log(
    engine: Engine,
    accounts: Accounts,
    sessions: Sessions,
    database_file: Path,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    user = accounts.sign_up("minji", "correct horse battery")
    accounts.log_in("minji", "correct horse battery")
    used, unused = sessions.issue_ticket(user.id), sessions.issue_ticket(user.id)
    token = sessions.redeem(used)
    files = list(database_file.parent.iterdir())
    stored = b"".join(file.read_bytes() for file in files)
    assert {file.name for file in files} >= {"skin_notes.db", "skin_notes.db-wal"}
    assert b"minji" in stored
    for secret in ("correct horse battery", used, unused, token):
        assert secret.encode() not in stored
        assert secret not in caplog.text
