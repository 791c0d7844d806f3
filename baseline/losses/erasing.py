"""What a map shows has to matter: erasing it lowers the score more than erasing other skin.

Where a sign covers most of a face, its grader is sure of the highest grade whatever is taken away,
and its score says little of the skin that its own map points at. This loss compares two copies of a
photo: in one the brightest tenth of the map is filled in from round about, in the other as much
skin in random patches; the first has to score lower (a ranking by counterfactuals, as deletion
curves ask for one: Petsiuk et al. 2018, arXiv:1806.07421).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import torch
from torch import Tensor, nn
from torch.nn import functional

from backend.vision.geometry import EYE_DISTANCE, EYE_HEIGHT

_ERASED: Final = 0.1
"""Share of the face that is filled in."""
_MARGIN: Final = 0.1
"""By how many grades the scores of the two copies should be apart."""
_CLEAR: Final = 1.5
"""Sign strength from which on there is something to erase."""
_MOST: Final = 8
"""Photos of a batch that are erased: each is computed twice more."""
_FACE: Final = (0.32, 1.51, 1.11)
"""Middle below the eyes, half height and half width of a face, eye distances."""
_GRAIN: Final = 5
"""Side of a random patch, cells of the enlarged map."""
_NOISE: Final = 0.02
"""Of what is filled in, on the scale where white is 1 and black -1."""


def erasing_loss(
    network: nn.Module,
    images: Tensor,
    maps: Tensor,
    severities: Tensor,
    grade_weights: Sequence[float],
) -> Tensor:
    """How far erasing what the maps show falls short of mattering more than erasing other skin.

    Args:
        network: from (N, 3, S, S) to logits (N, 1, 5); its normalisation uses the statistics that
            it has learned, as when it grades.
        images: (N, 3, S, S).
        maps: (N, 5, h, w), the map of each grade's logit.
        severities: (N,), what is to be graded; negative where nobody knows.
        grade_weights: what a sign's strength is in terms of the five grades, as in `map_loss`.

    Returns:
        The mean over the photos with a clear sign, of which the first eight are taken; 0 where
        there is none.
    """
    weights = torch.tensor(grade_weights, dtype=torch.float32, device=images.device)
    strength = severities * weights[-1].sign() + (4.0 if weights[-1] < 0 else 0.0)
    chosen = ((strength >= _CLEAR) & (severities >= 0)).nonzero()[:_MOST, 0]
    if not len(chosen):
        return maps.sum() * 0.0
    evidence = torch.einsum("k,nkhw->nhw", weights, maps[chosen].detach().float())
    shown = functional.interpolate(
        evidence[:, None], scale_factor=4, mode="bicubic", align_corners=False
    )[:, 0]
    patches = _patches(shown)
    pictures = images[chosen]
    copies = [erased(pictures, brightest(ranked)) for ranked in (shown, patches)]
    learning = [one for one in network.modules() if isinstance(one, nn.BatchNorm2d)]
    was = [one.training for one in learning]
    for one in learning:
        one.eval()
    logits = network(torch.cat(copies))[:, 0]
    for one, trained in zip(learning, was, strict=True):
        one.train(trained)
    without_sign, without_skin = (torch.softmax(logits.float(), -1) @ weights).chunk(2)
    return functional.relu(_MARGIN + without_sign - without_skin).mean()


def brightest(maps: Tensor) -> Tensor:
    """The highest tenth of the cells on the face, of maps (N, h, w); bool (N, h, w)."""
    face = _on_face(maps)  # (h, w)
    count = max(1, round(_ERASED * float(face.sum())))
    ranked = maps.masked_fill(~face, float("-inf")).flatten(1)
    least = ranked.topk(count, dim=1).values[:, -1:, None]
    return (maps >= least) & face


def erased(images: Tensor, cells: Tensor) -> Tensor:
    """Images (N, 3, S, S) with some cells (N, h, w) filled in from round about.

    From coarse to fine: what is missing at one resolution is taken from the next coarser one, in
    which each pixel is the mean of those that are known.
    """
    side = images.shape[-1]
    kept = 1.0 - functional.interpolate(cells[:, None].to(images.dtype), size=(side, side))
    noise = torch.randn_like(images) * _NOISE
    return kept * images + (1 - kept) * (_filled(images, kept) + noise)


def _filled(images: Tensor, kept: Tensor) -> Tensor:
    if images.shape[-1] <= 2:
        return images
    known = functional.avg_pool2d(kept, 2)
    smaller = functional.avg_pool2d(images * kept, 2) / known.clamp(min=1e-3)
    coarse = _filled(smaller, (known > 0).to(images.dtype))
    wide = functional.interpolate(
        coarse, size=images.shape[-2:], mode="bilinear", align_corners=False
    )
    return kept * images + (1 - kept) * wide


def _patches(like: Tensor) -> Tensor:
    count, height, width = like.shape
    coarse = torch.randn(count, 1, height // _GRAIN, width // _GRAIN, device=like.device)
    return functional.interpolate(
        coarse, size=(height, width), mode="bicubic", align_corners=False
    )[:, 0]


def _on_face(maps: Tensor) -> Tensor:
    """Which cells of maps (N, h, w) are on a face as crops are aligned, bool (h, w)."""
    middle, high, wide = _FACE
    height, width = maps.shape[-2:]
    rows = (torch.arange(height, device=maps.device) + 0.5) / height - EYE_HEIGHT
    columns = (torch.arange(width, device=maps.device) + 0.5) / width - 0.5
    down = (rows / EYE_DISTANCE - middle) / high
    right = columns / EYE_DISTANCE / wide
    return down[:, None] ** 2 + right[None] ** 2 <= 1
