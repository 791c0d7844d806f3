"""Losses that take the grades for five classes without an order."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor
from torch.nn import functional as nnf

from baseline.losses.base import GRADE_COUNT, GradeLoss, grades_of


class CrossEntropy(GradeLoss):
    """Cross entropy, at times with smoothed labels or weighted classes."""

    def __init__(self, *, smoothing: float = 0.0, weights: Sequence[float] | None = None) -> None:
        """Choose the variant.

        Args:
            smoothing: probability that is spread evenly over all grades (Szegedy et al. 2016,
                arXiv:1512.00567).
            weights: of each grade, five numbers; None weighs them alike.
        """
        self._smoothing = smoothing
        self._weights = None if weights is None else torch.tensor(weights)

    def of_rated(self, outputs: Tensor, severities: Tensor) -> Tensor:
        """See `GradeLoss`."""
        grades = grades_of(severities)
        each = nnf.cross_entropy(outputs, grades, reduction="none", label_smoothing=self._smoothing)
        return (each * _weight_of(grades, self._weights, each)).mean()


class Focal(GradeLoss):
    """Focal loss (Lin et al. 2017, arXiv:1708.02002): sure and right answers count little."""

    def __init__(self, *, gamma: float = 2.0, weights: Sequence[float] | None = None) -> None:
        """Choose how little, by `gamma`, and the weights of the grades, five numbers or None."""
        self._gamma = gamma
        self._weights = None if weights is None else torch.tensor(weights)

    def of_rated(self, outputs: Tensor, severities: Tensor) -> Tensor:
        """See `GradeLoss`."""
        grades = grades_of(severities)
        logs = torch.log_softmax(outputs, dim=-1).gather(-1, grades[:, None])[:, 0]
        each = -((1 - logs.exp()) ** self._gamma) * logs
        return (each * _weight_of(grades, self._weights, each)).mean()


class SoftF1(GradeLoss):
    """One minus the macro F1 score of soft counts: probabilities stand for decisions.

    A grade is counted by its F1 and by that of its absence, so that a batch without it still
    teaches.
    """

    def of_rated(self, outputs: Tensor, severities: Tensor) -> Tensor:
        """See `GradeLoss`."""
        believed = torch.softmax(outputs, dim=-1)
        true = nnf.one_hot(grades_of(severities), GRADE_COUNT).to(believed)
        scores = [_f1(believed, true), _f1(1 - believed, 1 - true)]
        return 1 - torch.stack(scores).mean()


def class_balanced_weights(counts: Sequence[int], *, beta: float = 0.999) -> list[float]:
    """Weights by the effective number of photos (Cui et al. 2019, arXiv:1901.05555, eq. 2).

    Args:
        counts: photos of each grade.
        beta: how much a further photo of a grade adds; 0 weighs all alike.

    Returns:
        Five numbers that sum to 5; a grade without a photo has 0.

    >>> [round(weight, 3) for weight in class_balanced_weights([100, 10, 10, 10, 0], beta=0.9)]
    [0.892, 1.369, 1.369, 1.369, 0.0]
    """
    each = [(1 - beta) / (1 - beta**count) if count else 0.0 for count in counts]
    return [weight * GRADE_COUNT / sum(each) for weight in each]


def _weight_of(grades: Tensor, weights: Tensor | None, like: Tensor) -> Tensor:
    return torch.ones_like(like) if weights is None else weights.to(like)[grades]


def _f1(believed: Tensor, true: Tensor) -> Tensor:
    found = (believed * true).sum(dim=0)
    return 2 * found / (believed.sum(dim=0) + true.sum(dim=0)).clamp(min=1e-7)
