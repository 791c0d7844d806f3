"""Guessing passwords and making accounts in bulk is slowed down, also across restarts."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from threading import Barrier, Thread

import pytest
from sqlalchemy import Engine, func, select

from frontend.accounts import (
    Accounts,
    CredentialsWrongError,
    LoginIdTakenError,
    PasswordWeakError,
    TooManyAttemptsError,
    User,
)
from frontend.login_rules import Passwords
from frontend.store import open_database
from frontend.store.tables import log_in_failures
from frontend.throttle import Throttle
from tests.unit.frontend.data.conftest import Clock

HOME = "203.0.113.9"
RIGHT = "correct horse"


@pytest.fixture
def accounts(engine: Engine, passwords: Passwords, clock: Clock) -> Accounts:
    return Accounts(engine, passwords=passwords, now=clock)


def fail(accounts: Accounts, login_id: str, *, times: int = 1, address: str | None = None) -> None:
    for _ in range(times):
        with pytest.raises(CredentialsWrongError):
            accounts.log_in(login_id, "a guess", address=address)


def minutes_to_wait(
    accounts: Accounts, login_id: str, password: str = RIGHT, *, address: str | None = None
) -> int:
    with pytest.raises(TooManyAttemptsError) as caught:
        accounts.log_in(login_id, password, address=address)
    assert caught.value.code == "too_many_attempts"
    assert caught.value.params["reason"] == "log_in"
    return int(caught.value.params["minutes"])


@pytest.mark.parametrize("login_id", ["minji", "nobody", "no such id!", "x" * 10_000, ""])
def test_after_five_failures_an_account_waits_whether_it_exists_or_not(
    accounts: Accounts, minji: User, login_id: str
) -> None:
    fail(accounts, login_id, times=5)
    assert minutes_to_wait(accounts, login_id) == 15


@pytest.mark.parametrize("typed", ["MINJI", "  minji", "minji" + " " * 1000])
def test_no_other_way_to_write_an_id_has_a_budget_of_its_own(
    accounts: Accounts, minji: User, typed: str
) -> None:
    fail(accounts, "minji", times=3)
    fail(accounts, typed, times=2)
    assert minutes_to_wait(accounts, "minji") == 15
    assert minutes_to_wait(accounts, typed) == 15


def test_waiting_ends_when_the_first_failure_is_a_quarter_of_an_hour_old(
    accounts: Accounts, minji: User, clock: Clock
) -> None:
    fail(accounts, "minji")
    clock.advance(by=timedelta(minutes=10))
    fail(accounts, "minji", times=4)
    assert minutes_to_wait(accounts, "minji") == 5
    clock.advance(by=timedelta(minutes=4, seconds=59))
    assert minutes_to_wait(accounts, "minji") == 1
    clock.advance(by=timedelta(seconds=1))
    assert accounts.log_in("minji", RIGHT) == minji


def test_a_refused_attempt_does_not_make_the_wait_longer(
    accounts: Accounts, minji: User, clock: Clock
) -> None:
    fail(accounts, "minji", times=5)
    for _ in range(14):
        clock.advance(by=timedelta(minutes=1))
        minutes_to_wait(accounts, "minji")
    clock.advance(by=timedelta(minutes=1))
    assert accounts.log_in("minji", RIGHT) == minji


def test_the_right_password_clears_the_failures_of_its_account(
    accounts: Accounts, minji: User
) -> None:
    for _ in range(3):
        fail(accounts, "minji", times=4)
        assert accounts.log_in("minji", RIGHT) == minji


def test_one_account_waits_and_another_does_not(
    accounts: Accounts, minji: User, jisoo: User
) -> None:
    fail(accounts, "minji", times=5)
    assert accounts.log_in("jisoo", "battery staple") == jisoo


def test_twenty_failures_from_one_address_stop_it_for_every_account(
    accounts: Accounts, minji: User
) -> None:
    for number in range(20):
        fail(accounts, f"guess{number}", address=HOME)
    assert minutes_to_wait(accounts, "minji", address=HOME) == 15
    assert accounts.log_in("minji", RIGHT, address="198.51.100.7") == minji


def test_an_own_account_does_not_buy_an_address_more_guesses(
    accounts: Accounts, minji: User
) -> None:
    for number in range(20):
        assert accounts.log_in("minji", RIGHT, address=HOME) == minji
        fail(accounts, f"guess{number}", address=HOME)
    minutes_to_wait(accounts, "minji", address=HOME)


def test_a_restart_forgives_nothing(accounts: Accounts, engine: Engine, clock: Clock) -> None:
    fail(accounts, "minji", times=5)
    url = engine.url.render_as_string(hide_password=False)
    engine.dispose()
    again = open_database(url)
    assert minutes_to_wait(Accounts(again, now=clock), "minji") == 15
    again.dispose()


def test_guesses_made_at_once_by_two_copies_of_the_app_are_all_counted(
    engine: Engine, second_engine: Engine, minji: User
) -> None:
    copies = [Accounts(engine), Accounts(second_engine)]
    together = Barrier(12)
    verdicts: list[str] = []

    def guess(copy: Accounts) -> None:
        together.wait()
        try:
            copy.log_in("minji", "a guess")
        except CredentialsWrongError:
            verdicts.append("looked at")
        except TooManyAttemptsError:
            verdicts.append("refused")

    threads = [Thread(target=guess, args=(copies[number % 2],)) for number in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(verdicts) == ["looked at"] * 5 + ["refused"] * 7


def test_accounts_and_addresses_are_stored_as_hashes_alone(
    accounts: Accounts, engine: Engine, minji: User
) -> None:
    fail(accounts, "Minji", address=HOME)
    with engine.connect() as connection:
        stored = set(connection.scalars(select(log_in_failures.c.subject_hash)))
    assert stored == {
        hashlib.sha256(b"account:minji").hexdigest(),
        hashlib.sha256(b"address:203.0.113.9").hexdigest(),
    }


def test_old_failures_are_cleared_away(accounts: Accounts, engine: Engine, clock: Clock) -> None:
    fail(accounts, "minji", times=5, address=HOME)
    clock.advance(by=timedelta(hours=1))
    fail(accounts, "jisoo")
    with engine.connect() as connection:
        left = connection.execute(select(func.count()).select_from(log_in_failures)).scalar_one()
    assert left == 1


def test_sign_ups_are_limited_by_address_and_hour(engine: Engine, clock: Clock) -> None:
    accounts = Accounts(engine, throttle=Throttle(engine, sign_ups_per_hour=3, now=clock))
    for number in range(3):
        accounts.sign_up(f"person{number}", RIGHT, address=HOME)
    with pytest.raises(TooManyAttemptsError) as caught:
        accounts.sign_up("person3", RIGHT, address=HOME)
    assert caught.value.params == {"reason": "sign_up", "minutes": 60}
    accounts.sign_up("person3", RIGHT, address="198.51.100.7")
    clock.advance(by=timedelta(hours=1))
    accounts.sign_up("person4", RIGHT, address=HOME)


def test_asking_which_ids_are_taken_uses_up_the_limit_and_a_typing_error_does_not(
    engine: Engine, clock: Clock, minji: User
) -> None:
    accounts = Accounts(engine, throttle=Throttle(engine, sign_ups_per_hour=2, now=clock))
    for _ in range(5):
        with pytest.raises(PasswordWeakError):
            accounts.sign_up("person", "short", address=HOME)
    for _ in range(2):
        with pytest.raises(LoginIdTakenError):
            accounts.sign_up("minji", RIGHT, address=HOME)
    with pytest.raises(TooManyAttemptsError):
        accounts.sign_up("minji", RIGHT, address=HOME)


def test_a_clock_that_was_ahead_keeps_nobody_out_once_it_is_right(
    engine: Engine, clock: Clock, minji: User
) -> None:
    throttle = Throttle(engine, sign_ups_per_hour=1, now=clock)
    accounts = Accounts(engine, throttle=throttle)
    clock.advance(by=timedelta(days=1))
    fail(accounts, "minji", times=5, address=HOME)
    for number in range(15):
        fail(accounts, f"guess{number}", address=HOME)
    throttle.admit_sign_up(address=HOME)
    clock.advance(by=-timedelta(days=1))
    assert accounts.log_in("minji", RIGHT, address=HOME) == minji
    throttle.admit_sign_up(address=HOME)


def test_what_a_machine_counts_whose_clock_is_a_minute_ahead_holds(
    accounts: Accounts, minji: User, clock: Clock
) -> None:
    clock.advance(by=timedelta(minutes=1))
    fail(accounts, "minji", times=5)
    clock.advance(by=-timedelta(minutes=1))
    assert minutes_to_wait(accounts, "minji") == 16
