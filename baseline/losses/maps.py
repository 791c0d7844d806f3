"""Right for the right reasons: evidence is to lie where the sign was painted, and nowhere else.

The class activation map of a network that ends in average pool and linear layer is linear in its
last features, so that a loss on it teaches the same weights as the loss on the grades (Ross et al.
2017, doi:10.24963/ijcai.2017/371, for input gradients; here the map itself).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import torch
from torch import Tensor
from torch.nn import functional

_GAIN: Final = 2.0
_OFFSET: Final = -1.0
"""A cell at half the typical evidence for a sign is as likely beside it as on it."""
_LEAST_SCALE: Final = 1e-3
_PEAK_WEIGHT: Final = 0.2
"""Of what is lost by a peak beside the sign, against what is lost by all pixels."""
_SHARPNESS: Final = 6.0
"""How much a softmax over the pixels leaves to any but the highest evidence."""
_SIGN: Final = 0.5
"""From here on a pixel belongs to a sign."""


def map_loss(maps: Tensor, signs: Tensor, grade_weights: Sequence[float]) -> Tensor:
    """Binary cross-entropy of the evidence for a sign and the paint of it, pixel by pixel.

    A fifth of how surely the highest evidence lies beside the paint is added, so that a map's peak,
    which people look at first, counts for more than its many faint pixels leave it.

    Args:
        maps: float (N, 5, h, w), the map of each grade's logit.
        signs: float (N, H, W) in [0, 1], how far each pixel belongs to the sign. Maps of fewer
            cells are enlarged, for as such they are shown: a line is thinner than a cell, and only
            the cells about it together can say where it runs.
        grade_weights: what a sign's strength is in terms of the five logits, as heat maps are
            drawn: of oil -2 to 2, of hydration 2 to -2.

    Returns:
        The mean over photos and pixels. The evidence counts relative to what lies on the batch's
        signs, so that neither the size of the logits nor that of the map matters.

    >>> signs = torch.tensor([[[1.0, 0.0]]])
    >>> maps = torch.zeros(1, 5, 1, 2)
    >>> maps[0, 4] = torch.tensor([[6.0, -6.0]])
    >>> right = map_loss(maps, signs, (-2.0, -1.0, 0.0, 1.0, 2.0))
    >>> wrong = map_loss(-maps, signs, (-2.0, -1.0, 0.0, 1.0, 2.0))
    >>> round(right.item(), 3), round(wrong.item(), 3)
    (0.181, 3.562)
    """
    weights = torch.tensor(grade_weights, dtype=maps.dtype, device=maps.device)
    evidence = torch.einsum("k,nkhw->nhw", weights, maps).float()
    painted = signs.float()
    if evidence.shape != painted.shape:
        evidence = functional.interpolate(
            evidence[:, None], size=painted.shape[-2:], mode="bicubic", align_corners=False
        )[:, 0]
    typical = (evidence.detach().abs() * painted).sum() / painted.sum().clamp(min=1.0)
    relative = evidence / typical.clamp(min=_LEAST_SCALE)
    everywhere = functional.binary_cross_entropy_with_logits(_GAIN * relative + _OFFSET, painted)
    return everywhere + _PEAK_WEIGHT * _beside(relative, painted)


def _beside(relative: Tensor, painted: Tensor) -> Tensor:
    """Minus the log of how surely a photo's highest evidence lies on its sign, where it has one."""
    shown = painted.amax(dim=(-2, -1)) >= _SIGN
    if not shown.any():
        return relative.sum() * 0.0
    highest = torch.softmax(_SHARPNESS * relative[shown].flatten(1), dim=1)
    on_sign = (highest * painted[shown].flatten(1)).sum(dim=1)
    return -torch.log(on_sign.clamp(min=_LEAST_SCALE)).mean()
