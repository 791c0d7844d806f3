"""A few numbers per grader that make its probabilities as sure as they are right."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize
from scipy.special import log_softmax, softmax

from backend.vocabulary import GRADES
from baseline.metrics.figures import Grades, Reals

RANGE: Final = (0.05, 20.0)
"""Temperatures that are tried; a trained network's lies well inside."""

_FEWEST_PEOPLE: Final = 3
"""Of whom the gain by biases is judged."""


@dataclass(frozen=True, slots=True)
class Scaling:
    """From logits to probabilities.

    Attributes:
        temperature: the logits are divided by it. Above 1 for a network that is too sure, below 1
            for one that is not sure enough.
        bias: is added then, one number per grade; their mean is 0. Above 0 for a grade that the
            network finds too seldom; all 0 where biases do not pay.
    """

    temperature: float
    bias: tuple[float, ...]

    def probabilities(self, logits: npt.ArrayLike) -> Reals:
        """Of logits, float (N, 5)."""
        table = np.asarray(logits, dtype=np.float64)
        return np.asarray(softmax(table / self.temperature + np.asarray(self.bias), axis=1))

    def logits(self, probabilities: npt.ArrayLike) -> Reals:
        """Up to a constant per row, float (N, 5): what `probabilities` makes these of."""
        smallest = np.finfo(np.float64).tiny
        logarithms = np.log(np.maximum(np.asarray(probabilities, dtype=np.float64), smallest))
        return np.asarray(self.temperature * (logarithms - np.asarray(self.bias)))


@dataclass(frozen=True, slots=True)
class Gain:
    """How much likelier biases make the true grades of people whom they were not set on, in nats.

    Attributes:
        mean: over people; below 0 where biases make them less likely.
        standard_error: of that mean.
    """

    mean: float
    standard_error: float

    @property
    def pays(self) -> bool:
        """Whether it is more than chance explains.

        >>> Gain(0.062, 0.020).pays, Gain(0.003, 0.005).pays
        (True, False)
        """
        return self.mean > 2 * self.standard_error


def fit_scaling(
    logits: npt.ArrayLike, truth: npt.ArrayLike, people: Sequence[Sequence[str]]
) -> tuple[Scaling, Gain | None]:
    """The scaling under which the true grades are most likely: temperature alone, or with biases.

    A temperature changes how sure a network is and never which grade it finds most probable (Guo et
    al. 2017, arXiv:1706.04599); a network that says 3 too often stays so. Biases correct that
    (bias-corrected temperature scaling, Alexandari et al. 2020, arXiv:1901.06852), and of few
    people they learn what is true of these alone. So they are taken where they serve people whom
    they were not set on: where the true grades of each person's photos, all of that person's left
    out of the fit, become more likely, in the mean over people by more than two standard errors.

    Args:
        logits: float (N, 5); log probabilities will do, as they differ by a constant per row.
        truth: grades 0-4, int (N,).
        people: whose faces each photo shows.

    Returns:
        The scaling, and the gain that decided on its biases; None where there are too few people
        to judge it by.

    Raises:
        ValueError: there are no photos, or the lengths differ.

    >>> right_three_times_in_four = np.log([[0.97, 0.03, 1e-9, 1e-9, 1e-9]] * 400)
    >>> truth, people = [0, 0, 0, 1] * 100, [["a"], ["b"]] * 200
    >>> found, _ = fit_scaling(right_three_times_in_four, truth, people)
    >>> round(float(found.probabilities(right_three_times_in_four)[0, 0]), 2)
    0.76
    """
    table, grades = np.asarray(logits, dtype=np.float64), np.asarray(truth)
    if len(grades) == 0 or table.shape != (len(grades), len(GRADES)):
        raise ValueError(f"expected five logits for each of some photos, got {table.shape}")
    if len(people) != len(grades):
        raise ValueError(f"expected people of {len(grades)} photos, got those of {len(people)}")
    gain = _gain_by_biases(table, grades, people)
    return _fit(table, grades, biased=gain is not None and gain.pays), gain


def _gain_by_biases(table: Reals, grades: Grades, people: Sequence[Sequence[str]]) -> Gain | None:
    gains = []
    for person in sorted({one for several in people for one in several}):
        out = np.array([person in several for several in people])
        if bool(out.all()):
            return None
        alone, biased = (
            _surprise(_fit(table[~out], grades[~out], biased=biased), table[out], grades[out])
            for biased in (False, True)
        )
        gains.append(alone - biased)
    if len(gains) < _FEWEST_PEOPLE:
        return None
    standard_error = float(np.std(gains, ddof=1)) / len(gains) ** 0.5
    return Gain(float(np.mean(gains)), standard_error)


def _surprise(scaling: Scaling, table: Reals, grades: Grades) -> float:
    found = scaling.probabilities(table)[np.arange(len(grades)), grades]
    return -float(np.log(np.maximum(found, np.finfo(np.float64).tiny)).mean())


def _fit(table: Reals, grades: Grades, *, biased: bool) -> Scaling:
    """Each bias counts as drawn from a standard normal distribution, and so stays finite."""
    rows = np.arange(len(grades))
    true = np.eye(len(GRADES))[grades]

    def surprise(point: Reals) -> tuple[float, Reals]:
        log_temperature, bias = point[0], point[1:]
        scaled = table / np.exp(log_temperature)
        believed = log_softmax(scaled + bias, axis=1)
        beyond = np.exp(believed) - true
        slope_bias = beyond.sum(axis=0) + bias
        slope_temperature = -(beyond * scaled).sum()
        value = -believed[rows, grades].sum() + (bias**2).sum() / 2
        return value / len(rows), np.array([slope_temperature, *slope_bias]) / len(rows)

    of_bias = (None, None) if biased else (0.0, 0.0)
    bounds: Any = [tuple(np.log(RANGE)), *[of_bias] * len(GRADES)]
    start = np.zeros(1 + len(GRADES))
    found = minimize(surprise, start, jac=True, bounds=bounds, method="L-BFGS-B").x
    bias = found[1:] - found[1:].mean()
    return Scaling(float(np.exp(found[0])), tuple(bias.tolist()))
