"""What the speed's measurements say of themselves; the measuring itself is no test."""

from __future__ import annotations

import collections
from pathlib import Path

from PIL import Image

from backend.vision.manifest import read_manifest, verify_files
from benchmarks.growth import Growth
from benchmarks.load import Load, Outcome
from benchmarks.pages import Drawn
from benchmarks.plots import draw
from benchmarks.request import BARE, Comparison, models_at

COMPARISON = Comparison(
    photo_mb=1.7,
    times_ms={BARE: [90.0, 100.0, 110.0], "The model server, float32": [120.0, 130.0, 125.0]},
    sizes_kb={"The model server, float32": 74.0},
    input_px=256,
)
MET = Outcome(
    waits_s=[0.1] * 99 + [2.0],
    refused=collections.Counter({"overloaded": 3, "internal": 1}),
    seconds=10.0,
    cpu_s=20.0,
)
LOAD = Load(
    alone=12.5, one_caller=10.0, places=18, threads=2, met={4: MET}, before_mb=1, after_mb=2
)
GROWTH = Growth(
    photos_ms={(1000, 2000): [5.0]},
    inputs_ms={256: [70.0]},
    replicas={1: MET},
    memory_mb={0: 460.0, 2000: 490.0},
)


def test_every_way_is_held_against_the_bare_passes() -> None:
    assert COMPARISON.over_bare("The model server, float32") == 1.25
    row = "| **The model server, float32** | 125.0 ms (130.0) | 1.25 | 74 kB |"
    assert COMPARISON.table().splitlines()[-1] == row
    assert "input is 256 px wide" in COMPARISON.table()


def test_the_same_networks_are_measured_on_a_larger_input(tmp_path: Path) -> None:
    models = models_at(512, tmp_path / "larger")
    manifest = read_manifest(models)
    verify_files(manifest, models)
    assert manifest.input_spec.input_px == 512


def test_a_row_of_pages_tells_their_pace_the_waits_and_what_they_cost() -> None:
    drawn = Drawn(waits_s=[0.1] * 99 + [2.0], seconds=10.0, cpu_s=5.0)
    row = "| as it is | in one tab | 4 | 10.0 | 0.10 s | 0.10 s | 50 ms |"
    assert drawn.row("as it is", "in one tab", 4) == row


def test_load_tells_what_was_refused_and_what_it_cost() -> None:
    (row,) = (line for line in LOAD.table().splitlines() if line.startswith("| 4 "))
    assert row == "| 4 | 10.00 | 0.80 | 0.10 s | 0.10 s | 200 | 3 | 1 | 0 |"
    assert "the last of 18 places waits 1.4 s" in LOAD.table()


def test_growth_tells_memory_by_requests() -> None:
    assert "460 MB when ready, 490 MB after 2,000 requests." in GROWTH.table()


def test_the_plots_are_drawn(tmp_path: Path) -> None:
    draw(tmp_path / "speed.png", COMPARISON, LOAD, GROWTH)
    with Image.open(tmp_path / "speed.png") as drawn:
        assert drawn.size == (1210, 880)
