"""One sign at one strength on one photo, and exactly which pixels it changed."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from backend.vision.geometry import Photo
from backend.vocabulary import GRADES, Attribute
from baseline.second_painter import dryness, oil, pigment, redness, wrinkles
from baseline.second_painter.portrait import Picture, Portrait

STRONGEST: Final = float(max(GRADES))

_PAINT: Final[Mapping[Attribute, Callable[[Portrait, float, np.random.Generator], Picture]]] = {
    Attribute.OIL: oil.paint,
    Attribute.HYDRATION: dryness.paint,
    Attribute.WRINKLE: wrinkles.paint,
    Attribute.PIGMENTATION: pigment.paint,
    Attribute.SENSITIVITY: redness.paint,
}


@dataclass(frozen=True, slots=True)
class Painted:
    """A painted photo.

    Attributes:
        pixels: RGB uint8 (H, W, 3).
        mask: bool (H, W), the pixels that differ from the photo.
    """

    pixels: Photo
    mask: npt.NDArray[np.bool_]


def paint(
    portrait: Portrait, attribute: Attribute, *, strength: float, seed: int | Sequence[int]
) -> Painted:
    """Paint one sign; the other four stay as the photo has them.

    Strength 0 is the photo itself, nothing is cleaned off. One seed is one pattern, which grows
    with the strength.

    Args:
        portrait: the face.
        attribute: which sign; for hydration it is dryness, its opposite.
        strength: 0 none to 4 heavy.
        seed: what the pattern is drawn from, one number or several.

    Raises:
        ValueError: the strength is not from 0 to 4.
    """
    if not 0 <= strength <= STRONGEST:
        raise ValueError(f"expected a strength from 0 to {STRONGEST:g}, got {strength}")
    pixels = portrait.photo.copy()
    if strength > 0:
        window = _PAINT[attribute](portrait, strength / STRONGEST, np.random.default_rng(seed))
        pixels[portrait.rows, portrait.columns] = np.round(np.clip(window, 0, 1) * 255)
    return Painted(pixels, (pixels != portrait.photo).any(axis=2))


def grade_of(attribute: Attribute, strength: float) -> float:
    """What a perfect grader says of a face painted this strongly that was clear before.

    >>> grade_of(Attribute.OIL, 3.0), grade_of(Attribute.HYDRATION, 3.0)
    (3.0, 1.0)
    """
    return STRONGEST - strength if attribute is Attribute.HYDRATION else strength
