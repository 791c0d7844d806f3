"""Files that never change travel compressed, and are compressed once."""

from __future__ import annotations

import gzip
from collections import Counter
from contextlib import suppress

import pytest
from httpx import DecodingError
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route
from starlette.testclient import TestClient
from starlette.types import Receive, Scope, Send

from frontend.compression import CompressedOnce

SCRIPT = "let page = 'a page of the app';\n" * 100
FOR_GOOD = "public, immutable, max-age=31536000"
ASKED: Counter[str] = Counter()
RULES = {"/static/js/page.1a2b.js": FOR_GOOD, "/app/static/guide/live.js": "no-cache"}


def send_script(request: Request) -> Response:
    path = request.url.path
    ASKED[path] += 1
    if path.endswith("missing.js"):
        return PlainTextResponse(SCRIPT, status_code=404, headers={"Cache-Control": FOR_GOOD})
    headers = {"Cache-Control": RULES.get(path, FOR_GOOD)}
    media_type = "font/woff2" if path.endswith("woff2") else "text/javascript"
    return PlainTextResponse(SCRIPT, media_type=media_type, headers=headers)


@pytest.fixture
def visitor() -> TestClient:
    ASKED.clear()
    return TestClient(CompressedOnce(Starlette(routes=[Route("/{path:path}", send_script)])))


def test_a_script_is_compressed_once_for_everybody(visitor: TestClient) -> None:
    path = "/static/js/page.1a2b.js"
    first, second = visitor.get(path), visitor.get(path)
    assert ASKED[path] == 1
    for answer in (first, second):
        assert answer.text == SCRIPT
        assert int(answer.headers["content-length"]) < len(SCRIPT) / 4
        assert answer.headers["content-encoding"] == "gzip"
        assert answer.headers["vary"] == "Accept-Encoding"
        assert answer.headers["cache-control"] == FOR_GOOD


@pytest.mark.parametrize(
    "headers",
    [
        {"Accept-Encoding": "identity"},
        {"Range": "bytes=0-9"},
        {"If-None-Match": '"1"'},
        {"If-Modified-Since": "Sat, 28 Nov 2026 12:00:00 GMT"},
    ],
)
def test_whoever_asks_for_less_or_cannot_read_it_asks_the_app_itself(
    visitor: TestClient, headers: dict[str, str]
) -> None:
    path = "/static/js/page.1a2b.js"
    visitor.get(path)
    answer = visitor.get(path, headers=headers)
    assert ASKED[path] == 2
    assert "content-encoding" not in answer.headers
    assert answer.text == SCRIPT


@pytest.mark.parametrize(
    "path", ["/app/static/guide/live.js", "/static/js/missing.js", "/static/media/letters.woff2"]
)
def test_what_may_change_or_was_small_is_asked_for_each_time(
    visitor: TestClient, path: str
) -> None:
    for _ in range(2):
        assert visitor.get(path).text == SCRIPT
    assert ASKED[path] == 2


@pytest.mark.parametrize("path", ["/", "/exports/history.csv", "/media/face.png"])
def test_what_is_no_file_of_the_app_passes_as_it_is(visitor: TestClient, path: str) -> None:
    for _ in range(2):
        answer = visitor.get(path)
        assert answer.text == SCRIPT
        assert "content-encoding" not in answer.headers
    assert ASKED[path] == 2


def test_an_answer_that_ended_early_is_not_kept() -> None:
    asked = Counter[str]()

    async def hang_up_at_first(scope: Scope, _receive: Receive, send: Send) -> None:
        asked[scope["path"]] += 1
        headers = [(b"cache-control", FOR_GOOD.encode()), (b"content-type", b"text/javascript")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        is_first = asked[scope["path"]] == 1
        body = {"type": "http.response.body", "body": SCRIPT.encode(), "more_body": is_first}
        await send(body)

    visitor = TestClient(CompressedOnce(hang_up_at_first), raise_server_exceptions=False)
    path = "/static/js/page.1a2b.js"
    with suppress(AssertionError, DecodingError):
        visitor.get(path)
    for _ in range(2):
        assert visitor.get(path).text == SCRIPT
    assert asked[path] == 2


@pytest.mark.parametrize("detour", ["%2e/", "/", "%2e/%2e/", "js/%2e%2e/", "js/%2e%2e/%2e//"])
def test_another_way_to_write_a_path_is_answered_and_not_kept(
    visitor: TestClient, detour: str
) -> None:
    path = f"/static/{detour}js/page.1a2b.js"
    for _ in range(2):
        assert visitor.get(path).text == SCRIPT
    assert list(ASKED.values()) == [2]


def test_no_more_is_kept_than_there_is_room_for() -> None:
    ASKED.clear()
    size = len(gzip.compress(SCRIPT.encode(), mtime=0))
    app = Starlette(routes=[Route("/{path:path}", send_script)])
    visitor = TestClient(CompressedOnce(app, kept_bytes=2 * size + size // 2))
    paths = [f"/static/js/{number}.js" for number in range(3)]
    for path in [*paths, *paths]:
        assert visitor.get(path).text == SCRIPT
    assert [ASKED[path] for path in paths] == [1, 1, 2]
