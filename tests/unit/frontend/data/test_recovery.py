"""Recovery codes."""

from __future__ import annotations

import re
from pathlib import Path
from threading import Barrier, Thread

import pytest
from argon2 import PasswordHasher
from sqlalchemy import Engine

from frontend.accounts import Accounts, CredentialsWrongError, TooManyAttemptsError, User
from frontend.errors import PasswordWeakError
from frontend.login_rules import Passwords
from frontend.recovery import RecoveryCodes, RecoveryCodeWrongError
from frontend.sessions import Sessions, TicketUnusableError
from frontend.throttle import Throttle

NEW = "a new password"


def codes_on(engine: Engine, passwords: Passwords) -> RecoveryCodes:
    return RecoveryCodes(engine, passwords=passwords, throttle=Throttle(engine))


@pytest.fixture
def recovery(engine: Engine, passwords: Passwords) -> RecoveryCodes:
    return codes_on(engine, passwords)


def test_there_are_ten_different_codes_of_80_bits(recovery: RecoveryCodes, minji: User) -> None:
    codes = recovery.renew(minji.id)
    assert len(set(codes)) == recovery.count(minji.id) == 10
    for code in codes:
        assert re.fullmatch(r"(?:[0-9A-HJKMNP-TV-Z]{4}-){3}[0-9A-HJKMNP-TV-Z]{4}", code)


def test_a_code_sets_a_new_password_and_ends_every_session(
    recovery: RecoveryCodes, accounts: Accounts, engine: Engine, minji: User, jisoo: User
) -> None:
    sessions = Sessions(engine)
    token = sessions.redeem(sessions.issue_ticket(minji.id))
    ticket = sessions.issue_ticket(minji.id)
    stranger = sessions.redeem(sessions.issue_ticket(jisoo.id))
    code = recovery.renew(minji.id)[3]

    assert recovery.use("minji", code, NEW) == minji

    assert accounts.log_in("minji", NEW) == minji
    with pytest.raises(CredentialsWrongError):
        accounts.log_in("minji", "correct horse")
    assert sessions.user_of(token) is None
    with pytest.raises(TicketUnusableError):
        sessions.redeem(ticket)
    assert sessions.user_of(stranger) == jisoo
    assert recovery.count(minji.id) == 9


def test_a_code_works_once(recovery: RecoveryCodes, accounts: Accounts, minji: User) -> None:
    code = recovery.renew(minji.id)[0]
    recovery.use("minji", code, NEW)
    with pytest.raises(RecoveryCodeWrongError) as caught:
        recovery.use("minji", code, "another password")
    assert (caught.value.code, caught.value.params) == ("recovery_code_wrong", {})
    assert accounts.log_in("minji", NEW) == minji


def test_of_two_uses_of_one_code_at_once_one_wins(
    engine: Engine, second_engine: Engine, accounts: Accounts, minji: User
) -> None:
    copies = [codes_on(each, Passwords()) for each in (engine, second_engine)]
    codes = copies[0].renew(minji.id)
    together = Barrier(2)
    passwords: list[list[str]] = [[] for _ in codes]
    refused: list[str] = []

    def use_all(copy: RecoveryCodes, name: str) -> None:
        for number, code in enumerate(codes):
            together.wait()
            try:
                copy.use("minji", code, f"{name} {number} password")
            except RecoveryCodeWrongError:
                refused.append(code)
            else:
                passwords[number].append(f"{name} {number} password")

    threads = [
        Thread(target=use_all, args=(copy, name))
        for copy, name in zip(copies, ("one", "two"), strict=True)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [len(won) for won in passwords] == [1] * 10
    assert refused == list(codes)
    assert accounts.log_in("minji", passwords[-1][0]) == minji


def test_new_codes_make_the_earlier_ones_useless(recovery: RecoveryCodes, minji: User) -> None:
    earlier = recovery.renew(minji.id)
    later = recovery.renew(minji.id)
    assert recovery.count(minji.id) == 10
    with pytest.raises(RecoveryCodeWrongError):
        recovery.use("minji", earlier[0], NEW)
    assert recovery.use("minji", later[0], NEW) == minji


@pytest.mark.parametrize(
    "typed",
    [
        lambda code: code.lower(),
        lambda code: code.replace("-", ""),
        lambda code: f"  {code.replace('-', ' ')}  ",
        lambda code: code.replace("0", "O").replace("1", "l"),
    ],
)
def test_a_code_may_be_typed_in_any_case_and_grouping(
    recovery: RecoveryCodes, minji: User, typed: object
) -> None:
    assert callable(typed)
    assert recovery.use("MINJI", typed(recovery.renew(minji.id)[0]), NEW) == minji


@pytest.mark.parametrize("login_id", ["minji", "nobody", "!", ""])
@pytest.mark.parametrize("code", ["", "0000-0000-0000-0000", "' OR 1=1 --", "코드" * 5000])
def test_a_wrong_code_never_tells_whether_the_id_exists(
    recovery: RecoveryCodes, minji: User, login_id: str, code: str
) -> None:
    recovery.renew(minji.id)
    with pytest.raises(RecoveryCodeWrongError) as caught:
        recovery.use(login_id, code, NEW)
    assert (caught.value.code, caught.value.params) == ("recovery_code_wrong", {})


def test_a_code_opens_no_other_account(recovery: RecoveryCodes, minji: User, jisoo: User) -> None:
    code = recovery.renew(minji.id)[0]
    with pytest.raises(RecoveryCodeWrongError):
        recovery.use("jisoo", code, NEW)
    assert recovery.use("minji", code, NEW) == minji


@pytest.mark.parametrize("login_id", ["minji", "nobody", "!"])
def test_every_refusal_computes_exactly_one_hash(
    recovery: RecoveryCodes, minji: User, login_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    hashed: list[str] = []
    hash_one = PasswordHasher.hash

    def counting(self: PasswordHasher, password: str) -> str:
        hashed.append(password)
        return hash_one(self, password)

    monkeypatch.setattr(PasswordHasher, "hash", counting)
    with pytest.raises(RecoveryCodeWrongError):
        recovery.use(login_id, "0000-0000-0000-0000", NEW)
    assert hashed == [NEW]


def test_a_weak_new_password_uses_no_code_up(recovery: RecoveryCodes, minji: User) -> None:
    code = recovery.renew(minji.id)[0]
    for weak in ("short", "minji", "x" * 300):
        with pytest.raises(PasswordWeakError):
            recovery.use("minji", code, weak)
    assert recovery.count(minji.id) == 10


def test_codes_and_passwords_are_guessed_from_one_budget(
    recovery: RecoveryCodes, accounts: Accounts, minji: User
) -> None:
    code = recovery.renew(minji.id)[0]
    for _ in range(3):
        with pytest.raises(RecoveryCodeWrongError):
            recovery.use("minji", "0000-0000-0000-0000", NEW)
    for _ in range(2):
        with pytest.raises(CredentialsWrongError):
            accounts.log_in("minji", "a guess")
    with pytest.raises(TooManyAttemptsError):
        recovery.use("minji", code, NEW)
    assert recovery.count(minji.id) == 10


def test_codes_are_stored_as_hashes_alone(
    recovery: RecoveryCodes, database_file: Path, minji: User
) -> None:
    codes = recovery.renew(minji.id)
    stored = b"".join(file.read_bytes() for file in database_file.parent.iterdir())
    assert b"recovery_codes" in stored
    for code in codes:
        assert code.encode() not in stored
        assert code.replace("-", "").encode() not in stored
