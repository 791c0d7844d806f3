"""How the cost of an analysis grows: with the photo, the networks' input, and more servers.

    python -m benchmarks.growth --seconds 20

The photo is the sample face at several sizes; the networks are computed on inputs larger than
those they were taught on, for the cost alone; the servers share one machine, so that more of them
say what is lost by sharing, not what a second machine would bring. At last one server answers
2,000 requests and its memory is looked at.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import requests

from backend.settings import Settings
from backend.supervisor import model_server
from backend.vision.engines import graphs
from backend.vision.engines.library import import_openvino
from backend.vision.manifest import read_manifest
from benchmarks.load import Outcome, ask, engine_alone
from benchmarks.places import MODELS, SAMPLE
from benchmarks.programs import Started, started
from benchmarks.reporting import alternate, describe_run, spread_ms
from benchmarks.request import phone_photo
from tests.programs import free_port

PHOTO_PX: Final = ((480, 640), (1200, 1600), (3000, 4000), (6000, 8000))
INPUT_PX: Final = (128, 256, 384, 512)
REPLICAS: Final = (1, 2, 4)
LONG_RUN: Final = 2000
_CLIENTS: Final = 8


@dataclass(frozen=True, slots=True)
class Growth:
    """One run.

    Attributes:
        photos_ms: of each size of photo, width and height, milliseconds of each request.
        inputs_ms: of each side of the networks' input, milliseconds of five forward passes.
        replicas: what clients met, by number of servers.
        memory_mb: of a server by the number of requests that it had answered.
    """

    photos_ms: Mapping[tuple[int, int], Sequence[float]]
    inputs_ms: Mapping[int, Sequence[float]]
    replicas: Mapping[int, Outcome]
    memory_mb: Mapping[int, float]

    def table(self) -> str:
        """In Markdown."""
        lines = ["| Photo | One analysis over HTTP |", "|---|---|"]
        lines += [
            f"| {width} x {height} px | {spread_ms(times)} |"
            for (width, height), times in self.photos_ms.items()
        ]
        lines += ["", "| Input of the networks | Five forward passes, float32 |", "|---|---|"]
        lines += [
            f"| {side} x {side} px | {spread_ms(times)} |" for side, times in self.inputs_ms.items()
        ]
        lines += [
            "",
            f"| Servers on this machine, {_CLIENTS} clients | Analyses a second"
            " | 99th percentile | Core seconds a thousand | Wrong answers |",
            "|---|---|---|---|---|",
        ]
        lines += [
            f"| {count} | {met.per_second:.2f} | {met.slowest_s:.2f} s"
            f" | {met.cpu_s_per_thousand:.0f} | {met.wrong} |"
            for count, met in self.replicas.items()
        ]
        shown = ", ".join(
            f"{memory:.0f} MB after {count:,}" if count else f"{memory:.0f} MB when ready"
            for count, memory in self.memory_mb.items()
        )
        return "\n".join([*lines, "", f"One server's memory over a long run: {shown} requests."])


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print Markdown tables."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--seconds", type=float, default=20.0, help="of each number of servers")
    parser.add_argument("--repeats", type=int, default=20, help="requests of each size")
    options = parser.parse_args(arguments)
    command = f"python -m benchmarks.growth --seconds {options.seconds:g}"
    print(describe_run(f"{command} --repeats {options.repeats}") + "\n")
    print(measure(seconds=options.seconds, repeats=options.repeats).table())
    return 0


def measure(*, seconds: float, repeats: int) -> Growth:
    """Measure all of it.

    Args:
        seconds: of each number of servers.
        repeats: requests of each size of photo, and passes of each size of input.
    """
    data = SAMPLE.read_bytes()
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(graphs_dir=Path(folder) / "graphs")
        _, expected = engine_alone(data, settings, seconds=1.0)
        environment = {"SKINXAI_GRAPHS_DIR": str(settings.graphs_dir)}
        inputs_ms = _inputs(Path(folder) / "graphs", repeats)
        with started(model_server(free_port()), environment) as server:
            photos_ms = _photos(server, repeats)
        replicas = {
            count: _beside_each_other(count, data, expected, environment, seconds)
            for count in REPLICAS
        }
        with started(model_server(free_port()), environment) as server:
            memory_mb = _long_run(server, data)
    return Growth(photos_ms, inputs_ms, replicas, memory_mb)


def _photos(server: Started, repeats: int) -> dict[tuple[int, int], list[float]]:
    with requests.Session() as session:
        session.trust_env = False

        def asker(data: bytes) -> Any:
            def ask_once() -> None:
                answer = session.post(
                    f"{server.url}/v1/analyses", files={"photo": data}, timeout=120
                )
                answer.raise_for_status()

            return ask_once

        ways = {f"{size}": asker(phone_photo(size)) for size in PHOTO_PX}
        times_ms = alternate(ways, repeats=repeats)
    return {size: times_ms[f"{size}"] for size in PHOTO_PX}


def _inputs(folder: Path, repeats: int) -> dict[int, list[float]]:
    core = import_openvino().Core()
    rng = np.random.default_rng(0)
    hints = {"PERFORMANCE_HINT": "LATENCY", "INFERENCE_PRECISION_HINT": "f32"}
    graph = graphs.graph_path(folder, read_manifest(MODELS), graphs.Part.GRADERS)

    def five(side_px: int) -> Any:
        model = core.read_model(str(graph))
        model.reshape([1, 3, side_px, side_px])
        asked = core.compile_model(model, "CPU", hints).create_infer_request()
        inputs = rng.normal(size=(1, 3, side_px, side_px)).astype(np.float32)
        return lambda: asked.infer([inputs], share_inputs=True)

    times_ms = alternate({f"{side}": five(side) for side in INPUT_PX}, repeats=repeats)
    return {side: times_ms[f"{side}"] for side in INPUT_PX}


def _beside_each_other(
    count: int,
    data: bytes,
    expected: dict[str, float],
    environment: Mapping[str, str],
    seconds: float,
) -> Outcome:
    with ExitStack() as running:
        servers = [
            running.enter_context(started(model_server(free_port()), environment))
            for _ in range(count)
        ]
        return ask(servers, data, expected, clients=_CLIENTS, seconds=seconds)


def _long_run(server: Started, data: bytes) -> dict[int, float]:
    memory_mb = {0: server.memory_mb()}
    with requests.Session() as session:
        session.trust_env = False
        for number in range(1, LONG_RUN + 1):
            answer = session.post(f"{server.url}/v1/analyses", files={"photo": data}, timeout=120)
            answer.raise_for_status()
            if number in (LONG_RUN // 10, LONG_RUN // 2, LONG_RUN):
                memory_mb[number] = server.memory_mb()
    return memory_mb


if __name__ == "__main__":
    sys.exit(main())
