from __future__ import annotations

import pytest

from frontend.grading import (
    Change,
    Direction,
    Status,
    change_of,
    direction_of,
    good_zone,
    likely_range,
    status_of,
)
from frontend.vocabulary import GRADES, Attribute

G, B, L = Status.GOOD, Status.BETWEEN, Status.LOOK


@pytest.mark.parametrize(
    ("attribute", "statuses"),
    [
        (Attribute.OIL, [L, B, G, B, L]),
        (Attribute.HYDRATION, [L, L, B, G, G]),
        (Attribute.WRINKLE, [G, G, B, L, L]),
        (Attribute.PIGMENTATION, [G, G, B, L, L]),
        (Attribute.SENSITIVITY, [G, G, B, L, L]),
    ],
)
def test_each_grade_stands_as_the_scale_says(attribute: Attribute, statuses: list[Status]) -> None:
    assert [status_of(attribute, grade) for grade in GRADES] == statuses


def test_hydration_is_better_high_oil_best_in_the_middle_and_the_rest_better_low() -> None:
    assert [direction_of(attribute) for attribute in Attribute] == [
        Direction.MIDDLE,
        Direction.HIGH,
        Direction.LOW,
        Direction.LOW,
        Direction.LOW,
    ]


def test_good_zones_reach_half_a_grade_beyond_the_good_grades() -> None:
    assert good_zone(Attribute.OIL) == (1.5, 2.5)
    assert good_zone(Attribute.HYDRATION) == (2.5, 4.0)
    assert good_zone(Attribute.SENSITIVITY) == (0.0, 1.5)


def test_a_certain_grade_has_a_likely_range_of_eight_tenths_around_it() -> None:
    assert likely_range([0, 0, 0, 1, 0]) == (2.6, 3.4)


def test_the_likely_range_of_even_belief_is_the_middle_eight_tenths_of_five_grades() -> None:
    # Ten per cent of five grades is half a grade: from -0.5 + 0.5 to 4.5 - 0.5.
    assert likely_range([0.2] * 5) == (0.0, 4.0)


def test_the_likely_range_stays_on_the_scale() -> None:
    # 0.1 of belief lies 0.1 into grade 0's own width, at -0.4, which is no score.
    assert likely_range([1, 0, 0, 0, 0]) == (0.0, 0.4)


def test_the_likely_range_skips_grades_without_belief() -> None:
    # A tenth is a fifth of the half on grade 1: 0.5 + 0.2; from above, on grade 3: 3.5 - 0.2.
    assert likely_range([0, 0.5, 0, 0.5, 0]) == (0.7, 3.3)


@pytest.mark.parametrize("probabilities", [[1.0], [0.0] * 5, []])
def test_a_range_of_nothing_is_refused(probabilities: list[float]) -> None:
    with pytest.raises(ValueError, match="five probabilities"):
        likely_range(probabilities)


@pytest.mark.parametrize(
    ("before", "after", "change"),
    [
        # 0.5 from the good range of 1.5 to 2.5 to 0.45, and back.
        (1.0, 2.95, Change.LOOK),
        (2.95, 1.0, Change.LOOK),
        # 0.3 on both sides, but for the last binary digit.
        (1.2, 2.8, Change.LOOK),
        (2.8, 1.2, Change.LOOK),
        # 1.5 to 0.5, and back.
        (0.0, 3.0, Change.IMPROVED),
        (3.0, 0.0, Change.LOOK),
        # On one side, and into the range, the move itself is beyond chance.
        (0.0, 0.8, Change.IMPROVED),
        (2.6, 1.8, Change.IMPROVED),
    ],
)
def test_oil_that_crossed_the_good_range_improved_only_if_it_is_nearer_by_more_than_chance(
    before: float, after: float, change: Change
) -> None:
    told = change_of(Attribute.OIL, score_before=before, score_after=after, chance=0.72)
    assert told is change


@pytest.mark.parametrize(("before", "after"), [(0.1, 0.8), (1.1, 1.8), (1.3, 2.0)])
def test_a_move_just_beyond_chance_towards_the_good_range_is_an_improvement(
    before: float, after: float
) -> None:
    chance = (after - before) * (1 - 1e-15)
    told = change_of(Attribute.HYDRATION, score_before=before, score_after=after, chance=chance)
    assert told is Change.IMPROVED
