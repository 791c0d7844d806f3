"""Crops with what is to be said of them, by their teachers and by their labels."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
import torch
from torch import Tensor
from torch.utils.data import Dataset

from backend.vision.geometry import CROP_SIDE_PX, Photo
from backend.vision.network import to_tensor
from backend.vision.preprocess import InputSpec
from baseline.augmentation import Augmentation, Augmenter
from baseline.crops import CropCache, CropDataset
from baseline.dataset import Labelled
from baseline.distillation.soft_targets import SoftTargets
from baseline.distillation.views import any_view, moved

_SEED: Final = 7


class DistillationDataset(Dataset[tuple[Tensor, ...]]):
    """Crops changed as in training, with the teachers' answers moved as the crops are.

    Each item is the image float32 (3, S, S), the severities float32 (5,) as `CropDataset` gives
    them, and of A teachers the logits float32 (A, 5) and the evidence float32 (A, 5, H, H).
    """

    def __init__(
        self, samples: Sequence[Labelled], crops: CropCache, said: SoftTargets, spec: InputSpec
    ) -> None:
        """Combine crops, labels, answers and the input that the networks want.

        Args:
            samples: the labels.
            crops: their crops, in the same order.
            said: what the teachers say of them, in the same order.
            spec: input size and normalisation.
        """
        self._crops = crops
        self._said = said
        self._spec = spec
        self._severities = CropDataset(samples, crops, spec).targets
        self._lamp = Augmenter((Augmentation.LAMP,), side_px=CROP_SIDE_PX)
        self.epoch = 0

    def __len__(self) -> int:
        """Number of photos."""
        return len(self._severities)

    def __getitem__(self, index: int) -> tuple[Tensor, ...]:
        """One image, its severities, and the logits and evidence of its teachers."""
        chance = np.random.default_rng((_SEED, self.epoch, index))
        crop = self._lamp(self._crops[index], seed=int(chance.integers(2**31)))
        view = any_view(chance)
        logits, evidence = self._said[index]
        evidence = moved(evidence.flatten(0, 1), view).reshape(evidence.shape)
        image = to_tensor(_photo_moved(crop, view), self._spec)
        return image, self._severities[index], logits, evidence


def _photo_moved(crop: Photo, view: Tensor) -> Photo:
    pixels = torch.from_numpy(crop).permute(2, 0, 1).float()
    return np.asarray(moved(pixels, view).round().byte().permute(1, 2, 0).numpy())
