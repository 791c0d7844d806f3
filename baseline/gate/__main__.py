"""Measures the photo gate on photos made worse on purpose.

`python -m baseline.gate --faces FOLDER --split validation`, which the limits in
`backend/vision/quality_limits.py` were read off, and `--split test` for the report. With `--pairs`
the pairs of photos of one skin are looked at instead, and photos of it taken again: the limits in
`baseline/gate/pairs.py` were read off the validation people.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
from dataclasses import replace
from pathlib import Path
from typing import Final

from backend.vision.engines.base import EngineName
from backend.vision.engines.choice import EngineWish
from backend.vision.manifest import Manifest, read_manifest
from backend.vision.prediction import Analyser
from baseline.gate.as_taken import captures_as_taken
from baseline.gate.measuring import Plan, read_or_run
from baseline.gate.pair_report import chance_of, write_pair_report
from baseline.gate.report import write_report
from baseline.gate.trials import VISITS, Trial
from baseline.splits import Split, people

RESULTS: Final = Path("baseline/results")


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
    parser.add_argument("--pairs", action="store_true", help="which two photos can be compared")
    parser.add_argument("--retakes", type=int, default=4,
                        help="photos of each skin taken again, with --pairs")  # fmt: skip
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--runs", type=Path, default=Path("runs/gate"))
    parser.add_argument("--out", type=Path, help="the report; else below baseline/results")
    given = parser.parse_args()
    manifest = read_manifest(given.models)
    wish = EngineWish(engine=EngineName.OPENVINO, threads=1, graphs_dir=given.runs / "graphs")
    plan = Plan(given.models, given.faces, wish, given.photos, given.strengths)
    weights = f"{manifest.model_version}_{_digest(manifest, given.faces)}"
    kept = f"{weights}_{given.split.value}_{given.photos}x"
    persons = people(given.split)

    def made(plan: Plan, name: str) -> list[Trial]:
        path = given.runs / f"{kept}{name}.jsonl"
        return read_or_run(path, plan, persons, workers=given.workers)

    trials = made(plan, f"{given.strengths}_scores")
    how = (
        f"Weights {manifest.model_version}; {given.photos} good simulated photo(s) of each of "
        f"{len(persons)} {given.split.value} people, each made worse in {given.strengths} steps of "
        f"every kind; {len(trials)} photos."
    )
    if given.pairs:
        out = given.out or RESULTS / "comparable.md"
        again = replace(plan, strengths=0, retakes=given.retakes)
        visits = {
            name: made(replace(again, allowed=allowed), f"{given.retakes}_{name}")
            for name, allowed in VISITS.items()
        }
        how += f" The same skins photographed {given.retakes} times more, with care and without."
        write_pair_report(out, trials, visits, chance_of(manifest), how=how)
    else:
        out = given.out or RESULTS / "gate.md"
        own = captures_as_taken(Analyser.load(given.models, wish), given.faces, persons)
        write_report(out, trials, own, how=how)
    print(f"see {out}")


def _digest(manifest: Manifest, faces: Path) -> str:
    """Of all beside the code that decides scores: weights, calibration and faces."""
    graders = {
        name.value: (entry.sha256, entry.temperature, tuple(entry.bias))
        for name, entry in manifest.attributes.items()
    }
    told = json.dumps([graders, manifest.landmarks.sha256, str(faces.resolve())])
    return hashlib.sha256(told.encode()).hexdigest()[:12]


if __name__ == "__main__":
    main()
