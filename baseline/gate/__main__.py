"""Measures the photo gate on photos made worse on purpose.

`python -m baseline.gate --faces FOLDER --split validation`, which the limits in
`backend/vision/quality_limits.py` were read off, and `--split test` for the report.
"""

from __future__ import annotations

import argparse
import os
from pathlib import Path

from backend.vision.engines.base import EngineName
from backend.vision.engines.choice import EngineWish
from backend.vision.manifest import read_manifest
from baseline.gate.measuring import Plan, read_or_run
from baseline.gate.report import write_report
from baseline.splits import Split, people


def main() -> None:
    """Read the command line, measure, and write the report."""
    parser = argparse.ArgumentParser(
        prog="python -m baseline.gate",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--models", type=Path, default=Path("models"))
    parser.add_argument("--faces", type=Path, required=True, help="folder of faces with landmarks")
    parser.add_argument("--split", type=Split, choices=list(Split), default=Split.TEST)
    parser.add_argument("--photos", type=int, default=1, help="good photos of each person")
    parser.add_argument("--strengths", type=int, default=4,
                        help="trials of each degradation on each of them")  # fmt: skip
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--runs", type=Path, default=Path("runs/gate"))
    parser.add_argument("--out", type=Path, default=Path("baseline/results/gate.md"))
    given = parser.parse_args()
    version = read_manifest(given.models).model_version
    wish = EngineWish(engine=EngineName.OPENVINO, threads=1, graphs_dir=given.runs / "graphs")
    plan = Plan(given.models, given.faces, wish, given.photos, given.strengths)
    kept = f"{version}_{given.split.value}_{given.photos}x{given.strengths}.jsonl"
    persons = people(given.split)
    trials = read_or_run(given.runs / kept, plan, persons, workers=given.workers)
    how = (
        f"Weights {version}; {given.photos} good simulated photo(s) of each of {len(persons)} "
        f"{given.split.value} people, each made worse in {given.strengths} steps of every kind; "
        f"{len(trials)} photos."
    )
    write_report(given.out, trials, how=how)
    print(f"see {given.out}")


if __name__ == "__main__":
    main()
