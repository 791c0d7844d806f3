"""What every measurement says of itself: the machine, and how far its figures spread."""

from __future__ import annotations

import os
import platform
import statistics
from collections.abc import Sequence
from pathlib import Path


def describe_machine() -> str:
    """Processor, cores, Python."""
    info = Path("/proc/cpuinfo")
    names = info.read_text(encoding="utf-8").splitlines() if info.exists() else []
    model = next((line.split(":")[1] for line in names if line.startswith("model name")), "")
    processor = model.strip() or platform.processor() or platform.machine()
    return f"{processor}, {os.cpu_count()} cores, Python {platform.python_version()}"


def spread_ms(times_ms: Sequence[float]) -> str:
    """Median and 95th percentile of at least one time.

    >>> spread_ms([3.0, 1.0, 2.0])
    '2.0 ms (3.0)'
    """
    ordered = sorted(times_ms)
    high = ordered[min(len(ordered) - 1, round(0.95 * (len(ordered) - 1)))]
    return f"{statistics.median(ordered):.1f} ms ({high:.1f})"
