"""How the learning rate changes from step to step."""

from __future__ import annotations

import math
from typing import Final

import torch

from baseline.training.plan import Plan, Schedule

_HALVING_EPOCHS: Final = 20


def learning_rates(
    plan: Plan, optimizer: torch.optim.Optimizer, *, steps_of_epoch: int
) -> torch.optim.lr_scheduler.LambdaLR:
    """The schedule of a plan, to be stepped after each of its batches."""
    steps = plan.epochs * steps_of_epoch

    def factor(step: int) -> float:
        if plan.schedule is Schedule.STEP:
            return float(0.5 ** (step // (_HALVING_EPOCHS * steps_of_epoch)))
        return warm_cosine(step, steps)

    return torch.optim.lr_scheduler.LambdaLR(optimizer, factor)


def warm_cosine(step: int, steps: int) -> float:
    """Share of the peak learning rate at a step (Loshchilov and Hutter 2017, arXiv:1608.03983).

    >>> [round(warm_cosine(step, 20), 2) for step in (0, 1, 2, 11, 20)]
    [0.5, 1.0, 1.0, 0.5, 0.0]
    """
    warm = max(1, steps // 10)
    if step < warm:
        return (step + 1) / warm
    return 0.5 * (1 + math.cos(math.pi * (step - warm) / max(1, steps - warm)))
