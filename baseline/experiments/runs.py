"""Trains the rows of a table, each resumable, and keeps what each said of every test photo."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

import numpy as np
import torch
from torch.utils.data import DataLoader

from backend.vocabulary import Attribute
from baseline.augmentation import Augmenter, kept_in_validation
from baseline.crops import CropCache, CropDataset, fingerprint
from baseline.dataset import Labelled, read_folder
from baseline.evaluation.answers import people_of
from baseline.experiments.tables import Row
from baseline.losses.base import grades_of
from baseline.losses.registry import build_loss
from baseline.metrics.bootstrap import Shown
from baseline.training.loop import train
from baseline.training.network import build_network
from baseline.training.plan import ATTRIBUTES, Plan
from baseline.training.run_folder import RunFolder

SAID_NAME: Final = "said.json"


@dataclass(frozen=True, slots=True)
class Said:
    """What one trained network said of the test photos.

    Attributes:
        test: fingerprint of the test photos.
        seed: of its training.
        parameters: numbers that it learned.
        seconds: its epochs took, on this machine.
        truth: per attribute the true grades, -1 where nobody rated.
        predicted: per attribute the most probable grades.
        people: who is on each photo.
    """

    test: str
    seed: int
    parameters: int
    seconds: float
    truth: dict[Attribute, list[int]]
    predicted: dict[Attribute, list[int]]
    people: list[Shown]


def run_row(
    row: Row,
    folder: Path,
    *,
    test: Path,
    seeds: Sequence[int],
    rates: Sequence[float],
    workers: int = 1,
) -> list[Said]:
    """Train and test every plan of a row with every seed; what is done already is read.

    Args:
        row: what to train.
        folder: for the row's run folders.
        test: folder of labelled photos.
        seeds: one training each.
        rates: learning rates; of several the one is taken whose last validation P-Recall, with
            the first seed, is highest.
        workers: processes that prepare crops.
    """

    def run(plan: Plan, own: Path, rate: float, seed: int) -> Said:
        changed = replace(plan, learning_rate=rate, seed=seed)
        return _run(changed, _folder(own, rate, seed), test, workers=workers)

    found = []
    for plan in row.plans:
        own = folder / ("joint" if plan.attribute is None else plan.attribute.value)
        tried = {rate: run(plan, own, rate, seeds[0]) for rate in rates}
        best = max(rates, key=lambda rate: _validated(_folder(own, rate, seeds[0])))
        found += [tried[best], *(run(plan, own, best, seed) for seed in seeds[1:])]
    return found


def _folder(row: Path, rate: float, seed: int) -> Path:
    return row / f"lr{rate:g}" / f"seed{seed}"


def _run(plan: Plan, run: Path, test: Path, *, workers: int) -> Said:
    path, folder = run / SAID_NAME, RunFolder(run)
    folder.expect(plan)
    samples = read_folder(test)
    photos = fingerprint(samples)
    if path.exists():
        said = json.loads(path.read_text(encoding="utf-8"))
        if said.get("test") == photos:
            return Said(**_parsed(said))
    train(plan, run, cpu=not torch.cuda.is_available(), workers=workers, trackers=())
    said = {"test": photos, **_tested(plan, folder, samples, test / "cache")}
    text = json.dumps(said)
    path.write_text(text, encoding="utf-8")
    return Said(**_parsed(json.loads(text)))


def _validated(run: Path) -> float:
    last = RunFolder(run).summary()[-1]
    return float(np.mean([value for name, value in last.items() if name.startswith("p_recall")]))


@torch.inference_mode()
def _tested(plan: Plan, run: RunFolder, samples: Sequence[Labelled], cache: Path) -> dict[str, Any]:
    middle = Augmenter(kept_in_validation(plan.augmentations), side_px=512)
    dataset = CropDataset(samples, CropCache(samples, cache), plan.input_spec, augmenter=middle)
    network = build_network(plan)
    network.load_state_dict(run.weights())
    network.eval()
    teacher = build_loss(plan.loss, [1] * 5)
    grades = [
        teacher.probabilities(network(images)).argmax(dim=-1)
        for images, _ in DataLoader(dataset, batch_size=plan.batch)
    ]
    predicted = torch.cat(grades)
    names = [ATTRIBUTES[column] for column in plan.columns]
    truth = grades_of(dataset.targets[:, plan.columns])
    return {
        "seed": plan.seed,
        "parameters": sum(weight.numel() for weight in network.parameters()),
        "seconds": round(sum(row["seconds"] for row in run.summary()), 1),
        "truth": {name: truth[:, index].tolist() for index, name in enumerate(names)},
        "predicted": {name: predicted[:, index].tolist() for index, name in enumerate(names)},
        "people": [people_of(sample) for sample in samples],
    }


def _parsed(said: dict[str, Any]) -> dict[str, Any]:
    named = {
        key: {Attribute(name): values for name, values in said[key].items()}
        for key in ("truth", "predicted")
    }
    return {**said, **named, "people": [tuple(shown) for shown in said["people"]]}
