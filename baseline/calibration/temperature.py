"""One number per grader that makes its probabilities as sure as they are right."""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize_scalar
from scipy.special import log_softmax

RANGE: Final = (0.05, 20.0)
"""Temperatures that are tried; a trained network's lies well inside."""


def fit_temperature(logits: npt.ArrayLike, truth: npt.ArrayLike) -> float:
    """The temperature under which the true grades are most likely (Guo et al. 2017).

    arXiv:1706.04599, section 4.2: the logits are divided by it before the softmax, which changes
    how sure a network is and never which grade it finds most probable.

    Args:
        logits: float (N, 5); log probabilities will do, as they differ by a constant per row.
        truth: grades 0-4, int (N,).

    Returns:
        Above 1 for a network that is too sure, below 1 for one that is not sure enough.

    Raises:
        ValueError: there are no photos, or the lengths differ.

    >>> right_three_times_in_four = np.log([[0.97, 0.03, 1e-9, 1e-9, 1e-9]] * 4)
    >>> temperature = fit_temperature(right_three_times_in_four, [0, 0, 0, 1])
    >>> scaled = np.exp(log_softmax(right_three_times_in_four[0] / temperature))
    >>> round(float(scaled[0]), 2)
    0.76
    """
    table, grades = np.asarray(logits, dtype=np.float64), np.asarray(truth)
    if len(grades) == 0 or table.shape != (len(grades), 5):
        raise ValueError(f"expected five logits for each of some photos, got {table.shape}")
    rows = np.arange(len(grades))

    def surprise(log_temperature: float) -> float:
        believed = log_softmax(table / np.exp(log_temperature), axis=1)
        return -float(believed[rows, grades].mean())

    found = minimize_scalar(surprise, bounds=tuple(np.log(RANGE)), method="bounded")
    return float(np.exp(found.x))
