"""What `make run` starts: the model server, then the app, both stopped together.

The model server comes first, because the app is of no use before it answers. Ctrl-C or SIGTERM
ends both, and so does the app when it dies, or either when it cannot start; its exit code is then
passed on. A model server that dies later is started again, a few times with growing pauses, for the
app tells history and account without it; one that goes on dying ends both as well.

| variable             | default  | meaning                                             |
|----------------------|----------|-----------------------------------------------------|
| SKINXAI_PORT         | 8000     | port of the model server                            |
| SKINXAI_APP_PORT     | 8501     | port of the app                                     |
| SKINXAI_HTTPS        | no       | `yes`: the app answers phones on the network, HTTPS |
| SKINXAI_TLS_DIR      | data/tls | folder of the certificate that is made for that     |
| SKINXAI_MAX_PHOTO_MB | 20       | passed on to Streamlit, which has a limit of its own |

Both listen on the loopback address only. With HTTPS (`make run HTTPS=1`) the app listens on all
addresses of the machine, because a phone's camera needs HTTPS; the model server never does. Runs
on Linux and macOS.
"""

from __future__ import annotations

import asyncio
import errno
import os
import socket
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from backend.certificates import Certificate, own_addresses, own_certificate, own_names
from backend.errors import SettingInvalidError, SkinXaiError
from backend.processes import Program, ProgramEndedError, supervise

LOOPBACK: Final = "127.0.0.1"
EVERYWHERE: Final = "0.0.0.0"
SERVER_PORT: Final = 8000
APP_PORT: Final = 8501
TLS_DIR: Final = "data/tls"
RESTART_PAUSES_S: Final = (1.0, 5.0, 30.0)
ALLOCATOR: Final = {
    "MALLOC_MMAP_THRESHOLD_": str(64 * 1024**2),
    "MALLOC_TRIM_THRESHOLD_": str(256 * 1024**2),
    "MALLOC_ARENA_MAX": "1",
    "PILLOW_BLOCK_SIZE": "256m",
}
"""For glibc: the server keeps the memory of a photo for the next one. Fetching it from the system
each time took a tenth of an analysis; what is kept is bounded, and larger photos are given back:
for that Pillow has to ask for a picture's memory at once, not in the pieces of 16 MB that it asks
for by itself."""
_YES: Final = frozenset({"yes", "true", "on", "1"})
_NO: Final = frozenset({"no", "false", "off", "0"})
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
        https = read_switch(variables, "SKINXAI_HTTPS")
        require_free(server_port, program="the model server", setting="SKINXAI_PORT")
        require_free(
            app_port,
            program="the app",
            setting="SKINXAI_APP_PORT",
            address=EVERYWHERE if https else LOOPBACK,
        )
        certificate = None
        if https:
            folder = variables.get("SKINXAI_TLS_DIR", "").strip() or TLS_DIR
            certificate = own_certificate(_ROOT / folder, own_names())
        programs = (
            model_server(server_port),
            app(
                app_port,
                server_port=server_port,
                certificate=certificate,
                max_photo_mb=variables.get("SKINXAI_MAX_PHOTO_MB", "").strip(),
            ),
        )
        asyncio.run(supervise(programs, welcome=welcome(app_port, certificate, own_addresses())))
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
        environment={"SKINXAI_HOST": LOOPBACK, "SKINXAI_PORT": str(port), **ALLOCATOR},
        restart_pauses_s=RESTART_PAUSES_S,
    )


def app(
    port: int, *, server_port: int, certificate: Certificate | None = None, max_photo_mb: str = ""
) -> Program:
    """How the app is started, pointed at the model server beside it.

    Args:
        port: its port.
        server_port: that of the model server.
        certificate: with one, it answers by HTTPS, on every address of this machine.
        max_photo_mb: largest photo, as the app's own setting has it; "" for the default.
    """
    address = LOOPBACK if certificate is None else EVERYWHERE
    streamlit = (sys.executable, "-m", "streamlit", "run", "frontend/app.py")
    options = ["--server.address", address, "--server.port", str(port), "--server.headless=true"]
    if certificate is not None:
        options += ["--server.sslCertFile", str(certificate.certificate_file)]
        options += ["--server.sslKeyFile", str(certificate.key_file)]
    environment = {"SKINXAI_SERVER_URL": f"http://{LOOPBACK}:{server_port}"}
    if max_photo_mb:
        # Streamlit refuses larger uploads before the app sees them.
        environment["STREAMLIT_SERVER_MAX_UPLOAD_SIZE"] = max_photo_mb
    return Program(
        name="app",
        command=(*streamlit, *options),
        ready_url=f"{_scheme(certificate)}://{LOOPBACK}:{port}/_stcore/health",
        folder=_ROOT,
        environment=environment,
        certificate=None if certificate is None else certificate.certificate_file,
    )


def welcome(port: int, certificate: Certificate | None, addresses: Sequence[str]) -> str:
    """What is said when both programs are ready.

    Args:
        port: the app's.
        certificate: that of the app, or None without HTTPS.
        addresses: this machine's on its networks.
    """
    here = f"{_scheme(certificate)}://{LOOPBACK}:{port}"
    if certificate is None:
        return f"\nSkin Notes is ready: open {here} in your browser. Ctrl-C stops it.\n"
    on_phones = " or ".join(f"https://{address}:{port}" for address in addresses)
    where = f"{on_phones} on a phone in the same network, or {here} here" if on_phones else here
    return (
        f"\nSkin Notes is ready: open {where}. Ctrl-C stops it.\n"
        "The browser warns once, because nobody but this machine vouches for the certificate. "
        "Go on only if the\ncertificate it shows has this SHA-256 fingerprint:\n"
        f"  {certificate.fingerprint}\n"
        f"It lies in {certificate.certificate_file.parent} and holds until "
        f"{certificate.ends_at:%Y-%m-%d}; a new one is made well before.\n"
    )


def _scheme(certificate: Certificate | None) -> str:
    return "http" if certificate is None else "https"


def read_switch(variables: Mapping[str, str], name: str) -> bool:
    """Whether a variable says yes; one that is not set says no.

    Raises:
        SettingInvalidError: it is neither yes nor no.

    >>> read_switch({"SKINXAI_HTTPS": "1"}, "SKINXAI_HTTPS")
    True
    """
    text = variables.get(name, "").strip().lower()
    if text and text not in _YES | _NO:
        raise SettingInvalidError(f"{name} has to be yes or no, but it is {text!r}.")
    return text in _YES


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


def require_free(port: int, *, program: str, setting: str, address: str = LOOPBACK) -> None:
    """Make sure that a port can be listened on.

    Args:
        port: the port.
        program: who is going to listen.
        setting: the variable that chooses the port.
        address: where it is going to listen.

    Raises:
        PortTakenError: somebody listens there already.
        SettingInvalidError: this account may not listen there.
    """
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        # Without this a port would count as taken for a minute after the last run.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((address, port))
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
