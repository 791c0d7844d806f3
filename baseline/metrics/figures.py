"""Every figure about one attribute's grades, with intervals over people."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from scipy.stats import spearmanr
from sklearn.metrics import cohen_kappa_score, confusion_matrix

from backend.vocabulary import GRADES
from baseline.metrics.bootstrap import RESAMPLES, Rows, Shown, over_people
from baseline.metrics.penalty_recall import penalty_recall

CONFIDENCE_BINS: Final = 15
"""As in Guo et al. 2017."""
_CHANCE_DRAWS: Final = 200

Grades = npt.NDArray[np.int64]
Reals = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Graded:
    """Rated photos of one attribute and what a grader said of them.

    Attributes:
        truth: true grades 0-4, int64 (N,).
        severities: true amounts 0.0-4.0, float64 (N,); the grades where nothing finer is known.
        predicted: decided grades 0-4, int64 (N,).
        probabilities: float64 (N, 5), each row sums to 1.
        people: who is on each photo, N times.
    """

    truth: Grades
    severities: Reals
    predicted: Grades
    probabilities: Reals
    people: Sequence[Shown]

    @property
    def scores(self) -> Reals:
        """Expected grades, float64 (N,)."""
        return self.probabilities @ np.asarray(GRADES, dtype=np.float64)

    def rows(self, rows: npt.NDArray[np.intp]) -> Graded:
        """Some of the photos, in the given order."""
        return Graded(
            self.truth[rows],
            self.severities[rows],
            self.predicted[rows],
            self.probabilities[rows],
            [self.people[row] for row in rows],
        )


def figures(graded: Graded) -> dict[str, float]:
    """The figures of one attribute.

    Returns:
        p_recall (see `penalty_recall`); macro_recall, the mean share of each true grade that was
        hit; exact and within_one, shares of photos; quadratic_kappa (Cohen 1968,
        doi:10.1037/h0026256); calibration_error; and of the score against the severity
        mean_absolute_error, spearman and slope (least squares). Where all photos have one severity
        or one score, spearman and slope are NaN: they say nothing then.
    """
    off = np.abs(graded.truth - graded.predicted)
    scores = graded.scores
    varied = np.ptp(graded.severities) > 0
    return {
        "p_recall": penalty_recall(graded.truth, graded.predicted).value,
        "macro_recall": float(np.mean(list(recall_by_grade(graded).values()))),
        "exact": float((off == 0).mean()),
        "within_one": float((off <= 1).mean()),
        "quadratic_kappa": quadratic_kappa(graded.truth, graded.predicted),
        "calibration_error": calibration_error(graded.truth, graded.probabilities),
        "mean_absolute_error": float(np.abs(graded.severities - scores).mean()),
        "spearman": (
            float(spearmanr(graded.severities, scores).statistic)
            if varied and np.ptp(scores) > 0
            else float("nan")
        ),
        "slope": float(np.polyfit(graded.severities, scores, 1)[0]) if varied else float("nan"),
    }


def with_intervals(graded: Graded, *, resamples: int = RESAMPLES) -> dict[str, Any]:
    """`figures`, and for each of them but one `<name>_95`, its 95 % interval over people.

    Every draw adds noise to the calibration error, which noise can only enlarge, so that its
    percentiles lie above what was measured; `calibration_error_by_chance` is what to hold it
    against.

    Returns:
        The figures and intervals, rounded to four digits, those that say nothing being None;
        recall_by_grade and p_recall_by_grade
        with the grade as a word; confusion, counts of true grade (row) by predicted (column);
        calibration_error_by_chance; photos, how many there were.
    """
    values = figures(graded)
    names = [name for name in values if name != "calibration_error"]

    def drawn(rows: Rows) -> list[float]:
        theirs = figures(graded.rows(rows))
        return [theirs[name] for name in names]

    ends = over_people(drawn, graded.people, resamples=resamples)
    found: dict[str, Any] = {name: _told(value) for name, value in values.items()}
    for name, interval in zip(names, ends, strict=True):
        told = [_told(float(end)) for end in interval]
        found[f"{name}_95"] = None if None in told else told
    return {
        **found,
        "p_recall_by_grade": _rounded(penalty_recall(graded.truth, graded.predicted).by_grade),
        "recall_by_grade": _rounded(recall_by_grade(graded)),
        "confusion": confusion(graded),
        "calibration_error_by_chance": round(calibration_error_by_chance(graded.probabilities), 4),
        "photos": len(graded.truth),
    }


def _told(value: float) -> float | None:
    return None if math.isnan(value) else round(value, 4)


def recall_by_grade(graded: Graded) -> dict[int, float]:
    """Share of each true grade's photos that got just that grade; absent where there are none."""
    hit = graded.truth == graded.predicted
    return {
        grade: float(hit[graded.truth == grade].mean()) for grade in GRADES if grade in graded.truth
    }


def confusion(graded: Graded) -> list[list[int]]:
    """Counts of true grade (row) against predicted grade (column), 5 x 5."""
    table = confusion_matrix(graded.truth, graded.predicted, labels=GRADES)
    return [[int(count) for count in row] for row in table]


def quadratic_kappa(truth: npt.ArrayLike, predicted: npt.ArrayLike) -> float:
    """Cohen's kappa with squared distances; 1 where both say one and the same grade throughout.

    >>> round(quadratic_kappa([0, 1, 2, 3, 4], [0, 1, 2, 3, 3]), 4)
    0.9412
    """
    if np.array_equal(truth, predicted):
        return 1.0
    return float(cohen_kappa_score(truth, predicted, labels=list(GRADES), weights="quadratic"))


def calibration_error(truth: npt.ArrayLike, probabilities: npt.ArrayLike) -> float:
    """Expected calibration error of the most probable grade (Guo et al. 2017, arXiv:1706.04599).

    Photos are sorted into 15 equal steps of the highest probability; in each, the mean of that
    probability is compared with the share that was right; the gaps are averaged by photos.

    Args:
        truth: true grades 0-4, int (N,).
        probabilities: float (N, 5).

    >>> round(calibration_error([0, 1], [[0.9, 0.1, 0, 0, 0], [0.9, 0.1, 0, 0, 0]]), 4)
    0.4
    """
    table = np.asarray(probabilities, dtype=np.float64)
    confidence, right = table.max(axis=1), table.argmax(axis=1) == np.asarray(truth)
    bins = np.minimum((confidence * CONFIDENCE_BINS).astype(int), CONFIDENCE_BINS - 1)
    gaps = [
        abs(float(right[bins == one].mean() - confidence[bins == one].mean()))
        * (bins == one).mean()
        for one in np.unique(bins)
    ]
    return float(np.sum(gaps))


def calibration_error_by_chance(probabilities: npt.ArrayLike) -> float:
    """The calibration error that so many photos show even if every probability is right.

    True grades are drawn from the probabilities themselves (Broecker and Smith 2007,
    doi:10.1175/WAF993.1); the mean over 200 draws, always the same ones. No grader can be expected
    to measure less than this.

    Args:
        probabilities: float (N, 5).

    >>> calibration_error_by_chance([[1.0, 0.0, 0.0, 0.0, 0.0]] * 10)
    0.0
    >>> few = calibration_error_by_chance([[0.5, 0.5, 0.0, 0.0, 0.0]] * 10)
    >>> many = calibration_error_by_chance([[0.5, 0.5, 0.0, 0.0, 0.0]] * 1000)
    >>> 0.1 < few < 0.2, 0.01 < many < 0.02
    (True, True)
    """
    table = np.asarray(probabilities, dtype=np.float64)
    rng = np.random.default_rng(0)
    below = np.cumsum(table, axis=1)[:, :-1]
    errors = [
        calibration_error((rng.random((len(table), 1)) >= below).sum(axis=1), table)
        for _ in range(_CHANCE_DRAWS)
    ]
    return float(np.mean(errors))


def _rounded(by_grade: Mapping[int, float]) -> dict[str, float]:
    return {str(grade): round(value, 4) for grade, value in by_grade.items()}
