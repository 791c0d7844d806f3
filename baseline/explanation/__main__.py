"""Holds heat maps against the painted truth, method by method.

`python -m baseline.explanation --models models --data runs/data/test
    --validation runs/data/validation --out baseline/results/explanations.md`

Both folders need masks. What was measured before of a method, on the same photos, version and
weights of an attribute, is read, not run again; the report is written after each.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from backend.vision.engines.base import Device
from baseline.crops import fingerprint
from baseline.dataset import read_folder
from baseline.explanation.drawing import SLOW
from baseline.explanation.graders import Graders
from baseline.explanation.measuring import SEED, Material, read_or_measure
from baseline.explanation.methods import Method
from baseline.explanation.report import write_report
from baseline.explanation.subjects import read_subjects


def main() -> None:
    """Read the command line, measure, and write the report."""
    parser = argparse.ArgumentParser(
        prog="python -m baseline.explanation",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--models", type=Path, default=Path("models"))
    parser.add_argument("--data", type=Path, default=Path("runs/data/test"))
    parser.add_argument("--validation", type=Path, default=Path("runs/data/validation"))
    parser.add_argument("--photos", type=int, default=150, help="of each folder, the first ones")
    parser.add_argument("--checks", type=int, default=20,
                        help="how many of the test photos are put to the checks")  # fmt: skip
    parser.add_argument("--methods", type=Method, choices=list(Method), nargs="+",
                        default=[one for one in Method if one not in SLOW],
                        help="all but scorecam, which takes minutes per photo")  # fmt: skip
    parser.add_argument("--runs", type=Path, default=Path("runs/explanations"))
    parser.add_argument("--out", type=Path, default=Path("baseline/results/explanations.md"))
    parser.add_argument("--device", type=Device, choices=list(Device),
                        help="by default a GPU when there is one")  # fmt: skip
    given = parser.parse_args()
    graders = Graders.load(given.models, device=given.device)
    folders = (given.data, given.validation)
    samples = [read_folder(folder)[: given.photos] for folder in folders]
    test, validation = (read_subjects(graders.analyser, ones) for ones in samples)
    crops = [one.crop for one in test[: given.checks]]
    untrained = graders.untrained(crops, seed=SEED)
    drawn = given.runs / "maps"
    material = Material(graders, untrained, test, validation, given.checks, drawn)
    version = graders.analyser.manifest.model_version
    photos = "_".join(fingerprint(ones) for ones in samples)
    kept = {
        attribute: given.runs / f"{attribute}_{version}_{entry.sha256[:16]}_{photos}_{given.checks}"
        for attribute, entry in graders.analyser.manifest.attributes.items()
    }
    how = (
        f"Weights {graders.analyser.manifest.model_version}; {len(test)} simulated photos of test "
        f"people, {len(validation)} of validation people for the thresholds, "
        f"{min(given.checks, len(test))} of the test photos for the checks, every nuisance on."
    )
    found = {}
    for method in given.methods:
        found[method] = read_or_measure(method, material, kept=kept)
        write_report(
            given.out,
            {one: its[0] for one, its in found.items()},
            {one: its[1] for one, its in found.items()},
            how=how,
        )
        print(f"{method.value}: see {given.out}", flush=True)


if __name__ == "__main__":
    main()
