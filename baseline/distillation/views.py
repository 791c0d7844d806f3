"""The same picture from elsewhere: moved, turned, mirrored, enlarged, and what was said of it too.

A view is float32 (2, 3): where in the picture, in coordinates from -1 to 1, each place of the
moved one comes from.
"""

from __future__ import annotations

import math
from typing import Final

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

_ENLARGED: Final = 1.0625
"""Of an input of 256 px half a cell of the maps at its border."""
_LARGEST_TURN_DEG: Final = 4.0
_LARGEST_ENLARGEMENT: Final = 0.05
_LARGEST_SHIFT: Final = 0.02
"""Of the side. As a landmark network errs, like `Augmentation.ALIGNMENT`."""


def _view(across: float, down: float) -> Tensor:
    return torch.tensor([[across, 0.0, 0.0], [0.0, down, 0.0]])


FOUR_VIEWS: Final = tuple(
    _view(across / enlarged, 1 / enlarged) for enlarged in (1, _ENLARGED) for across in (1, -1)
)
"""As it is, mirrored, enlarged, and both."""


def back_from(view: Tensor) -> Tensor:
    """The view that undoes one without turn and shift."""
    return _view(1 / float(view[0, 0]), 1 / float(view[1, 1]))


def any_view(chance: np.random.Generator) -> Tensor:
    """A view as another photo of the same face would be aligned, or of its mirror image."""
    turn = math.radians(chance.uniform(-_LARGEST_TURN_DEG, _LARGEST_TURN_DEG))
    enlarged = 1 + chance.uniform(-_LARGEST_ENLARGEMENT, _LARGEST_ENLARGEMENT)
    # The picture is two long from -1 to 1.
    right, down = 2 * chance.uniform(-_LARGEST_SHIFT, _LARGEST_SHIFT, 2)
    mirror = chance.choice((-1, 1))
    cos, sin = math.cos(turn) / enlarged, math.sin(turn) / enlarged
    return torch.tensor(
        [[mirror * cos, -sin, right], [mirror * sin, cos, down]], dtype=torch.float32
    )


def moved(picture: Tensor, view: Tensor, *, mode: str = "bilinear") -> Tensor:
    """A picture, or a map of one, as a view shows it; its border goes on beyond it.

    Args:
        picture: float32 (C, H, W).
        view: float32 (2, 3).
        mode: how values between cells are found, as `torch.nn.functional.grid_sample` calls it.

    Returns:
        float32 (C, H, W).
    """
    places = functional.affine_grid(view[None], [1, *picture.shape], align_corners=False)
    return functional.grid_sample(
        picture[None], places, mode=mode, padding_mode="border", align_corners=False
    )[0]
