"""No password, token, code or ID is in a log, whatever happens."""

from __future__ import annotations

import logging
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest
from sqlalchemy import Engine, event
from sqlalchemy.exc import DBAPIError, OperationalError

from frontend.accounts import Accounts
from frontend.errors import AccountError, SkinNotesError
from frontend.login_rules import Passwords
from frontend.recovery import RecoveryCodes
from frontend.sessions import Sessions
from frontend.store import open_database
from frontend.throttle import Throttle

LOGIN_ID = "minji.quiet"
PASSWORDS = ("correct horse battery", "a wrong guess", "another secret")
HOME = "203.0.113.9"


@pytest.fixture
def loud_engine(database_file: Path, caplog: pytest.LogCaptureFixture) -> Engine:
    """An engine made while every statement is logged, and all else in full."""
    caplog.set_level(logging.DEBUG)
    # Below that it writes whole rows out, which nobody switches on but to look for an error.
    caplog.set_level(logging.INFO, logger="sqlalchemy.engine")
    return open_database(f"sqlite:///{database_file}")


def test_a_whole_life_of_an_account_is_logged_without_its_secrets(
    loud_engine: Engine, caplog: pytest.LogCaptureFixture
) -> None:
    password, wrong, new = PASSWORDS
    accounts, sessions = Accounts(loud_engine), Sessions(loud_engine)
    codes = RecoveryCodes(loud_engine, passwords=Passwords(), throttle=Throttle(loud_engine))
    user = accounts.sign_up(LOGIN_ID, password, address=HOME)
    ticket = sessions.issue_ticket(user.id)
    token = sessions.redeem(ticket, device="Chrome · Android")
    sessions.user_of(token)
    (device,) = sessions.devices_of(user.id, token=token)
    refused: list[Callable[[], object]] = [
        lambda: accounts.sign_up(LOGIN_ID, password, address=HOME),
        lambda: accounts.log_in(LOGIN_ID, wrong, address=HOME),
        lambda: accounts.change_password(user, wrong, new, keep=None),
        lambda: codes.use(LOGIN_ID, "0000-0000", new),
        lambda: sessions.redeem(ticket),
    ]
    for attempt in refused:
        with pytest.raises(SkinNotesError) as caught:
            attempt()
        logging.getLogger("frontend.test").error("refused", exc_info=caught.value)
    made = codes.renew(user.id)
    codes.use(LOGIN_ID, made[0], new)
    accounts.delete(user, new)

    # Else the test would pass where nothing is logged at all.
    assert "INSERT INTO users" in caplog.text
    for secret in (LOGIN_ID, user.id, ticket, token, device.id, HOME, *PASSWORDS, *made):
        assert secret not in caplog.text
    loud_engine.dispose()


def test_a_failing_database_is_logged_without_what_was_to_be_written(
    loud_engine: Engine, caplog: pytest.LogCaptureFixture
) -> None:
    accounts = Accounts(loud_engine)
    with suppress(AccountError):
        accounts.log_in("somebody", "a wrong guess")
    loud_engine.dispose()
    event.listen(loud_engine, "connect", lambda raw, _: raw.execute("PRAGMA query_only = ON"))

    with pytest.raises(DBAPIError) as caught:
        accounts.sign_up(LOGIN_ID, PASSWORDS[0])
    logging.getLogger("frontend.test").error("failed", exc_info=caught.value)

    assert isinstance(caught.value, OperationalError)
    assert "readonly database" in caplog.text
    for secret in (LOGIN_ID, *PASSWORDS, "$argon2id$"):
        assert secret not in caplog.text
    loud_engine.dispose()
