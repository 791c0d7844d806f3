"""What every loss offers."""

from __future__ import annotations

from abc import ABC, abstractmethod

import torch
from torch import Tensor

from backend.vocabulary import GRADES

GRADE_COUNT = len(GRADES)


class GradeLoss(ABC):
    """A loss for one grade of 0 to 4, on whatever device its inputs are.

    Attributes:
        outputs: how many numbers the network gives for an attribute.
    """

    outputs: int = GRADE_COUNT

    def __call__(self, outputs: Tensor, severities: Tensor) -> Tensor:
        """The mean loss over the rated items.

        Args:
            outputs: float (..., K), straight from the network.
            severities: float (...), 0 to 4; whole numbers are grades, below 0 means not rated.

        Returns:
            A scalar; 0, with a gradient, where nothing is rated.
        """
        rated = severities >= 0
        if not rated.any():
            return outputs.sum() * 0.0
        return self.of_rated(outputs[rated].float(), severities[rated].float())

    @abstractmethod
    def of_rated(self, outputs: Tensor, severities: Tensor) -> Tensor:
        """The mean loss of N rated items: outputs float32 (N, K), severities float32 (N,)."""

    def probabilities(self, outputs: Tensor) -> Tensor:
        """What the network believes, float32 (..., 5), from its outputs (..., K)."""
        return torch.softmax(outputs.float(), dim=-1)


def grades_of(severities: Tensor) -> Tensor:
    """The nearest grade, halves upwards, int64 shaped like `severities`.

    >>> grades_of(torch.tensor([0.4, 0.5, 3.9])).tolist()
    [0, 1, 4]
    """
    return (severities + 0.5).floor().long()
