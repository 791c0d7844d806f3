"""Programs that are measured: started, ended, and heard when they do not start."""

from __future__ import annotations

import sys
import time
import urllib.request

import psutil
import pytest

from backend.processes import Program, ProgramEndedError, ProgramNotReadyError
from benchmarks.programs import started
from tests.programs import free_port, is_listening

# The last line is whose they are.
THIRTY_LINES = """
import os, sys, time
for number in range(30):
    print("line", number)
print(os.getpid(), file=sys.stderr)
"""


def script(code: str) -> Program:
    port = free_port()
    return Program("server", (sys.executable, "-c", code), f"http://127.0.0.1:{port}/readyz")


def web_server(port: int) -> Program:
    command = (sys.executable, "-m", "http.server", str(port), "--bind", "127.0.0.1")
    return Program("server", command, f"http://127.0.0.1:{port}/")


def test_a_program_answers_until_the_block_ends() -> None:
    port = free_port()
    with started(web_server(port), {}) as server:
        assert server.url == f"http://127.0.0.1:{port}"
        with urllib.request.urlopen(f"{server.url}/") as answer:
            assert answer.status == 200
        assert 0 < server.start_s < 60
        assert server.cpu_s() > 0
    assert not is_listening(port)


def test_the_workers_that_a_program_leaves_behind_end_with_it() -> None:
    port = free_port()
    handler = "SimpleHTTPRequestHandler"
    serve = f"from http.server import *; HTTPServer(('127.0.0.1', {port}), {handler})"
    leaves_behind = f"""
import subprocess, sys, time
subprocess.Popen([sys.executable, "-c", "{serve}.serve_forever()"])
time.sleep(60)
"""
    program = Program("server", (sys.executable, "-c", leaves_behind), f"http://127.0.0.1:{port}/")
    with started(program, {}):
        assert is_listening(port)
    assert not is_listening(port)


def test_one_that_ends_is_not_waited_for_and_its_last_lines_are_told() -> None:
    began = time.monotonic()
    with (
        pytest.raises(RuntimeError, match="the server did not start") as caught,
        started(script(f"{THIRTY_LINES}sys.exit(3)"), {}),
    ):
        pass
    assert time.monotonic() - began < 60
    told = str(caught.value).splitlines()
    assert told[1:-1] == [f"line {number}" for number in range(11, 30)]
    assert told[-1].isdecimal()
    assert isinstance(caught.value.__cause__, ProgramEndedError)
    assert caught.value.__cause__.exit_code == 3


def test_one_that_stays_silent_is_ended_and_its_last_lines_are_told() -> None:
    with (
        pytest.raises(RuntimeError, match="it said last:\nline 11\n") as caught,
        started(script(f"{THIRTY_LINES}time.sleep(600)"), {}, ready_timeout_s=3),
    ):
        pass
    assert isinstance(caught.value.__cause__, ProgramNotReadyError)
    assert not psutil.pid_exists(int(str(caught.value).splitlines()[-1]))


def test_what_fails_in_the_block_is_no_failure_to_start() -> None:
    port = free_port()
    with pytest.raises(ValueError, match="measured nothing"), started(web_server(port), {}):
        raise ValueError("measured nothing")
    assert not is_listening(port)
