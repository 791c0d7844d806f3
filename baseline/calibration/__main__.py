"""Calibrates the graders of a models folder on people that no network learned from.

`python -m baseline.calibration --models models --data runs/data/calibration
    --also runs/data/validation`

Writes each grader's temperature, biases where they pay, the class shares that its probabilities
then assume, and the width of its interval of grades into the manifest, and prints what it found,
with the gain by biases that decided on them. All need many people, the
width nine at the least, and more of them make the interval narrower: those on whom passes were
chosen may join, for next to nothing was learned from them.
"""

from __future__ import annotations

import argparse
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from backend.vision.engines.base import Device
from backend.vision.engines.choice import EngineWish
from backend.vision.prediction import Analyser
from backend.vocabulary import GRADES, Attribute
from baseline.calibration.interval import fit_mass
from baseline.calibration.scaling import Gain, Scaling, fit_scaling
from baseline.data_card import read_data_card
from baseline.dataset import LabelInvalidError, read_folder
from baseline.evaluation.answers import Answers, grade_all, people_of
from baseline.export import UNMEASURED
from baseline.metrics.figures import Grades, Reals, calibration_error
from baseline.model_card import load_manifest, write_manifest

COVERAGE: Final = 0.9


@dataclass(frozen=True, slots=True)
class Calibrated:
    """What was found for one grader.

    Attributes:
        error_before: its expected calibration error on all photos under the former scaling.
        error_after: the same under the new one.
        scaling: the new one.
        gain: by biases; None where there are too few people to judge it by.
    """

    error_before: float
    error_after: float
    scaling: Scaling
    gain: Gain | None


def calibrate(
    models: Path, data: Path, *, also: Path | None = None, device: Device | None = None
) -> dict[Attribute, Calibrated]:
    """Calibrate five graders and write what was found into their manifest.

    Args:
        models: the folder of the manifest.
        data: photos of people that nothing was learned on.
        also: photos of further people.
        device: where the graders run; None takes a GPU when there is one.

    Returns:
        What was found, per attribute.

    Raises:
        LabelInvalidError: a grade has no photo, or a label, an image or the data card is broken.
        ValueError: there are too few people for the intervals.
    """
    card = read_data_card(data)
    analyser = Analyser.load(models, EngineWish(device=device))
    answers = grade_all(analyser, read_folder(data))
    everybody = [answers, *([grade_all(analyser, read_folder(also))] if also else [])]
    manifest = load_manifest(models)
    found = {}
    for attribute in Attribute:
        entry = manifest["attributes"][attribute.value]
        # Manifests of before there were biases do not say them.
        former = Scaling(entry["temperature"], tuple(entry.get("bias", UNMEASURED["bias"])))
        truth, logits = _logits(everybody, attribute, former)
        shares = np.bincount(truth, minlength=len(GRADES)) / max(1, len(truth))
        if not shares.all():
            raise LabelInvalidError(f"{data}: expected photos of each grade of {attribute}")
        people = [people_of(one.samples[row]) for one in everybody for row in one.rated(attribute)]
        scaling, gain = fit_scaling(logits, truth, people)
        calibrated = scaling.probabilities(logits)
        entry["class_shares"] = [round(float(share), 4) for share in shares]
        mass = fit_mass(calibrated, truth.tolist(), people, coverage=COVERAGE)
        entry["interval"] = {"mass": mass, "coverage": COVERAGE}
        found[attribute] = Calibrated(
            error_before=calibration_error(truth, former.probabilities(logits)),
            error_after=calibration_error(truth, calibrated),
            scaling=scaling,
            gain=gain,
        )
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
    return found


def _logits(
    several: Sequence[Answers], attribute: Attribute, former: Scaling
) -> tuple[Grades, Reals]:
    """True grades, and logits up to a constant per photo, from calibrated probabilities."""
    graded = [answers.graded(attribute) for answers in several]
    probabilities = np.concatenate([one.probabilities for one in graded])
    truth = np.concatenate([one.truth for one in graded])
    return truth, former.logits(probabilities)


def table(found: Mapping[Attribute, Calibrated]) -> str:
    """What was found as lines of text; gains with their standard errors, in nats."""
    lines = [f"{'attribute':<13} calibration error  temperature  gain by biases   biases"]
    for attribute, its in found.items():
        errors = f"{its.error_before:.3f} -> {its.error_after:.3f}"
        gain = "too few people"
        if its.gain is not None:
            gain = f"{its.gain.mean:+.3f} ({its.gain.standard_error:.3f})"
        biases = "none"
        if any(its.scaling.bias):
            biases = " ".join(f"{one:+.2f}" for one in its.scaling.bias)
        temperature = f"{its.scaling.temperature:11.3f}"
        lines.append(f"{attribute.value:<13} {errors:<17}  {temperature}  {gain:<15}  {biases}")
    return "\n".join(lines)


def main() -> None:
    """Read the command line, calibrate, print what was found."""
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
    print(table(calibrate(given.models, given.data, also=given.also, device=given.device)))


if __name__ == "__main__":
    main()
