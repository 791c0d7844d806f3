"""Programs that are started for a measurement, and ended after it."""

from __future__ import annotations

import asyncio
import os
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final

import psutil

from backend.processes import READY_TIMEOUT_S, Program, until_ready
from benchmarks.places import ROOT

_MEGA: Final = 1_000_000


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
def started(program: Program, environment: Mapping[str, str]) -> Iterator[Started]:
    """Run a program until the block ends."""
    began = time.perf_counter()
    with subprocess.Popen(
        program.command,
        cwd=ROOT,
        env={**os.environ, **program.environment, **environment},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as process:
        try:
            asyncio.run(until_ready(program, READY_TIMEOUT_S))
            start_s = time.perf_counter() - began
            url = program.ready_url.rsplit("/", 1)[0]
            yield Started(url, psutil.Process(process.pid), start_s)
        finally:
            process.terminate()
