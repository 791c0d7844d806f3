"""Programs that are started for a measurement, and ended after it."""

from __future__ import annotations

import asyncio
import os
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Final

import psutil

from backend.processes import (
    READY_TIMEOUT_S,
    Program,
    ProgramEndedError,
    ProgramNotReadyError,
    until_ready,
)
from benchmarks.places import ROOT

_MEGA: Final = 1_000_000
_LAST_LINES: Final = 20
_POLL_S: Final = 0.1
_ENDED_WITHIN_S: Final = 10.0


@dataclass(frozen=True, slots=True)
class Started:
    """A program that answers.

    Attributes:
        url: its address.
        process: the running program.
        start_s: from its start to its first answer.
    """

    url: str
    process: psutil.Process
    start_s: float

    def cpu_s(self) -> float:
        """Time that it and its children have computed so far, seconds of one core."""
        times = [one.cpu_times() for one in self._everyone()]
        return float(sum(one.user + one.system for one in times))

    def memory_mb(self) -> float:
        """Resident memory with its children's, megabytes of 1,000,000 bytes."""
        return float(sum(one.memory_info().rss for one in self._everyone()) / _MEGA)

    def _everyone(self) -> list[psutil.Process]:
        return [self.process, *self.process.children(recursive=True)]


@contextmanager
def started(
    program: Program,
    environment: Mapping[str, str],
    *,
    ready_timeout_s: float = READY_TIMEOUT_S,
) -> Iterator[Started]:
    """Run a program until the block ends.

    Args:
        program: what to run.
        environment: variables added to those of this process and the program's own.
        ready_timeout_s: longest wait for its first answer.

    Raises:
        RuntimeError: it ended, or did not answer in time; the message holds its last lines.
    """
    began = time.perf_counter()
    # A file, since a program stands still as soon as a pipe that nobody reads is full.
    with (
        NamedTemporaryFile() as output,
        subprocess.Popen(
            program.command,
            cwd=ROOT,
            # Of one that is stopped before it answers, unwritten lines would be lost.
            env={**os.environ, "PYTHONUNBUFFERED": "1", **program.environment, **environment},
            stdout=output,
            stderr=subprocess.STDOUT,
        ) as process,
    ):
        try:
            _wait_until_ready(program, process, Path(output.name), ready_timeout_s)
            start_s = time.perf_counter() - began
            url = program.ready_url.rsplit("/", 1)[0]
            yield Started(url, psutil.Process(process.pid), start_s)
        finally:
            _end(process)


def _end(process: subprocess.Popen[bytes]) -> None:
    """End a program, and the workers that it leaves behind: some hold gigabytes and a port."""
    try:
        workers = psutil.Process(process.pid).children(recursive=True)
    except psutil.NoSuchProcess:
        return
    process.terminate()
    try:
        process.wait(_ENDED_WITHIN_S)
    except subprocess.TimeoutExpired:
        process.kill()
    for worker in workers:
        with suppress(psutil.NoSuchProcess):
            worker.terminate()
    for worker in psutil.wait_procs(workers, _ENDED_WITHIN_S)[1]:
        with suppress(psutil.NoSuchProcess):
            worker.kill()


def _wait_until_ready(
    program: Program, process: subprocess.Popen[bytes], output: Path, timeout_s: float
) -> None:
    try:
        asyncio.run(_ready(program, process, timeout_s))
    except (ProgramEndedError, ProgramNotReadyError) as error:
        lines = output.read_text(encoding="utf-8", errors="replace").splitlines()
        said = "\n".join(lines[-_LAST_LINES:]) or "nothing"
        raise RuntimeError(f"the {program.name} did not start; it said last:\n{said}") from error


async def _ready(program: Program, process: subprocess.Popen[bytes], timeout_s: float) -> None:
    ready = asyncio.create_task(until_ready(program, timeout_s))
    while not ready.done():
        if (exit_code := process.poll()) is not None:
            ready.cancel()
            raise ProgramEndedError(program.name, exit_code)
        await asyncio.wait([ready], timeout=_POLL_S)
    ready.result()
