"""Masked label smoothing: soft targets that leak to the neighbouring grades alone."""

from __future__ import annotations

from typing import Final

import torch
from torch import Tensor
from torch.nn import functional as nnf

NEIGHBOUR: Final = 0.05
"""Probability that each neighbouring grade of the true one receives."""


def soft_targets(severities: Tensor, *, neighbour: float = NEIGHBOUR) -> Tensor:
    """Targets with most of the probability on the true grade and a little beside it.

    After the original's use of masked label smoothing (arXiv 2203.02889): grades further than one
    from the true one stay at exactly 0. A severity between two grades is shared by them as it lies
    nearer to one or the other, so that the expected grade is the severity.

    Args:
        severities: (...), 0 to 4; whole numbers are grades.
        neighbour: probability of each neighbour of a grade.

    Returns:
        float32 (..., 5), each row summing to 1.

    >>> soft_targets(torch.tensor([2.0, 2.5])).mul(100).round().int().tolist()
    [[0, 5, 90, 5, 0], [0, 2, 48, 48, 2]]
    """
    columns = torch.arange(5, device=severities.device)
    shares = (1 - (severities.float()[..., None] - columns).abs()).clamp(min=0)
    distance = (columns[:, None] - columns).abs()
    beside = neighbour * (distance == 1).float()
    table = beside + (distance == 0).float() * (1 - beside.sum(dim=-1, keepdim=True))
    return shares @ table


def masked_label_smoothing(logits: Tensor, severities: Tensor) -> Tensor:
    """Cross-entropy against `soft_targets`, averaged over the rated items.

    Args:
        logits: float (..., 5), before any softmax.
        severities: (...), 0 to 4, or grades; below 0 means not rated and does not count.

    Returns:
        A scalar; 0 where nothing is rated.
    """
    rated = severities >= 0
    targets = soft_targets(severities.clamp(min=0))
    losses = -(targets * nnf.log_softmax(logits.float(), dim=-1)).sum(dim=-1)
    return (losses * rated).sum() / rated.sum().clamp(min=1)
