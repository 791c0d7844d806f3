"""Who may upload a file: whoever is signed in."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route, WebSocketRoute
from starlette.testclient import TestClient
from starlette.websockets import WebSocket

from frontend.accounts import User
from frontend.sessions import COOKIE_NAME, Sessions
from frontend.uploads_guard import UploadsGuard

UPLOAD = "/_stcore/upload_file/page/photo"

# What sessions ask of their database, `test_sessions` asks of both kinds.
pytestmark = pytest.mark.usefixtures("database_file")


async def count_bytes(request: Request) -> PlainTextResponse:
    return PlainTextResponse(f"{len(await request.body())} bytes")


async def greet(socket: WebSocket) -> None:
    await socket.accept()
    await socket.send_text("hello")
    await socket.close()


@pytest.fixture
def sessions(engine: Engine) -> Sessions:
    return Sessions(engine)


@pytest.fixture
def visitor(sessions: Sessions) -> TestClient:
    methods = ["GET", "PUT", "POST", "DELETE", "OPTIONS"]
    routes = [
        WebSocketRoute("/_stcore/upload_file/socket", greet),
        Route("/{path:path}", count_bytes, methods=methods),
    ]
    return TestClient(UploadsGuard(Starlette(routes=routes), get_sessions=lambda: sessions))


@pytest.fixture
def token(sessions: Sessions, minji: User) -> str:
    return sessions.redeem(sessions.issue_ticket(minji.id))


@pytest.mark.parametrize("method", ["PUT", "POST"])
@pytest.mark.parametrize("cookie", [None, "", "a guess"])
def test_without_a_session_nothing_is_uploaded(
    visitor: TestClient, method: str, cookie: str | None
) -> None:
    headers = {} if cookie is None else {"Cookie": f"{COOKIE_NAME}={cookie}"}
    answer = visitor.request(method, UPLOAD, content=bytes(1000), headers=headers)
    assert (answer.status_code, answer.text) == (401, "To upload a photo, log in.")


@pytest.mark.parametrize("method", ["PUT", "POST"])
def test_who_is_signed_in_uploads_until_the_session_ends(
    visitor: TestClient, sessions: Sessions, token: str, method: str
) -> None:
    visitor.cookies.set(COOKIE_NAME, token)
    assert visitor.request(method, UPLOAD, content=bytes(1000)).text == "1000 bytes"
    sessions.close(token)
    assert visitor.request(method, UPLOAD, content=bytes(1000)).status_code == 401


@pytest.mark.parametrize(
    ("method", "path"),
    [("OPTIONS", UPLOAD), ("DELETE", UPLOAD), ("GET", "/"), ("POST", "/session/close")],
)
def test_whatever_is_no_upload_passes(visitor: TestClient, method: str, path: str) -> None:
    assert visitor.request(method, path).text == "0 bytes"


def test_sockets_pass(visitor: TestClient) -> None:
    with visitor.websocket_connect("/_stcore/upload_file/socket") as socket:
        assert socket.receive_text() == "hello"


def test_while_the_database_fails_nothing_is_uploaded(
    visitor: TestClient, engine: Engine, token: str
) -> None:
    with engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE sessions RENAME TO away")
    visitor.cookies.set(COOKIE_NAME, token)
    assert visitor.put(UPLOAD, content=bytes(1000)).status_code == 503
