"""Graders as one network: first stages that some have in common are computed once for these."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch
from torch import nn


class GradersGraph(nn.Module):
    """Graders with their evidence: what engines run, and what is exported.

    The last features of each give its logits and its evidence, so that the evidence costs next to
    nothing. Networks whose first stages are alike, weights and layers, share them: each looks at
    what these found once for all. Of an EfficientNet there are nine: the stem, seven stages of
    blocks and the last convolution.

    Attributes:
        computed_stages: how many stages are computed for one input, in all networks together.
    """

    def __init__(self, networks: Sequence[nn.Module]) -> None:
        """Put graders together.

        Args:
            networks: EfficientNets of timm in evaluation mode that look at the same input; at least
                one.
        """
        super().__init__()
        self._root = _Branch({place: _stages(each) for place, each in enumerate(networks)})
        self._pools = nn.ModuleList(network.get_submodule("global_pool") for network in networks)
        self._last = nn.ModuleList(network.get_submodule("classifier") for network in networks)
        self.computed_stages = self._root.computed_stages

    def forward(self, inputs: torch.Tensor) -> tuple[torch.Tensor, ...]:
        """Look at images.

        Args:
            inputs: float32 (N, 3, S, S).

        Returns:
            Of each grader in turn its logits (N, 5) and its evidence (N, 5, H, W).
        """
        features = self._root(inputs)
        found: list[torch.Tensor] = []
        for place, (pool, last) in enumerate(zip(self._pools, self._last, strict=True)):
            own = features[place]
            cells = own.shape[-2] * own.shape[-1]
            weight = last.get_parameter("weight")[:, :, None, None] / cells
            found += [last(pool(own)), nn.functional.conv2d(own, weight)]
        return tuple(found)


class _Branch(nn.Module):
    """Stages that some graders have in common, and the branches of what follows in each.

    Graders are called by their place among all.
    """

    def __init__(self, stages: dict[int, list[nn.Module]]) -> None:
        """Grow the branch of graders whose stages, from here on, are given."""
        super().__init__()
        common = _equal_first(list(stages.values()))
        self._common = nn.Sequential(*next(iter(stages.values()))[:common])
        rest = {place: each[common:] for place, each in stages.items() if each[common:]}
        self._ending = [place for place in stages if place not in rest]
        following = _branches(rest)
        self._following = nn.ModuleList(following)
        self.computed_stages: int = common + sum(each.computed_stages for each in following)

    def forward(self, seen: torch.Tensor) -> dict[int, torch.Tensor]:
        """The last features of each grader."""
        seen = self._common(seen)
        found = dict.fromkeys(self._ending, seen)
        for branch in self._following:
            found |= branch(seen)
        return found


def _branches(stages: dict[int, list[nn.Module]]) -> list[_Branch]:
    """One for those that go on alike."""
    groups: list[dict[int, list[nn.Module]]] = []
    for place, each in stages.items():
        for group in groups:
            if _same(next(iter(group.values()))[0], each[0]):
                group[place] = each
                break
        else:
            groups.append({place: each})
    return [_Branch(group) for group in groups]


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
    for first, *others in zip(*stages, strict=False):
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
