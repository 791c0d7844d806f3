"""Every figure of one method, drawn once and kept."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, Final

import numpy as np
from tqdm import tqdm

from backend.vision.grad_cam import Heatmap
from backend.vocabulary import Attribute
from baseline.explanation.checks import Checked, check
from baseline.explanation.drawing import Drawer
from baseline.explanation.figures import Figure, Localised, best_threshold, localised
from baseline.explanation.graders import Graders
from baseline.explanation.methods import Method
from baseline.explanation.subjects import Subject

SEED: Final = 0


@dataclass(frozen=True, slots=True)
class Material:
    """What every method is measured with.

    Attributes:
        graders: whose maps they are.
        untrained: graders of random weights.
        test: the photos that are reported on.
        validation: those of other people, on which thresholds are chosen.
        checks: how many of the first test photos are put to the checks.
        drawn: folder of the maps that took long, so that drawing them can go on later.
    """

    graders: Graders
    untrained: Graders
    test: Sequence[Subject]
    validation: Sequence[Subject]
    checks: int
    drawn: Path

    def only(self, attributes: Collection[Attribute]) -> Material:
        """The same for some attributes alone."""
        graders, untrained = self.graders.only(attributes), self.untrained.only(attributes)
        return replace(self, graders=graders, untrained=untrained)


Measured = tuple[dict[Attribute, Localised], dict[Attribute, Checked]]


def measure(method: Method, material: Material) -> Measured:
    """Every figure of one method, of the attributes that the material grades."""
    rng = np.random.default_rng(SEED)
    drawer = Drawer(method, material.drawn)
    other, _ = maps_of(drawer, material.graders, material.validation, rng)
    own, times = maps_of(drawer, material.graders, material.test, rng)
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
    return located, check(drawer, material.graders, material.untrained, few, rng)


def maps_of(
    drawer: Drawer, graders: Graders, subjects: Sequence[Subject], rng: np.random.Generator
) -> tuple[dict[Attribute, list[Heatmap]], list[float]]:
    """The maps of each photo by attribute, and the milliseconds that one of a photo's took."""
    maps: dict[Attribute, list[Heatmap]] = {one: [] for one in graders.analyser.attributes}
    times = []
    for one in tqdm(subjects, desc=drawer.method.value, unit="photo"):
        drawn, milliseconds = drawer.draw(graders, one.crop, one.layout, rng)
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
