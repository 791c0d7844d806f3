"""Calibrates the graders of a models folder on people that nothing was learned or chosen on.

`python -m baseline.calibration --models models --data runs/data/calibration`

Writes each grader's temperature, the class shares that its probabilities then assume, and the
width of its interval of grades into the manifest.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any, Final

import numpy as np
import torch
from scipy.special import softmax

from backend.vision.prediction import Analyser
from backend.vocabulary import GRADES, Attribute
from baseline.calibration.interval import fit_mass
from baseline.calibration.temperature import fit_temperature
from baseline.dataset import LabelInvalidError, read_folder
from baseline.evaluation.answers import Answers, grade_all
from baseline.metrics.figures import Grades, Reals, calibration_error
from baseline.model_card import load_manifest, write_manifest

COVERAGE: Final = 0.9


def calibrate(models: Path, data: Path, *, device: torch.device) -> dict[Attribute, dict[str, Any]]:
    """Calibrate five graders and write what was found into their manifest.

    Returns:
        Per attribute `before` and `after`, its expected calibration errors on these photos.

    Raises:
        LabelInvalidError: a grade has no photo, or there are too few.
    """
    answers = grade_all(Analyser.load(models, device=device), read_folder(data))
    manifest = load_manifest(models)
    changes = {}
    for attribute in Attribute:
        entry = manifest["attributes"][attribute.value]
        truth, logits = _logits(answers, attribute, temperature=entry["temperature"])
        shares = np.bincount(truth, minlength=len(GRADES)) / max(1, len(truth))
        if not shares.all():
            raise LabelInvalidError(f"{data}: expected photos of each grade of {attribute}")
        temperature = fit_temperature(logits, truth)
        calibrated = softmax(logits / temperature, axis=1)
        entry["class_shares"] = [round(float(share), 4) for share in shares]
        mass = fit_mass(calibrated, truth.tolist(), coverage=COVERAGE)
        entry["interval"] = {"mass": mass, "coverage": COVERAGE}
        changes[attribute] = {
            "before": calibration_error(truth, softmax(logits / entry["temperature"], axis=1)),
            "after": calibration_error(truth, calibrated),
        }
        entry["temperature"] = round(temperature, 4)
    card = json.loads((data / "data_card.json").read_text(encoding="utf-8"))
    manifest["calibrated_on"] = {**card, "photos_lost": answers.lost}
    write_manifest(models, manifest)
    return changes


def _logits(answers: Answers, attribute: Attribute, *, temperature: float) -> tuple[Grades, Reals]:
    """True grades, and logits up to a constant per photo, from calibrated probabilities."""
    graded = answers.graded(attribute)
    smallest = np.finfo(np.float64).tiny
    return graded.truth, temperature * np.log(np.maximum(graded.probabilities, smallest))


def main() -> None:
    """Read the command line, calibrate, print the calibration errors."""
    parser = argparse.ArgumentParser(
        prog="python -m baseline.calibration",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--models", type=Path, default=Path("models"))
    parser.add_argument("--data", type=Path, default=Path("runs/data/calibration"))
    parser.add_argument("--device", default="cuda" if torch.cuda.is_available() else "cpu")
    given = parser.parse_args()
    changes = calibrate(given.models, given.data, device=torch.device(given.device))
    for attribute, change in changes.items():
        print(f"{attribute.value:<13} {change['before']:.3f} -> {change['after']:.3f}")


if __name__ == "__main__":
    main()
