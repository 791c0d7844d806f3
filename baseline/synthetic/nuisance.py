"""What differs between two photos of the same skin, each by name and each switchable."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import numpy as np


class Nuisance(StrEnum):
    """Something that changes a photo and says nothing about the skin."""

    LIGHT_DIRECTION = "light_direction"
    LIGHT_COLOUR = "light_colour"
    EXPOSURE = "exposure"
    BACKGROUND = "background"
    HEAD_TURN = "head_turn"
    FRAMING = "framing"
    EXPRESSION = "expression"
    SHEEN = "sheen"
    MAKE_UP = "make_up"
    STUBBLE = "stubble"
    MOLES = "moles"
    STRAY_HAIR = "stray_hair"
    HAIR_SHADOW = "hair_shadow"
    GLASSES = "glasses"
    LAMP_GLARE = "lamp_glare"
    BEAUTY_FILTER = "beauty_filter"
    BLUR = "blur"
    PHOTO_SIZE = "photo_size"
    CAMERA_NOISE = "camera_noise"
    SHARPENING = "sharpening"
    COMPRESSION = "compression"


EVERY_NUISANCE: Final = frozenset(Nuisance)

WORN: Final = frozenset({Nuisance.MOLES, Nuisance.STUBBLE, Nuisance.MAKE_UP})
"""What a face brings along, and no photo of it changes."""

SHARES: Final[Mapping[Nuisance, float]] = {
    Nuisance.LIGHT_DIRECTION: 0.85,
    Nuisance.LIGHT_COLOUR: 1.0,
    Nuisance.EXPOSURE: 1.0,
    Nuisance.BACKGROUND: 0.7,
    Nuisance.HEAD_TURN: 0.8,
    Nuisance.FRAMING: 1.0,
    Nuisance.EXPRESSION: 0.35,
    Nuisance.SHEEN: 0.8,
    Nuisance.MAKE_UP: 0.25,
    Nuisance.STUBBLE: 0.15,
    Nuisance.MOLES: 0.35,
    Nuisance.STRAY_HAIR: 0.2,
    Nuisance.HAIR_SHADOW: 0.15,
    Nuisance.GLASSES: 0.12,
    Nuisance.LAMP_GLARE: 0.25,
    Nuisance.BEAUTY_FILTER: 0.1,
    Nuisance.BLUR: 0.4,
    Nuisance.PHOTO_SIZE: 0.4,
    Nuisance.CAMERA_NOISE: 0.9,
    Nuisance.SHARPENING: 0.4,
    Nuisance.COMPRESSION: 1.0,
}
"""In which share of the photos each occurs, when it is switched on."""


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What happens in one photo: each nuisance with a generator of its own.

    So a photo without one of them is the same photo otherwise.

    Attributes:
        seed: of everything.
        allowed: the nuisances that are switched on.
        worn: seed of those in `WORN`, the same for photos of one face; by default they are drawn
            with the photo.
        frame: which photo of one moment, from 0: the others show the same, but for what differs
            within half a second, see `tremor`.
    """

    seed: int
    allowed: Collection[Nuisance] = EVERY_NUISANCE
    worn: int | None = None
    frame: int = 0

    def draw(self, nuisance: Nuisance) -> np.random.Generator | None:
        """The generator of a nuisance that happens in this photo; None where it does not."""
        seed = self.worn if self.worn is not None and nuisance in WORN else self.seed
        generator = np.random.default_rng([seed, list(Nuisance).index(nuisance)])
        happens = generator.random() < SHARES[nuisance]
        return generator if happens and nuisance in self.allowed else None

    def tremor(self, nuisance: Nuisance) -> np.random.Generator | None:
        """The generator of how far a nuisance differs from the first photo of the moment.

        None in that first photo, and where the nuisance is switched off.
        """
        if self.frame == 0 or nuisance not in self.allowed:
            return None
        return np.random.default_rng([self.seed, list(Nuisance).index(nuisance), self.frame])
