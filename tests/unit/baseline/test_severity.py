"""How severities are drawn and graded."""

from __future__ import annotations

import numpy as np
import pytest

from backend.vocabulary import GRADES, Attribute
from baseline.synthetic.severity import (
    CLEAR,
    GRADE_SHARES,
    Severities,
    draw_severities,
    grade_of,
    graded_by_people,
)

DRAWS = 4000


def _drawn(kind: Severities) -> dict[Attribute, np.ndarray]:
    rng = np.random.default_rng(3)
    rows = [draw_severities(kind, rng) for _ in range(DRAWS)]
    return {attribute: np.array([row[attribute] for row in rows]) for attribute in Attribute}


def test_uniform_severities_leave_no_gap() -> None:
    for values in _drawn(Severities.UNIFORM).values():
        counts, _ = np.histogram(values, bins=20, range=(0, 4))
        assert counts.min() > 0.6 * DRAWS / 20
        assert counts.max() < 1.4 * DRAWS / 20


def test_balanced_grades_come_equally_often() -> None:
    for values in _drawn(Severities.BALANCED).values():
        grades = np.bincount([grade_of(value) for value in values], minlength=len(GRADES))
        np.testing.assert_allclose(grades / DRAWS, 0.2, atol=0.03)


def test_the_originals_shares_are_the_default_ones() -> None:
    for attribute, values in _drawn(Severities.SHARES).items():
        grades = np.bincount([grade_of(value) for value in values], minlength=len(GRADES))
        shares = np.array(GRADE_SHARES[attribute])
        np.testing.assert_allclose(grades / DRAWS, shares / shares.sum(), atol=0.03)


def test_three_mixed_faces_of_ten_have_at_most_one_sign() -> None:
    drawn = _drawn(Severities.MIXED)
    signs = {**drawn, Attribute.HYDRATION: 4 - drawn[Attribute.HYDRATION]}
    seen = (np.stack(list(signs.values())) > CLEAR).sum(axis=0)
    # A balanced face has so few signs in one case of a hundred and forty.
    assert (seen <= 1).mean() == pytest.approx(0.31, abs=0.03)


def test_a_panel_errs_by_a_grade_and_no_panel_does_not() -> None:
    rng = np.random.default_rng(1)
    severities = rng.uniform(0, 4, 2000)
    truth = np.array([grade_of(severity) for severity in severities])
    assert all(graded_by_people(s, graders=0, rng=rng) == grade_of(s) for s in severities[:50])
    judged = np.array([graded_by_people(s, graders=3, rng=rng) for s in severities])
    off = np.abs(judged - truth)
    assert 0.1 < (off > 0).mean() < 0.5
    assert (off > 1).mean() < 0.02
    assert judged.min() >= 0
    assert judged.max() <= 4
