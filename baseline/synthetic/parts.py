"""Cuts a part of the face out of a photo, as the original's photos of parts 1 to 3 show it."""

from __future__ import annotations

from dataclasses import replace
from enum import IntEnum
from typing import Final

import numpy as np

from backend.vision.regions import Region, outline_of
from baseline.synthetic.simulator import Simulated


class Part(IntEnum):
    """What a photo shows, as label files tell it."""

    WHOLE_FACE = 0
    FOREHEAD = 1
    CHEEK = 2
    CHIN_AND_LIPS = 3


_REGIONS: Final = {
    Part.FOREHEAD: (Region.FOREHEAD, Region.GLABELLA),
    Part.CHEEK: (Region.CHEEK_LEFT, Region.UNDER_EYE_LEFT),
    Part.CHIN_AND_LIPS: (Region.CHIN, Region.MOUTH),
}


def cut(simulated: Simulated, part: Part) -> Simulated:
    """The part alone: a square around its regions, inside the photo; masks are cut alike.

    The landmarks move with it. The grades stay those of the whole face.
    """
    if part is Part.WHOLE_FACE:
        return simulated
    corners = np.vstack([outline_of(region, simulated.landmarks) for region in _REGIONS[part]])
    height, width = simulated.photo.shape[:2]
    low, high = corners.min(axis=0), corners.max(axis=0)
    side = int(min(np.ceil((high - low).max() * 1.1), height, width))
    left, top = np.round((low + high) / 2 - side / 2).astype(int)
    left, top = int(np.clip(left, 0, width - side)), int(np.clip(top, 0, height - side))
    window = (slice(top, top + side), slice(left, left + side))
    return replace(
        simulated,
        photo=np.ascontiguousarray(simulated.photo[window]),
        landmarks=simulated.landmarks - (left, top),
        masks={name: mask[window] for name, mask in simulated.masks.items()},
    )
