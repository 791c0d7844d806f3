"""Random changes of a crop that leave its grades as they are."""

from __future__ import annotations

import albumentations as album
import cv2
import numpy as np

from backend.vision.geometry import Photo
from baseline.dataset import Augment


def default_augmentation(seed: int) -> Augment:
    """What the shipped graders were trained with.

    The shift, turn and scale are those of a landmark network's errors, the colours those of
    another lamp. The generator is seeded, and workers draw from streams of their own.
    """
    pipeline = album.Compose(
        [
            album.HorizontalFlip(p=0.5),
            album.Affine(
                rotate=(-4, 4),
                scale=(0.95, 1.05),
                translate_percent=(-0.02, 0.02),
                border_mode=cv2.BORDER_REPLICATE,
                p=0.9,
            ),
            album.RandomBrightnessContrast(brightness_limit=0.12, contrast_limit=0.12, p=0.6),
            album.RGBShift(r_shift_limit=10, g_shift_limit=8, b_shift_limit=10, p=0.5),
        ],
        seed=seed,
    )

    def augment(crop: Photo) -> Photo:
        return np.asarray(pipeline(image=crop)["image"], dtype=np.uint8)

    return augment
