from __future__ import annotations

import pytest

from baseline.metrics.penalty_recall import penalty_recall


def test_p_recall_of_a_perfect_grader_is_1() -> None:
    assert penalty_recall([0, 1, 2, 3, 4], [0, 1, 2, 3, 4]).value == 1.0


def test_p_recall_of_always_grading_two_is_0_2() -> None:
    # Off by 2, 1, 0, 1, 2: credits -.5, .5, 1, .5, -.5, whose mean is .2.
    assert penalty_recall([0, 1, 2, 3, 4], [2, 2, 2, 2, 2]).value == pytest.approx(0.2)


def test_p_recall_of_the_worst_grader_of_the_extremes_is_minus_1_5() -> None:
    assert penalty_recall([0, 4], [4, 0]).value == -1.5


def test_every_grade_weighs_the_same_however_often_it_occurs() -> None:
    # Grade 0: nine right and one off by one, .95; grade 3: one off by three, -1.
    recall = penalty_recall([0] * 10 + [3], [0] * 9 + [1, 0])
    assert recall.by_grade == {0: pytest.approx(0.95), 3: -1.0}
    assert recall.value == pytest.approx(-0.025)


def test_a_grade_without_images_is_named_and_does_not_count_as_0() -> None:
    recall = penalty_recall([1, 1, 2], [1, 1, 2])
    assert recall.missing == (0, 3, 4)
    assert recall.value == 1.0


@pytest.mark.parametrize(
    ("truth", "predicted", "named"),
    [([], [], "equally long"), ([1, 2], [1], "equally long"), ([5], [1], "truth"),
     ([1], [-1], "predicted")],
)  # fmt: skip
def test_what_cannot_be_scored_is_refused(
    truth: list[int], predicted: list[int], named: str
) -> None:
    with pytest.raises(ValueError, match=named):
        penalty_recall(truth, predicted)
