"""The addresses that set and clear cookies."""

from __future__ import annotations

from urllib.parse import quote

import pytest
from sqlalchemy import Engine
from starlette.applications import Starlette
from starlette.testclient import TestClient

from frontend.accounts import User
from frontend.cookie_routes import close_path, cookie_routes, local_path
from frontend.sessions import COOKIE_NAME, Sessions, open_path

HERE = "http://notes.example"
FROM_HERE = {"Sec-Fetch-Site": "same-origin"}
ELSEWHERE = [
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
    {"Sec-Fetch-Site": "none"},
    {"Sec-Fetch-Site": "cross-site", "Origin": HERE},
    {"Origin": "https://other.example"},
    {"Origin": "null"},
    {"Origin": "http://notes.example.other.example"},
    {"Referer": "https://other.example/?http://notes.example/"},
    {},
]

# What sessions ask of their database, `test_sessions` asks of both kinds.
pytestmark = pytest.mark.usefixtures("database_file")


@pytest.fixture
def sessions(engine: Engine) -> Sessions:
    return Sessions(engine)


@pytest.fixture
def visitor(sessions: Sessions) -> TestClient:
    app = Starlette(routes=cookie_routes(lambda: sessions))
    return TestClient(app, base_url=HERE, follow_redirects=False)


@pytest.fixture
def ticket(sessions: Sessions, minji: User) -> str:
    return sessions.issue_ticket(minji.id)


def sign_in(visitor: TestClient, ticket: str) -> str:
    visitor.get(open_path(ticket), headers=FROM_HERE)
    return visitor.cookies[COOKIE_NAME]


def test_a_ticket_becomes_a_cookie_no_script_can_read(
    visitor: TestClient, sessions: Sessions, minji: User, ticket: str
) -> None:
    answer = visitor.get(open_path(ticket, next_path="/history?page=2"), headers=FROM_HERE)
    assert answer.status_code == 303
    assert answer.headers["location"] == "/history?page=2"
    assert answer.headers["cache-control"] == "no-store"
    assert sessions.user_of(visitor.cookies[COOKIE_NAME]) == minji
    attributes = set(answer.headers["set-cookie"].split("; ")[1:])
    assert attributes == {"HttpOnly", "SameSite=lax", "Path=/", "Max-Age=3196800"}  # 37 days


@pytest.mark.parametrize(
    ("base_url", "headers"),
    [
        ("https://notes.example", {}),
        ("http://notes.example", {"X-Forwarded-Proto": "https"}),
    ],
)
def test_over_https_the_cookie_is_secure(
    visitor: TestClient, ticket: str, base_url: str, headers: dict[str, str]
) -> None:
    visitor.base_url = base_url
    answer = visitor.get(open_path(ticket), headers=FROM_HERE | headers)
    assert "Secure" in answer.headers["set-cookie"].split("; ")


@pytest.mark.parametrize("ticket", ["", "forged", "x" * 43])
def test_a_forged_ticket_leads_to_the_first_page_with_a_notice(
    visitor: TestClient, ticket: str
) -> None:
    answer = visitor.get(open_path(ticket, next_path="/history"), headers=FROM_HERE)
    assert answer.status_code == 303
    assert answer.headers["location"] == "/?notice=ticket_unusable"
    assert "set-cookie" not in answer.headers


def test_a_replayed_ticket_leads_to_the_first_page_with_a_notice(
    visitor: TestClient, ticket: str
) -> None:
    assert "set-cookie" in visitor.get(open_path(ticket), headers=FROM_HERE).headers
    again = visitor.get(open_path(ticket), headers=FROM_HERE)
    assert again.headers["location"] == "/?notice=ticket_unusable"
    assert "set-cookie" not in again.headers


@pytest.mark.parametrize("headers", ELSEWHERE)
def test_another_site_cannot_sign_a_visitor_in(
    visitor: TestClient, sessions: Sessions, ticket: str, headers: dict[str, str]
) -> None:
    answer = visitor.get(open_path(ticket), headers=headers)
    assert answer.headers["location"] == "/?notice=ticket_unusable"
    assert "set-cookie" not in answer.headers


def test_signing_in_again_ends_the_session_before(
    visitor: TestClient, sessions: Sessions, minji: User, jisoo: User
) -> None:
    before = sign_in(visitor, sessions.issue_ticket(minji.id))
    after = sign_in(visitor, sessions.issue_ticket(jisoo.id))
    assert sessions.user_of(before) is None
    assert sessions.user_of(after) == jisoo


@pytest.mark.parametrize(
    "address",
    [
        "https://other.example/",
        "//other.example/",
        "///other.example/",
        "/\\other.example/",
        "\\\\other.example/",
        "/\t/other.example/",
        "/\n/other.example/",
        "javascript:alert(1)",
        "other.example",
        "",
        " /history",
        "/history\r\nSet-Cookie: a=b",
    ],
)
def test_no_address_leads_out_of_the_app(visitor: TestClient, ticket: str, address: str) -> None:
    assert local_path(address) == "/"
    opened = visitor.get(open_path(ticket, next_path=address), headers=FROM_HERE)
    assert opened.headers["location"] == "/"


def test_a_korean_path_arrives_as_it_was() -> None:
    assert local_path("/기록?쪽=2") == "/기록?쪽=2"


@pytest.mark.parametrize("headers", [FROM_HERE, {"Origin": HERE}, {"Referer": f"{HERE}/history"}])
def test_logging_out_ends_the_session_and_clears_the_cookie(
    visitor: TestClient, sessions: Sessions, ticket: str, headers: dict[str, str]
) -> None:
    token = sign_in(visitor, ticket)
    answer = visitor.post("/session/close", headers=headers)
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    assert "Max-Age=0" in answer.headers["set-cookie"].split("; ")
    assert COOKIE_NAME not in visitor.cookies
    assert sessions.user_of(token) is None


@pytest.mark.parametrize("headers", ELSEWHERE)
def test_another_site_cannot_log_a_visitor_out(
    visitor: TestClient, sessions: Sessions, minji: User, ticket: str, headers: dict[str, str]
) -> None:
    token = sign_in(visitor, ticket)
    answer = visitor.post("/session/close", headers=headers)
    assert answer.status_code == 403
    assert "set-cookie" not in answer.headers
    assert sessions.user_of(token) == minji


@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "DELETE"])
def test_logging_out_takes_a_post(
    visitor: TestClient, sessions: Sessions, minji: User, ticket: str, method: str
) -> None:
    token = sign_in(visitor, ticket)
    answer = visitor.request(method, "/session/close", headers=FROM_HERE)
    assert (answer.status_code, answer.headers["allow"]) == (405, "POST")
    assert sessions.user_of(token) == minji


def test_logging_out_twice_is_no_error(visitor: TestClient) -> None:
    assert visitor.post("/session/close", headers=FROM_HERE).status_code == 303


@pytest.mark.parametrize(
    "notice", ["account_deleted", "account_deleted_later", "logged_out_everywhere"]
)
def test_closing_passes_on_why_it_was_done(visitor: TestClient, notice: str) -> None:
    answer = visitor.post(close_path(notice=notice), headers=FROM_HERE)
    assert answer.headers["location"] == f"/?notice={notice}"


@pytest.mark.parametrize("notice", ["", "ticket_unusable", "//other.example", quote("a\r\nb")])
def test_closing_passes_no_other_text_on(visitor: TestClient, notice: str) -> None:
    answer = visitor.post(f"/session/close?notice={notice}", headers=FROM_HERE)
    assert answer.headers["location"] == "/"


def test_a_session_knows_the_words_for_its_device(
    visitor: TestClient, sessions: Sessions, minji: User, ticket: str
) -> None:
    phone = "Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 Chrome/142.0 Mobile Safari/537.36"
    visitor.get(open_path(ticket), headers=FROM_HERE | {"User-Agent": phone})
    (device,) = sessions.devices_of(minji.id, token=visitor.cookies[COOKIE_NAME])
    assert (device.device, device.is_this) == ("Chrome · Android", True)
