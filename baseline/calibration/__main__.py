"""Calibrates the graders of a models folder on people that no network learned from.

`python -m baseline.calibration --models models --data runs/data/calibration
    --also runs/data/validation`

Writes each grader's temperature, biases where they pay, the class shares that its probabilities
then assume, and the width of its interval of grades into the manifest. All need many people, the
width nine at the least, and more of them make the interval narrower: those on whom passes were
chosen may join, for next to nothing was learned from them.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np

from backend.vision.engines.base import Device
from backend.vision.engines.choice import EngineWish
from backend.vision.prediction import Analyser
from backend.vocabulary import GRADES, Attribute
from baseline.calibration.interval import fit_mass
from baseline.calibration.scaling import Scaling, fit_scaling
from baseline.data_card import read_data_card
from baseline.dataset import LabelInvalidError, read_folder
from baseline.evaluation.answers import Answers, grade_all, people_of
from baseline.export import UNMEASURED
from baseline.metrics.figures import Grades, Reals, calibration_error
from baseline.model_card import load_manifest, write_manifest

COVERAGE: Final = 0.9


def calibrate(
    models: Path, data: Path, *, also: Path | None = None, device: Device | None = None
) -> dict[Attribute, dict[str, Any]]:
    """Calibrate five graders and write what was found into their manifest.

    Args:
        models: the folder of the manifest.
        data: photos of people that nothing was learned on.
        also: photos of further people.
        device: where the graders run; None takes a GPU when there is one.

    Returns:
        Per attribute `before` and `after`, its expected calibration errors on all these photos.

    Raises:
        LabelInvalidError: a grade has no photo, or a label, an image or the data card is broken.
        ValueError: there are too few people for the intervals.
    """
    card = read_data_card(data)
    analyser = Analyser.load(models, EngineWish(device=device))
    answers = grade_all(analyser, read_folder(data))
    everybody = [answers, *([grade_all(analyser, read_folder(also))] if also else [])]
    manifest = load_manifest(models)
    changes = {}
    for attribute in Attribute:
        entry = manifest["attributes"][attribute.value]
        # Manifests of before there were biases do not say them.
        former = Scaling(entry["temperature"], tuple(entry.get("bias", UNMEASURED["bias"])))
        truth, logits = _logits(everybody, attribute, former)
        shares = np.bincount(truth, minlength=len(GRADES)) / max(1, len(truth))
        if not shares.all():
            raise LabelInvalidError(f"{data}: expected photos of each grade of {attribute}")
        people = [people_of(one.samples[row]) for one in everybody for row in one.rated(attribute)]
        scaling = fit_scaling(logits, truth, people)
        calibrated = scaling.probabilities(logits)
        entry["class_shares"] = [round(float(share), 4) for share in shares]
        mass = fit_mass(calibrated, truth.tolist(), people, coverage=COVERAGE)
        entry["interval"] = {"mass": mass, "coverage": COVERAGE}
        changes[attribute] = {
            "before": calibration_error(truth, former.probabilities(logits)),
            "after": calibration_error(truth, calibrated),
        }
        entry["temperature"] = round(scaling.temperature, 4)
        entry["bias"] = [round(one, 4) for one in scaling.bias]
    people_seen = {
        person for one in everybody for sample in one.samples for person in people_of(sample)
    }
    manifest["calibrated_on"] = {
        **card,
        "photos": sum(len(one.samples) for one in everybody),
        "photos_lost": sum(one.lost for one in everybody),
        "people": len(people_seen),
    }
    write_manifest(models, manifest)
    return changes


def _logits(
    several: Sequence[Answers], attribute: Attribute, former: Scaling
) -> tuple[Grades, Reals]:
    """True grades, and logits up to a constant per photo, from calibrated probabilities."""
    graded = [answers.graded(attribute) for answers in several]
    probabilities = np.concatenate([one.probabilities for one in graded])
    truth = np.concatenate([one.truth for one in graded])
    return truth, former.logits(probabilities)


def main() -> None:
    """Read the command line, calibrate, print the calibration errors."""
    parser = argparse.ArgumentParser(
        prog="python -m baseline.calibration",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--models", type=Path, default=Path("models"))
    parser.add_argument("--data", type=Path, default=Path("runs/data/calibration"))
    parser.add_argument("--also", type=Path, help="photos of further people")
    parser.add_argument("--device", type=Device, choices=list(Device),
                        help="by default a GPU when there is one")  # fmt: skip
    given = parser.parse_args()
    changes = calibrate(given.models, given.data, also=given.also, device=given.device)
    for attribute, change in changes.items():
        print(f"{attribute.value:<13} {change['before']:.3f} -> {change['after']:.3f}")


if __name__ == "__main__":
    main()
