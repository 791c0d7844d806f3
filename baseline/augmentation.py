"""Random changes of a crop, by the names of the original's table."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from enum import StrEnum
from typing import Final

import albumentations as album
import cv2
import numpy as np

from backend.vision.geometry import Photo

_CROPPED: Final = 7 / 8
"""Side of a random or central crop, as a share of the picture's."""


class Augmentation(StrEnum):
    """One kind of change. Whatever comes out is shrunk to the network's input afterwards."""

    RESIZE = "Resize"
    """The whole picture; changes nothing by itself."""
    CENTER_CROP = "CenterCrop"
    """The middle 7/8, also where a network is validated."""
    RANDOM_CROP = "RandomCrop"
    """Any square of 7/8 of the side."""
    RANDOM_RESIZED_CROP = "RandomResizedCrop"
    """Any part of 8 to 100 % of the area, 3:4 to 4:3, made square."""
    RGB_SHIFT = "RGBShift"
    ISO_NOISE = "ISONoise"
    OPTICAL_DISTORTION = "OpticalDistortion"
    RANDOM_BRIGHTNESS = "RandomBrightness"
    RANDOM_BRIGHTNESS_CONTRAST = "RandomBrightnessContrast"
    HORIZONTAL_FLIP = "HorizontalFlip"
    ALIGNMENT = "Alignment"
    """Shift, turn and scale as a landmark network errs, to either mirror image."""
    LAMP = "Lamp"
    """Brightness, contrast and colour as another lamp changes them, more gently than above."""


Build = Callable[[int], Sequence[album.BasicTransform]]

_BUILDERS: Final[Mapping[Augmentation, Build]] = {
    Augmentation.RESIZE: lambda _: [],
    Augmentation.CENTER_CROP: lambda side: [_central(side)],
    Augmentation.RANDOM_CROP: lambda side: [album.RandomCrop(_cropped(side), _cropped(side))],
    Augmentation.RANDOM_RESIZED_CROP: lambda side: [
        album.RandomResizedCrop(size=(side, side), interpolation=cv2.INTER_AREA)
    ],
    Augmentation.RGB_SHIFT: lambda _: [album.RGBShift()],
    Augmentation.ISO_NOISE: lambda _: [album.ISONoise()],
    Augmentation.OPTICAL_DISTORTION: lambda _: [album.OpticalDistortion()],
    Augmentation.RANDOM_BRIGHTNESS: lambda _: [album.RandomBrightnessContrast(contrast_limit=0)],
    Augmentation.RANDOM_BRIGHTNESS_CONTRAST: lambda _: [album.RandomBrightnessContrast()],
    Augmentation.HORIZONTAL_FLIP: lambda _: [album.HorizontalFlip()],
    Augmentation.ALIGNMENT: lambda _: [
        album.HorizontalFlip(p=0.5),
        album.Affine(
            rotate=(-4, 4),
            scale=(0.95, 1.05),
            translate_percent=(-0.02, 0.02),
            border_mode=cv2.BORDER_REPLICATE,
            p=0.9,
        ),
    ],
    Augmentation.LAMP: lambda _: [
        album.RandomBrightnessContrast(brightness_limit=0.12, contrast_limit=0.12, p=0.6),
        album.RGBShift(r_shift_limit=10, g_shift_limit=8, b_shift_limit=10, p=0.5),
    ],
}


class Augmenter:
    """Changes crops; the same seed changes a crop in the same way."""

    def __init__(self, names: Sequence[Augmentation], *, side_px: int) -> None:
        """Choose the changes.

        Args:
            names: in their order of application; each is one of albumentations', at its defaults
                unless the name says otherwise.
            side_px: side of the crops.
        """
        self._pipeline = album.Compose(
            [transform for name in names for transform in _BUILDERS[name](side_px)], seed=0
        )

    def __call__(self, crop: Photo, *, seed: int) -> Photo:
        """A changed copy, RGB uint8; square, at times smaller than the crop.

        Args:
            crop: RGB uint8 (S, S, 3).
            seed: of all that is random.
        """
        self._pipeline.set_random_seed(seed)
        return np.asarray(self._pipeline(image=crop)["image"], dtype=np.uint8)

    def with_signs(self, crop: Photo, signs: Photo, *, seed: int) -> tuple[Photo, Photo]:
        """The same of a crop and of what was painted on it, which keeps its place on the face.

        Args:
            crop: RGB uint8 (S, S, 3).
            signs: uint8 (S, S, K), how strongly each of K signs was painted.
            seed: of all that is random.
        """
        self._pipeline.set_random_seed(seed)
        changed = self._pipeline(image=crop, mask=signs)
        moved = np.asarray(changed["mask"], dtype=np.uint8).reshape(*changed["mask"].shape[:2], -1)
        return np.asarray(changed["image"], dtype=np.uint8), moved


def kept_in_validation(names: Sequence[Augmentation]) -> list[Augmentation]:
    """Those that are part of what the network sees and not a random change.

    >>> kept_in_validation([Augmentation.CENTER_CROP, Augmentation.RGB_SHIFT])
    [<Augmentation.CENTER_CROP: 'CenterCrop'>]
    """
    return [name for name in names if name is Augmentation.CENTER_CROP]


def _central(side: int) -> album.BasicTransform:
    return album.CenterCrop(_cropped(side), _cropped(side))


def _cropped(side: int) -> int:
    return round(_CROPPED * side)
