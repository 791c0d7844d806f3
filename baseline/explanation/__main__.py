"""Holds heat maps against the painted truth, method by method.

`python -m baseline.explanation --models models --data runs/data/test
    --validation runs/data/validation --out baseline/results/explanations.md`

Both folders need masks. What was measured before of a method, on the same photos and weights of an
attribute, is read, not run again; the report is written after each.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
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

    def only(self, attributes: Collection[Attribute]) -> Material:
        """The same for some attributes alone."""
        graders, untrained = self.graders.only(attributes), self.untrained.only(attributes)
        return replace(self, graders=graders, untrained=untrained)


Measured = tuple[dict[Attribute, Localised], dict[Attribute, Checked]]


def measure(method: Method, material: Material) -> Measured:
    """Every figure of one method, of the attributes that the material grades."""
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
        for attribute in own
    }
    few = material.test[: material.checks]
    return located, check(method, material.graders, material.untrained, few, rng)


def _drawn(
    method: Method, graders: Graders, subjects: Sequence[Subject], rng: np.random.Generator
) -> tuple[dict[Attribute, list[Heatmap]], list[float]]:
    maps: dict[Attribute, list[Heatmap]] = {one: [] for one in graders.analyser.attributes}
    times = []
    for one in tqdm(subjects, desc=method.value, unit="photo"):
        drawn, milliseconds = draw(method, graders.analyser, one.crop, layout=one.layout, rng=rng)
        times.append(milliseconds)
        for attribute, heatmap in drawn.items():
            maps[attribute].append(heatmap)
    return maps, times


def read_or_measure(
    method: Method, material: Material, *, kept: Mapping[Attribute, Path]
) -> Measured:
    """Every figure of one method; what was measured before is read.

    Args:
        method: how the maps are drawn.
        material: what it is measured with.
        kept: the folder of each attribute's figures.
    """
    file = f"{method.value}.json"
    missing = [attribute for attribute, folder in kept.items() if not (folder / file).exists()]
    if missing:
        located, stood = measure(method, material.only(missing))
        for attribute in missing:
            checked = asdict(stood[attribute]) if attribute in stood else None
            said = {"localised": asdict(located[attribute]), "checked": checked}
            kept[attribute].mkdir(parents=True, exist_ok=True)
            (kept[attribute] / file).write_text(json.dumps(said), encoding="utf-8")
    said_of = {
        attribute: json.loads((folder / file).read_text(encoding="utf-8"))
        for attribute, folder in kept.items()
    }
    return (
        {one: _localised(said["localised"]) for one, said in said_of.items()},
        {one: Checked(**said["checked"]) for one, said in said_of.items() if said["checked"]},
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
    photos = "_".join(fingerprint(ones) for ones in samples)
    kept = {
        attribute: given.runs / f"{attribute}_{entry.sha256[:16]}_{photos}_{given.checks}"
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
