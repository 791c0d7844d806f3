"""Where an address of several parts leads."""

from __future__ import annotations

from typing import Never

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from starlette.testclient import TestClient

from frontend.addresses import FOLDERS, OnePart
from frontend.cookie_routes import cookie_routes
from frontend.export_routes import export_routes

OPENED = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}


@pytest.fixture
def visitor() -> TestClient:
    def say_path(request: Request) -> PlainTextResponse:
        return PlainTextResponse(request.url.path)

    inner = Starlette(routes=[Route("/{path:path}", say_path, methods=["GET", "POST"])])
    return TestClient(OnePart(inner), follow_redirects=False)


@pytest.mark.parametrize(
    ("address", "there"),
    [
        ("/skin/history", "/history"),
        ("/history/2026/", "/2026"),
        ("/skin/result?id=7&from=history", "/result?id=7&from=history"),
        ("/a//b", "/b"),
        ("/a/%ED%94%BC%EB%B6%80", "/%ED%94%BC%EB%B6%80"),
        ("/a/b%5C%5Cevil.example", "/b%5C%5Cevil.example"),
    ],
)
def test_a_page_at_an_address_of_several_parts_is_that_of_the_last(
    visitor: TestClient, address: str, there: str
) -> None:
    answer = visitor.get(address, headers=OPENED)
    assert answer.status_code == 307
    assert answer.headers["location"] == there


@pytest.mark.parametrize(
    "address",
    ["/", "/history", "/history/", "//evil.example/a", *(f"/{one}/a/b" for one in sorted(FOLDERS))],
)
def test_pages_and_what_lies_in_folders_stay_where_they_are(
    visitor: TestClient, address: str
) -> None:
    assert visitor.get(address, headers=OPENED).status_code == 200


def test_only_who_opens_a_page_is_led_elsewhere(visitor: TestClient) -> None:
    assert visitor.get("/a/script.js", headers={"Accept": "*/*"}).status_code == 200
    assert visitor.post("/a/b", headers=OPENED).status_code == 200


def test_every_route_of_the_app_s_own_lies_in_a_folder_that_is_known() -> None:
    def never_asked() -> Never:
        raise AssertionError

    routes = (*cookie_routes(never_asked), *export_routes(never_asked))
    paths = [route.path for route in routes if isinstance(route, Route)]
    assert len(paths) > 5
    assert {path.split("/")[1] for path in paths} <= FOLDERS
