"""From probabilities to a grade and a score, by hand-computed numbers."""

from __future__ import annotations

import pytest

from backend.vision.decision import decide, expected_grade
from backend.vision.manifest import Decision


def test_expected_grade_of_a_certain_three_is_3() -> None:
    assert expected_grade((0.0, 0.0, 0.0, 1.0, 0.0)) == 3.0


def test_expected_grade_of_no_idea_is_2() -> None:
    assert expected_grade((0.2, 0.2, 0.2, 0.2, 0.2)) == pytest.approx(2.0)


def test_argmax_takes_the_lower_of_two_equal_grades() -> None:
    assert decide((0.1, 0.4, 0.1, 0.4, 0.0), Decision.ARGMAX) == 1


def test_expected_credit_prefers_the_middle_of_two_equal_neighbours_of_it() -> None:
    # Credit of 1: .45 + .1 * .5 - .45 * .5 = .275; of 2: .45 * .5 + .1 + .45 * .5 = .55.
    assert decide((0.1, 0.45, 0.0, 0.45, 0.0), Decision.ARGMAX) == 1
    assert decide((0.0, 0.45, 0.1, 0.45, 0.0), Decision.EXPECTED_CREDIT) == 2


def test_a_rare_grade_counts_by_one_over_its_share() -> None:
    probabilities, shares = (0.0, 0.7, 0.3, 0.0, 0.0), (0.2, 0.4, 0.1, 0.2, 0.1)
    # Even shares: credit of 1 is .7 + .15 = .85, of 2 .35 + .3 = .65.
    assert decide(probabilities, Decision.EXPECTED_CREDIT) == 1
    # Weights 1.75 and 3: credit of 1 is 1.75 + 1.5 = 3.25, of 2 .875 + 3 = 3.875, of 3 -.875 + 1.5.
    assert decide(probabilities, Decision.EXPECTED_CREDIT, class_shares=shares) == 2
