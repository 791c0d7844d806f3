"""Masked label smoothing: soft targets that leak to the neighbouring grades alone."""

from __future__ import annotations

from typing import Final

import torch
from torch import Tensor
from torch.nn import functional as nnf

NEIGHBOUR: Final = 0.05
"""Probability that each neighbouring grade of the true one receives."""


def soft_targets(grades: Tensor, *, neighbour: float = NEIGHBOUR) -> Tensor:
    """Targets with most of the probability on the true grade and a little beside it.

    After the original's use of masked label smoothing (arXiv 2203.02889): grades further than one
    away stay at exactly 0.

    Args:
        grades: int64 (...), 0-4.
        neighbour: probability of each neighbour.

    Returns:
        float32 (..., 5), each row summing to 1.

    >>> torch.set_printoptions(precision=2)
    >>> soft_targets(torch.tensor([0, 2])).tolist()[1][1:4] == [0.05000000074505806] + [
    ...     0.8999999761581421, 0.05000000074505806]
    True
    """
    columns = torch.arange(5, device=grades.device)
    distance = (grades[..., None] - columns).abs()
    beside = neighbour * (distance == 1).float()
    return beside + (distance == 0).float() * (1 - beside.sum(dim=-1, keepdim=True))


def masked_label_smoothing(logits: Tensor, grades: Tensor) -> Tensor:
    """Cross-entropy against `soft_targets`, averaged over the rated items.

    Args:
        logits: float (..., 5), before any softmax.
        grades: int64 (...); below 0 means not rated and does not count.

    Returns:
        A scalar; 0 where nothing is rated.
    """
    rated = grades >= 0
    targets = soft_targets(grades.clamp(min=0))
    losses = -(targets * nnf.log_softmax(logits.float(), dim=-1)).sum(dim=-1)
    return (losses * rated).sum() / rated.sum().clamp(min=1)
