"""What of a history is a change: the pure rule, and how often it is right on made-up histories."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import timedelta

import numpy as np
import pytest

from benchmarks.trends import (
    HISTORIES,
    SEED,
    Days,
    Noise,
    Scenario,
    Shape,
    standard_errors,
    try_out,
)
from frontend.trends import (
    UNKNOWN_STANDARD_ERROR,
    Course,
    Reading,
    TrendLine,
    band,
    course_of,
    known_error,
    margin_of,
    minimal_detectable_change,
    personal_baseline,
    trend_line,
)
from frontend.vocabulary import Attribute
from tests.support.visits import JUNE

ERROR = 0.25
ERRORS = standard_errors()
BY_CHANCE = 3 * math.sqrt(0.05 * 0.95 / HISTORIES)
"""Three standard errors of a share of 5 % among so many histories: 1.5 %."""


def readings(
    scores: Sequence[float], *, days: Sequence[float] | None = None, error: float = ERROR
) -> list[Reading]:
    """One score a day, or on the given days."""
    return [
        Reading(taken_at=JUNE + timedelta(days=day), score=score, error=error)
        for day, score in zip(days or range(len(scores)), scores, strict=True)
    ]


def line_through(
    scores: Sequence[float], *, days: Sequence[float] | None = None, error: float = ERROR
) -> TrendLine:
    line = trend_line(readings(scores, days=days, error=error))
    assert line is not None
    return line


def test_two_scores_of_one_skin_differ_by_up_to_2_77_standard_errors() -> None:
    assert minimal_detectable_change(0.25, 0.25) == pytest.approx(1.96 * math.sqrt(2) * 0.25)
    assert minimal_detectable_change(0.3, 0.4) == pytest.approx(1.96 * 0.5)


@pytest.mark.parametrize("apart", [0.692, 0.694])
def test_bands_of_equal_errors_part_exactly_where_a_change_begins(apart: float) -> None:
    chance = minimal_detectable_change(ERROR, ERROR)  # 0.693
    (_, top), (bottom, _) = (band(score, margin_of(ERROR)) for score in (1.0, 1.0 + apart))
    assert (top < bottom) is (course_of(apart, chance=chance) is not Course.STEADY)


def test_a_band_ends_where_the_scale_does() -> None:
    assert band(0.1, 0.3) == (0.0, 0.4)
    assert band(3.75, 0.5) == (3.25, 4.0)


def test_a_score_without_a_known_error_gets_no_smaller_one_than_any_weights_had() -> None:
    assert known_error(None) == UNKNOWN_STANDARD_ERROR > max(ERRORS.values())
    assert known_error(0.2) == 0.2


def test_the_baseline_is_the_median_of_the_first_three_of_four_visits() -> None:
    assert personal_baseline(readings([3.0, 1.0, 2.0])) is None
    assert personal_baseline(readings([3.0, 1.0, 2.0, 0.0])) == 2.0


@pytest.mark.parametrize(
    ("change", "course"), [(0.70, Course.RISEN), (-0.70, Course.FALLEN), (0.69, Course.STEADY)]
)
def test_two_visits_are_judged_by_the_minimal_detectable_change(
    change: float, course: Course
) -> None:
    line = line_through([2.0, 2.0 + change])
    assert line.chance == pytest.approx(0.6930, abs=1e-4)
    assert line.change == pytest.approx(change)
    assert line.course is course


def test_the_line_of_three_visits_goes_from_the_first_score_to_the_last() -> None:
    line = line_through([1.0, 3.5, 2.0], days=[0, 1, 9])
    assert line.change == pytest.approx(1.0)
    assert line.chance == pytest.approx(minimal_detectable_change(ERROR, ERROR))


def test_one_odd_photo_does_not_move_the_line() -> None:
    even = line_through([1.0, 1.2, 1.4, 1.6, 1.8, 2.0])
    odd = line_through([1.0, 1.2, 1.4, 4.0, 1.8, 2.0])
    assert even.change == pytest.approx(1.0)
    assert odd.change == pytest.approx(1.0, abs=0.05)


def test_a_few_days_do_not_outvote_a_year() -> None:
    # Three daily visits that happen to rise by 0.5 would promise 50 grades in a hundred days.
    line = line_through([1.0, 1.5, 2.0, 1.5], days=[0, 1, 2, 100])
    assert abs(line.change) <= 0.5
    assert line.course is Course.STEADY


def test_four_weekly_visits_have_a_chance_worked_out_by_hand() -> None:
    # Least squares: 3 squared / 5; times pi/3 times 5/4; 1.96 x 0.25 x root of 2.356.
    assert line_through([2.0] * 4).chance == pytest.approx(0.49 * math.sqrt(2.3562), abs=1e-4)


def test_more_visits_tell_smaller_changes() -> None:
    chances = [line_through([2.0] * count).chance for count in (4, 6, 9, 12, 24)]
    assert chances == sorted(chances, reverse=True)


def test_visits_of_one_moment_have_no_line_and_repeated_days_do_no_harm() -> None:
    assert trend_line(readings([2.0])) is None
    assert trend_line(readings([1.0, 3.0, 2.0], days=[5, 5, 5])) is None
    # The slopes are 1 and 0, between two visits and the third; their mean is the middle.
    line = line_through([1.0, 2.0, 2.0], days=[0, 0, 10])
    assert line.change == pytest.approx(0.5)


def test_the_line_stays_on_the_scale() -> None:
    line = line_through([0.0, 0.1, 2.0, 4.0, 4.0, 4.0])
    assert 0 <= line.first < line.last <= 4


@pytest.mark.parametrize("noise", Noise)
@pytest.mark.parametrize("attribute", Attribute)
def test_a_flat_history_of_twelve_visits_is_called_changed_in_at_most_one_of_twenty(
    attribute: Attribute, noise: Noise
) -> None:
    scenario = Scenario(shape=Shape.FLAT, days=Days.IRREGULAR, noise=noise)
    rng = np.random.default_rng(SEED)
    told = try_out(scenario, error=ERRORS[attribute], histories=HISTORIES, rng=rng)
    assert told.changed_share <= 0.05 + BY_CHANCE


@pytest.mark.parametrize("noise", Noise)
@pytest.mark.parametrize("shape", [Shape.LINEAR, Shape.STEP])
@pytest.mark.parametrize("attribute", Attribute)
def test_a_change_of_a_grade_in_twelve_visits_is_told_the_way_it_went(
    attribute: Attribute, shape: Shape, noise: Noise
) -> None:
    scenario = Scenario(shape=shape, days=Days.IRREGULAR, noise=noise)
    rng = np.random.default_rng(SEED)
    told = try_out(scenario, error=ERRORS[attribute], histories=HISTORIES, rng=rng)
    assert told.right_share >= 0.95


@pytest.mark.parametrize("visits", [2, 3, 4, 5, 8, 12])
def test_a_flat_history_of_few_weekly_visits_is_no_more_often_called_changed(visits: int) -> None:
    rng = np.random.default_rng(SEED)
    told = try_out(
        Scenario(shape=Shape.FLAT),
        error=max(ERRORS.values()),
        histories=HISTORIES,
        rng=rng,
        visits=visits,
    )
    assert told.changed_share <= 0.05 + BY_CHANCE
