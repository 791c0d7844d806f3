"""Several photos of one face at one moment: which of them shows it best."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from backend.vision.aligned_face import AlignedFace
from backend.vision.geometry import Photo
from backend.vision.portrait import Portrait
from backend.vision.quality import assess


@dataclass(frozen=True, slots=True)
class Burst:
    """Photos of one face at one moment.

    Attributes:
        best: the one whose pictures are shown.
        aligned: its face.
        beside: what the networks look at of the others, RGB uint8 (512, 512, 3) each.
    """

    best: Portrait
    aligned: AlignedFace
    beside: tuple[Photo, ...] = ()


def best_first(portraits: Sequence[Portrait]) -> Burst:
    """Choose the photo of the highest quality, among equals the sharpest.

    Args:
        portraits: at least one.
    """
    aligned = [AlignedFace.of(one.photo, one.face) for one in portraits]

    def merit(place: int) -> tuple[int, float]:
        capture = aligned[place].capture
        return assess(capture).score, capture.focus

    places = range(len(portraits))
    best = max(places, key=merit) if len(portraits) > 1 else 0
    others = (*aligned[:best], *aligned[best + 1 :])
    return Burst(portraits[best], aligned[best], tuple(one.graded for one in others))
