"""Several photos of one moment: what is kept of each, which of them count, and which is best."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

from backend.vision.aligned_face import AlignedFace, MeasuredFace
from backend.vision.geometry import Photo
from backend.vision.portrait import Portrait
from backend.vision.quality import Verdict, assess


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
        beside: what the networks look at of the others that count, RGB uint8 (512, 512, 3) each.
    """

    best: Frame
    beside: tuple[Photo, ...] = ()

    @property
    def count(self) -> int:
        """How many photos the grades follow from."""
        return 1 + len(self.beside)


def best_first(frames: Sequence[Frame]) -> Burst:
    """Choose the photo of the highest quality, among equals the sharpest, and those beside it.

    Within half a second somebody blinks or moves: what would have to be taken again does not count
    beside what is better. If all would, all count, as several say more than one. The normal gate
    decides, whatever is asked of the photo: the grades do not depend on that.

    Args:
        frames: at least one.
    """
    qualities = [assess(one.aligned.capture) for one in frames]

    def merit(place: int) -> tuple[int, float]:
        return qualities[place].score, frames[place].aligned.capture.focus

    places = range(len(frames))
    best = max(places, key=merit)
    fit = [place for place in places if qualities[place].verdict is not Verdict.RETAKE]
    beside = [place for place in fit or places if place != best]
    return Burst(frames[best], tuple(frames[place].aligned.graded for place in beside))
