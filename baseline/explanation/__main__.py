"""Holds heat maps against the painted truth, method by method.

`python -m baseline.explanation --models models --data runs/data/test
    --validation runs/data/validation --out baseline/results/explanations.md`

Both folders need masks. A method that was measured before on the same photos and weights is read,
not run again; the report is written after each.
"""

from __future__ import annotations

import argparse
import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from tqdm import tqdm

from backend.vision.engines.base import Device
from backend.vision.grad_cam import Heatmap
from backend.vocabulary import Attribute
from baseline.crops import fingerprint
from baseline.dataset import read_folder
from baseline.explanation.checks import Checked, check
from baseline.explanation.figures import Figure, Localised, best_threshold, localised
from baseline.explanation.graders import Graders
from baseline.explanation.methods import Method, draw
from baseline.explanation.report import write_report
from baseline.explanation.subjects import Subject, read_subjects

_SEED: Final = 0


@dataclass(frozen=True, slots=True)
class Material:
    """What every method is measured with.

    Attributes:
        graders: whose maps they are.
        untrained: graders of random weights.
        test: the photos that are reported on.
        validation: those of other people, on which thresholds are chosen.
        checks: how many of the first test photos are put to the checks.
    """

    graders: Graders
    untrained: Graders
    test: Sequence[Subject]
    validation: Sequence[Subject]
    checks: int


def measure(
    method: Method, material: Material
) -> tuple[dict[Attribute, Localised], dict[Attribute, Checked]]:
    """Every figure of one method."""
    rng = np.random.default_rng(_SEED)
    other, _ = _drawn(method, material.graders, material.validation, rng)
    own, times = _drawn(method, material.graders, material.test, rng)
    located = {
        attribute: localised(
            material.test,
            own[attribute],
            attribute,
            threshold=best_threshold(material.validation, other[attribute], attribute),
            milliseconds=times,
        )
        for attribute in Attribute
    }
    few = material.test[: material.checks]
    return located, check(method, material.graders, material.untrained, few, rng)


def _drawn(
    method: Method, graders: Graders, subjects: Sequence[Subject], rng: np.random.Generator
) -> tuple[dict[Attribute, list[Heatmap]], list[float]]:
    maps: dict[Attribute, list[Heatmap]] = {attribute: [] for attribute in Attribute}
    times = []
    for one in tqdm(subjects, desc=method.value, unit="photo"):
        drawn, milliseconds = draw(method, graders.analyser, one.crop, layout=one.layout, rng=rng)
        times.append(milliseconds)
        for attribute, heatmap in drawn.items():
            maps[attribute].append(heatmap)
    return maps, times


def _read(path: Path) -> tuple[dict[Attribute, Localised], dict[Attribute, Checked]]:
    said = json.loads(path.read_text(encoding="utf-8"))
    return (
        {Attribute(name): _localised(its) for name, its in said["localised"].items()},
        {Attribute(name): Checked(**its) for name, its in said["checked"].items()},
    )


def _localised(its: Mapping[str, Any]) -> Localised:
    figures = {name: Figure(**its[name]) for name in ("pointing", "energy", "overlap")}
    return Localised(**{**its, **figures})


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
                        default=[one for one in Method if one is not Method.SCORECAM],
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
    material = Material(graders, graders.untrained(seed=_SEED), test, validation, given.checks)
    files = "".join(one.sha256 for one in graders.analyser.manifest.attributes.values())
    weights = hashlib.sha256(files.encode()).hexdigest()[:16]
    photos = "_".join(fingerprint(ones) for ones in samples)
    kept = given.runs / f"{weights}_{photos}_{given.checks}"
    how = (
        f"Weights {graders.analyser.manifest.model_version}; {len(test)} simulated photos of test "
        f"people, {len(validation)} of validation people for the thresholds, "
        f"{min(given.checks, len(test))} of the test photos for the checks, every nuisance on."
    )
    found = {}
    for method in given.methods:
        path = kept / f"{method.value}.json"
        if not path.exists():
            located, stood = measure(method, material)
            kept.mkdir(parents=True, exist_ok=True)
            said = {
                "localised": {name: asdict(its) for name, its in located.items()},
                "checked": {name: asdict(its) for name, its in stood.items()},
            }
            path.write_text(json.dumps(said), encoding="utf-8")
        found[method] = _read(path)
        write_report(
            given.out,
            {one: its[0] for one, its in found.items()},
            {one: its[1] for one, its in found.items()},
            how=how,
        )
        print(f"{method.value}: see {given.out}", flush=True)


if __name__ == "__main__":
    main()
