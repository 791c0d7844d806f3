"""Temperatures, biases and intervals of graders whose truth is known because it was drawn."""

from __future__ import annotations

import json
import shutil
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt
import pytest
from scipy.special import softmax

from backend.vision.decision import EVEN_SHARES, decide, grade_interval
from backend.vision.engines.base import Device
from backend.vision.manifest import Decision, read_manifest
from backend.vocabulary import GRADES, Attribute
from baseline.calibration.__main__ import Calibrated, calibrate, table
from baseline.calibration.interval import fit_mass
from baseline.calibration.scaling import Gain, Scaling, fit_scaling
from baseline.dataset import LabelInvalidError
from baseline.metrics.figures import calibration_error
from baseline.metrics.penalty_recall import penalty_recall
from baseline.model_card import load_manifest
from baseline.splits import Split
from baseline.synthetic.generate import DataSetPlan, generate
from baseline.synthetic.severity import Severities

MODELS = Path(__file__).resolve().parents[3] / "models"
PHOTOS = 4000
TWENTY: Final = [[str(row % 20)] for row in range(PHOTOS)]
"""Whose each photo is, of twenty people."""


def _drawn(
    rng: np.random.Generator, shares: Sequence[float] | np.ndarray = EVEN_SHARES
) -> tuple[np.ndarray, np.ndarray]:
    """True grades, and the exact probabilities of each given a noisy look at it."""
    truth = rng.choice(GRADES, size=PHOTOS, p=shares)
    return truth, _believed(truth + rng.normal(0, 0.8, PHOTOS), noise=0.8, shares=shares)


def _believed(
    looks: npt.ArrayLike, *, noise: float, shares: npt.ArrayLike = EVEN_SHARES
) -> np.ndarray:
    distances = np.asarray(looks)[:, None] - np.arange(5)
    joint = np.exp(-(distances**2) / (2 * noise**2)) * shares
    return np.asarray(joint / joint.sum(axis=1, keepdims=True))


@pytest.mark.parametrize("sharpened", [0.5, 1.0, 3.0])
def test_the_temperature_undoes_what_made_a_network_too_sure(sharpened: float) -> None:
    truth, probabilities = _drawn(np.random.default_rng(1))
    logits = np.log(probabilities) * sharpened
    found, _ = fit_scaling(logits, truth, TWENTY)
    assert found.temperature == pytest.approx(sharpened, rel=0.05)
    assert found.bias == (0.0,) * 5
    assert calibration_error(truth, found.probabilities(logits)) < 0.03


def test_biases_undo_what_made_a_network_say_a_grade_too_often() -> None:
    truth, probabilities = _drawn(np.random.default_rng(1))
    logits = 2 * np.log(probabilities) + np.array([0, 0, 0, 1.5, 0])
    found, gain = fit_scaling(logits, truth, TWENTY)
    assert found.temperature == pytest.approx(2, rel=0.05)
    assert found.bias == pytest.approx((0.15, 0.15, 0.15, -0.6, 0.15), abs=0.2)
    assert gain is not None
    assert gain.pays
    assert calibration_error(truth, found.probabilities(logits)) < 0.03
    assert calibration_error(truth, softmax(logits / 2, axis=1)) > 0.03


def test_biases_that_differ_from_person_to_person_are_left_alone() -> None:
    rng = np.random.default_rng(1)
    truth, probabilities = _drawn(rng)
    whose = np.array([int(one) for (one,) in TWENTY])
    logits = np.log(probabilities) + rng.normal(0, 1.5, (20, 5))[whose]
    found, gain = fit_scaling(logits, truth, TWENTY)
    assert found.bias == (0.0,) * 5
    assert gain is not None
    assert not gain.pays


def test_the_gain_by_biases_is_that_of_people_left_out_of_the_fit() -> None:
    # A network that says nothing, and five people with one photo of grade 3 each. Under the biases
    # of four of them, 16q for grade 3 and -4q for each other, where q = 1 / (4 + e^(20q)) = .0944,
    # the fifth one's grade has a probability of 1 - 4q = .6225 instead of .2.
    _, gain = fit_scaling(np.zeros((5, 5)), [3] * 5, [[name] for name in "abcde"])
    assert gain is not None
    assert gain.mean == pytest.approx(np.log(0.6225 / 0.2), abs=1e-3)
    assert gain.standard_error == pytest.approx(0, abs=1e-9)


@pytest.mark.parametrize("people", [[["a"]] * 3, [["a"], ["b"], ["a", "b"]], [[]] * 3])
def test_few_people_get_a_temperature_alone(people: list[list[str]]) -> None:
    sure, gain = fit_scaling(np.eye(5)[[0, 1, 2]], [0, 1, 2], people)
    assert sure.temperature >= 0.05
    assert sure.bias == (0.0,) * 5
    assert gain is None


def test_biases_stay_finite_where_few_photos_would_make_them_certain() -> None:
    # All are of grade 3, which the network knows and says it is not sure of.
    logits, truth = np.tile([0, 0, 0.1, 0.2, 0.1], (12, 1)), [3] * 12
    found, _ = fit_scaling(logits, truth, [[str(person)] for person in range(12)])
    assert 0 < max(found.bias) < 5


def test_a_scaling_is_undone_up_to_a_constant() -> None:
    scaling = Scaling(0.5, (0.3, -0.3, 0.1, -0.1, 0.0))
    logits = np.random.default_rng(1).normal(0, 1, (9, 5))
    again = scaling.logits(scaling.probabilities(logits))
    differences = again - logits
    np.testing.assert_allclose(differences, differences[:, :1].repeat(5, axis=1), atol=1e-9)


def test_a_scaling_needs_photos_and_their_people() -> None:
    with pytest.raises(ValueError, match="five logits"):
        fit_scaling(np.zeros((0, 5)), [], [])
    with pytest.raises(ValueError, match="people of 2 photos, got those of 1"):
        fit_scaling(np.zeros((2, 5)), [0, 1], [["a"]])


def _share_held(probabilities: npt.ArrayLike, truth: Sequence[int], *, mass: float) -> float:
    """Of the photos whose interval of grades holds the true one."""
    ends = [grade_interval(row, mass=mass) for row in np.asarray(probabilities)]
    hits = [low <= grade <= high for (low, high), grade in zip(ends, truth, strict=True)]
    return float(np.mean(hits))


@pytest.mark.parametrize("coverage", [0.8, 0.9, 0.95])
def test_an_interval_holds_the_truth_of_other_photos_as_often_as_stated(coverage: float) -> None:
    shares = np.array([0.4, 0.4, 0.1, 0.06, 0.04])
    truth, probabilities = _drawn(np.random.default_rng(2), shares)
    everybody_once = [[str(person)] for person in range(PHOTOS)]
    mass = fit_mass(probabilities, truth.tolist(), everybody_once, coverage=coverage)
    others, believed = _drawn(np.random.default_rng(3), shares)
    assert _share_held(believed, others.tolist(), mass=mass) == pytest.approx(coverage, abs=0.02)


def test_too_few_people_for_a_coverage_are_refused() -> None:
    people = [[str(photo % 8)] for photo in range(800)]
    with pytest.raises(ValueError, match="at least 9 people"):
        fit_mass(np.full((800, 5), 0.2), [0] * 800, people, coverage=0.9)


def test_an_interval_holds_for_somebody_new_though_photos_of_one_person_err_alike() -> None:
    rng = np.random.default_rng(5)
    held_of_new = []
    for _ in range(200):
        truth, people, looks = [], [], []
        for person in range(21):
            # Some faces mislead a grader on every photo.
            misleading = rng.normal(0, 0.6)
            grades = rng.integers(0, 5, 20)
            truth += grades.tolist()
            people += [[str(person)]] * 20
            looks += (grades + misleading + rng.normal(0, 0.5, 20)).tolist()
        probabilities = _believed(looks, noise=0.5)
        mass = fit_mass(probabilities[:-20], truth[:-20], people[:-20], coverage=0.9)
        held_of_new.append(_share_held(probabilities[-20:], truth[-20:], mass=mass))
    assert 0.9 <= np.mean(held_of_new) < 0.97


def test_every_person_weighs_the_same_however_many_photos_there_are() -> None:
    rows = [[0.0, 0.0, 0.7, 0.3, 0.0]] * 303
    people = [["many"]] * 300 + [["one"], ["two"], ["three"]]
    truth = [2] * 300 + [3] * 3
    # 60 % of the four people and the one to come are three, 20 % are one.
    assert fit_mass(rows, truth, people, coverage=0.6) == 1.0
    assert fit_mass(rows, truth, people, coverage=0.2) == 0.7


def test_an_interval_holds_the_most_probable_grade_however_narrow() -> None:
    assert grade_interval((0.1, 0.1, 0.1, 0.1, 0.6), mass=0.01) == (4, 4)


def test_the_rule_with_class_shares_gets_the_highest_p_recall_on_imbalanced_photos() -> None:
    shares = np.array([0.402, 0.457, 0.124, 0.013, 0.004])
    truth, probabilities = _drawn(np.random.default_rng(4), shares)
    scores = {
        name: penalty_recall(truth, [decide(row, rule, class_shares=given)
                                     for row in probabilities]).value
        for name, rule, given in (
            ("argmax", Decision.ARGMAX, EVEN_SHARES),
            ("even", Decision.EXPECTED_CREDIT, EVEN_SHARES),
            ("shares", Decision.EXPECTED_CREDIT, tuple(shares)),
        )
    }  # fmt: skip
    assert scores["shares"] > scores["even"] + 0.05
    assert scores["shares"] > scores["argmax"] + 0.05


def test_calibrating_writes_temperature_shares_and_interval(
    faces_folder: Path, tmp_path: Path
) -> None:
    photos = tmp_path / "photos"
    plan = DataSetPlan(
        faces_folder, Split.TRAIN, 14, seed=5, side_px=320, severities=Severities.BALANCED,
        nuisances=frozenset(), masks=False,
    )  # fmt: skip
    generate(photos, plan, workers=1)
    for index, path in enumerate(sorted(photos.glob("0*.json"))):
        every_grade = {attribute.label_key: index % len(GRADES) for attribute in Attribute}
        label = {**json.loads(path.read_text()), **every_grade, "parents": [f"person {index}"]}
        path.write_text(json.dumps(label))
    # Photos with grades of people's own come without.
    (photos / "data_card.json").unlink()
    models = shutil.copytree(MODELS, tmp_path / "models")
    found = calibrate(models, photos, device=Device.CPU)
    entries = read_manifest(models).attributes
    before = read_manifest(MODELS).attributes
    assert set(found) == set(Attribute)
    for attribute, entry in entries.items():
        assert entry.temperature != before[attribute].temperature
        assert entry.temperature == round(found[attribute].scaling.temperature, 4)
        assert found[attribute].gain is not None
        assert sum(entry.bias) == pytest.approx(0, abs=1e-3)
        assert sum(entry.class_shares) == pytest.approx(1, abs=1e-3)
        assert entry.interval.coverage == 0.9
    calibrated_on = load_manifest(models)["calibrated_on"]
    assert calibrated_on["data_version"] == "unnamed"
    assert 9 <= calibrated_on["people"] <= 14


def test_the_gain_by_biases_is_printed_beside_the_temperature() -> None:
    plain = Calibrated(0.05, 0.04, Scaling(0.8, (0.0,) * 5), None)
    judged = replace(plain, gain=Gain(-0.0021, 0.0049))
    biased = Calibrated(0.0529, 0.0371, Scaling(0.8423, (0.1, 0, 0, -0.6, 0.5)), Gain(0.062, 0.02))
    _, *rows = table(
        {Attribute.OIL: biased, Attribute.WRINKLE: judged, Attribute.SENSITIVITY: plain}
    ).splitlines()
    assert [" ".join(row.split()) for row in rows] == [
        "oil 0.053 -> 0.037 0.842 +0.062 (0.020) +0.10 +0.00 +0.00 -0.60 +0.50",
        "wrinkle 0.050 -> 0.040 0.800 -0.002 (0.005) none",
        "sensitivity 0.050 -> 0.040 0.800 too few people none",
    ]


def test_photos_without_a_grade_cannot_calibrate_it(photos: Path) -> None:
    # Four photos lack one of five grades.
    with pytest.raises(LabelInvalidError, match="each grade of oil"):
        calibrate(MODELS, photos / "train", device=Device.CPU)
