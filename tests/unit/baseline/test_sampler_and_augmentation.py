"""Orders and changes that a seed repeats."""

from __future__ import annotations

import numpy as np
import pytest

from baseline.augmentation import Augmentation, Augmenter
from baseline.sampler import EpochSampler, balancing_weights


def test_each_epoch_has_another_order_and_every_photo_once() -> None:
    order = EpochSampler(50, seed=1)
    first = list(order)
    order.epoch = 1
    second = list(order)
    assert sorted(first) == sorted(second) == list(range(50))
    assert first != second
    order.epoch = 0
    assert list(order) == first


def test_weights_draw_each_grade_equally_often() -> None:
    grades = [0] * 90 + [1] * 9 + [4] + [-1] * 20
    order = EpochSampler(3000, seed=1, weights=balancing_weights(grades))
    drawn = np.bincount([grades[index] for index in order], minlength=5)
    assert drawn[[0, 1, 4]] == pytest.approx([1000, 1000, 1000], rel=0.1)
    assert drawn.sum() == 3000


@pytest.mark.parametrize("name", list(Augmentation))
def test_a_seed_repeats_a_change_and_another_makes_another(name: Augmentation) -> None:
    crop = np.random.default_rng(0).integers(0, 256, (64, 64, 3), dtype=np.uint8)
    augmenter = Augmenter([name], side_px=64)
    changed = [augmenter(crop, seed=seed) for seed in range(8)]
    assert np.array_equal(augmenter(crop, seed=3), changed[3])
    assert all(one.dtype == np.uint8 and one.shape[0] == one.shape[1] for one in changed)
    differ = any(not np.array_equal(one, changed[0]) for one in changed)
    assert differ is (name not in (Augmentation.RESIZE, Augmentation.CENTER_CROP))


def test_center_crop_keeps_the_middle_seven_eighths() -> None:
    crop = np.arange(64, dtype=np.uint8).repeat(64 * 3).reshape(64, 64, 3)
    middle = Augmenter([Augmentation.CENTER_CROP], side_px=64)(crop, seed=0)
    assert middle.shape == (56, 56, 3)
    assert middle[0, 0, 0] == 4
    assert middle[-1, 0, 0] == 59
