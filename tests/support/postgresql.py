"""A PostgreSQL server of its own in a temporary folder: Debian's, reached by a socket file."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
import time
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
from psycopg import sql

from frontend.store import open_database

PATIENCE_S = 60
_OWNER = "skin"
_TEMPLATE = "notes_template"
_ROOM_BYTES = 2 * 1024**3
Arguments = Sequence[str | Path]


@dataclass(frozen=True)
class PostgresqlServer:
    """A server that runs, and a database with the app's tables to copy.

    Attributes:
        folder: holds the socket.
    """

    folder: Path

    def url(self, database: str) -> str:
        """The address of one of its databases, as the app's setting has it."""
        return f"postgresql+psycopg://{_OWNER}@/{database}?host={self.folder}"

    @contextmanager
    def database(self, *, template: str = _TEMPLATE) -> Iterator[str]:
        """The address of a database that is dropped again; `template0` has no tables."""
        name = f"notes_{uuid.uuid4().hex}"
        create = sql.SQL("CREATE DATABASE {} TEMPLATE {}")
        self.run(create.format(sql.Identifier(name), sql.Identifier(template)))
        yield self.url(name)
        self.run(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))

    def run(self, statement: sql.Composed) -> None:
        """Run a statement that may not be part of a transaction."""
        with self.connect() as connection:
            connection.execute(statement)

    def connect(self) -> psycopg.Connection:
        """A connection to the server's own database."""
        return psycopg.connect(
            host=str(self.folder), user=_OWNER, dbname="postgres", autocommit=True
        )


@contextmanager
def postgresql_server() -> Iterator[PostgresqlServer]:
    """Start a server in a new folder; it is stopped and forgotten afterwards.

    Raises:
        FileNotFoundError: PostgreSQL's server is not installed.
    """
    programs = _programs()
    # Not below pytest's folder, which nobody but its owner may enter: the server refuses to run
    # as root, and has a user of its own then.
    folder = Path(tempfile.mkdtemp(prefix="pg", dir=_memory()))
    user = "postgres" if os.geteuid() == 0 else None
    if user is not None:
        shutil.chown(folder, user)
    data = folder / "data"
    initdb: Arguments = [programs / "initdb", "-D", data, "-U", _OWNER, "--auth=trust", "--no-sync",
              "--encoding=UTF8", "--locale=C"]  # fmt: skip
    subprocess.run(initdb, check=True, user=user, cwd=folder, stdout=subprocess.DEVNULL)
    options = {"listen_addresses": "", "unix_socket_directories": str(folder), "fsync": "off"}
    serve: Arguments = [
        programs / "postgres", "-D", data,
        *(part for name, value in options.items() for part in ("-c", f"{name}={value}")),
    ]  # fmt: skip
    with (folder / "log").open("w", encoding="utf-8") as log:
        process = subprocess.Popen(serve, user=user, cwd=folder, stdout=log, stderr=log)
    server = PostgresqlServer(folder)
    try:
        _wait_for(server, process)
        server.run(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(_TEMPLATE)))
        open_database(server.url(_TEMPLATE)).dispose()
        yield server
    finally:
        process.terminate()
        process.wait(PATIENCE_S)
        shutil.rmtree(folder)


def _memory() -> Path | None:
    """Linux's file system in memory if it has room: to copy a database takes a tenth of the time.

    None stands for the system's temporary folder.
    """
    memory = Path("/dev/shm")
    return memory if memory.is_dir() and shutil.disk_usage(memory).free > _ROOM_BYTES else None


def _programs() -> Path:
    newest = sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"))
    found = newest[-1] if newest else shutil.which("postgres")
    if found is None:
        raise FileNotFoundError("PostgreSQL is not installed: `make test` installs it")
    if os.geteuid() == 0:
        pwd.getpwnam("postgres")
    return Path(found).resolve().parent


def _wait_for(server: PostgresqlServer, process: subprocess.Popen[bytes]) -> None:
    ends = time.monotonic() + PATIENCE_S
    while True:
        try:
            server.connect().close()
        except psycopg.OperationalError:
            if process.poll() is not None or time.monotonic() > ends:
                said = (server.folder / "log").read_text(encoding="utf-8")
                raise RuntimeError(f"PostgreSQL did not start:\n{said}") from None
            time.sleep(0.05)
        else:
            return
