"""Starts programs in order, waits until each can be used, and stops them all together."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import ssl
import sys
import urllib.error
import urllib.request
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from http import HTTPStatus
from pathlib import Path
from typing import Final, TextIO

from backend.errors import SkinXaiError

READY_TIMEOUT_S: Final = 300.0
"""Longest wait for one program; the first start on a slow disk reads several GB of libraries."""
STOP_TIMEOUT_S: Final = 10.0
"""Longest wait for a program that was asked to stop, before it is made to."""
STEADY_S: Final = 600.0
"""Whoever ran for so long has not failed in a row with what comes after."""
_POLL_S: Final = 0.1


@dataclass(frozen=True, slots=True)
class Program:
    """One program to run and to keep an eye on.

    Attributes:
        name: what its lines of output are marked with.
        command: the program and its arguments.
        ready_url: address that answers 200 as soon as the program can be used.
        folder: where it runs; the supervisor's own folder by default.
        environment: variables added to those of the supervisor.
        certificate: PEM file that `ready_url` is trusted by, where it has HTTPS.
        restart_pauses_s: waits before it is started anew, as often as there are, should it end by
            itself after the welcome; by default it is not.
    """

    name: str
    command: tuple[str, ...]
    ready_url: str
    folder: Path | None = None
    environment: Mapping[str, str] = field(default_factory=dict)
    certificate: Path | None = None
    restart_pauses_s: tuple[float, ...] = ()


class ProgramEndedError(SkinXaiError):
    """A program ended although nobody asked it to."""

    def __init__(self, program: str, exit_code: int, *, times: int = 1) -> None:
        """Name the program.

        Args:
            program: its name.
            exit_code: as the operating system reports it, negative for a signal.
            times: how often in a row.
        """
        how_often = f", {times} times in a row; it is not started again" if times > 1 else ""
        super().__init__(f"The {program} ended by itself with exit code {exit_code}{how_often}.")
        # A shell reports death by signal n as 128 + n; an early end is never a success.
        self.exit_code: Final = 128 - exit_code if exit_code < 0 else exit_code or 1


class ProgramNotReadyError(SkinXaiError):
    """A program runs but did not answer in time."""

    def __init__(self, program: Program, timeout_s: float) -> None:
        """Name the program and the address that stayed silent.

        Args:
            program: the program.
            timeout_s: how long it was waited for.
        """
        super().__init__(
            f"The {program.name} did not answer at {program.ready_url} within {timeout_s:g} s; "
            "its output above says why."
        )


async def supervise(
    programs: Sequence[Program],
    *,
    welcome: str,
    output: TextIO = sys.stdout,
    ready_timeout_s: float = READY_TIMEOUT_S,
) -> None:
    """Start programs one after the other, each when the one before is ready, and stop them all.

    Args:
        programs: in the order of their start; they are stopped in the opposite order.
        welcome: printed as soon as all of them are ready.
        output: where the welcome and the programs' lines go.
        ready_timeout_s: longest wait for one program.

    Returns:
        After SIGINT or SIGTERM, when every program has ended.

    Raises:
        ProgramEndedError: one of them ended by itself and is not, or no more, to be started anew;
            the others were stopped.
        ProgramNotReadyError: one of them did not answer in time; all were stopped.
    """
    loop = asyncio.get_running_loop()
    stop_asked = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop_asked.set)
    stopping = asyncio.create_task(stop_asked.wait())
    running: list[_Running] = []
    try:
        for program in programs:
            running.append(await _Running.start(program, output))
            ready = asyncio.create_task(until_ready(program, ready_timeout_s))
            if not await _first(ready, stopping, running):
                return
        print(welcome, file=output, flush=True)
        await _mind(running, stopping, output)
    finally:
        for started in reversed(running):
            await started.stop()
        stopping.cancel()
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.remove_signal_handler(number)


async def _mind(running: list[_Running], stopping: asyncio.Task[bool], output: TextIO) -> None:
    # Until a stop is asked for, start anew what died and may be.
    failures: Counter[str] = Counter()
    while (fallen := await _next_to_end(running, stopping)) is not None:
        program, exit_code = fallen.program, fallen.ending.result()
        if asyncio.get_running_loop().time() - fallen.started_at >= STEADY_S:
            failures[program.name] = 0
        pauses = program.restart_pauses_s[failures[program.name] :]
        failures[program.name] += 1
        if not pauses:
            raise ProgramEndedError(program.name, exit_code, times=failures[program.name])
        print(
            f"The {program.name} ended by itself with exit code {exit_code}; it is started again "
            f"in {pauses[0]:g} s.",
            file=output,
            flush=True,
        )
        await fallen.stop()
        others = [started for started in running if started is not fallen]
        if not await _first(asyncio.create_task(asyncio.sleep(pauses[0])), stopping, others):
            return
        # Nobody waits until it is ready: the other programs have been all along.
        running[running.index(fallen)] = await _Running.start(program, output)


async def _next_to_end(
    running: Sequence[_Running], stopping: asyncio.Task[bool]
) -> _Running | None:
    # None when a stop is asked for.
    endings = [started.ending for started in running]
    await asyncio.wait([stopping, *endings], return_when=asyncio.FIRST_COMPLETED)
    if stopping.done():
        return None
    return next(started for started in running if started.ending.done())


async def _first(
    goal: asyncio.Task[None], stopping: asyncio.Task[bool], running: Sequence[_Running]
) -> bool:
    # Whichever comes first: the goal (True), a stop is asked for (False), a program died.
    endings = [started.ending for started in running]
    await asyncio.wait([goal, stopping, *endings], return_when=asyncio.FIRST_COMPLETED)
    if not goal.done():
        goal.cancel()
    if stopping.done():
        return False
    for started in running:
        if started.ending.done():
            raise ProgramEndedError(started.program.name, started.ending.result())
    goal.result()
    return True


async def until_ready(program: Program, timeout_s: float) -> None:
    """Wait until a program answers at its address.

    Raises:
        ProgramNotReadyError: it does not within `timeout_s`.
    """
    try:
        async with asyncio.timeout(timeout_s):
            while not await asyncio.to_thread(_answers, program):
                await asyncio.sleep(_POLL_S)
    except TimeoutError as error:
        raise ProgramNotReadyError(program, timeout_s) from error


def _answers(program: Program) -> bool:
    # The loopback address is never asked for through a proxy.
    handlers: list[urllib.request.BaseHandler] = [urllib.request.ProxyHandler({})]
    if program.certificate is not None:
        trust = ssl.create_default_context(cafile=program.certificate)
        handlers.append(urllib.request.HTTPSHandler(context=trust))
    direct = urllib.request.build_opener(*handlers)
    try:
        with direct.open(program.ready_url, timeout=5) as answer:
            return bool(answer.status == HTTPStatus.OK)
    except (OSError, urllib.error.URLError):
        # Refused while it starts, or 503 while its networks load.
        return False


@dataclass(frozen=True, slots=True)
class _Running:
    program: Program
    process: asyncio.subprocess.Process
    ending: asyncio.Task[int]
    forwarding: asyncio.Task[None]
    started_at: float

    @classmethod
    async def start(cls, program: Program, output: TextIO) -> _Running:
        process = await asyncio.create_subprocess_exec(
            *program.command,
            cwd=program.folder,
            env={**os.environ, "PYTHONUNBUFFERED": "1", **program.environment},
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
            # A session of its own, so that Ctrl-C reaches the supervisor alone, which then
            # stops the programs in order.
            start_new_session=True,
        )
        return cls(
            program,
            process,
            asyncio.create_task(_exit_code_of(process)),
            asyncio.create_task(_forward(process, program.name, output)),
            asyncio.get_running_loop().time(),
        )

    async def stop(self) -> None:
        if not self.ending.done():
            self.process.terminate()
            _, late = await asyncio.wait([self.ending], timeout=STOP_TIMEOUT_S)
            if late:
                self.process.kill()
                await self.ending
        # A program that was killed leaves its workers behind, with its port and its output.
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self.process.pid, signal.SIGKILL)
        await self.forwarding


async def _exit_code_of(process: asyncio.subprocess.Process) -> int:
    # asyncio's own `wait` goes on until the output is closed, which orphaned workers hold open.
    while process.returncode is None:
        await asyncio.sleep(_POLL_S)
    return process.returncode


async def _forward(process: asyncio.subprocess.Process, name: str, output: TextIO) -> None:
    if process.stdout is None:
        raise ValueError("expected a process with a pipe as its output, got one without")
    # Chunks instead of lines: a line has no upper length.
    rest = b""
    while chunk := await process.stdout.read(65_536):
        *lines, rest = (rest + chunk).split(b"\n")
        for line in lines:
            print(f"{name:>6} | {line.decode(errors='replace')}", file=output, flush=True)
    if rest:
        print(f"{name:>6} | {rest.decode(errors='replace')}", file=output, flush=True)
