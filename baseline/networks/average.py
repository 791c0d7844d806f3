"""One network out of several that followed one another in training.

Izmailov et al. 2018, arXiv:1803.05407; Wortsman et al. 2022, arXiv:2203.05482.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import torch
from torch import Tensor


def mean_of(states: Sequence[Mapping[str, Tensor]]) -> dict[str, Tensor]:
    """The mean of networks' states, tensor by tensor; counters are the last one's.

    >>> early = {"w": torch.tensor([1.0]), "steps": torch.tensor(5)}
    >>> late = {"w": torch.tensor([2.0]), "steps": torch.tensor(8)}
    >>> mean_of([early, late])
    {'w': tensor([1.5000]), 'steps': tensor(8)}
    """
    return {
        name: torch.stack([state[name] for state in states]).mean(dim=0)
        if last.is_floating_point()
        else last
        for name, last in states[-1].items()
    }
