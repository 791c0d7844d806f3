"""Several photos of one face at one moment: which of them shows it best."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from backend.vision.geometry import Photo, align
from backend.vision.portrait import Portrait
from backend.vision.quality import Check, assess


@dataclass(frozen=True, slots=True)
class Burst:
    """Photos of one face at one moment.

    Attributes:
        best: the one whose pictures are shown.
        beside: the aligned crops of the others, RGB uint8 (512, 512, 3) each.
    """

    best: Portrait
    beside: tuple[Photo, ...]


def best_first(portraits: Sequence[Portrait]) -> Burst:
    """Choose the photo of the highest quality, among equals the sharpest.

    Args:
        portraits: at least one.
    """
    crops = [
        align(one.photo, left_eye=one.face.left_eye, right_eye=one.face.right_eye).pixels
        for one in portraits
    ]

    def merit(place: int) -> tuple[int, float]:
        quality = assess(crops[place], eye_distance_px=portraits[place].face.eye_distance_px)
        sharp = (found.value for found in quality.findings if found.check is Check.SHARPNESS)
        return quality.score, max(sharp, default=0.0)

    best = max(range(len(portraits)), key=merit)
    return Burst(portraits[best], (*crops[:best], *crops[best + 1 :]))
