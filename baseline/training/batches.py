"""The photos of a plan as batches, and what is taught by them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import cv2
import torch
from torch.utils.data import DataLoader

from backend.vision.geometry import CROP_SIDE_PX
from backend.vocabulary import GRADES
from baseline.augmentation import Augmentation, Augmenter, kept_in_validation
from baseline.crops import CropCache, CropDataset, SignCache
from baseline.dataset import Labelled
from baseline.losses.base import GradeLoss, grades_of
from baseline.losses.registry import build_loss
from baseline.sampler import EpochSampler, balancing_weights
from baseline.training.plan import Plan


@dataclass(frozen=True, slots=True)
class Batches:
    """What is learned from and what is checked.

    Attributes:
        training: the photos that are learned from.
        order: in which they are drawn.
        learned: their batches.
        checked: batches of the validation photos, in their order.
    """

    training: CropDataset
    order: EpochSampler
    learned: DataLoader[Any]
    checked: DataLoader[Any]

    @classmethod
    def of(
        cls,
        plan: Plan,
        training: Sequence[Labelled],
        validation: Sequence[Labelled],
        *,
        workers: int,
    ) -> Self:
        """Open both folders' photos.

        Raises:
            ValueError: there are too few to learn from.
        """
        changed = _dataset(
            plan, plan.data, training, plan.augmentations,
            with_signs=plan.map_weight > 0,
        )  # fmt: skip
        fixed = kept_in_validation(plan.augmentations)
        weights = None
        if plan.sampler:
            grades = grades_of(changed.targets[:, plan.columns[0]]).tolist()
            weights = balancing_weights(grades)
        order = EpochSampler(len(changed), seed=plan.seed, weights=weights)
        if len(changed) < 2:
            raise ValueError(f"{plan.data}: expected at least two photos, got {len(changed)}")
        learned: DataLoader[Any] = DataLoader(
            changed,
            batch_size=plan.batch,
            sampler=order,
            # A last batch of one photo would give batch normalisation no spread to measure.
            drop_last=len(changed) % plan.batch == 1,
            num_workers=workers,
            worker_init_fn=one_thread_each,
        )
        checked: DataLoader[Any] = DataLoader(
            _dataset(plan, plan.validation, validation, fixed),
            batch_size=plan.batch,
            num_workers=workers,
            worker_init_fn=one_thread_each,
        )
        return cls(changed, order, learned, checked)


def one_thread_each(_worker: int) -> None:
    """Have a process that prepares crops compute on one core."""
    # PyTorch does so itself; OpenCV would let each worker compute on every core.
    cv2.setNumThreads(1)


def _dataset(
    plan: Plan,
    folder: Path,
    samples: Sequence[Labelled],
    names: Sequence[Augmentation],
    *,
    with_signs: bool = False,
) -> CropDataset:
    augmenter = Augmenter(names, side_px=CROP_SIDE_PX)
    crops = CropCache(samples, folder / "cache")
    signs = SignCache(samples, folder / "cache") if with_signs else None
    return CropDataset(
        samples,
        crops,
        plan.input_spec,
        augmenter=augmenter,
        seed=plan.seed,
        severities=plan.severities,
        signs=signs,
    )


def teachers_of(plan: Plan, training: CropDataset) -> list[GradeLoss]:
    """A loss for each trained attribute, which may weigh grades by how often they occur."""
    teachers = []
    for column in plan.columns:
        targets = training.targets[:, column]
        grades = grades_of(targets[targets >= 0])
        counts = torch.bincount(grades, minlength=len(GRADES)).tolist()
        teachers.append(build_loss(plan.loss, counts))
    return teachers
