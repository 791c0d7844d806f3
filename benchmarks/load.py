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
from collections.abc import Sequence
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
from benchmarks.programs import started
from benchmarks.reporting import describe_machine
from benchmarks.request import SAMPLE
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
    """

    waits_s: list[float] = field(default_factory=list)
    refused: collections.Counter[str] = field(default_factory=collections.Counter)
    wrong: int = 0
    seconds: float = 0.0

    @property
    def per_second(self) -> float:
        """Accepted requests per second."""
        return len(self.waits_s) / self.seconds

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


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print one Markdown table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--seconds", type=float, default=20.0, help="of each number of clients")
    options = parser.parse_args(arguments)
    data = SAMPLE.read_bytes()
    with tempfile.TemporaryDirectory() as folder:
        graphs = Path(folder) / "graphs"
        settings = Settings(graphs_dir=graphs)
        alone, expected = engine_alone(data, settings, seconds=options.seconds)
        with started(model_server(free_port()), {"SKINXAI_GRAPHS_DIR": str(graphs)}) as server:
            before_mb = server.memory_mb()
            met = {
                count: ask(server.url, data, expected, clients=count, seconds=options.seconds)
                for count in CLIENTS
            }
            after_mb = server.memory_mb()
    _report(alone, met, settings, options.seconds)
    answered = sum(len(each.waits_s) for each in met.values())
    print(f"\nThe server's memory: {before_mb:.0f} MB when ready, {after_mb:.0f} MB after ", end="")
    print(f"{answered} analyses.")
    return 0


def engine_alone(
    data: bytes, settings: Settings, *, seconds: float
) -> tuple[float, dict[str, float]]:
    """Analyses per second without HTTP, and the scores of the photo."""
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
    with ThreadPoolExecutor(settings.workers) as threads:
        done = sum(threads.map(work, range(settings.workers)))
    return done / (time.monotonic() - began), expected


def ask(
    url: str,
    data: bytes,
    expected: dict[str, float],
    *,
    clients: int,
    seconds: float,
    tolerance: float = 0.0,
) -> Outcome:
    """Ask by several clients for a while; each waits for its answer before it asks again.

    Args:
        url: of the server.
        data: the photo.
        expected: its scores.
        clients: how many ask.
        seconds: how long.
        tolerance: how far a score may be from what was expected, grades.
    """
    outcome, lock = Outcome(), threading.Lock()
    began = time.monotonic()

    def one_client(_number: int) -> None:
        with requests.Session() as session:
            session.trust_env = False
            while time.monotonic() < began + seconds:
                asked = time.monotonic()
                answer = session.post(f"{url}/v1/analyses", files={"photo": data}, timeout=300)
                waited_s = time.monotonic() - asked
                content = json.loads(answer.content)
                with lock:
                    outcome.note(answer.status_code, content, waited_s, expected, tolerance)
                if answer.status_code != requests.codes.ok:
                    time.sleep(float(answer.headers.get("Retry-After", 1)))

    with ThreadPoolExecutor(clients) as threads:
        list(threads.map(one_client, range(clients)))
    outcome.seconds = time.monotonic() - began
    return outcome


def _scores(answer: dict[str, Any]) -> dict[str, float]:
    return {name: found["score"] for name, found in answer["attributes"].items()}


def _report(alone: float, met: dict[int, Outcome], settings: Settings, seconds: float) -> None:
    places = settings.workers + settings.max_waiting
    print(
        f"Measured on {describe_machine()}, with `python -m benchmarks.load --seconds {seconds:g}`,"
        f" clients on the same machine. The engine alone: {alone:.2f} analyses a second in"
        f" {settings.workers} threads; so the last of {places} places waits {places / alone:.1f} s."
    )
    print(
        "\n| Clients | Analyses a second | Of the engine alone | Median | 99th percentile"
        " | Refused `overloaded` | Other refusals | Wrong answers |"
    )
    print("|---|---|---|---|---|---|---|---|")
    for count, each in met.items():
        others = each.refused.total() - each.refused[_OVERLOADED]
        print(
            f"| {count} | {each.per_second:.2f} | {each.per_second / alone:.2f} "
            f"| {statistics.median(each.waits_s):.2f} s | {each.slowest_s:.2f} s "
            f"| {each.refused[_OVERLOADED]} | {others} | {each.wrong} |"
        )


if __name__ == "__main__":
    sys.exit(main())
