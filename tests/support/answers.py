"""A model server that gives the answers a test chose, over real HTTP on this machine."""

from __future__ import annotations

import base64
import io
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import numpy as np
from PIL import Image

Json = dict[str, Any]

PROBABILITIES = [0.0, 0.1, 0.6, 0.3, 0.0]
"""Their expected grade is 0.1 + 1.2 + 0.9 = 2.2."""


def picture(file_format: str, *, side_px: int = 64, grey: int = 128) -> bytes:
    """An evenly grey square as a picture file."""
    buffer = io.BytesIO()
    Image.fromarray(np.full((side_px, side_px), grey, np.uint8)).save(buffer, file_format)
    return buffer.getvalue()


def analysis_answer(**changes: Any) -> Json:
    """A whole answer as the contract has it: grade 2 and score 2.2 for every attribute."""
    attribute = {
        "grade": 2,
        "score": 2.2,
        "probabilities": PROBABILITIES,
        "evidence": "simulated",
        "heatmap": base64.b64encode(picture("PNG")).decode(),
    }
    names = ("oil", "hydration", "wrinkle", "pigmentation", "sensitivity")
    answer = {
        "model": {"version": "2026.11.0", "trained_on": "Painted faces.", "created_at": "now"},
        "face": {"box": [0, 0, 9, 9], "landmarks": [], "to_photo": [[1, 0, 0], [0, 1, 0]]},
        "quality": {
            "verdict": "good",
            "score": 91,
            "checks": [
                {
                    "code": "sharpness",
                    "value": 0.3,
                    "limit": 0.1,
                    "severity": "ok",
                    "advice_key": None,
                }
            ],
        },
        "attributes": {name: dict(attribute) for name in names},
        "crop": base64.b64encode(picture("JPEG")).decode(),
        "timings_ms": {},
    }
    return {**answer, **changes}


def problem_answer(code: str, **params: str | float) -> Json:
    """A problem as the contract has it."""
    return {
        "type": f"/v1/errors#{code}",
        "title": "A problem",
        "status": 422,
        "detail": "Something has to be done.",
        "code": code,
        "params": params,
    }


@dataclass(slots=True)
class ServerWithAnswers:
    """Answers every request alike and remembers the requests.

    Attributes:
        url: Where it answers.
        status: HTTP status of its answers.
        body: What it answers.
        requests: Path, headers and body of each request so far.
        go_on: While it is not set, requests are left without an answer.
    """

    url: str = ""
    status: int = 200
    body: bytes = b""
    requests: list[tuple[str, dict[str, str], bytes]] = field(default_factory=list)
    go_on: threading.Event = field(default_factory=threading.Event)

    def answer(self, content: Json | bytes, *, status: int = 200) -> None:
        """Give this answer from now on."""
        self.status = status
        self.body = content if isinstance(content, bytes) else json.dumps(content).encode()


@contextmanager
def serve_answers() -> Iterator[ServerWithAnswers]:
    """Run such a server; its first answer is a whole analysis."""
    state = ServerWithAnswers()
    state.answer(analysis_answer())
    state.go_on.set()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            length = int(self.headers["Content-Length"])
            state.requests.append((self.path, dict(self.headers), self.rfile.read(length)))
            state.go_on.wait()
            self.send_response(state.status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(state.body)))
            self.end_headers()
            self.wfile.write(state.body)

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing; the tests' own output is enough."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    state.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield state
    finally:
        state.go_on.set()
        server.shutdown()
        thread.join()
        server.server_close()
