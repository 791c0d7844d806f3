"""Starts the real programs for tests, on free ports and with a database of their own."""

from __future__ import annotations

import asyncio
import os
import random
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Final, Protocol

import uvicorn
from fastapi import FastAPI

from backend.processes import READY_TIMEOUT_S, Program, until_ready
from backend.supervisor import app

ROOT = Path(__file__).resolve().parents[1]
STOP_TIMEOUT_S = 30
_POLL_S: Final = 0.1

_PORTS: Final = range(20_000, 30_000)
"""Below the ports that systems give to outgoing connections, which would take one in between."""
_given_out: Final[set[int]] = set()


def free_port() -> int:
    """A port of the loopback address that nobody listens on, and that was not asked for before.

    Raises:
        RuntimeError: no port is left.
    """
    ports = ports_of_worker(os.environ)
    for port in random.sample(ports, len(ports)):
        if port not in _given_out and not is_listening(port):
            _given_out.add(port)
            return port
    raise RuntimeError(f"no port of {_PORTS.start} to {_PORTS.stop - 1} is free: stop a program")


def ports_of_worker(environment: Mapping[str, str]) -> range:
    """The ports that no other worker of the same test run gives out.

    A port is looked at some time before its program listens on it.

    Args:
        environment: variables of the process; pytest-xdist says there which worker it is.

    >>> ports_of_worker({"PYTEST_XDIST_WORKER": "gw1", "PYTEST_XDIST_WORKER_COUNT": "4"})
    range(20001, 30000, 4)
    """
    number = int(environment.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
    return _PORTS[number :: int(environment.get("PYTEST_XDIST_WORKER_COUNT", "1"))]


def is_listening(port: int) -> bool:
    """Whether somebody accepts connections on a port of the loopback address."""
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


class RunningApp(Protocol):
    """The app as a visitor reaches it, and the database it writes to."""

    @property
    def app_url(self) -> str: ...

    @property
    def database(self) -> Path | str: ...


@dataclass(frozen=True)
class LoneApp:
    """The app without the supervisor above it."""

    app_url: str
    database: Path | str


def database_url(database: Path | str) -> str:
    """The setting for an SQLite file, or for what is an address already."""
    return f"sqlite:///{database}" if isinstance(database, Path) else database


@dataclass
class RunningService:
    """The supervisor with the model server and the app below it."""

    process: subprocess.Popen[str]
    server_port: int
    app_port: int
    database: Path
    output: list[str] = field(default_factory=list)
    reading: threading.Thread | None = None

    @property
    def server_url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    @property
    def app_url(self) -> str:
        return f"http://127.0.0.1:{self.app_port}"

    def stop(self, number: signal.Signals = signal.SIGINT) -> int:
        """Ask the supervisor to stop, and give back its exit code; all it said is then read."""
        self.process.send_signal(number)
        try:
            return self.process.wait(STOP_TIMEOUT_S)
        finally:
            self.process.kill()
            if self.reading is not None:
                self.reading.join(STOP_TIMEOUT_S)


def start_service(
    *, database: Path, environment: Mapping[str, str] | None = None
) -> RunningService:
    """Start both programs and wait until the supervisor says that they are ready.

    Raises:
        RuntimeError: the supervisor ended instead; the message holds all it said.
    """
    server_port, app_port = free_port(), free_port()
    process = subprocess.Popen(
        [sys.executable, "-m", "backend.supervisor"],
        cwd=ROOT,
        env={
            **os.environ,
            "SKINXAI_PORT": str(server_port),
            "SKINXAI_APP_PORT": str(app_port),
            "SKINXAI_DATABASE_URL": f"sqlite:///{database}",
            "SKINXAI_DEVICE": "cpu",
            "SKINXAI_SIGN_UPS_PER_HOUR": "1000",
            **(environment or {}),
        },
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
    )
    service = RunningService(process, server_port, app_port, database)
    stream = _piped(process)
    for line in stream:
        service.output.append(line)
        if "is ready: open" in line:
            break
    else:
        process.wait()
        raise RuntimeError("the service did not start:\n" + "".join(service.output))
    # The programs would stand still as soon as a pipe that nobody reads is full.
    service.reading = threading.Thread(target=service.output.extend, args=(stream,), daemon=True)
    service.reading.start()
    return service


@contextmanager
def start_app(
    *, database: Path | str, server_url: str, environment: Mapping[str, str] | None = None
) -> Iterator[LoneApp]:
    """Run the app alone, on an SQLite file or on the database at an address."""
    port = free_port()
    program = app(port, server_port=0)
    with subprocess.Popen(
        program.command,
        cwd=ROOT,
        env={
            **os.environ,
            "SKINXAI_SERVER_URL": server_url,
            "SKINXAI_DATABASE_URL": database_url(database),
            **(environment or {}),
        },
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as process:
        try:
            wait_until_ready(program, is_running=lambda: process.poll() is None)
            yield LoneApp(f"http://127.0.0.1:{port}", database)
        finally:
            process.terminate()


def wait_until_ready(program: Program, *, is_running: Callable[[], bool]) -> None:
    """Wait until a program answers at its address.

    Raises:
        ProgramNotReadyError: it does not in time.
        RuntimeError: it ended instead.
    """
    # In a thread of its own, because a test that drives a browser has a loop running.
    with ThreadPoolExecutor(max_workers=1) as pool:
        pool.submit(asyncio.run, _ready(program, is_running)).result()


async def _ready(program: Program, is_running: Callable[[], bool]) -> None:
    ready = asyncio.create_task(until_ready(program, READY_TIMEOUT_S))
    while not ready.done():
        await asyncio.wait([ready], timeout=_POLL_S)
        if not is_running():
            ready.cancel()
            raise RuntimeError(f"the {program.name} ended before {program.ready_url} answered")
    ready.result()


@contextmanager
def serve(application: FastAPI) -> Iterator[str]:
    """Answer HTTP on a free port from a thread of this process; gives the address."""
    port = free_port()
    server = uvicorn.Server(uvicorn.Config(application, port=port, log_config=None))
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        url = f"http://127.0.0.1:{port}"
        program = Program(name="server", command=(), ready_url=f"{url}/readyz")
        wait_until_ready(program, is_running=thread.is_alive)
        yield url
    finally:
        server.should_exit = True
        thread.join()


def _piped(process: subprocess.Popen[str]) -> IO[str]:
    if process.stdout is None:
        raise ValueError("expected a process with a pipe as its output, got one without")
    return process.stdout
