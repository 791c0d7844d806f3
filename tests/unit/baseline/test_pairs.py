"""Which two photos of one skin can be compared, and what the figures say of pairs made up."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from backend.vision.manifest import read_manifest
from backend.vision.quality import Verdict
from backend.vocabulary import Attribute
from baseline.gate.degradations import Degradation
from baseline.gate.pair_figures import differing_at, false_alarms, outcomes, pair_separation
from baseline.gate.pair_report import chance_of, write_pair_report
from baseline.gate.pairs import (
    DIFFERENCES,
    LIMITS,
    MAKES,
    Comparable,
    Pair,
    comparable,
    pairs_of,
)
from baseline.gate.trials import Trial
from tests.support.captures import GOOD

ROOT = Path(__file__).resolve().parents[3]


def trial(
    *, kind: Degradation | None = None, oil: float = 2.0, person: str = "001", **changes: Any
) -> Trial:
    capture = replace(GOOD, **changes)
    scores = dict.fromkeys(Attribute, 1.0) | {Attribute.OIL: oil}
    return Trial(person, 0, kind, 0.5, 50.0, capture, scores, 0.0, 0.03)


def turned(yaw_deg: float, *, oil: float = 2.0, person: str = "001") -> Trial:
    return trial(kind=Degradation.TURNED, oil=oil, person=person, yaw_deg=yaw_deg)


@pytest.mark.parametrize(
    ("name", "changes", "expected"),
    [
        ("yaw", {"yaw_deg": -12.0}, 12.0),
        ("size", {"eye_distance_px": 95.0}, math.log(2)),
        ("exposure", {"eye_white": 74.5}, math.log(2)),
        ("light_side", {"brighter": (0.3, 0.3)}, 0.5),
        ("colour", {"colour": (0.03, 0.16)}, 0.2),
        ("smoothing", {"texture": GOOD.texture - 0.4}, 0.4),
    ],
)
def test_a_difference_is_the_same_both_ways_and_0_of_a_photo_and_itself(
    name: str, changes: dict[str, Any], expected: float
) -> None:
    other, difference = replace(GOOD, **changes), DIFFERENCES[name]
    assert difference(GOOD, other) == pytest.approx(expected)
    assert difference(other, GOOD) == pytest.approx(expected)
    assert difference(other, other) == 0


def test_opposite_tints_of_one_strength_differ_in_colour() -> None:
    red, green = replace(GOOD, colour=(0.4, 0.0)), replace(GOOD, colour=(-0.4, 0.0))
    assert red.tint == green.tint
    assert DIFFERENCES["colour"](red, green) == pytest.approx(0.8)


def test_every_difference_has_limits_that_rise_and_something_that_makes_it() -> None:
    assert set(LIMITS) == set(DIFFERENCES) == set(MAKES)
    assert all(0 < care < never for care, never in LIMITS.values())


def test_the_worst_difference_decides() -> None:
    care, never = LIMITS["yaw"]
    small, turned_away = replace(GOOD, yaw_deg=care + 1), replace(GOOD, yaw_deg=never + 1)
    assert comparable(GOOD, replace(GOOD, yaw_deg=care)) is Comparable.YES
    assert comparable(GOOD, small) is Comparable.WITH_CARE
    assert comparable(GOOD, replace(small, covered=0.9)) is Comparable.NO
    assert comparable(GOOD, turned_away) is Comparable.NO


def test_photos_to_be_taken_again_cannot_be_compared_freely() -> None:
    fine, poor = trial(), trial(eyes_open=0.0)
    assert Pair(fine, poor).verdicts == (Verdict.GOOD, Verdict.RETAKE)
    assert comparable(*Pair(fine, poor).captures) is Comparable.YES
    assert Pair(fine, fine).comparable is Comparable.YES
    assert Pair(fine, poor).comparable is Comparable.WITH_CARE
    assert Pair(poor, poor).comparable is Comparable.NO


def test_the_report_is_of_the_steadiness_that_ships() -> None:
    text = (ROOT / "baseline/results/comparable.md").read_text(encoding="utf-8")
    manifest = read_manifest(ROOT / "models")
    assert f"Weights {manifest.model_version};" in text
    for attribute, most in chance_of(manifest).items():
        assert f" {attribute.value} (> {most:.2f}) " in text


def test_pairs_are_of_one_skin_and_of_photos_that_were_analysed() -> None:
    refused = replace(turned(40), capture=None, scores={})
    other_skin = [replace(turned(5), photo=1), turned(6, person="002")]
    pairs = list(pairs_of([trial(), turned(10, oil=2.7), refused, *other_skin]))
    assert len(pairs) == 1
    assert pairs[0].kinds == {Degradation.TURNED}
    assert pairs[0].apart[Attribute.OIL] == pytest.approx(0.7)
    assert pairs[0].apart[Attribute.WRINKLE] == 0


def test_a_refused_photo_makes_no_pair() -> None:
    with pytest.raises(ValueError, match="refused"):
        Pair(trial(), replace(trial(), capture=None)).captures  # noqa: B018


def test_a_difference_that_orders_every_pair_rightly_has_area_1() -> None:
    pairs = [
        Pair(trial(person=person), turned(yaw, oil=2.0 if yaw < 20 else 2.6, person=person))
        for yaw in range(1, 40)
        for person in ("001", "002")
    ]
    blurred = Pair(trial(), trial(kind=Degradation.BLURRED, oil=4))
    found = pair_separation([*pairs, blurred], "yaw")
    assert (found.pairs, found.differ, found.area) == (78, 40, 1.0)
    assert found.at[-1] == pytest.approx(19.5, abs=0.5)
    assert found.within[0] == 0
    assert math.isnan(found.within[2])


def test_two_bad_photos_say_nothing_of_a_difference() -> None:
    bad = Pair(turned(38), turned(39, oil=4))
    assert pair_separation([bad], "yaw").pairs == 0


def test_half_of_the_pairs_differ_where_their_odds_are_even() -> None:
    values = np.repeat(np.linspace(0, 2, 41), 2)
    tenth, _, half = differing_at(values, values > 1)
    assert half == pytest.approx(1.02, abs=0.05)
    assert 0 < tenth < half


def test_outcomes_are_counted_by_verdict() -> None:
    pairs = [
        Pair(trial(), turned(0)),
        Pair(trial(), turned(1, oil=2.6)),
        Pair(trial(), turned(60, oil=3)),
    ]
    found = outcomes(pairs, {Attribute.OIL: 0.7, Attribute.WRINKLE: 0.5})
    calm, never = found[Comparable.YES], found[Comparable.NO]
    assert (calm.pairs, calm.differ, calm.beyond_chance[Attribute.OIL]) == (2, 0.5, 0)
    assert (never.pairs, never.differ, never.beyond_chance[Attribute.OIL]) == (1, 1, 1)
    assert never.beyond_chance[Attribute.WRINKLE] == 0
    assert found[Comparable.WITH_CARE].pairs == 0


def test_false_alarms_are_those_of_good_photos_whose_scores_agree() -> None:
    tones = {"001": 30.0, "002": 50.0, "003": 70.0}
    pairs = [
        Pair(replace(trial(person=person), lightness=tone), turned(yaw, oil=oil, person=person))
        for person, tone in tones.items()
        for yaw, oil in ((5, 2.0), (20, 2.1), (5, 3.0), (60, 2.0))
    ]
    found = false_alarms(pairs)
    assert [(its.group, its.pairs, its.with_care, its.never) for its in found] == [
        ("dark", 2, 0.5, 0.0),
        ("middle", 2, 0.5, 0.0),
        ("light", 2, 0.5, 0.0),
    ]


def test_chance_is_1_96_times_the_root_of_two_errors() -> None:
    manifest = read_manifest(ROOT / "models")
    error = manifest.standard_error(Attribute.OIL)
    assert error is not None
    assert chance_of(manifest)[Attribute.OIL] == pytest.approx(2.772 * error, rel=1e-3)


def test_the_report_has_a_row_for_every_difference_and_verdict(tmp_path: Path) -> None:
    trials = [trial(), turned(10), turned(60, oil=4), trial(kind=Degradation.DARK, eye_white=20.0)]
    visits = {"careful": [trial(), trial(roll_deg=3.0)], "everyday": [trial(), turned(30)]}
    path = tmp_path / "comparable.md"
    write_pair_report(path, trials, visits, {Attribute.OIL: 0.7}, how="Made up.")
    text = path.read_text(encoding="utf-8")
    assert all(text.count(f"\n| {name} | ") == 1 for name in DIFFERENCES)
    assert all(text.count(f" | {verdict.value} | ") >= 4 for verdict in Comparable)
    assert "oil (> 0.70)" in text
