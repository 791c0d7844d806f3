"""The model server under load: clients that ask as fast as they are answered.

    python -m benchmarks.load --seconds 20

First the engine alone: the same analyses in one process, without HTTP, by as many threads as the
server has workers. Then 1, 4, 16 and 64 clients over HTTP on the same machine. A client that is
told `overloaded` waits as long as the server says and asks again. Every answer is compared with the
one that was worked out alone.
"""

from __future__ import annotations

import argparse
import collections
import json
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import requests

from backend.api.analyses import analyse_file
from backend.app import load_analyser
from backend.settings import Settings
from backend.supervisor import model_server
from backend.vision.grad_cam import ExplanationRequest
from benchmarks.places import SAMPLE
from benchmarks.programs import Started, started
from benchmarks.reporting import describe_run
from tests.programs import free_port

CLIENTS: Final = (1, 4, 16, 64)
_OVERLOADED: Final = "overloaded"


@dataclass(slots=True)
class Outcome:
    """What a number of clients met.

    Attributes:
        waits_s: from each accepted request to its answer.
        refused: how often a code was answered.
        wrong: answers that are not those of the engine alone.
        seconds: how long it went on.
        cpu_s: what the servers computed meanwhile, seconds of one core.
    """

    waits_s: list[float] = field(default_factory=list)
    refused: collections.Counter[str] = field(default_factory=collections.Counter)
    wrong: int = 0
    seconds: float = 0.0
    cpu_s: float = 0.0

    @property
    def per_second(self) -> float:
        """Accepted requests per second."""
        return len(self.waits_s) / self.seconds

    @property
    def cpu_s_per_thousand(self) -> float:
        """Seconds of one core for a thousand analyses."""
        return 1000 * self.cpu_s / len(self.waits_s)

    @property
    def slowest_s(self) -> float:
        """The 99th percentile of the waits."""
        ordered = sorted(self.waits_s)
        return ordered[min(len(ordered) - 1, round(0.99 * (len(ordered) - 1)))]

    def note(
        self,
        status: int,
        content: Any,
        waited_s: float,
        expected: dict[str, float],
        tolerance: float,
    ) -> None:
        """Count one answer."""
        if status != requests.codes.ok:
            self.refused[content["code"]] += 1
            return
        self.waits_s.append(waited_s)
        found = _scores(content)
        self.wrong += any(abs(found[name] - expected[name]) > tolerance for name in expected)


@dataclass(frozen=True, slots=True)
class Load:
    """One run.

    Attributes:
        alone: analyses a second in one process without HTTP, in as many threads as it works on.
        one_caller: the same in a single thread.
        places: how many requests the server lets in at once.
        threads: how many of them it works on at once.
        met: by number of clients.
        before_mb: the server's memory when ready.
        after_mb: that after all.
    """

    alone: float
    one_caller: float
    places: int
    threads: int
    met: Mapping[int, Outcome]
    before_mb: float
    after_mb: float

    def table(self) -> str:
        """In Markdown."""
        lines = [
            "Clients on the same machine, each asking again as soon as it is answered. The engine"
            f" alone: {self.alone:.2f} analyses a second in {self.threads} threads, so that the"
            f" last of {self.places} places waits {self.places / self.alone:.1f} s;"
            f" {self.one_caller:.2f} in one thread, with which one client can be compared.\n",
            "| Clients | Analyses a second | Of the engine alone | Median | 99th percentile"
            " | Core seconds a thousand | Refused `overloaded` | Other refusals | Wrong answers |",
            "|---|---|---|---|---|---|---|---|---|",
        ]
        for count, each in self.met.items():
            others = each.refused.total() - each.refused[_OVERLOADED]
            lines.append(
                f"| {count} | {each.per_second:.2f} | {each.per_second / self.alone:.2f} "
                f"| {statistics.median(each.waits_s):.2f} s | {each.slowest_s:.2f} s "
                f"| {each.cpu_s_per_thousand:.0f} "
                f"| {each.refused[_OVERLOADED]} | {others} | {each.wrong} |"
            )
        answered = sum(len(each.waits_s) for each in self.met.values())
        lines.append(
            f"\nThe server's memory: {self.before_mb:.0f} MB when ready, {self.after_mb:.0f} MB"
            f" after {answered} analyses."
        )
        return "\n".join(lines)


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print one Markdown table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--seconds", type=float, default=20.0, help="of each number of clients")
    options = parser.parse_args(arguments)
    print(describe_run(f"python -m benchmarks.load --seconds {options.seconds:g}") + "\n")
    print(measure(options.seconds).table())
    return 0


def measure(seconds: float) -> Load:
    """First the engine alone, then so many seconds for each number of clients."""
    data = SAMPLE.read_bytes()
    with tempfile.TemporaryDirectory() as folder:
        graphs = Path(folder) / "graphs"
        settings = Settings(graphs_dir=graphs)
        one_caller, _ = engine_alone(data, settings, seconds=seconds, threads=1)
        alone, expected = engine_alone(data, settings, seconds=seconds)
        with started(model_server(free_port()), {"SKINXAI_GRAPHS_DIR": str(graphs)}) as server:
            before_mb = server.memory_mb()
            met = {
                count: ask([server], data, expected, clients=count, seconds=seconds)
                for count in CLIENTS
            }
            after_mb = server.memory_mb()
    places = settings.workers + settings.max_waiting
    return Load(alone, one_caller, places, settings.workers, met, before_mb, after_mb)


def engine_alone(
    data: bytes, settings: Settings, *, seconds: float, threads: int | None = None
) -> tuple[float, dict[str, float]]:
    """Analyses per second without HTTP, and the scores of the photo.

    Args:
        data: the photo.
        settings: how it is analysed.
        seconds: how long.
        threads: how many analyse at once; None takes as many as the server has workers.
    """
    threads = threads or settings.workers
    analyser = load_analyser(settings)

    def analyse() -> Any:
        return analyse_file(data, analyser, settings, ExplanationRequest())

    expected = _scores(analyse().model_dump(mode="json"))
    ends = time.monotonic() + seconds

    def work(_number: int) -> int:
        done = 0
        while time.monotonic() < ends:
            analyse()
            done += 1
        return done

    began = time.monotonic()
    with ThreadPoolExecutor(threads) as callers:
        done = sum(callers.map(work, range(threads)))
    return done / (time.monotonic() - began), expected


def ask(
    servers: Sequence[Started],
    data: bytes,
    expected: dict[str, float],
    *,
    clients: int,
    seconds: float,
    tolerance: float = 0.0,
) -> Outcome:
    """Ask by several clients for a while; each waits for its answer before it asks again.

    Args:
        servers: each client asks one of them, evenly shared.
        data: the photo.
        expected: its scores.
        clients: how many ask.
        seconds: how long.
        tolerance: how far a score may be from what was expected, grades.
    """
    outcome, lock = Outcome(), threading.Lock()
    began, before_s = time.monotonic(), sum(server.cpu_s() for server in servers)
    ends = began + seconds

    def one_client(number: int) -> None:
        url = servers[number % len(servers)].url
        with requests.Session() as session:
            session.trust_env = False
            while time.monotonic() < ends:
                asked = time.monotonic()
                answer = session.post(f"{url}/v1/analyses", files={"photo": data}, timeout=300)
                waited_s = time.monotonic() - asked
                content = json.loads(answer.content)
                with lock:
                    outcome.note(answer.status_code, content, waited_s, expected, tolerance)
                if answer.status_code != requests.codes.ok:
                    wished_s = float(answer.headers.get("Retry-After", 1))
                    time.sleep(max(0.0, min(wished_s, ends - time.monotonic())))

    with ThreadPoolExecutor(clients) as threads:
        list(threads.map(one_client, range(clients)))
    outcome.seconds = time.monotonic() - began
    outcome.cpu_s = sum(server.cpu_s() for server in servers) - before_s
    return outcome


def _scores(answer: dict[str, Any]) -> dict[str, float]:
    return {name: found["score"] for name, found in answer["attributes"].items()}


if __name__ == "__main__":
    sys.exit(main())
