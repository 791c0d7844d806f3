"""What `make run` promises: an ordered start, a clean stop, and sentences that help."""

from __future__ import annotations

import asyncio
import dataclasses
import io
import os
import signal
import sys
from pathlib import Path

import pytest

from backend import processes
from backend.certificates import own_certificate
from backend.processes import Program, ProgramEndedError, ProgramNotReadyError, supervise
from backend.supervisor import require_free
from tests.programs import free_port

WELCOME = "everything is ready"

# Answers one request, which is the question whether it is ready, and then does something else.
ANSWER_ONCE = """
import http.server, os, signal, sys
class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()
with http.server.HTTPServer(("127.0.0.1", int(sys.argv[1])), Handler) as server:
    server.handle_request()
"""


class Interrupter(io.StringIO):
    """Output that sends this process a signal as soon as a certain text is written to it."""

    def __init__(self, number: signal.Signals, *, at: str = WELCOME) -> None:
        super().__init__()
        self._number, self._at = number, at

    def write(self, text: str) -> int:
        if self._at in text:
            os.kill(os.getpid(), self._number)
        return super().write(text)


def web_server(name: str, port: int) -> Program:
    command = (sys.executable, "-m", "http.server", str(port), "--bind", "127.0.0.1")
    return Program(name, command, f"http://127.0.0.1:{port}/")


def script(name: str, port: int, code: str) -> Program:
    return Program(name, (sys.executable, "-c", code, str(port)), f"http://127.0.0.1:{port}/")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_stop_signal_ends_both_programs_and_frees_their_ports(number: signal.Signals) -> None:
    ports = free_port(), free_port()
    programs = [web_server("server", ports[0]), web_server("app", ports[1])]
    output = Interrupter(number)

    asyncio.run(supervise(programs, welcome=WELCOME, output=output))

    for port in ports:
        require_free(port, program="the test", setting="NONE")
    assert WELCOME in output.getvalue()


def test_ctrl_c_while_the_first_program_still_loads_stops_it() -> None:
    loading = script("server", free_port(), "import signal; print('loading'); signal.pause()")
    output = Interrupter(signal.SIGINT, at="loading")

    asyncio.run(supervise([loading], welcome=WELCOME, output=output))

    assert output.getvalue() == "server | loading\n"


def test_the_second_program_starts_only_when_the_first_is_ready() -> None:
    first, second = free_port(), free_port()
    asks_the_first = f"""
import urllib.request
direct = urllib.request.build_opener(urllib.request.ProxyHandler({{}}))
print("the first answered", direct.open("http://127.0.0.1:{first}/").status)
raise SystemExit(3)
"""
    programs = [web_server("server", first), script("app", second, asks_the_first)]
    output = io.StringIO()

    with pytest.raises(ProgramEndedError):
        asyncio.run(supervise(programs, welcome=WELCOME, output=output))

    assert "   app | the first answered 200\n" in output.getvalue()


def test_the_exit_code_of_a_program_that_dies_is_passed_on_and_the_other_is_stopped() -> None:
    ports = free_port(), free_port()
    dies = script("app", ports[1], ANSWER_ONCE + "sys.exit(7)")

    with pytest.raises(ProgramEndedError, match="app ended by itself with exit code 7") as caught:
        asyncio.run(supervise([web_server("server", ports[0]), dies], welcome=WELCOME))

    assert caught.value.exit_code == 7
    require_free(ports[0], program="the test", setting="NONE")


def short_lived(port: int, folder: Path, *, pauses: tuple[float, ...], later: str) -> Program:
    """A server that dies after it has answered once, and does something else in later lives."""
    marker = folder / "has_lived"
    code = f"""
import os, signal, sys, time
if os.path.exists({str(marker)!r}):
    {later}
open({str(marker)!r}, "w").close()
{ANSWER_ONCE}
time.sleep(0.5)
sys.exit(7)
"""
    return dataclasses.replace(script("server", port, code), restart_pauses_s=pauses)


def test_a_server_that_died_is_started_again_while_the_app_runs_on(tmp_path: Path) -> None:
    ports = free_port(), free_port()
    later = "print('alive again'); signal.pause()"
    dies = short_lived(ports[1], tmp_path, pauses=(0.1,), later=later)
    output = Interrupter(signal.SIGTERM, at="alive again")

    asyncio.run(supervise([web_server("app", ports[0]), dies], welcome=WELCOME, output=output))

    said = output.getvalue()
    assert "The server ended by itself with exit code 7; it is started again in 0.1 s.\n" in said
    assert said.count("alive again") == 1
    require_free(ports[0], program="the test", setting="NONE")


def test_a_server_that_goes_on_dying_is_given_up_and_the_app_stopped(tmp_path: Path) -> None:
    ports = free_port(), free_port()
    dies = short_lived(ports[1], tmp_path, pauses=(0.1, 0.2), later="sys.exit(9)")
    output = io.StringIO()

    with pytest.raises(ProgramEndedError, match="exit code 9, 3 times in a row; it is not") as told:
        asyncio.run(supervise([web_server("app", ports[0]), dies], welcome=WELCOME, output=output))

    assert told.value.exit_code == 9
    assert output.getvalue().count("it is started again") == 2
    require_free(ports[0], program="the test", setting="NONE")


def test_a_server_that_ran_steadily_has_not_failed_in_a_row(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(processes, "STEADY_S", 0.0)
    ports = free_port(), free_port()
    output = Interrupter(signal.SIGINT, at="exit code 9; it is started again")
    dies = short_lived(ports[1], tmp_path, pauses=(0.1,), later="sys.exit(9)")

    asyncio.run(supervise([web_server("app", ports[0]), dies], welcome=WELCOME, output=output))

    assert output.getvalue().count("it is started again") == 2


def test_a_stop_ends_everything_while_a_dead_server_waits_to_be_started_again(
    tmp_path: Path,
) -> None:
    ports = free_port(), free_port()
    dies = short_lived(ports[1], tmp_path, pauses=(600.0,), later="sys.exit(9)")
    output = Interrupter(signal.SIGINT, at="it is started again in 600 s")

    asyncio.run(supervise([web_server("app", ports[0]), dies], welcome=WELCOME, output=output))

    require_free(ports[0], program="the test", setting="NONE")


def test_a_server_that_cannot_start_is_not_tried_again() -> None:
    fails = dataclasses.replace(
        script("server", free_port(), "import sys; print('a bad setting'); sys.exit(2)"),
        restart_pauses_s=(600.0,),
    )
    output = io.StringIO()
    with pytest.raises(ProgramEndedError, match=r"exit code 2\.$"):
        asyncio.run(supervise([fails], welcome=WELCOME, output=output))
    assert output.getvalue() == "server | a bad setting\n"


def test_the_workers_of_a_program_that_was_killed_give_back_its_port() -> None:
    port = free_port()
    serve = [sys.executable, "-m", "http.server", str(port), "--bind", "127.0.0.1"]
    code = f"""
import os, signal, subprocess, time
subprocess.Popen({serve!r})
time.sleep(2)
os.kill(os.getpid(), signal.SIGKILL)
"""
    with pytest.raises(ProgramEndedError, match="exit code -9"):
        asyncio.run(
            supervise([script("server", port, code)], welcome=WELCOME, output=io.StringIO())
        )
    require_free(port, program="the test", setting="NONE")


def test_death_by_signal_nine_becomes_exit_code_137() -> None:
    killed = script("app", free_port(), "import os; os.kill(os.getpid(), 9)")

    with pytest.raises(ProgramEndedError) as caught:
        asyncio.run(supervise([killed], welcome=WELCOME))

    assert caught.value.exit_code == 137


def test_an_early_end_without_an_error_is_no_success() -> None:
    assert ProgramEndedError("app", 0).exit_code == 1


def test_a_program_that_never_answers_is_stopped_and_named() -> None:
    silent = script("server", free_port(), "import signal; signal.pause()")

    with pytest.raises(ProgramNotReadyError, match=r"server did not answer .* within 0\.3 s"):
        asyncio.run(supervise([silent], welcome=WELCOME, ready_timeout_s=0.3))


def test_a_program_deaf_to_sigterm_is_killed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(processes, "STOP_TIMEOUT_S", 0.2)
    port = free_port()
    deaf = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN)\n" + ANSWER_ONCE
    stubborn = script("app", port, deaf + "signal.pause()")
    output = Interrupter(signal.SIGINT)

    asyncio.run(supervise([stubborn], welcome=WELCOME, output=output))

    require_free(port, program="the test", setting="NONE")


def test_output_without_a_last_line_break_is_forwarded_too() -> None:
    program = script("app", free_port(), "import sys; sys.stdout.write('살결'); sys.exit(1)")
    output = io.StringIO()

    with pytest.raises(ProgramEndedError):
        asyncio.run(supervise([program], welcome=WELCOME, output=output))

    assert output.getvalue() == "   app | 살결\n"


def test_a_program_with_https_is_ready_by_its_own_certificate_alone(tmp_path: Path) -> None:
    port = free_port()
    own = own_certificate(tmp_path / "own", ["127.0.0.1"])
    other = own_certificate(tmp_path / "other", ["127.0.0.1"])
    serve = f"""
import http.server, ssl
trust = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
trust.load_cert_chain({str(own.certificate_file)!r}, {str(own.key_file)!r})
answer = http.server.SimpleHTTPRequestHandler
server = http.server.ThreadingHTTPServer(("127.0.0.1", {port}), answer)
server.socket = trust.wrap_socket(server.socket, server_side=True)
server.serve_forever()
"""
    command = (sys.executable, "-c", serve)
    url = f"https://127.0.0.1:{port}/"
    program = Program("app", command, url, certificate=own.certificate_file)

    asyncio.run(supervise([program], welcome=WELCOME, output=Interrupter(signal.SIGINT)))

    stranger = Program("app", command, url, certificate=other.certificate_file)
    with pytest.raises(ProgramNotReadyError):
        asyncio.run(supervise([stranger], welcome=WELCOME, ready_timeout_s=2))
