"""What `make run` starts: the model server, then the app, both stopped together.

The model server comes first, because the app is of no use before it answers. Whoever ends one of
the two ends both: Ctrl-C, SIGTERM, or one of the programs dying, whose exit code is then passed on.

| variable         | default | meaning                    |
|------------------|---------|----------------------------|
| SKINXAI_PORT     | 8000    | port of the model server   |
| SKINXAI_APP_PORT | 8501    | port of the app            |

Both listen on the loopback address only. Runs on Linux and macOS.
"""

from __future__ import annotations

import asyncio
import errno
import os
import socket
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from backend.errors import SettingInvalidError, SkinXaiError
from backend.processes import Program, ProgramEndedError, supervise

LOOPBACK: Final = "127.0.0.1"
SERVER_PORT: Final = 8000
APP_PORT: Final = 8501
_HIGHEST_PORT: Final = 65_535
_ROOT: Final = Path(__file__).resolve().parents[1]


class PortTakenError(SkinXaiError):
    """Another program listens on a port that is needed."""

    def __init__(self, port: int, *, program: str, setting: str) -> None:
        """Say what to change.

        Args:
            port: the port that is taken.
            program: who wanted it.
            setting: the variable that chooses another one.
        """
        other = port + 10 if port + 10 <= _HIGHEST_PORT else port - 10
        super().__init__(
            f"Port {port} is taken, so {program} cannot start: stop what uses it or choose "
            f"another port, for example `{setting}={other} make run`."
        )


def main(environment: Mapping[str, str] | None = None) -> int:
    """Run both programs until they are told to stop.

    Args:
        environment: variables to read; those of the process by default.

    Returns:
        0 after Ctrl-C or SIGTERM, the exit code of a program that died, 1 for anything else.
    """
    variables = os.environ if environment is None else environment
    try:
        server_port = read_port(variables, "SKINXAI_PORT", default=SERVER_PORT)
        app_port = read_port(variables, "SKINXAI_APP_PORT", default=APP_PORT)
        if server_port == app_port:
            raise SettingInvalidError(
                f"SKINXAI_PORT and SKINXAI_APP_PORT are both {app_port}: choose two ports."
            )
        require_free(server_port, program="the model server", setting="SKINXAI_PORT")
        require_free(app_port, program="the app", setting="SKINXAI_APP_PORT")
        address = f"http://{LOOPBACK}:{app_port}"
        welcome = f"\nSkin Notes is ready: open {address} in your browser. Ctrl-C stops it.\n"
        programs = (model_server(server_port), app(app_port, server_port=server_port))
        asyncio.run(supervise(programs, welcome=welcome))
    except SkinXaiError as error:
        print(error, file=sys.stderr, flush=True)
        return error.exit_code if isinstance(error, ProgramEndedError) else 1
    return 0


def model_server(port: int) -> Program:
    """How the model server is started."""
    return Program(
        name="server",
        command=(sys.executable, "-m", "backend"),
        ready_url=f"http://{LOOPBACK}:{port}/readyz",
        folder=_ROOT,
        environment={"SKINXAI_HOST": LOOPBACK, "SKINXAI_PORT": str(port)},
    )


def app(port: int, *, server_port: int) -> Program:
    """How the app is started, pointed at the model server beside it."""
    streamlit = (sys.executable, "-m", "streamlit", "run", "frontend/app.py")
    options = ("--server.address", LOOPBACK, "--server.port", str(port), "--server.headless=true")
    return Program(
        name="app",
        command=(*streamlit, *options),
        ready_url=f"http://{LOOPBACK}:{port}/_stcore/health",
        folder=_ROOT,
        environment={"SKINXAI_SERVER_URL": f"http://{LOOPBACK}:{server_port}"},
    )


def read_port(variables: Mapping[str, str], name: str, *, default: int) -> int:
    """The port a variable names.

    Raises:
        SettingInvalidError: it is not a whole number from 1 to 65535.

    >>> read_port({"SKINXAI_PORT": "8010"}, "SKINXAI_PORT", default=8000)
    8010
    """
    text = variables.get(name, "").strip() or str(default)
    if not (text.isascii() and text.isdigit() and 1 <= int(text) <= _HIGHEST_PORT):
        raise SettingInvalidError(
            f"{name} has to be a port from 1 to {_HIGHEST_PORT}, but it is {text!r}."
        )
    return int(text)


def require_free(port: int, *, program: str, setting: str) -> None:
    """Make sure that a port of the loopback address can be listened on.

    Args:
        port: the port.
        program: who is going to listen.
        setting: the variable that chooses the port.

    Raises:
        PortTakenError: somebody listens there already.
        SettingInvalidError: this account may not listen there.
    """
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        # Without this a port would count as taken for a minute after the last run.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
        except PermissionError as error:
            raise SettingInvalidError(
                f"Port {port} needs special rights: choose one from 1024 on with {setting}."
            ) from error
        except OSError as error:
            if error.errno != errno.EADDRINUSE:
                raise
            raise PortTakenError(port, program=program, setting=setting) from error


if __name__ == "__main__":
    sys.exit(main())
