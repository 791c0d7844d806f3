"""Deleting an account deletes everything in it, and nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import Engine, select

from frontend.accounts import Accounts, CredentialsWrongError, User
from frontend.login_rules import Passwords
from frontend.moments import utc_now
from frontend.recovery import RecoveryCodes
from frontend.sessions import Sessions
from frontend.store import NewVisit, Repository
from frontend.store.tables import metadata, users
from frontend.throttle import Throttle
from frontend.vocabulary import Attribute, Source, Verdict
from tests.support.visits import result


def live_a_little(engine: Engine, person: User) -> None:
    """Leave something in every table that belongs to people."""
    sessions = Sessions(engine)
    sessions.redeem(sessions.issue_ticket(person.id))
    sessions.issue_ticket(person.id)
    RecoveryCodes(engine, passwords=Passwords(), throttle=Throttle(engine)).renew(person.id)
    Repository(engine).save_visit(
        person.id,
        NewVisit(
            taken_at=utc_now(),
            source=Source.UPLOAD,
            model_version="2026.11.0",
            quality_verdict=Verdict.GOOD,
            quality_score=90.0,
            results=dict.fromkeys(Attribute, result()),
            request_key="once",
        ),
    )


def owners(engine: Engine) -> dict[str, set[str]]:
    with engine.connect() as connection:
        return {
            table.name: set(connection.scalars(select(table.c.user_id)))
            for table in metadata.sorted_tables
            if "user_id" in table.c
        }


def test_deleting_an_account_leaves_nothing_of_it_behind(
    engine: Engine,
    accounts: Accounts,
    database_file: Path,
    minji: User,
    jisoo: User,
) -> None:
    for person in (minji, jisoo):
        live_a_little(engine, person)
    assert set(map(len, owners(engine).values())) == {2}
    with engine.connect() as connection:
        hashed = connection.scalar(select(users.c.password_hash).where(users.c.id == minji.id))

    accounts.delete(minji, "correct horse")

    assert set(map(frozenset, owners(engine).values())) == {frozenset({jisoo.id})}
    with pytest.raises(CredentialsWrongError):
        accounts.log_in("minji", "correct horse")
    assert Repository(engine).count_visits(jisoo.id) == 1
    # Not even in the free space of the file, or in the log of changes beside it.
    files = b"".join(file.read_bytes() for file in database_file.parent.iterdir())
    assert jisoo.login_id.encode() in files
    for trace in (minji.login_id, minji.id, str(hashed)):
        assert trace.encode() not in files


def test_the_id_of_a_deleted_account_is_free_again(accounts: Accounts, minji: User) -> None:
    accounts.delete(minji, "correct horse")
    again = accounts.sign_up("minji", "another password")
    assert again.id != minji.id
