"""Grades labelled photos as the server does and says how right the grades are.

`python -m baseline.evaluation --models models --data runs/data/test`

Each photo goes the whole way: decoded from its file's bytes, face found, landmarks, aligned crop,
grader. The figures are written into the manifest and into the model card.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import torch
from scipy.stats import spearmanr
from tqdm import tqdm

from backend.errors import FaceError
from backend.vision.photo import decode_photo
from backend.vision.prediction import Analyser
from backend.vocabulary import GRADES, Attribute
from baseline.dataset import Labelled, read_folder
from baseline.metric import penalty_recall
from baseline.model_card import load_manifest, save_manifest

RESAMPLES: Final = 1000
BOOTSTRAP_SEED: Final = 0
Grades = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Graded:
    """Photos that were graded, with the truth beside.

    Attributes:
        samples: the photos in which the one face was found.
        predicted: predicted grades per attribute, int64 (N,).
        scores: expected grades per attribute, float64 (N,).
        lost: how many photos had no usable face.
    """

    samples: Sequence[Labelled]
    predicted: Mapping[Attribute, Grades]
    scores: Mapping[Attribute, npt.NDArray[np.float64]]
    lost: int


def grade_all(analyser: Analyser, samples: Sequence[Labelled]) -> Graded:
    """Grade every photo from its bytes; photos without a usable face are counted as lost."""
    kept: list[Labelled] = []
    grades: dict[Attribute, list[int]] = {attribute: [] for attribute in Attribute}
    scores: dict[Attribute, list[float]] = {attribute: [] for attribute in Attribute}
    for sample in tqdm(samples, desc="grading", unit="photo"):
        photo = decode_photo(sample.path.read_bytes())
        try:
            analysis = analyser.analyse(photo)
        except FaceError:
            continue
        kept.append(sample)
        for attribute, result in analysis.attributes.items():
            grades[attribute].append(result.grade)
            scores[attribute].append(result.score)
    return Graded(
        samples=kept,
        predicted={attribute: np.array(values) for attribute, values in grades.items()},
        scores={attribute: np.array(values) for attribute, values in scores.items()},
        lost=len(samples) - len(kept),
    )


def figures(graded: Graded, attribute: Attribute) -> dict[str, Any]:
    """How right one attribute's grades are.

    Returns:
        p_recall with a 95 % interval from resampling people, p_recall_by_grade, exact, within_one;
        of the score against the severity, or the grade where the label has none:
        mean_absolute_error, spearman and slope; and photos, the number rated.
    """
    rated = [i for i, sample in enumerate(graded.samples) if attribute in sample.grades]
    truth = np.array([graded.samples[i].grades[attribute] for i in rated])
    predicted, scores = graded.predicted[attribute][rated], graded.scores[attribute][rated]
    amounts = np.array([_amount(graded.samples[i], attribute) for i in rated])
    off = np.abs(truth - predicted)
    recall = penalty_recall(truth, predicted)
    groups = ["+".join(graded.samples[i].parents) for i in rated]
    return {
        "p_recall": round(recall.value, 4),
        "p_recall_95": [round(v, 4) for v in interval(truth, predicted, groups)],
        "p_recall_by_grade": {str(g): round(v, 4) for g, v in recall.by_grade.items()},
        "exact": round(float((off == 0).mean()), 4),
        "within_one": round(float((off <= 1).mean()), 4),
        "mean_absolute_error": round(float(np.abs(amounts - scores).mean()), 4),
        "spearman": round(float(spearmanr(amounts, scores).statistic), 4),
        "slope": round(float(np.polyfit(amounts, scores, 1)[0]), 4),
        "photos": len(rated),
    }


def _amount(sample: Labelled, attribute: Attribute) -> float:
    return sample.severities.get(attribute, float(sample.grades[attribute]))


def interval(truth: Grades, predicted: Grades, groups: Sequence[str]) -> tuple[float, float]:
    """95 % interval of P-Recall by the bootstrap over people, not photos.

    Photos of one face err alike; drawing whole faces keeps the interval honest.

    Args:
        truth: true grades (N,).
        predicted: predicted grades (N,).
        groups: whose face each photo shows, N names.
    """
    names = sorted(set(groups))
    members = {name: np.flatnonzero(np.asarray(groups) == name) for name in names}
    rng = np.random.default_rng(BOOTSTRAP_SEED)
    values = []
    for _ in range(RESAMPLES):
        drawn = rng.choice(len(names), size=len(names))
        rows = np.concatenate([members[names[index]] for index in drawn])
        values.append(penalty_recall(truth[rows], predicted[rows]).value)
    low, high = np.quantile(values, [0.025, 0.975])
    return float(low), float(high)


def confusion(graded: Graded, attribute: Attribute) -> list[list[int]]:
    """Counts of true grade (row) against predicted grade (column), 5 x 5."""
    table = np.zeros((len(GRADES), len(GRADES)), int)
    for sample, predicted in zip(graded.samples, graded.predicted[attribute], strict=True):
        if attribute in sample.grades:
            table[sample.grades[attribute], predicted] += 1
    return [[int(count) for count in row] for row in table]


def evaluate(models: Path, data: Path, *, device: torch.device) -> dict[str, Any]:
    """Grade a folder of labelled photos and write the figures beside the weights.

    Returns:
        What was written: the figures of each attribute, the data card, the photos lost.
    """
    graded = grade_all(Analyser.load(models, device=device), read_folder(data))
    manifest = load_manifest(models)
    for attribute in Attribute:
        manifest["attributes"][attribute.value]["metrics"] = {
            **figures(graded, attribute),
            "confusion": confusion(graded, attribute),
        }
    manifest["evaluated_on"] = {
        **json.loads((data / "data_card.json").read_text(encoding="utf-8")),
        "photos_lost": graded.lost,
    }
    save_manifest(models, manifest)
    return dict(manifest)


def main() -> None:
    """Read the command line, evaluate, print the P-Recalls."""
    parser = argparse.ArgumentParser(prog="python -m baseline.evaluation", description=__doc__)
    parser.add_argument("--models", type=Path, default=Path("models"))
    parser.add_argument("--data", type=Path, default=Path("runs/data/test"))
    parser.add_argument("--device", default="cuda" if torch.cuda.is_available() else "cpu")
    given = parser.parse_args()
    manifest = evaluate(given.models, given.data, device=torch.device(given.device))
    for attribute in Attribute:
        metrics = manifest["attributes"][attribute.value]["metrics"]
        print(attribute.value, metrics["p_recall"], metrics["p_recall_95"])


if __name__ == "__main__":
    main()
