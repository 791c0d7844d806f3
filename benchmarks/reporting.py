"""What every measurement says of itself: the machine, and how far its figures spread."""

from __future__ import annotations

import os
import platform
import statistics
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from importlib.metadata import version
from pathlib import Path

from backend.vision.manifest import read_manifest
from benchmarks.places import MODELS, ROOT


def describe_setup() -> str:
    """Processor, cores, Python and commit."""
    info = Path("/proc/cpuinfo")
    names = info.read_text(encoding="utf-8").splitlines() if info.exists() else []
    model = next((line.split(":")[1] for line in names if line.startswith("model name")), "")
    processor = model.strip() or platform.processor() or platform.machine()
    python = platform.python_version()
    return f"{processor}, {os.cpu_count()} cores, Python {python}, commit {_commit()}"


def describe_run(command: str) -> str:
    """A sentence on where and with what something was measured.

    Args:
        command: what measured it.
    """
    libraries = ", ".join(f"{name} {version(name)}" for name in ("torch", "openvino"))
    return (
        f"Measured on {describe_setup()}, {libraries}, weights"
        f" {read_manifest(MODELS).model_version}, with `{command}`."
    )


def _commit() -> str:
    """The short hash, with a plus when files differ from it."""
    asked = ("git", "describe", "--always", "--dirty=+", "--exclude=*")
    answered = subprocess.run(asked, cwd=ROOT, capture_output=True, text=True, check=False)
    return answered.stdout.strip() or "unknown"


def spread_ms(times_ms: Sequence[float]) -> str:
    """Median and 95th percentile of at least one time.

    >>> spread_ms([3.0, 1.0, 2.0])
    '2.0 ms (3.0)'
    """
    ordered = sorted(times_ms)
    high = ordered[min(len(ordered) - 1, round(0.95 * (len(ordered) - 1)))]
    return f"{statistics.median(ordered):.1f} ms ({high:.1f})"


def alternate(ways: Mapping[str, Callable[[], object]], *, repeats: int) -> dict[str, list[float]]:
    """Do the same in several ways, in turn, so that all meet the same load.

    Args:
        ways: by name; each is done once before it counts.
        repeats: how often each counts.

    Returns:
        Milliseconds of each way, in the order of the turns.
    """
    times_ms: dict[str, list[float]] = {name: [] for name in ways}
    for turn in range(repeats + 1):
        for name, way in ways.items():
            began = time.perf_counter()
            way()
            if turn > 0:
                times_ms[name].append((time.perf_counter() - began) * 1000)
    return times_ms
