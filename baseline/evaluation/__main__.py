"""Grades labelled photos as the server does and says how right the grades are.

`python -m baseline.evaluation --models models --data runs/data/test --report runs/report`

Each photo goes the whole way: decoded from its file's bytes, face found, landmarks, aligned crop,
grader. The figures are written into the manifest and into the model card; with `--report`, tables,
plots and slices go into a folder of their own.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from backend.vision.engines.base import Device
from backend.vision.engines.choice import EngineWish
from backend.vision.prediction import Analyser
from backend.vocabulary import Attribute
from baseline.data_card import evidence_of, read_data_card
from baseline.dataset import LabelInvalidError, Labelled, read_folder
from baseline.evaluation.answers import Answers, grade_all
from baseline.evaluation.report import write_report
from baseline.evaluation.slices import SKIN_LIGHTNESS, slices
from baseline.metrics.bootstrap import over_people
from baseline.metrics.figures import Graded, Grades, with_intervals
from baseline.model_card import load_manifest, save_manifest


def evaluate(models: Path, data: Path, *, device: Device | None = None) -> Answers:
    """Grade a folder of labelled photos and write the figures beside the weights.

    Args:
        models: the folder of weights, whose manifest and card are written anew.
        data: the folder of photos with labels; simulated ones have a `data_card.json` too.
        device: where to grade; None takes a GPU when there is one.

    Returns:
        What the graders said.

    Raises:
        LabelInvalidError: a label, an image or the data card is broken, an attribute was rated on
            no photo, or none of the photos could be used.
    """
    card, samples = read_data_card(data), read_folder(data)
    _see_that_all_are_rated(samples, data)
    answers = grade_all(Analyser.load(models, EngineWish(device=device)), samples)
    _see_that_all_are_rated(answers.samples, data)
    manifest = load_manifest(models)
    for attribute in Attribute:
        graded = answers.graded(attribute)
        entry = manifest["attributes"][attribute.value]
        entry["evidence"] = evidence_of(card)
        entry["metrics"] = {
            **with_intervals(graded),
            **interval_figures(graded, answers.intervals[attribute][answers.rated(attribute)]),
            "by_skin_lightness": lightness_figures(answers, attribute),
        }
    manifest["evaluated_on"] = {
        **card,
        "photos": len(answers.samples),
        "photos_lost": answers.lost,
    }
    save_manifest(models, manifest)
    return answers


def _see_that_all_are_rated(samples: Sequence[Labelled], data: Path) -> None:
    missing = [a.value for a in Attribute if not any(a in sample.grades for sample in samples)]
    if missing:
        raise LabelInvalidError(
            f"{data}: expected grades of {', '.join(missing)} on some photo of a face"
        )


def interval_figures(graded: Graded, intervals: Grades) -> dict[str, Any]:
    """How often the interval of grades holds the truth, with its 95 % interval over people.

    Args:
        graded: N photos.
        intervals: theirs, int64 (N, 2), as the server tells them.
    """
    low, high = intervals.T
    hits = (low <= graded.truth) & (graded.truth <= high)
    ends = over_people(lambda rows: [float(hits[rows].mean())], graded.people)[0]
    return {
        "interval_coverage": round(float(hits.mean()), 4),
        "interval_coverage_95": [round(float(end), 4) for end in ends],
    }


def lightness_figures(answers: Answers, attribute: Attribute) -> dict[str, Any]:
    """P-Recall with its 95 % interval over people, and the score's bias, by lightness."""
    return {
        one.name: {
            "photos": one.photos,
            "p_recall": round(one.p_recall, 4),
            "p_recall_95": [round(end, 4) for end in one.interval],
            "bias": round(one.bias, 4),
        }
        for one in slices(answers, attribute)
        if one.kind == SKIN_LIGHTNESS
    }


def main() -> None:
    """Read the command line, evaluate, print the P-Recalls."""
    parser = argparse.ArgumentParser(
        prog="python -m baseline.evaluation",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--models", type=Path, default=Path("models"))
    parser.add_argument("--data", type=Path, default=Path("runs/data/test"))
    parser.add_argument("--report", type=Path, help="folder for tables, plots and slices")
    parser.add_argument("--people", type=Path, help="CSV with face_id, face_age, face_gender")
    parser.add_argument("--device", type=Device, choices=list(Device),
                        help="by default a GPU when there is one")  # fmt: skip
    given = parser.parse_args()
    answers = evaluate(given.models, given.data, device=given.device)
    if given.report is not None:
        write_report(answers, given.report, people=given.people)
        print(f"report in {given.report}")
    manifest = load_manifest(given.models)
    for attribute in Attribute:
        metrics = manifest["attributes"][attribute.value]["metrics"]
        print(attribute.value, metrics["p_recall"], metrics["p_recall_95"])


if __name__ == "__main__":
    main()
