"""Losses by name."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from enum import StrEnum
from typing import Final

from baseline.losses.base import GradeLoss
from baseline.losses.classification import CrossEntropy, Focal, SoftF1, class_balanced_weights
from baseline.losses.ordinal import Coral, Corn
from baseline.losses.soft import EarthMovers, MaskedLabelSmoothing, SoftTargets, Sord


class LossName(StrEnum):
    """The losses that a recipe can name."""

    CROSS_ENTROPY = "cross_entropy"
    LABEL_SMOOTHING = "label_smoothing"
    FOCAL = "focal"
    CLASS_BALANCED_CROSS_ENTROPY = "class_balanced_cross_entropy"
    CLASS_BALANCED_FOCAL = "class_balanced_focal"
    MASKED_LABEL_SMOOTHING = "masked_label_smoothing"
    SOFT_F1 = "soft_f1"
    SOFT_TARGETS = "soft_targets"
    SORD = "sord"
    EARTH_MOVERS = "earth_movers"
    CORAL = "coral"
    CORN = "corn"


_BUILDERS: Final[Mapping[LossName, Callable[[Sequence[int]], GradeLoss]]] = {
    LossName.CROSS_ENTROPY: lambda _: CrossEntropy(),
    LossName.LABEL_SMOOTHING: lambda _: CrossEntropy(smoothing=0.1),
    LossName.FOCAL: lambda _: Focal(),
    LossName.CLASS_BALANCED_CROSS_ENTROPY: lambda counts: CrossEntropy(
        weights=class_balanced_weights(counts)
    ),
    LossName.CLASS_BALANCED_FOCAL: lambda counts: Focal(weights=class_balanced_weights(counts)),
    LossName.MASKED_LABEL_SMOOTHING: lambda _: MaskedLabelSmoothing(),
    LossName.SOFT_F1: lambda _: SoftF1(),
    LossName.SOFT_TARGETS: lambda _: SoftTargets(),
    LossName.SORD: lambda _: Sord(),
    LossName.EARTH_MOVERS: lambda _: EarthMovers(),
    LossName.CORAL: lambda _: Coral(),
    LossName.CORN: lambda _: Corn(),
}


def build_loss(name: LossName, counts: Sequence[int]) -> GradeLoss:
    """A loss for training photos of which `counts` (five numbers) have each grade.

    >>> build_loss(LossName.CORN, [10, 10, 10, 10, 10]).outputs
    4
    """
    return _BUILDERS[name](counts)
