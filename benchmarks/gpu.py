"""What a GPU makes of the same analyses: networks alone, in one process, and over HTTP.

    python -m benchmarks.gpu --seconds 5 --data runs/data/test --photos 150

The five networks run as the server runs them, as PyTorch does layer by layer, and as
pytorch-grad-cam's documentation shows; then whole analyses by threads of one process and by clients
of a server. With `--data`, decisions in other numbers are compared with those of the CPU.
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from typing import Any, Final

import numpy as np
import torch

from backend.api.analyses import analyse_file
from backend.app import load_analyser
from backend.errors import DeviceMissingError
from backend.settings import Settings
from backend.supervisor import model_server
from backend.vision.engines.base import Device, Precision
from backend.vision.engines.choice import EngineWish
from backend.vision.engines.cuda import CapturedNetwork
from backend.vision.engines.gpu import gpu_count
from backend.vision.engines.reference import TorchGraders, load_graders_graph
from backend.vision.grad_cam import ExplanationRequest
from backend.vision.manifest import Manifest, read_manifest
from backend.vision.network import load_grader
from backend.vision.prediction import Analyser
from backend.vision.preprocess import to_array
from backend.vision.stopwatch import Stage
from benchmarks.engines import Gaps, gaps_of, report_gaps
from benchmarks.load import ask
from benchmarks.peers.usual import UsualWay
from benchmarks.places import MODELS, SAMPLE
from benchmarks.programs import started
from benchmarks.reporting import describe_setup, spread_ms
from tests.programs import free_port

BATCHES: Final = (1, 2, 4, 8, 16, 32, 64)
CLIENTS: Final = (1, 4, 16, 64)
_TENSOR_FLOAT: Final = "TensorFloat-32"
_REPEATS: Final = 30
_START_TIMEOUT_S: Final = 120.0
"""A process that dies before it is ready does not leave the others waiting for ever."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print Markdown tables."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--seconds", type=float, default=5.0, help="of each number of threads")
    parser.add_argument("--data", type=Path, help="folder of labelled photos to compare on")
    parser.add_argument("--photos", type=int, help="only so many of them")
    options = parser.parse_args(arguments)
    if not gpu_count():
        raise DeviceMissingError
    cores = os.cpu_count() or 1
    print(f"Measured on {torch.cuda.get_device_name()}, {describe_setup()}, ", end="")
    print(f"torch {torch.__version__}.\n", flush=True)
    report_networks()
    report_process(cores, seconds=options.seconds)
    report_processes(cores, seconds=options.seconds)
    report_server(cores, seconds=options.seconds)
    if options.data is not None:
        others = {str(one): EngineWish(device=Device.CUDA, precision=one) for one in Precision}
        gaps: Gaps = gaps_of(others, MODELS, options.data, photos=options.photos)
        report_gaps(gaps)
    return 0


def report_networks() -> None:
    """Milliseconds and photos a second of five networks, by batch.

    From normalised arrays to arrays; the two usual ways begin at the crop, as their programs do.
    """
    manifest = read_manifest(MODELS)
    usual = UsualWay(MODELS, device="cuda")
    crop = usual.crop_of(SAMPLE.read_bytes())
    print(
        "| Five networks, crop to grades and evidence | Photos together | Time | Photos a second |"
    )
    print("|---|---|---|---|")
    _row("pytorch-grad-cam as documented", 1, lambda: usual.grade(crop))
    _row("PyTorch layer by layer, bare passes", 1, usual.bare(crop))
    networks = {
        attribute: load_grader(
            MODELS / entry.file, entry.architecture, output_stride=entry.output_stride
        )
        for attribute, entry in manifest.attributes.items()
    }
    layers = TorchGraders(networks, device="cuda")
    inputs = to_array(crop, manifest.input_spec)[None]
    _row("PyTorch layer by layer, with evidence", 1, lambda: layers.run(inputs))
    for name in (*Precision, _TENSOR_FLOAT):
        torch.backends.cudnn.allow_tf32 = name == _TENSOR_FLOAT
        precision = Precision.FLOAT32 if name == _TENSOR_FLOAT else Precision(name)
        _captured_rows(f"CUDA graphs, {name}", manifest, precision, inputs)
    print(flush=True)


def _captured_rows(name: str, manifest: Manifest, precision: Precision, inputs: np.ndarray) -> None:
    networks = [
        CapturedNetwork(
            load_graders_graph(MODELS, [entry]),
            input_px=entry.input_px,
            precision=precision,
            sizes=BATCHES,
        )
        for entry in manifest.attributes.values()
    ]
    for size in BATCHES:
        batch = np.repeat(inputs, size, axis=0)
        _row(name, size, partial(_through, networks, batch))


def _through(networks: Sequence[CapturedNetwork], batch: np.ndarray) -> None:
    for finish in [network.launch(batch) for network in networks]:
        finish()


def _row(name: str, size: int, work: Callable[[], object]) -> None:
    times_ms = []
    for turn in range(_REPEATS + 3):
        began = time.perf_counter()
        work()
        if turn >= 3:
            times_ms.append((time.perf_counter() - began) * 1000)
    per_second = 1000 * size / statistics.median(times_ms)
    print(f"| {name} | {size} | {spread_ms(times_ms)} | {per_second:.0f} |", flush=True)


def report_process(cores: int, *, seconds: float) -> None:
    """Whole analyses by threads of one process, from the file's bytes to the answer."""
    data = SAMPLE.read_bytes()
    settings = Settings(device="cuda")
    analyser = load_analyser(settings)
    parts = " | ".join(stage.value for stage in Stage)
    print(f"| Threads of one process | Photos a second | Median | {parts} |")
    print("|---|---|---|" + "---|" * len(Stage))
    for threads in (1, cores // 2, cores, 2 * cores, 4 * cores):
        rate, waits, stages = _in_process(analyser, settings, data, threads, seconds)
        means = " | ".join(f"{stages[stage.value]:.1f} ms" for stage in Stage)
        print(f"| {threads} | {rate:.0f} | {spread_ms(waits)} | {means} |", flush=True)
    sizes = ", ".join(f"{size}: {count}" for size, count in sorted(analyser.batches.items()))
    print(f"\nBatches by their size: {sizes}.\n", flush=True)


def _in_process(
    analyser: Analyser, settings: Settings, data: bytes, threads: int, seconds: float
) -> tuple[float, list[float], Mapping[str, float]]:
    ready = threading.Barrier(threads)

    def work(_number: int) -> tuple[float, list[tuple[float, dict[str, float]]]]:
        # Each thread's first analysis fills caches and makes a detector.
        analyse_file(data, analyser, settings, ExplanationRequest())
        ready.wait()
        began = time.monotonic()
        ends = began + seconds
        done = []
        while (asked := time.monotonic()) < ends:
            answer = analyse_file(data, analyser, settings, ExplanationRequest())
            done.append(((time.monotonic() - asked) * 1000, answer.timings_ms.model_dump()))
        return time.monotonic() - began, done

    with ThreadPoolExecutor(threads) as pool:
        by_thread = list(pool.map(work, range(threads)))
    # Each thread's last analysis ends after the time is up.
    rate = sum(len(done) / took_s for took_s, done in by_thread)
    done = [one for _, each in by_thread for one in each]
    stages = {stage.value: statistics.mean(its[stage.value] for _, its in done) for stage in Stage}
    return rate, [wait for wait, _ in done], stages


def report_processes(cores: int, *, seconds: float) -> None:
    """The same by several processes that share the GPU, with two threads for each core in all."""
    print("| Processes on one GPU | Threads of each | Photos a second |\n|---|---|---|")
    context = get_context("spawn")
    for count in (cores // 4, cores // 2):
        threads = 2 * cores // count
        ready, rates = context.Barrier(count), context.SimpleQueue()
        processes = [
            context.Process(target=_one_process, args=(ready, rates, threads, seconds))
            for _ in range(count)
        ]
        for process in processes:
            process.start()
        for process in processes:
            process.join()
        if any(process.exitcode for process in processes):
            raise RuntimeError(f"one of {count} processes ended before it had measured; see above")
        total = sum(rates.get() for _ in processes)
        print(f"| {count} | {threads} | {total:.0f} |", flush=True)
    print(flush=True)


def _one_process(ready: Any, rates: Any, threads: int, seconds: float) -> None:
    data, settings = SAMPLE.read_bytes(), Settings(device="cuda")
    analyser = load_analyser(settings)
    analyse_file(data, analyser, settings, ExplanationRequest())
    ready.wait(_START_TIMEOUT_S)
    rates.put(_in_process(analyser, settings, data, threads, seconds)[0])


def report_server(cores: int, *, seconds: float) -> None:
    """The same over HTTP, by clients on the same machine."""
    data = SAMPLE.read_bytes()
    environment = {"SKINXAI_DEVICE": "cuda", "SKINXAI_WORKERS": str(2 * cores)}
    print("| Clients over HTTP | Photos a second | Median | 99th percentile | Wrong |")
    print("|---|---|---|---|---|")
    expected = _scores_alone(data)
    with started(model_server(free_port()), environment) as server:
        for count in CLIENTS:
            met = ask([server], data, expected, clients=count, seconds=seconds, tolerance=0.01)
            middle = statistics.median(met.waits_s)
            print(
                f"| {count} | {met.per_second:.0f} | {middle * 1000:.0f} ms "
                f"| {met.slowest_s * 1000:.0f} ms | {met.wrong} |",
                flush=True,
            )
        print(f"\nThe server was ready after {server.start_s:.1f} s, ", end="")
        print(f"with {server.memory_mb():.0f} MB after it.\n", flush=True)


def _scores_alone(data: bytes) -> dict[str, float]:
    settings = Settings(device="cuda")
    answer = analyse_file(data, load_analyser(settings), settings, ExplanationRequest())
    return {name.value: found.score for name, found in answer.attributes.items()}


if __name__ == "__main__":
    sys.exit(main())
