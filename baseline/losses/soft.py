"""Losses against soft labels, which know that grades beside each other are alike."""

from __future__ import annotations

from typing import Final

import torch
from torch import Tensor

from baseline.losses.base import GRADE_COUNT, GradeLoss

NEIGHBOUR: Final = 0.05
"""Probability that each neighbouring grade of the true one receives."""


class SoftTargets(GradeLoss):
    """Cross entropy against a severity that two grades share as it lies nearer to one or other.

    The expected grade of the target is the severity; on whole grades it is plain cross entropy.
    """

    def of_rated(self, outputs: Tensor, severities: Tensor) -> Tensor:
        """See `GradeLoss`."""
        return _cross_entropy(outputs, shared(severities))


class MaskedLabelSmoothing(GradeLoss):
    """Soft targets on the neighbours alone, as the original used arXiv:2203.02889.

    Between two grades the targets of both are shared, so that severities teach too.
    """

    def __init__(self, *, neighbour: float = NEIGHBOUR) -> None:
        """Choose the probability of each neighbour."""
        self._neighbour = neighbour

    def of_rated(self, outputs: Tensor, severities: Tensor) -> Tensor:
        """See `GradeLoss`."""
        return _cross_entropy(outputs, smoothed(severities, neighbour=self._neighbour))


class Sord(GradeLoss):
    """Soft labels that fall with the squared distance.

    Diaz and Marathe 2019, doi:10.1109/CVPR.2019.00487.
    """

    def __init__(self, *, sharpness: float = 2.0) -> None:
        """Choose how fast they fall."""
        self._sharpness = sharpness

    def of_rated(self, outputs: Tensor, severities: Tensor) -> Tensor:
        """See `GradeLoss`."""
        distance = severities[:, None] - _columns(severities)
        return _cross_entropy(outputs, torch.softmax(-self._sharpness * distance**2, dim=-1))


class EarthMovers(GradeLoss):
    """Squared earth mover's distance: an error of two grades costs more than one of one.

    Hou et al. 2016, arXiv:1611.05916.
    """

    def of_rated(self, outputs: Tensor, severities: Tensor) -> Tensor:
        """See `GradeLoss`."""
        believed = torch.softmax(outputs, dim=-1).cumsum(dim=-1)
        return ((believed - shared(severities).cumsum(dim=-1)) ** 2).sum(dim=-1).mean()


def shared(severities: Tensor) -> Tensor:
    """Each severity as the two grades beside it, float32 (..., 5), each row summing to 1.

    >>> shared(torch.tensor([2.0, 2.25])).tolist()
    [[0.0, 0.0, 1.0, 0.0, 0.0], [0.0, 0.0, 0.75, 0.25, 0.0]]
    """
    return (1 - (severities.float()[..., None] - _columns(severities)).abs()).clamp(min=0)


def smoothed(severities: Tensor, *, neighbour: float = NEIGHBOUR) -> Tensor:
    """`shared`, of which each grade gives a little to its neighbours; float32 (..., 5).

    >>> smoothed(torch.tensor([2.0, 2.5])).mul(1000).round().int().tolist()
    [[0, 50, 900, 50, 0], [0, 25, 475, 475, 25]]
    """
    columns = _columns(severities)
    distance = (columns[:, None] - columns).abs()
    beside = neighbour * (distance == 1).float()
    table = beside + (distance == 0).float() * (1 - beside.sum(dim=-1, keepdim=True))
    return shared(severities) @ table


def _columns(like: Tensor) -> Tensor:
    return torch.arange(GRADE_COUNT, device=like.device, dtype=torch.float32)


def _cross_entropy(outputs: Tensor, targets: Tensor) -> Tensor:
    return -(targets * torch.log_softmax(outputs, dim=-1)).sum(dim=-1).mean()
