"""The comparison as one picture: a request, load, and growth."""

from __future__ import annotations

import statistics
from pathlib import Path
from typing import Any, Final

from matplotlib.figure import Figure

from benchmarks.growth import Growth
from benchmarks.load import Load
from benchmarks.request import BARE, OURS, Comparison

_OURS, _OTHERS, _LIMIT = "#3b6ea5", "#b9b4ab", "#8a4b3a"
_MEGA: Final = 1e6


def draw(path: Path, comparison: Comparison, load: Load, growth: Growth) -> None:
    """Write a PNG of four plots."""
    figure = Figure(figsize=(11, 8), layout="constrained")
    (request, throughput), (photos, servers) = figure.subplots(2, 2)
    _draw_request(request, comparison)
    _draw_load(throughput, load)
    _draw_photos(photos, growth)
    _draw_servers(servers, growth)
    figure.savefig(path, dpi=110)


def _draw_request(axes: Any, comparison: Comparison) -> None:
    names = list(comparison.times_ms)[::-1]
    medians = [statistics.median(comparison.times_ms[name]) for name in names]
    colours = [_OURS if name.startswith(OURS) else _OTHERS for name in names]
    bars = axes.barh([name.replace(", ", ",\n", 1) for name in names], medians, color=colours)
    axes.bar_label(bars, [f"{comparison.over_bare(name):.2f}" for name in names], padding=3)
    axes.axvline(statistics.median(comparison.times_ms[BARE]), color=_LIMIT, linewidth=1)
    axes.set_title("One phone photo; figures over the bare passes")
    axes.set_xlabel("ms")
    axes.tick_params(axis="y", labelsize=7)
    axes.margins(x=0.12)


def _draw_load(axes: Any, load: Load) -> None:
    clients = [str(count) for count in load.met]
    axes.bar(clients, [each.per_second for each in load.met.values()], color=_OURS)
    axes.axhline(load.alone, color=_LIMIT, linewidth=1, label="the engine alone")
    axes.axhline(load.one_caller, color=_LIMIT, linewidth=1, linestyle=":", label="in one thread")
    axes.set_title("Under load")
    axes.set_xlabel("clients")
    axes.set_ylabel("analyses a second")
    axes.legend(loc="lower right", framealpha=1)


def _draw_photos(axes: Any, growth: Growth) -> None:
    megapixels = [width * height / _MEGA for width, height in growth.photos_ms]
    medians = [statistics.median(times) for times in growth.photos_ms.values()]
    axes.plot(megapixels, medians, marker="o", color=_OURS)
    axes.set_ylim(bottom=0)
    axes.set_title("By the size of the photo")
    axes.set_xlabel("megapixels")
    axes.set_ylabel("ms")


def _draw_servers(axes: Any, growth: Growth) -> None:
    counts = [str(count) for count in growth.replicas]
    axes.bar(counts, [each.per_second for each in growth.replicas.values()], color=_OURS)
    axes.set_title("Several servers on this one machine")
    axes.set_xlabel("servers")
    axes.set_ylabel("analyses a second")
