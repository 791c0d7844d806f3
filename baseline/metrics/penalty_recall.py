"""Penalty Recall, the metric of the original."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from backend.vision.decision import CREDIT
from backend.vocabulary import GRADES


@dataclass(frozen=True, slots=True)
class PenaltyRecall:
    """P-Recall and what it was averaged over.

    Attributes:
        value: mean over the grades that occur, at most 1.
        by_grade: credit of each true grade; a grade without images is absent, it is not 0.
        missing: the grades that no image had, which therefore have no recall.
    """

    value: float
    by_grade: Mapping[int, float]
    missing: tuple[int, ...]


def penalty_recall(truth: npt.ArrayLike, predicted: npt.ArrayLike) -> PenaltyRecall:
    """Mean credit per true grade, averaged over the grades (macro).

    Credit by distance: 0 off 1, 1 off 0.5, 2 off -0.5, 3 off -1, 4 off -1.5.

    Args:
        truth: true grades 0-4, int (N,).
        predicted: predicted grades 0-4, int (N,).

    Raises:
        ValueError: the lengths differ, there is nothing to score, or a grade is not 0-4.

    >>> penalty_recall([0, 0, 4], [0, 1, 0]).by_grade
    {0: 0.75, 4: -1.5}
    >>> penalty_recall([0, 1, 2, 3, 4], [2, 2, 2, 2, 2]).value
    0.2
    """
    true, guess = np.asarray(truth), np.asarray(predicted)
    if true.shape != guess.shape or true.ndim != 1 or true.size == 0:
        raise ValueError(
            f"expected two equally long lists of grades, got {true.shape} and {guess.shape}"
        )
    for name, grades in (("truth", true), ("predicted", guess)):
        if grades.dtype.kind not in "iu" or grades.min() < GRADES[0] or grades.max() > GRADES[-1]:
            raise ValueError(f"{name}: expected grades 0-4, got {sorted(set(grades.tolist()))}")
    credit = np.asarray(CREDIT)[np.abs(true - guess)]
    photos = np.bincount(true, minlength=len(GRADES))
    earned = np.bincount(true, weights=credit, minlength=len(GRADES))
    by_grade = {grade: float(earned[grade] / photos[grade]) for grade in GRADES if photos[grade]}
    return PenaltyRecall(
        value=float(np.mean(list(by_grade.values()))),
        by_grade=by_grade,
        missing=tuple(grade for grade in GRADES if grade not in by_grade),
    )
