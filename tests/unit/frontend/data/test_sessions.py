"""Tickets and session tokens."""

from __future__ import annotations

import logging
from datetime import timedelta
from pathlib import Path
from threading import Barrier, Thread

import pytest
from sqlalchemy import Engine, delete, event, func, select

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


def test_a_device_counts_as_seen_to_within_five_minutes(
    sessions: Sessions, minji: User, clock: Clock
) -> None:
    token = sessions.redeem(sessions.issue_ticket(minji.id))
    started = clock.moment
    clock.advance(by=timedelta(minutes=4, seconds=59))
    sessions.user_of(token)
    assert sessions.devices_of(minji.id, token=token)[0].last_seen_at == started
    clock.advance(by=timedelta(seconds=1))
    sessions.user_of(token)
    assert sessions.devices_of(minji.id, token=token)[0].last_seen_at == clock.moment


def test_being_seen_writes_nothing_in_between(
    sessions: Sessions, engine: Engine, minji: User
) -> None:
    token = sessions.redeem(sessions.issue_ticket(minji.id))
    written: list[str] = []
    event.listen(
        engine,
        "before_cursor_execute",
        lambda _connection, _cursor, statement, *_: written.append(statement),
    )
    for _ in range(5):
        assert sessions.user_of(token) == minji
    assert {statement.split()[0] for statement in written} - {"BEGIN"} == {"SELECT"}


@pytest.mark.usefixtures("database_file")
def test_a_database_that_cannot_be_written_still_opens_sessions(
    sessions: Sessions, engine: Engine, minji: User, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    token = sessions.redeem(sessions.issue_ticket(minji.id))
    clock.advance(by=timedelta(hours=1))
    engine.dispose()
    event.listen(engine, "connect", lambda raw, _: raw.execute("PRAGMA query_only = ON"))
    assert sessions.user_of(token) == minji
    assert "could not be noted" in caplog.text
    assert token not in caplog.text
    assert minji.id not in caplog.text


def test_the_list_of_devices_begins_with_this_one_then_the_last_seen(
    sessions: Sessions, minji: User, jisoo: User, clock: Clock
) -> None:
    here = sessions.redeem(sessions.issue_ticket(minji.id), device="Safari · iPhone")
    clock.advance(by=timedelta(hours=1))
    sessions.redeem(sessions.issue_ticket(minji.id), device="Firefox · Windows")
    clock.advance(by=timedelta(hours=1))
    sessions.redeem(sessions.issue_ticket(minji.id))
    sessions.redeem(sessions.issue_ticket(jisoo.id), device="Edge · Windows")
    listed = sessions.devices_of(minji.id, token=here)
    assert [device.device for device in listed] == ["Safari · iPhone", "", "Firefox · Windows"]
    assert [device.is_this for device in listed] == [True, False, False]
    assert not any(device.is_this for device in sessions.devices_of(minji.id, token=None))
    clock.advance(by=timedelta(days=31))
    assert sessions.devices_of(minji.id, token=here) == []


def test_one_device_of_the_list_can_be_ended_by_its_owner_alone(
    sessions: Sessions, minji: User, jisoo: User
) -> None:
    here = sessions.redeem(sessions.issue_ticket(minji.id))
    there = sessions.redeem(sessions.issue_ticket(minji.id))
    other = sessions.devices_of(minji.id, token=here)[1]
    assert not sessions.end(jisoo.id, other.id)
    assert sessions.user_of(there) == minji
    assert sessions.end(minji.id, other.id)
    assert not sessions.end(minji.id, other.id)
    assert sessions.user_of(there) is None
    assert sessions.user_of(here) == minji


def test_logging_out_everywhere_ends_every_session_and_ticket_of_one_person(
    sessions: Sessions, minji: User, jisoo: User
) -> None:
    tokens = [sessions.redeem(sessions.issue_ticket(minji.id)) for _ in range(3)]
    on_its_way = sessions.issue_ticket(minji.id)
    stranger = sessions.redeem(sessions.issue_ticket(jisoo.id))
    assert sessions.close_all(minji.id) == 3
    assert [sessions.user_of(token) for token in tokens] == [None, None, None]
    with pytest.raises(TicketUnusableError):
        sessions.redeem(on_its_way)
    assert sessions.user_of(stranger) == jisoo


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
