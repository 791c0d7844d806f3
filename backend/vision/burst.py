"""Several photos of one face at one moment: what is kept of each, and which shows it best."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

from backend.vision.aligned_face import AlignedFace, MeasuredFace
from backend.vision.geometry import Photo
from backend.vision.portrait import Portrait
from backend.vision.quality import assess


@dataclass(frozen=True, slots=True)
class Frame:
    """One photo of a moment.

    Attributes:
        aligned: its face.
        photo_size: width and height of the photo as it was looked at.
        full_size: width and height of the file's, upright.
    """

    aligned: AlignedFace | MeasuredFace
    photo_size: tuple[int, int]
    full_size: tuple[int, int]

    @classmethod
    def of(cls, portrait: Portrait) -> Self:
        """A photo that stays at hand; it is measured when first asked."""
        return cls._of(portrait, AlignedFace.of(portrait.photo, portrait.face))

    @classmethod
    def of_crop(cls, portrait: Portrait) -> Self:
        """The same of what was cut out before."""
        return cls._of(portrait, AlignedFace.of_crop(portrait.photo, portrait.face))

    @classmethod
    def measured(cls, portrait: Portrait) -> Self:
        """All that is asked of a photo, taken now, so that its pixels need not be kept."""
        return cls._of(portrait, AlignedFace.of(portrait.photo, portrait.face).without_photo())

    @classmethod
    def _of(cls, portrait: Portrait, aligned: AlignedFace | MeasuredFace) -> Self:
        height, width = portrait.photo.shape[:2]
        return cls(aligned, (width, height), portrait.full_size)


@dataclass(frozen=True, slots=True)
class Burst:
    """Photos of one face at one moment.

    Attributes:
        best: the one whose pictures are shown.
        beside: what the networks look at of the others, RGB uint8 (512, 512, 3) each.
    """

    best: Frame
    beside: tuple[Photo, ...] = ()


def best_first(frames: Sequence[Frame]) -> Burst:
    """Choose the photo of the highest quality, among equals the sharpest.

    Args:
        frames: at least one.
    """

    def merit(place: int) -> tuple[int, float]:
        capture = frames[place].aligned.capture
        return assess(capture).score, capture.focus

    best = max(range(len(frames)), key=merit)
    others = (*frames[:best], *frames[best + 1 :])
    return Burst(frames[best], tuple(one.aligned.graded for one in others))
