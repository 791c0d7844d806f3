"""More photos than threads: a bounded line, a clear refusal beyond it, nobody served who left."""

from __future__ import annotations

import http.client
import socket
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import pytest
import requests
from fastapi import FastAPI

from backend.app import create_app
from backend.settings import Settings
from backend.vision.library_cam import LibraryExplainer
from backend.vision.prediction import Analyser
from backend.vision.stopwatch import Stage
from tests.programs import serve
from tests.support.http import assert_problem

PATIENCE_S = 30


@dataclass(slots=True)
class Gate:
    """Holds every analysis up until it is opened, and counts those that began.

    Attributes:
        begun: released once by each analysis as it begins.
        opened: when set, they go on.
        finished: how many got past the gate.
        endless: they begin one stage after the other instead, until one is refused.
    """

    begun: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(0))
    opened: threading.Event = field(default_factory=threading.Event)
    finished: int = 0
    endless: bool = False

    def hold(self, analyser: Analyser, monkeypatch: pytest.MonkeyPatch) -> None:
        """Put the gate before an analyser."""
        analyse = analyser.analyse_face

        def held_up(face: Any, wish: Any, *, stopwatch: Any, **named: Any) -> Any:
            self.begun.release()
            deadline = time.monotonic() + PATIENCE_S
            while self.endless and time.monotonic() < deadline:
                for stage in Stage:
                    with stopwatch.stage(stage):
                        time.sleep(0.01)
            assert self.opened.wait(PATIENCE_S)
            self.finished += 1
            return analyse(face, wish, stopwatch=stopwatch, **named)

        monkeypatch.setattr(analyser, "analyse_face", held_up)


@dataclass(frozen=True, slots=True)
class Busy:
    """A server of one thread behind a gate.

    Attributes:
        url: where it answers.
        gate: holds its analyses up.
        app: the application.
    """

    url: str
    gate: Gate
    app: FastAPI

    @property
    def inside(self) -> tuple[int, int]:
        """How many wait, and how many are worked on."""
        workers = self.app.state.workers
        return workers.waiting, workers.working

    def until(self, expected: tuple[int, int]) -> None:
        """Wait until so many wait and so many are worked on."""
        deadline = time.monotonic() + PATIENCE_S
        while self.inside != expected:
            assert time.monotonic() < deadline, f"expected {expected}, got {self.inside}"
            time.sleep(0.01)


Start = Callable[..., Any]


@pytest.fixture
def start(analyser: Analyser, monkeypatch: pytest.MonkeyPatch) -> Start:
    @contextmanager
    def busy(**options: Any) -> Iterator[Busy]:
        gate = Gate()
        gate.hold(analyser, monkeypatch)
        app = create_app(Settings(workers=1, **options), analyser=analyser)
        with serve(app) as url:
            try:
                yield Busy(url, gate, app)
            finally:
                gate.opened.set()

    return busy


@pytest.fixture
def threads() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(8) as pool:
        yield pool


def post(url: str, photo: bytes, *, accept: str = "application/json") -> requests.Response:
    return requests.post(
        f"{url}/v1/analyses", files={"photo": photo}, headers={"Accept": accept}, timeout=60
    )


def raw(url: str) -> socket.socket:
    address = urlsplit(url)
    return socket.create_connection((address.hostname, address.port), timeout=PATIENCE_S)


def request_bytes(photo: bytes, *, accept: str = "application/json", query: str = "") -> bytes:
    prepared = requests.Request(
        "POST", "http://x/v1/analyses", files={"photo": photo}, headers={"Accept": accept}
    ).prepare()
    head = "".join(f"{name}: {value}\r\n" for name, value in prepared.headers.items())
    body = prepared.body
    assert isinstance(body, bytes)
    return f"POST /v1/analyses{query} HTTP/1.1\r\nHost: x\r\n{head}\r\n".encode() + body


@pytest.mark.parametrize("accept", ["application/json", "application/x-ndjson"])
def test_beyond_the_line_photos_are_refused_at_once_and_the_others_answered(
    start: Start, threads: ThreadPoolExecutor, good_photo: bytes, accept: str
) -> None:
    with start(max_waiting=2) as busy:
        accepted = [threads.submit(post, busy.url, good_photo) for _ in range(3)]
        busy.until((2, 1))
        refused = post(busy.url, good_photo, accept=accept)
        problem = assert_problem(refused, 503, "overloaded")
        assert int(refused.headers["retry-after"]) == problem["params"]["retry_after_s"] >= 1
        assert requests.get(f"{busy.url}/readyz", timeout=5).status_code == 200
        busy.gate.opened.set()
        grades = [answer.result(60).json()["attributes"]["oil"]["score"] for answer in accepted]
        assert len(set(grades)) == 1
        assert busy.gate.finished == 3
        busy.until((0, 0))
        assert post(busy.url, good_photo).status_code == 200


def test_a_refused_client_that_is_still_sending_hears_the_refusal(
    start: Start, threads: ThreadPoolExecutor, good_photo: bytes
) -> None:
    with start(max_waiting=0) as busy:
        accepted = threads.submit(post, busy.url, good_photo)
        busy.until((0, 1))
        # More than fits into the buffers of a connection.
        assert_problem(post(busy.url, bytes(12_000_000)), 503, "overloaded")
        busy.gate.opened.set()
        assert accepted.result(60).status_code == 200


@pytest.mark.parametrize("accept", ["application/json", "application/x-ndjson"])
def test_whoever_hangs_up_while_waiting_frees_the_place(
    start: Start, threads: ThreadPoolExecutor, good_photo: bytes, accept: str
) -> None:
    with start(max_waiting=1) as busy:
        first = threads.submit(post, busy.url, good_photo)
        busy.until((0, 1))
        with raw(busy.url) as connection:
            connection.sendall(request_bytes(good_photo, accept=accept))
            busy.until((1, 1))
        busy.until((0, 1))
        second = threads.submit(post, busy.url, good_photo)
        busy.until((1, 1))
        busy.gate.opened.set()
        assert [one.result(60).status_code for one in (first, second)] == [200, 200]
        assert busy.gate.finished == 2


@pytest.mark.parametrize("accept", ["application/json", "application/x-ndjson"])
def test_the_analysis_of_whoever_hangs_up_ends_at_its_next_stage(
    start: Start, good_photo: bytes, accept: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO")
    with start() as busy:
        busy.gate.endless = True
        with raw(busy.url) as connection:
            connection.sendall(request_bytes(good_photo, accept=accept))
            assert busy.gate.begun.acquire(timeout=PATIENCE_S)
        busy.until((0, 0))
        assert busy.gate.finished == 0
        events = [record.message for record in caplog.records]
        assert "analysed" not in events
        assert not [record for record in caplog.records if record.exc_info]


@pytest.mark.parametrize("accept", ["application/json", "application/x-ndjson"])
def test_score_cam_ends_within_its_first_map_when_its_client_hangs_up(
    start: Start, good_photo: bytes, accept: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, drawn = threading.Event(), []
    explain = LibraryExplainer.explain

    def noted(self: LibraryExplainer, inputs: Any, **named: Any) -> Any:
        begun.set()
        drawn.append(explain(self, inputs, **named))
        return drawn[-1]

    monkeypatch.setattr(LibraryExplainer, "explain", noted)
    with start() as busy:
        busy.gate.opened.set()
        with raw(busy.url) as connection:
            connection.sendall(request_bytes(good_photo, accept=accept, query="?cam=scorecam"))
            assert begun.wait(PATIENCE_S)
        busy.until((0, 0))
    assert drawn == []


def test_whoever_waits_too_long_is_sent_away(
    start: Start, threads: ThreadPoolExecutor, good_photo: bytes
) -> None:
    with start(max_wait_s=0.2) as busy:
        first = threads.submit(post, busy.url, good_photo)
        busy.until((0, 1))
        assert_problem(post(busy.url, good_photo), 503, "overloaded")
        busy.gate.opened.set()
        assert first.result(60).status_code == 200


def test_a_photo_that_does_not_arrive_loses_its_place(start: Start, good_photo: bytes) -> None:
    with start(upload_timeout_s=0.3) as busy, raw(busy.url) as connection:
        connection.sendall(request_bytes(good_photo)[:2000])
        answer = http.client.HTTPResponse(connection)
        answer.begin()
        assert (answer.status, b'"upload_too_slow"' in answer.read()) == (408, True)
        busy.until((0, 0))


def test_the_length_of_the_line_is_shown(
    start: Start, threads: ThreadPoolExecutor, good_photo: bytes
) -> None:
    with start() as busy:
        answers: list[Future[requests.Response]] = [
            threads.submit(post, busy.url, good_photo) for _ in range(3)
        ]
        busy.until((2, 1))
        shown = requests.get(f"{busy.url}/metrics", timeout=5).text
        assert "skinxai_requests_waiting 2.0" in shown
        assert "skinxai_photos_working 1.0" in shown
        busy.gate.opened.set()
        for answer in answers:
            answer.result(60)
        shown = requests.get(f"{busy.url}/metrics", timeout=5).text
        assert "skinxai_requests_waiting 0.0" in shown


def test_a_batch_holds_one_place(
    start: Start, threads: ThreadPoolExecutor, good_photo: bytes
) -> None:
    with start(max_waiting=1) as busy:
        files = [("photos", good_photo), ("photos", b"no photo"), ("photos", good_photo)]
        batch = threads.submit(
            requests.post, f"{busy.url}/v1/analyses:batch", files=files, timeout=60
        )
        busy.until((0, 1))
        one = threads.submit(post, busy.url, good_photo)
        busy.until((1, 1))
        assert_problem(post(busy.url, good_photo), 503, "overloaded")
        busy.gate.opened.set()
        results = batch.result(60).json()["results"]
        assert [item["problem"] is None for item in results] == [True, False, True]
        assert one.result(60).status_code == 200
