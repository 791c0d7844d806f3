"""What every answer tells the browser to refuse, and whose sockets are refused."""

from __future__ import annotations

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route, WebSocketRoute
from starlette.testclient import TestClient
from starlette.websockets import WebSocket, WebSocketDisconnect

from frontend.headers import CONTENT_SECURITY_POLICY, HEADERS, Guard

HOST = {"Host": "notes.example:8501"}


def say_hello(_request: Request) -> PlainTextResponse:
    return PlainTextResponse("hello", headers={"X-Frame-Options": "ALLOWALL"})


async def greet(socket: WebSocket) -> None:
    await socket.accept()
    await socket.send_text("hello")
    await socket.close()


@pytest.fixture
def visitor() -> TestClient:
    routes = [
        Route("/", say_hello),
        Route("/app/static/{path:path}", say_hello),
        WebSocketRoute("/socket", greet),
    ]
    return TestClient(Guard(Starlette(routes=routes)), base_url="https://notes.example")


def directive(name: str) -> list[str]:
    (found,) = (
        part.split()[1:] for part in CONTENT_SECURITY_POLICY.split("; ") if part.split()[0] == name
    )
    return found


@pytest.mark.parametrize("path", ["/", "/nowhere"])
def test_every_answer_has_every_header_once(visitor: TestClient, path: str) -> None:
    answer = visitor.get(path)
    for name, value in HEADERS.items():
        assert answer.headers.get_list(name) == [value], name


@pytest.mark.parametrize(
    ("path", "rule"),
    [
        ("face_detection-1/model.tflite", "public, max-age=31536000, immutable"),
        ("guide/advice.js", "no-cache"),
        ("pretendard-1/part.woff2", "public, max-age=31536000, immutable"),
        ("another.png", None),
    ],
)
def test_browsers_keep_detector_and_typeface_and_ask_for_the_guide_anew(
    visitor: TestClient, path: str, rule: str | None
) -> None:
    assert visitor.get(f"/app/static/{path}").headers.get("cache-control") == rule


def test_an_error_is_not_kept(visitor: TestClient) -> None:
    answer = visitor.post("/app/static/face_detection-1/model.tflite")
    assert (answer.status_code, answer.headers.get("cache-control")) == (405, None)


def test_nothing_is_loaded_from_another_site_and_no_other_site_frames_the_app() -> None:
    assert directive("default-src") == ["'self'"]
    assert directive("frame-ancestors") == directive("object-src") == ["'none'"]
    assert directive("form-action") == directive("base-uri") == ["'self'"]
    assert "://" not in CONTENT_SECURITY_POLICY
    assert "*" not in CONTENT_SECURITY_POLICY


@pytest.mark.parametrize("origin", ["https://notes.example:8501", None])
def test_a_page_of_the_app_and_a_program_without_origin_open_sockets(
    visitor: TestClient, origin: str | None
) -> None:
    headers = HOST if origin is None else {**HOST, "Origin": origin}
    with visitor.websocket_connect("/socket", headers=headers) as socket:
        assert socket.receive_text() == "hello"


@pytest.mark.parametrize(
    "origin",
    [
        "https://other.example",
        "https://notes.example",
        "https://notes.example:8501.other.example",
        "http://localhost:3000",
        "null",
        "",
    ],
)
def test_a_page_of_another_site_opens_no_socket(visitor: TestClient, origin: str) -> None:
    headers = {**HOST, "Origin": origin}
    with (
        pytest.raises(WebSocketDisconnect) as caught,
        visitor.websocket_connect("/socket", headers=headers),
    ):
        pass
    assert caught.value.code == 1008
