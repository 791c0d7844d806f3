"""Losses that ask four questions in order: is the grade above 0, above 1, above 2, above 3?"""

from __future__ import annotations

import torch
from coral_pytorch.losses import coral_loss, corn_loss
from torch import Tensor

from baseline.losses.base import GRADE_COUNT, GradeLoss, grades_of


class Coral(GradeLoss):
    """CORAL (Cao et al. 2020, doi:10.1016/j.patrec.2020.11.008): four questions, one slope.

    The network's last layer gives four numbers that differ by a bias alone (`CoralHead`).
    """

    outputs = GRADE_COUNT - 1

    def of_rated(self, outputs: Tensor, severities: Tensor) -> Tensor:
        """See `GradeLoss`."""
        levels = grades_of(severities)[:, None] > torch.arange(self.outputs, device=outputs.device)
        loss: Tensor = coral_loss(outputs, levels.float())
        return loss

    def probabilities(self, outputs: Tensor) -> Tensor:
        """See `GradeLoss`."""
        return _between(torch.sigmoid(outputs.float()))


class Corn(GradeLoss):
    """CORN (Shi et al. 2021, arXiv:2111.08851): a question is put only after a yes to the last."""

    outputs = GRADE_COUNT - 1

    def of_rated(self, outputs: Tensor, severities: Tensor) -> Tensor:
        """See `GradeLoss`."""
        loss: Tensor = corn_loss(outputs, grades_of(severities), GRADE_COUNT)
        return loss

    def probabilities(self, outputs: Tensor) -> Tensor:
        """See `GradeLoss`."""
        return _between(torch.sigmoid(outputs.float()).cumprod(dim=-1))


class CoralHead(torch.nn.Module):
    """A last layer whose four outputs share their weights and differ by a bias."""

    def __init__(self, features: int) -> None:
        """Build it for so many features.

        The biases start in falling order, as CORAL's authors recommend.
        """
        super().__init__()
        self.slope = torch.nn.Linear(features, 1, bias=False)
        steps = torch.arange(GRADE_COUNT - 1, 0, -1).float() / (GRADE_COUNT - 1)
        self.biases = torch.nn.Parameter(steps)

    def forward(self, features: Tensor) -> Tensor:
        """Features float (N, F) to outputs float (N, 4)."""
        return torch.as_tensor(self.slope(features) + self.biases)


def _between(above: Tensor) -> Tensor:
    """Probabilities of the grades from those of being above each, float32 (..., 4)."""
    # Independent questions may answer out of order; a grade's share is then none, not negative.
    falling = above.cummin(dim=-1).values
    ones, zeros = torch.ones_like(falling[..., :1]), torch.zeros_like(falling[..., :1])
    return torch.cat([ones, falling], dim=-1) - torch.cat([falling, zeros], dim=-1)
