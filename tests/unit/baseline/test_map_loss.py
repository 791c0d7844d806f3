"""Evidence that is taught to lie where the sign was painted."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from backend.vision.preprocess import InputSpec
from backend.vocabulary import Attribute
from baseline.augmentation import Augmentation, Augmenter
from baseline.crops import CropCache, CropDataset, SignCache
from baseline.dataset import read_folder
from baseline.losses.maps import map_loss
from baseline.masks import MaskMissingError
from baseline.networks.grader import GraderNetwork
from baseline.networks.start import Start
from baseline.training.loop import train
from baseline.training.plan import Plan
from baseline.training.run_folder import RunFolder

OIL, WRINKLE = (list(Attribute).index(one) for one in (Attribute.OIL, Attribute.WRINKLE))


def test_each_logit_is_its_maps_mean_and_its_bias() -> None:
    torch.manual_seed(0)
    network = GraderNetwork(attributes=2, start=Start.RANDOM, output_stride=16).eval()
    with torch.inference_mode():
        outputs, maps = network(torch.randn(1, 3, 64, 64), with_maps=True)
    assert maps.shape == (1, 2, 5, 4, 4)
    bias = network.network.get_parameter("classifier.bias").view(2, 5)
    torch.testing.assert_close(maps.mean(dim=(-2, -1))[0] + bias, outputs[0])


def test_a_finer_stride_keeps_the_weights() -> None:
    coarse = GraderNetwork(attributes=1, start=Start.RANDOM)
    fine = GraderNetwork(attributes=1, start=Start.RANDOM, output_stride=16)
    fine.load_state_dict(coarse.state_dict())


def test_signs_lie_on_the_crop_as_they_were_painted(masked_photos: Path) -> None:
    samples = read_folder(masked_photos)
    folder = masked_photos / "cache"
    signs = SignCache(samples, folder)
    spec = InputSpec(64)
    dataset = CropDataset(samples, CropCache(samples, folder), spec, signs=signs)
    _, _, painted = dataset[0]
    assert painted.shape == (5, 16, 16)
    whole = signs[0].astype(np.float32).reshape(16, 8, 16, 8, 5).mean(axis=(1, 3)) / 255
    np.testing.assert_allclose(painted.permute(1, 2, 0).numpy(), whole, atol=0.02)
    strongest = max(samples, key=lambda one: one.severities[Attribute.WRINKLE])
    index = samples.index(strongest)
    assert dataset[index][2][WRINKLE].max() > 0.05


def test_a_changed_crop_takes_its_signs_along() -> None:
    side = 512
    crop = np.full((side, side, 3), 100, np.uint8)
    crop[100:140, 60:100] = 255
    signs = np.zeros((side, side, 2), np.uint8)
    signs[100:140, 60:100, 1] = 255
    augmenter = Augmenter([Augmentation.ALIGNMENT], side_px=side)
    for seed in range(6):
        moved, its = augmenter.with_signs(crop, signs, seed=seed)
        np.testing.assert_array_equal(moved, augmenter(crop, seed=seed))
        rows, columns = np.nonzero(moved[..., 0] > 180)
        painted = np.nonzero(its[..., 1] > 128)
        assert abs(rows.mean() - painted[0].mean()) < 1
        assert abs(columns.mean() - painted[1].mean()) < 1
        assert not its[..., 0].any()


def test_what_the_maps_are_taught_is_added_to_a_runs_loss(
    masked_photos: Path, photos: Path, tmp_path: Path
) -> None:
    plan = Plan(
        masked_photos, photos / "validation", attribute=Attribute.OIL, start=Start.RANDOM,
        input_px=64, output_stride=16, map_weight=1.0, epochs=1, batch=3,
    )  # fmt: skip
    train(plan, tmp_path, cpu=True, workers=0, trackers=())
    run = RunFolder(tmp_path)
    assert run.plan()["output_stride"] == 16
    free = replace(plan, map_weight=0.0)
    train(free, tmp_path / "free", cpu=True, workers=0, trackers=())
    # The same photos in the same order: what differs is what they were taught by.
    losses = [folder.summary()[0]["loss"] for folder in (run, RunFolder(tmp_path / "free"))]
    assert losses[0] > losses[1] + 0.1


def test_a_map_is_taught_where_within_its_cells_a_line_runs() -> None:
    sides = torch.zeros(2, 8, 8)
    sides[0, :, 2] = 1.0
    sides[1, :, 5] = 1.0
    # Both lines lie between the same four columns of cells; their weights say where.
    maps = torch.zeros(1, 5, 4, 4)
    maps[0, 4] = torch.tensor([1.0, 3.0, 0.5, 0.0])
    left, right = (map_loss(maps, one[None], (-2.0, -1.0, 0.0, 1.0, 2.0)) for one in sides)
    assert left < right
    flipped = map_loss(maps.flip(-1), sides[1:], (-2.0, -1.0, 0.0, 1.0, 2.0))
    torch.testing.assert_close(flipped, left)


def test_a_peak_beside_the_sign_costs_more_than_as_much_evidence_spread_beside_it() -> None:
    signs = torch.zeros(1, 8, 8)
    signs[0, :, :4] = 1.0
    even = torch.where(signs > 0, 2.0, 0.5)
    peaked = torch.where(signs > 0, 2.0, 0.4)
    peaked[0, 4, 6] += 3.2
    assert even.sum() == pytest.approx(float(peaked.sum()))
    costs = []
    for evidence in (even, peaked):
        maps = torch.zeros(1, 5, 8, 8)
        maps[0, 4] = evidence[0]
        costs.append(map_loss(maps, signs, (0.0, 0.0, 0.0, 0.0, 1.0)))
    assert costs[1] > costs[0] + 0.1


def test_a_batch_without_a_sign_teaches_that_there_is_none() -> None:
    signs = torch.zeros(2, 8, 8)
    maps = torch.zeros(2, 5, 4, 4, requires_grad=True)
    with torch.no_grad():
        maps[:, 4] = 1.0
    cost = map_loss(maps, signs, (-2.0, -1.0, 0.0, 1.0, 2.0))
    (gradient,) = torch.autograd.grad(cost, maps)
    assert torch.isfinite(cost)
    assert (gradient[:, 4] > 0).all()


def test_photos_without_masks_cannot_teach_where_signs_lie(photos: Path, tmp_path: Path) -> None:
    plan = Plan(
        photos / "train", photos / "validation", input_px=64, output_stride=16,
        map_weight=1.0, start=Start.RANDOM,
    )  # fmt: skip
    with pytest.raises(MaskMissingError, match="without --no-masks"):
        train(plan, tmp_path, cpu=True, workers=0, trackers=())
