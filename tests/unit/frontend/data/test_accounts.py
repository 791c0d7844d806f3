"""Signing up and logging in."""

from __future__ import annotations

import unicodedata

import pytest
from argon2 import PasswordHasher
from sqlalchemy import Engine, select, update

from frontend.accounts import (
    Accounts,
    CredentialsWrongError,
    LoginIdInvalidError,
    LoginIdTakenError,
    PasswordWeakError,
    PasswordWrongError,
    TooManyAttemptsError,
    User,
)
from frontend.login_rules import Passwords, checked_login_id
from frontend.recovery import RecoveryCodes, RecoveryCodeWrongError
from frontend.sessions import Sessions, TicketUnusableError, token_hash
from frontend.store.tables import users
from frontend.throttle import Throttle

FULLWIDTH_MINJI = "\uff4d\uff49\uff4e\uff4a\uff49"


def stored_hash(engine: Engine, user: User) -> str:
    with engine.connect() as connection:
        return str(
            connection.execute(
                select(users.c.password_hash).where(users.c.id == user.id)
            ).scalar_one()
        )


def test_who_signs_up_can_log_in(accounts: Accounts) -> None:
    signed_up = accounts.sign_up("Kim.민지_1", "correct horse")
    assert accounts.log_in("Kim.민지_1", "correct horse") == signed_up
    assert signed_up.login_id == "Kim.민지_1"


@pytest.mark.parametrize("typed", ["minji", "MINJI", " Minji ", FULLWIDTH_MINJI])
def test_case_and_width_of_the_id_do_not_matter(
    accounts: Accounts, minji: User, typed: str
) -> None:
    assert accounts.log_in(typed, "correct horse") == minji
    with pytest.raises(LoginIdTakenError) as caught:
        accounts.sign_up(typed, "another password")
    assert caught.value.code == "login_id_taken"


def test_hangul_typed_in_pieces_is_the_same_id_and_the_same_password(accounts: Accounts) -> None:
    composed = accounts.sign_up("김민지", "비밀번호는여덟자")
    in_pieces = unicodedata.normalize("NFD", "김민지")
    assert len(in_pieces) == 8
    assert accounts.log_in(in_pieces, unicodedata.normalize("NFD", "비밀번호는여덟자")) == composed


@pytest.mark.parametrize("login_id", ["abc", "a" * 32, "이영희", "मीरा", "a.b_c-9", "Ünal"])
def test_ids_of_3_to_32_letters_digits_and_three_signs_are_good(login_id: str) -> None:
    assert checked_login_id(login_id) == login_id


@pytest.mark.parametrize(
    "login_id",
    [
        "",
        "ab",
        "a" * 33,
        "two words",
        "a@b.c",
        "a/b/c",
        "<b>x</b>",
        "abc\x00",
        "abc\u202e",  # turns the direction of writing
        "ab\u3164",  # Hangul filler: a letter that prints nothing
        "abc\ufe0f",  # variation selector: prints nothing
        "abc🙂",
    ],
)
def test_other_ids_are_refused_with_the_limits(accounts: Accounts, login_id: str) -> None:
    with pytest.raises(LoginIdInvalidError) as caught:
        accounts.sign_up(login_id, "correct horse")
    assert caught.value.code == "login_id_invalid"
    assert caught.value.params == {"minimum": 3, "maximum": 32}


@pytest.mark.parametrize(
    ("password", "reason"),
    [
        ("1234567", "too_short"),
        ("x" * 257, "too_long"),
        ("x" * 1_000_000, "too_long"),
        ("minji.kim", "same_as_login_id"),
        ("MINJI.KIM", "same_as_login_id"),
        ("12345678", "guessable"),
        ("Password1!", "guessable"),
        ("qwer1234", "guessable"),
        ("minji.kim2024", "guessable"),
        ("비밀번호1234", "guessable"),
        ("살결살결살결살결", "guessable"),
        ("x" * 256, "guessable"),
    ],
)
def test_a_weak_password_is_refused_with_the_reason(
    accounts: Accounts, password: str, reason: str
) -> None:
    with pytest.raises(PasswordWeakError) as caught:
        accounts.sign_up("minji.kim", password)
    assert caught.value.code == "password_weak"
    assert caught.value.params == {"reason": reason, "minimum": 8, "maximum": 256}


@pytest.mark.parametrize(
    "password",
    [
        "k7#Lp2xQ",
        "spring river " * 19,
        "4@8({[<369!1|7+0$5%2z" * 11,
        " spaces count ",
        "비밀번호는여덟자",
    ],
)
def test_passwords_of_8_to_256_characters_are_good(accounts: Accounts, password: str) -> None:
    user = accounts.sign_up("minji", password)
    assert accounts.log_in("minji", password) == user


@pytest.mark.parametrize(
    ("login_id", "password"),
    [
        ("minji", "correct hors"),
        ("minji", "Correct Horse"),
        ("minji", ""),
        ("minji", "correct horse" * 100_000),
        ("nobody", "correct horse"),
        ("", ""),
        ("' OR 1=1 --", "x"),
        ("minji\x00", "correct horse"),
    ],
)
def test_wrong_credentials_never_tell_which_part_is_wrong(
    accounts: Accounts, minji: User, login_id: str, password: str
) -> None:
    with pytest.raises(CredentialsWrongError) as caught:
        accounts.log_in(login_id, password)
    assert caught.value.code == "credentials_wrong"
    assert caught.value.params == {}


@pytest.mark.parametrize("login_id", ["minji", "nobody", "!"])
def test_every_refusal_computes_exactly_one_hash(
    accounts: Accounts, minji: User, login_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    verified: list[str] = []
    verify = PasswordHasher.verify

    def counting(self: PasswordHasher, hash: str, password: str) -> bool:
        verified.append(hash)
        return verify(self, hash, password)

    monkeypatch.setattr(PasswordHasher, "verify", counting)
    with pytest.raises(CredentialsWrongError):
        accounts.log_in(login_id, "wrong password")
    assert len(verified) == 1
    assert verified[0].startswith("$argon2id$v=19$m=19456,t=2,p=1$")


def test_two_people_with_one_password_have_different_hashes(
    engine: Engine, accounts: Accounts
) -> None:
    one = accounts.sign_up("first", "same password")
    other = accounts.sign_up("second", "same password")
    assert stored_hash(engine, one) != stored_hash(engine, other)
    assert stored_hash(engine, one).startswith("$argon2id$v=19$m=19456,t=2,p=1$")


def test_a_hash_of_older_parameters_is_renewed_at_the_next_log_in(
    engine: Engine, accounts: Accounts, minji: User
) -> None:
    older = PasswordHasher(time_cost=1, memory_cost=1024, parallelism=1).hash("correct horse")
    with engine.begin() as connection:
        connection.execute(update(users).values(password_hash=older))
    assert accounts.log_in("minji", "correct horse") == minji
    assert stored_hash(engine, minji).startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert accounts.log_in("minji", "correct horse") == minji


def test_a_changed_password_is_the_only_one_and_ends_the_other_sessions(
    engine: Engine, accounts: Accounts, minji: User, jisoo: User
) -> None:
    sessions = Sessions(engine)
    here = sessions.redeem(sessions.issue_ticket(minji.id))
    there = sessions.redeem(sessions.issue_ticket(minji.id))
    on_its_way = sessions.issue_ticket(minji.id)
    stranger = sessions.redeem(sessions.issue_ticket(jisoo.id))

    accounts.change_password(minji, "correct horse", "a new password", keep=token_hash(here))

    assert accounts.log_in("minji", "a new password") == minji
    with pytest.raises(CredentialsWrongError):
        accounts.log_in("minji", "correct horse")
    assert sessions.user_of(here) == minji
    assert sessions.user_of(there) is None
    with pytest.raises(TicketUnusableError):
        sessions.redeem(on_its_way)
    assert sessions.user_of(stranger) == jisoo


def test_a_changed_password_ends_the_recovery_codes_of_this_person_alone(
    engine: Engine, accounts: Accounts, passwords: Passwords, minji: User, jisoo: User
) -> None:
    recovery = RecoveryCodes(engine, passwords=passwords, throttle=Throttle(engine))
    code = recovery.renew(minji.id)[0]
    recovery.renew(jisoo.id)
    with pytest.raises(PasswordWrongError):
        accounts.change_password(minji, "wrong", "a new password", keep=None)
    assert recovery.count(minji.id) == 10

    assert accounts.change_password(minji, "correct horse", "a new password", keep=None)

    assert (recovery.count(minji.id), recovery.count(jisoo.id)) == (0, 10)
    with pytest.raises(RecoveryCodeWrongError):
        recovery.use("minji", code, "another password")
    assert accounts.log_in("minji", "a new password") == minji
    assert not accounts.change_password(minji, "a new password", "a third one", keep=None)


@pytest.mark.parametrize("present", ["", "wrong", "a new password"])
def test_without_the_present_password_nothing_changes(
    engine: Engine, accounts: Accounts, minji: User, present: str
) -> None:
    sessions = Sessions(engine)
    there = sessions.redeem(sessions.issue_ticket(minji.id))
    with pytest.raises(PasswordWrongError) as caught:
        accounts.change_password(minji, present, "a new password", keep=None)
    assert caught.value.code == "password_wrong"
    with pytest.raises(PasswordWrongError):
        accounts.delete(minji, present)
    assert accounts.log_in("minji", "correct horse") == minji
    assert sessions.user_of(there) == minji


@pytest.mark.parametrize("new", ["short", "MINJI", "x" * 257])
def test_a_new_password_follows_the_rules_too(accounts: Accounts, minji: User, new: str) -> None:
    with pytest.raises(PasswordWeakError):
        accounts.change_password(minji, "correct horse", new, keep=None)
    assert accounts.log_in("minji", "correct horse") == minji


def test_guessing_the_present_password_is_throttled_like_logging_in(
    accounts: Accounts, minji: User
) -> None:
    for _ in range(5):
        with pytest.raises(PasswordWrongError):
            accounts.confirm(minji, "a guess")
    with pytest.raises(TooManyAttemptsError):
        accounts.delete(minji, "correct horse")
