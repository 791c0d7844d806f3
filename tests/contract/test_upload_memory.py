"""A file far too large costs the server a bounded amount of memory, however it is sent."""

from __future__ import annotations

import select
import socket
import tracemalloc
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlsplit

import pytest
import requests

from backend.app import create_app
from backend.settings import Settings
from backend.vision.prediction import Analyser
from tests.programs import serve
from tests.support.http import assert_problem

MEBIBYTE = 1024 * 1024
FILE_BYTES = 60 * MEBIBYTE
PIECE = bytes(MEBIBYTE)
HEAD = b"POST /v1/analyses HTTP/1.1\r\nHost: x\r\nContent-Type: multipart/form-data; boundary=b\r\n"
FORM_START = b'--b\r\nContent-Disposition: form-data; name="photo"; filename="x.jpg"\r\n\r\n'


@pytest.fixture(scope="module")
def url(analyser: Analyser) -> Iterator[str]:
    """A server on a port of its own, with the limits that it has by default."""
    with serve(create_app(Settings(), analyser=analyser)) as url:
        yield url


@pytest.fixture
def connection(url: str) -> Iterator[socket.socket]:
    address = urlsplit(url)
    with socket.create_connection((address.hostname, address.port), timeout=30) as connection:
        yield connection


def send_until_answered(connection: socket.socket) -> tuple[int, bytes]:
    """Send a chunked form with 60 MB in it; gives how much was sent, and the answer."""
    connection.sendall(HEAD + b"Transfer-Encoding: chunked\r\n\r\n")
    connection.sendall(chunk(FORM_START))
    sent = 0
    while sent < FILE_BYTES and not select.select([connection], [], [], 0)[0]:
        try:
            connection.sendall(chunk(PIECE))
        except ConnectionError:
            break
        sent += len(PIECE)
    return sent, connection.recv(64_000)


def chunk(content: bytes) -> bytes:
    return f"{len(content):x}\r\n".encode() + content + b"\r\n"


@pytest.fixture
def traced() -> Iterator[None]:
    tracemalloc.start()
    yield
    tracemalloc.stop()


def test_a_declared_60_mb_is_refused_before_any_of_it_arrives(
    connection: socket.socket, traced: None
) -> None:
    connection.sendall(HEAD + f"Content-Length: {FILE_BYTES}\r\n\r\n".encode())
    answer = connection.recv(64_000)
    assert answer.startswith(b"HTTP/1.1 413 ")
    assert b"photo_too_large" in answer or b"photo_too_large" in connection.recv(64_000)
    _, peak_bytes = tracemalloc.get_traced_memory()
    assert peak_bytes < 2 * MEBIBYTE


def test_60_mb_of_unknown_length_are_stopped_at_the_limit_of_20(
    connection: socket.socket, traced: None
) -> None:
    sent, answer = send_until_answered(connection)
    assert answer.startswith(b"HTTP/1.1 413 ")
    # What lies in the buffers of the connection was sent and has not been read.
    assert sent < 40 * MEBIBYTE
    _, peak_bytes = tracemalloc.get_traced_memory()
    assert peak_bytes < 2.5 * 20 * MEBIBYTE


def batch(photos: int, photo_bytes: int) -> Iterator[bytes]:
    """The form of a batch, piece by piece, so that the client holds none of it."""
    for index in range(photos):
        yield FORM_START.replace(b'"photo"', b'"photos"').replace(b"x.jpg", b"%d.jpg" % index)
        for begin in range(0, photo_bytes, len(PIECE)):
            yield PIECE[: photo_bytes - begin]
        yield b"\r\n"
    yield b"--b--\r\n"


def post_batch(url: str, photos: int, photo_bytes: int) -> requests.Response:
    return requests.post(
        f"{url}/v1/analyses:batch",
        data=batch(photos, photo_bytes),
        headers={"Content-Type": "multipart/form-data; boundary=b"},
        timeout=60,
    )


def test_the_photos_of_a_batch_are_in_memory_once(url: str, traced: None) -> None:
    answer = post_batch(url, 6, 10 * MEBIBYTE)
    assert [one["problem"]["code"] for one in answer.json()["results"]] == ["photo_unreadable"] * 6
    _, peak_bytes = tracemalloc.get_traced_memory()
    # What grows is given an eighth more than it needs, and one photo is copied at a time.
    assert peak_bytes < 1.5 * 60 * MEBIBYTE


def test_a_declared_batch_of_161_mb_is_refused_before_any_of_it_arrives(
    connection: socket.socket, traced: None
) -> None:
    head = HEAD.replace(b"/v1/analyses", b"/v1/analyses:batch")
    connection.sendall(head + f"Content-Length: {161 * MEBIBYTE}\r\n\r\n".encode())
    answer = connection.recv(64_000)
    assert answer.startswith(b"HTTP/1.1 413 ")
    _, peak_bytes = tracemalloc.get_traced_memory()
    assert peak_bytes < 2 * MEBIBYTE


@pytest.fixture(scope="module")
def small_url(analyser: Analyser) -> Iterator[str]:
    """A server whose limits are a fortieth."""
    with serve(create_app(Settings(max_photo_mb=0.5), analyser=analyser)) as url:
        yield url


def test_a_batch_is_as_large_as_eight_of_the_largest_photos_whatever_their_number(
    small_url: str,
) -> None:
    eighth_of_a_mebibyte = MEBIBYTE // 8
    assert len(post_batch(small_url, 32, eighth_of_a_mebibyte).json()["results"]) == 32
    problem = assert_problem(
        post_batch(small_url, 9, 4 * eighth_of_a_mebibyte), 413, "photo_too_large"
    )
    assert problem["params"] == {"max_mb": 4.0}
    assert problem["detail"] == (
        "The photos are larger than 4 MB together. Send fewer at once, or smaller ones."
    )


def test_after_four_such_files_at_once_nothing_of_them_stays(url: str) -> None:
    address = urlsplit(url)

    def upload(_: int) -> bytes:
        with socket.create_connection((address.hostname, address.port), timeout=60) as one:
            return send_until_answered(one)[1]

    tracemalloc.start()
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(upload, range(4)))
    left_bytes, peak_bytes = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert all(answer.startswith(b"HTTP/1.1 413 ") for answer in answers)
    assert peak_bytes < 4 * 2.5 * 20 * MEBIBYTE
    assert left_bytes < 5 * MEBIBYTE
