"""A file far too large costs the server a bounded amount of memory, however it is sent."""

from __future__ import annotations

import select
import socket
import tracemalloc
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from backend.app import create_app, load_analyser
from backend.settings import Settings
from tests.programs import serve

MEBIBYTE = 1024 * 1024
FILE_BYTES = 60 * MEBIBYTE
PIECE = bytes(MEBIBYTE)
HEAD = b"POST /v1/analyses HTTP/1.1\r\nHost: x\r\nContent-Type: multipart/form-data; boundary=b\r\n"
FORM_START = b'--b\r\nContent-Disposition: form-data; name="photo"; filename="x.jpg"\r\n\r\n'


@pytest.fixture(scope="module")
def url(small_models: Path) -> Iterator[str]:
    """A server on a port of its own, with the limits that it has by default."""
    settings = Settings(models_dir=small_models, device="cpu")
    with serve(create_app(settings, analyser=load_analyser(settings))) as url:
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
