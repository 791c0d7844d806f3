"""IDs, passwords, tickets and cookies that nobody means well with do nothing."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine, inspect
from starlette.applications import Starlette
from starlette.testclient import TestClient

from frontend.accounts import (
    Accounts,
    CredentialsWrongError,
    LoginIdInvalidError,
    LoginIdTakenError,
    User,
)
from frontend.cookie_routes import cookie_routes
from frontend.sessions import COOKIE_NAME, Sessions, open_path

SQL = ["'; DROP TABLE users; --", '" OR ""="', "minji' --", "1; VACUUM"]
MARKUP = ["<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "&lt;b&gt;", "**b**", "$x$"]
CONTROL = ["min\nji", "min\tji", "min\rji", "min\x00ji", "min\x1b[2Jji", "min\x7fji", "min\x85ji"]
INVISIBLE = ["min\u2028ji", "min\u200bji", "min\u202eji", "min\ufeffji", "\u3164\u3164\u3164"]
LONG = ["a" * 10_000, "가" * 10_000, "\u1100\u1161" * 5_000, "\ufdfa" * 10_000]
EMPTY = ["", " ", "\u3000\u3000\u3000"]


@pytest.mark.parametrize("login_id", [*SQL, *MARKUP, *CONTROL, *INVISIBLE, *LONG, *EMPTY])
def test_a_hostile_id_is_refused_with_the_limits_and_opens_nothing(
    accounts: Accounts, engine: Engine, minji: User, login_id: str
) -> None:
    with pytest.raises(LoginIdInvalidError) as caught:
        accounts.sign_up(login_id, "correct horse")
    assert caught.value.params == {"minimum": 3, "maximum": 32}
    assert len(str(caught.value)) < 200, "the ID is repeated in the message"
    with pytest.raises(CredentialsWrongError):
        accounts.log_in(login_id, "correct horse")
    assert accounts.log_in("minji", "correct horse") == minji
    assert inspect(engine).has_table("users")


@pytest.mark.parametrize("login_id", ["김민지", "민지1", "ㅋㅋㅋ", "민.지_1-a"])
def test_hangul_ids_are_taken_once_and_by_their_letters(accounts: Accounts, login_id: str) -> None:
    user = accounts.sign_up(login_id, "correct horse")
    assert accounts.log_in(login_id, "correct horse") == user
    with pytest.raises(LoginIdTakenError):
        accounts.sign_up(f"  {login_id.upper()} ", "battery staple")


@pytest.mark.parametrize("password", [*SQL, *MARKUP, *CONTROL[1:], "비밀번호 '\"\\ 8자"])
def test_a_password_may_hold_anything_and_is_only_compared(
    accounts: Accounts, password: str
) -> None:
    password = f"{password} river lamp"
    user = accounts.sign_up("minji", password)
    assert accounts.log_in("minji", password) == user
    with pytest.raises(CredentialsWrongError):
        accounts.log_in("minji", password + "x")


@pytest.mark.parametrize("words", [*SQL, *MARKUP, "x" * 10_000, "티켓", "%00", "\x7f"])
def test_a_ticket_or_cookie_of_hostile_words_opens_nothing_and_breaks_nothing(
    engine: Engine, minji: User, words: str
) -> None:
    sessions = Sessions(engine)
    app = Starlette(routes=cookie_routes(lambda: sessions))
    visitor = TestClient(app, base_url="http://notes.example", follow_redirects=False)
    same_site = {"Sec-Fetch-Site": "same-origin"}
    answer = visitor.get(open_path(words), headers=same_site)
    assert (answer.status_code, answer.headers["location"]) == (303, "/?notice=ticket_unusable")
    assert "set-cookie" not in answer.headers
    assert sessions.user_of(words) is None
    raw = f"{COOKIE_NAME}={words}".encode().replace(b"\x7f", b"")
    closed = visitor.post(
        "/session/close", headers=[(b"cookie", raw), (b"sec-fetch-site", b"same-origin")]
    )
    assert closed.status_code == 303
