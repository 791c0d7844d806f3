"""Talking to the model server as a client does."""

from __future__ import annotations

from typing import Any

from fastapi.testclient import TestClient


def send(client: TestClient, content: bytes, **options: Any) -> Any:
    """Upload one photo."""
    files = {"photo": ("my-private-name.jpg", content)}
    return client.post("/v1/analyses", files=files, **options)


def assert_problem(response: Any, status: int, code: str) -> dict[str, Any]:
    """The body of a problem, after checking its form (RFC 9457, section 3)."""
    assert response.headers["content-type"] == "application/problem+json"
    body: dict[str, Any] = response.json()
    assert (response.status_code, body["status"], body["code"]) == (status, status, code)
    assert set(body) == {"type", "title", "status", "detail", "code", "params"}
    assert body["type"] == f"/v1/errors#{code}"
    assert body["detail"].endswith(".")
    return body
