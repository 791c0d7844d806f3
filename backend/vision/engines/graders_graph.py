"""Graders as one network: the first stages that all have in common are computed once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch
from torch import nn


class GradersGraph(nn.Module):
    """Graders with their evidence: what engines run, and what is exported.

    The last features of each give its logits and its evidence, so that the evidence costs next to
    nothing. Networks whose first stages are alike, weights and layers, share them: each looks at
    what these found once for all.

    Attributes:
        shared_stages: how many of the nine stages of an EfficientNet are shared: the stem, seven
            stages of blocks and the last convolution.
    """

    def __init__(self, networks: Sequence[nn.Module]) -> None:
        """Put graders together.

        Args:
            networks: EfficientNets of timm in evaluation mode that look at the same input; at least
                one.
        """
        super().__init__()
        stages = [_stages(network) for network in networks]
        self.shared_stages = _equal_first(stages) if len(networks) > 1 else 0
        self._shared = nn.Sequential(*stages[0][: self.shared_stages])
        self._own = nn.ModuleList(nn.Sequential(*each[self.shared_stages :]) for each in stages)
        self._pools = nn.ModuleList(network.get_submodule("global_pool") for network in networks)
        self._last = nn.ModuleList(network.get_submodule("classifier") for network in networks)

    def forward(self, inputs: torch.Tensor) -> tuple[torch.Tensor, ...]:
        """Look at images.

        Args:
            inputs: float32 (N, 3, S, S).

        Returns:
            Of each grader in turn its logits (N, 5) and its evidence (N, 5, H, W).
        """
        seen = self._shared(inputs)
        found: list[torch.Tensor] = []
        for own, pool, last in zip(self._own, self._pools, self._last, strict=True):
            features = own(seen)
            cells = features.shape[-2] * features.shape[-1]
            weight = last.get_parameter("weight")[:, :, None, None] / cells
            found += [last(pool(features)), nn.functional.conv2d(features, weight)]
        return tuple(found)


def _stages(network: nn.Module) -> list[nn.Module]:
    """What an EfficientNet of timm does one after the other, up to its last features."""
    untyped: Any = network  # timm's networks have no types
    return [
        nn.Sequential(untyped.conv_stem, untyped.bn1),
        *untyped.blocks,
        nn.Sequential(untyped.conv_head, untyped.bn2),
    ]


def _equal_first(stages: Sequence[Sequence[nn.Module]]) -> int:
    """How many of the first stages compute the same in all networks."""
    count = 0
    for first, *others in zip(*stages, strict=True):
        if not all(_same(first, other) for other in others):
            break
        count += 1
    return count


def _same(one: nn.Module, other: nn.Module) -> bool:
    # The same weights with other strides compute something else; a module's text tells them.
    if str(one) != str(other):
        return False
    # How many batches a normalisation has seen tells nothing of what it computes.
    ours, theirs = (
        {name: its for name, its in each.state_dict().items() if its.is_floating_point()}
        for each in (one, other)
    )
    return ours.keys() == theirs.keys() and all(
        torch.equal(ours[name], theirs[name]) for name in ours
    )
