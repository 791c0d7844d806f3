"""A model server that gives the answers a test chose, over real HTTP on this machine."""

from __future__ import annotations

import base64
import contextlib
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

REGIONS = (
    "forehead", "cheek_right", "cheek_left", "chin", "mouth", "nose", "under_eye_right",
    "under_eye_left", "glabella",
)  # fmt: skip


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
        "standard_error": 0.25,
        "probabilities": PROBABILITIES,
        "interval": [2, 3],
        "evidence": "simulated",
        "heatmap": base64.b64encode(picture("PNG")).decode(),
        "regions": dict.fromkeys(REGIONS, 0.1),
        "region_errors": dict.fromkeys(REGIONS, 0.01),
        "peak_region": "nose",
        "heatmap_quality": {"skin_share": 0.9, "stability": 0.8},
    }
    names = ("oil", "hydration", "wrinkle", "pigmentation", "sensitivity")
    answer = {
        "model": {"version": "2026.11.0", "trained_on": "Painted faces.", "created_at": "now"},
        "face": {
            "box": [0, 0, 9, 9],
            "landmarks": [],
            "pose": {"yaw": 0.0, "pitch": 0.0, "roll": 0.0},
            "to_photo": [[1, 0, 0], [0, 1, 0]],
        },
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
        "capture": {
            "photo_px": [1200, 1600],
            "eye_distance_px": 190.0,
            "outside": 0.0,
            "yaw": 1.0,
            "pitch": -2.0,
            "roll": 0.5,
            "eyes_open": 1.05,
            "focus": -3.2,
            "eye_white": 130.0,
            "clipped": 0.0,
            "unevenness": 1.0,
            "brighter": [0.1, -0.2],
            "tint": 0.3,
            "colour": [0.05, -0.02],
            "covered": 0.1,
            "texture": -4.5,
            "blocks": 0.1,
        },
        "correction": {"stops": 0.0, "cast": [0.0, 0.0], "slope": [0.0, 0.0]},
        "attributes": {name: dict(attribute) for name in names},
        "crop": base64.b64encode(picture("JPEG")).decode(),
        "timings_ms": {},
    }
    return {**answer, **changes}


STAGES = ("decode", "detect", "predict", "explain", "encode")


def analysis_lines(**changes: Any) -> list[Json]:
    """A whole answer in lines."""
    stages = [{"stage": stage} for stage in STAGES]
    return [*stages, {"analysis": analysis_answer(**changes)}]


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
        requests: Path, headers and body of each request so far that sent something.
        asked: Path and headers of each that only asked; those are answered at once.
        go_on: While it is not set, requests are left without an answer, and answers in lines
            without their last line.
        lines: How many lines the answer has; 0 for an answer of one document.
        cut: Whether the connection breaks before the answer is whole.
    """

    url: str = ""
    status: int = 200
    body: bytes = b""
    requests: list[tuple[str, dict[str, str], bytes]] = field(default_factory=list)
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    go_on: threading.Event = field(default_factory=threading.Event)
    lines: int = 0
    cut: bool = False

    def answer(self, content: Json | bytes, *, status: int = 200) -> None:
        """Give this answer from now on."""
        self.status = status
        self.lines = 0
        self.body = content if isinstance(content, bytes) else json.dumps(content).encode()

    def answer_in_lines(self, *lines: Json | bytes) -> None:
        """Give these lines from now on."""
        written = (line if isinstance(line, bytes) else json.dumps(line).encode() for line in lines)
        self.status = 200
        self.lines = len(lines)
        self.body = b"".join(line + b"\n" for line in written)


@contextmanager
def serve_answers() -> Iterator[ServerWithAnswers]:
    """Run such a server; its first answer is a whole analysis."""
    state = ServerWithAnswers()
    state.answer(analysis_answer())
    state.go_on.set()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            length = int(self.headers["Content-Length"])
            state.requests.append((self.path, dict(self.headers), self.rfile.read(length)))
            if not state.lines:
                state.go_on.wait()
            self._answer()

        def do_GET(self) -> None:
            state.asked.append((self.path, dict(self.headers)))
            self._answer()

        def _answer(self) -> None:
            # A connection kept open would wait for the bytes that a broken answer lacks.
            self.close_connection = True
            self.send_response(state.status)
            if state.lines:
                self._send_lines(state.body.splitlines(keepends=True))
            else:
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(state.body) + state.cut))
                self.end_headers()
                self.wfile.write(state.body)

        def _send_lines(self, lines: list[bytes]) -> None:
            """Each in a chunk of its own, as the model server does (RFC 9112, section 7.1)."""
            self.send_header("Content-Type", "application/x-ndjson")
            self.send_header("Transfer-Encoding", "chunked")
            self.end_headers()
            # Whoever asked may have had enough before the end.
            with contextlib.suppress(BrokenPipeError, ConnectionResetError):
                for number, line in enumerate(lines, 1):
                    if number == len(lines):
                        state.go_on.wait()
                    self.wfile.write(b"%x\r\n%s\r\n" % (len(line), line))
                if not state.cut:
                    self.wfile.write(b"0\r\n\r\n")

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing; the tests' own output is enough."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    state.url = f"http://127.0.0.1:{server.server_port}"
    # Half a second, as it is by itself, is how long it takes to stop.
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield state
    finally:
        state.go_on.set()
        server.shutdown()
        thread.join()
        server.server_close()
