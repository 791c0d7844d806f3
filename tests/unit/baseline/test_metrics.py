"""Every figure by numbers worked by hand."""

from __future__ import annotations

import numpy as np
import pytest

from baseline.metrics.agreement import intraclass_correlation
from baseline.metrics.bootstrap import over_people
from baseline.metrics.figures import (
    Graded,
    calibration_error,
    confusion,
    figures,
    quadratic_kappa,
    recall_by_grade,
    with_intervals,
)


def _sure(predicted: list[int]) -> np.ndarray:
    return np.eye(5)[predicted]


def _graded(truth: list[int], predicted: list[int], people: str = "") -> Graded:
    return Graded(
        truth=np.array(truth),
        severities=np.array(truth, dtype=float),
        predicted=np.array(predicted),
        probabilities=_sure(predicted),
        people=[(name,) for name in people or map(str, range(len(truth)))],
    )


def test_figures_of_a_grader_that_is_one_too_high_once_in_five() -> None:
    found = figures(_graded([0, 1, 2, 3, 4], [0, 1, 2, 4, 4]))
    assert found["p_recall"] == pytest.approx(0.9)
    assert found["macro_recall"] == pytest.approx(0.8)
    assert found["exact"] == pytest.approx(0.8)
    assert found["within_one"] == 1.0
    assert found["mean_absolute_error"] == pytest.approx(0.2)
    # Least squares of 0 1 2 4 4 on 0 1 2 3 4: covariance 11 over variance 10.
    assert found["slope"] == pytest.approx(1.1)


def test_recall_by_grade_leaves_out_grades_that_do_not_occur() -> None:
    assert recall_by_grade(_graded([0, 0, 3], [0, 1, 3])) == {0: 0.5, 3: 1.0}


def test_confusion_counts_true_grades_in_rows() -> None:
    table = confusion(_graded([0, 0, 3], [0, 1, 3]))
    assert table[0] == [1, 1, 0, 0, 0]
    assert table[3] == [0, 0, 0, 1, 0]
    assert sum(map(sum, table)) == 3


def test_kappa_of_the_opposite_grades_is_minus_1() -> None:
    assert quadratic_kappa([0, 4, 0, 4], [4, 0, 4, 0]) == pytest.approx(-1.0)


def test_kappa_of_one_grade_throughout_is_1_where_both_say_it() -> None:
    assert quadratic_kappa([2, 2], [2, 2]) == 1.0


def test_calibration_error_averages_the_gaps_by_photos() -> None:
    # Three photos believed to .8, two of them right; one believed to .4, right.
    table = [[0.8, 0.2, 0, 0, 0]] * 3 + [[0.3, 0.3, 0.4, 0, 0]]
    expected = 0.75 * abs(2 / 3 - 0.8) + 0.25 * (1 - 0.4)
    assert calibration_error([0, 0, 1, 2], table) == pytest.approx(expected)


def test_calibration_error_of_a_sure_and_right_grader_is_0() -> None:
    assert calibration_error([0, 1, 4], _sure([0, 1, 4])) == 0


def test_one_severity_says_nothing_of_rank_and_slope() -> None:
    found = figures(_graded([2, 2], [1, 2]))
    assert np.isnan(found["spearman"])
    assert np.isnan(found["slope"])


def test_what_says_nothing_is_none_with_its_interval() -> None:
    told = with_intervals(_graded([2, 2], [1, 2]), resamples=20)
    assert (told["spearman"], told["slope"], told["slope_95"]) == (None, None, None)
    assert told["exact"] == 0.5


def test_photos_of_one_person_are_drawn_together() -> None:
    # One person all right, one all wrong: a draw of two people gives 0, .5 or 1, never .25.
    seen = set()

    def exact(rows: np.ndarray) -> list[float]:
        share = float((rows < 4).mean())
        seen.add(share)
        return [share]

    interval = over_people(exact, [("a",)] * 4 + [("b",)] * 4)
    assert seen == {0.0, 0.5, 1.0}
    assert interval.tolist() == [[0.0, 1.0]]


def test_a_morph_is_drawn_with_all_its_people() -> None:
    # Of two people drawn, both or one twice: the morph is there only when both are.
    seen = set()

    def counted(rows: np.ndarray) -> list[float]:
        seen.add(tuple(np.bincount(rows, minlength=3)))
        return [0.0]

    over_people(counted, [("a",), ("b",), ("a", "b")])
    assert seen == {(2, 0, 0), (0, 2, 0), (1, 1, 1)}


def test_morphs_with_somebody_in_common_are_no_strangers() -> None:
    # Everything that includes a is right and the rest wrong: it is a that decides.
    people = [("a", other) for other in "bcdefghij"] + [(other,) for other in "bcdefghij"]
    hits = np.array([1.0] * 9 + [0.0] * 9)
    ((low, high),) = over_people(lambda rows: [float(hits[rows].mean())], people)
    assert low == 0
    assert high > 0.7


def test_every_interval_holds_its_figure() -> None:
    rng = np.random.default_rng(1)
    truth = rng.integers(0, 5, 200)
    predicted = np.clip(truth + rng.integers(-1, 2, 200), 0, 4)
    people = "".join(rng.choice(list("abcdefghijklmnop"), 200))
    found = with_intervals(_graded(truth.tolist(), predicted.tolist(), people), resamples=100)
    ends = {name.removesuffix("_95"): end for name, end in found.items() if name.endswith("_95")}
    assert set(ends) == set(figures(_graded([0, 4], [0, 4]))) - {"calibration_error"}
    for name, (low, high) in ends.items():
        assert low <= found[name] <= high


def test_intervals_are_the_same_again_from_the_same_seed() -> None:
    graded = _graded([0, 1, 2, 3, 4], [0, 1, 2, 4, 4], "aabbc")
    assert with_intervals(graded, resamples=50) == with_intervals(graded, resamples=50)


def test_nothing_to_draw_from_is_refused() -> None:
    with pytest.raises(ValueError, match="at least one photo"):
        over_people(lambda _: [0.0], [])


def test_intraclass_correlation_of_noise_alone_is_below_0() -> None:
    assert intraclass_correlation([[0.0, 1.0], [1.0, 0.0], [0.0, 1.0]]) < 0


def test_intraclass_correlation_of_exact_repeats_is_1() -> None:
    assert intraclass_correlation([[1.0, 1.0], [3.0, 3.0, 3.0]]) == pytest.approx(1.0)


def test_intraclass_correlation_needs_a_repeat() -> None:
    with pytest.raises(ValueError, match="measured twice"):
        intraclass_correlation([[1.0], [2.0]])
