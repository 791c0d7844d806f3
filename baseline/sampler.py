"""The order in which photos are learned, the same again from the same seed and epoch."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import torch
from torch.utils.data import Sampler

from baseline.losses.base import GRADE_COUNT


class EpochSampler(Sampler[int]):
    """Shuffled indices; with weights, drawn with replacement in proportion to them.

    The order depends on the seed and the epoch alone, so a stopped run goes on with the same
    photos, and every process of a distributed run draws the same.
    """

    def __init__(self, count: int, *, seed: int, weights: Sequence[float] | None = None) -> None:
        """Choose what to draw from.

        Args:
            count: number of photos.
            seed: of the order.
            weights: of each photo, or None for each once per epoch.
        """
        self._count = count
        self._seed = seed
        self._weights = None if weights is None else torch.tensor(weights, dtype=torch.float64)
        self.epoch = 0

    def __len__(self) -> int:
        """Indices in an epoch."""
        return self._count

    def __iter__(self) -> Iterator[int]:
        """The indices of this epoch."""
        generator = torch.Generator().manual_seed(self._seed * 100_003 + self.epoch)
        if self._weights is None:
            order = torch.randperm(self._count, generator=generator)
        else:
            order = torch.multinomial(self._weights, self._count, True, generator=generator)
        yield from order.tolist()


def balancing_weights(grades: Sequence[int]) -> list[float]:
    """One over how often each photo's grade occurs; 0 for photos that are not rated.

    >>> balancing_weights([0, 0, 3, -1])
    [0.5, 0.5, 1.0, 0.0]
    """
    counts = [max(1, sum(grade == one for grade in grades)) for one in range(GRADE_COUNT)]
    return [1 / counts[grade] if grade >= 0 else 0.0 for grade in grades]
