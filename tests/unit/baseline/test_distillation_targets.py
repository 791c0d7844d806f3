"""What teachers say is asked once, of four views, and moved as the picture is."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest
import torch

from backend.vision.engines.base import Array, GraderOutput
from backend.vision.manifest import Manifest, read_manifest
from backend.vocabulary import Attribute
from baseline.crops import CropCache
from baseline.dataset import Labelled, read_folder
from baseline.distillation.dataset import DistillationDataset
from baseline.distillation.soft_targets import SoftTargets, mean_of_views
from baseline.distillation.views import FOUR_VIEWS, any_view, back_from, moved
from tests.support.labelled import write_clear_signs
from tests.support.models import write_models

SIDE = 64
SPOT = torch.zeros(1, SIDE, SIDE)
SPOT[:, 12:16, 8:12] = 1


class Brightness:
    """Says of each 4 x 4 cell how bright it is, and of the whole the sum of these."""

    attributes = (Attribute.OIL, Attribute.WRINKLE)

    def __init__(self) -> None:
        self.asked = 0

    def start(self, inputs: Array) -> Callable[[], Mapping[Attribute, GraderOutput]]:
        self.asked += len(inputs)
        cells = torch.nn.functional.avg_pool2d(torch.from_numpy(inputs).mean(1, keepdim=True), 4)
        evidence = (cells * torch.arange(5.0)[None, :, None, None]).numpy()
        said = GraderOutput(evidence.sum(axis=(2, 3)), evidence)
        twice = GraderOutput(2 * said.logits, 2 * said.evidence)
        return lambda: dict(zip(self.attributes, (said, twice), strict=True))

    def explain(self, *_: object, **__: object) -> Array:
        raise NotImplementedError


def _middle(picture: torch.Tensor) -> tuple[float, float]:
    down, across = torch.meshgrid(*map(torch.arange, picture.shape[-2:]), indexing="ij")
    weight = picture.sum(dim=0)
    return float((across * weight).sum() / weight.sum()), float(
        (down * weight).sum() / weight.sum()
    )


def test_the_four_views_are_plain_mirrored_enlarged_and_both() -> None:
    across, down = _middle(SPOT)
    for view, where, mirrored in zip(FOUR_VIEWS, (1, 1, 1.0625, 1.0625), (0, 1, 0, 1), strict=True):
        middle = (SIDE - 1) / 2
        found = _middle(moved(SPOT, view))
        wanted = middle + (across - middle) * where * (-1 if mirrored else 1)
        assert found == pytest.approx((wanted, middle + (down - middle) * where), abs=0.2)


@pytest.mark.parametrize("view", FOUR_VIEWS)
def test_a_picture_comes_back_from_each_view(view: torch.Tensor) -> None:
    smooth = torch.nn.functional.avg_pool2d(SPOT, 9, stride=1, padding=4)
    back = moved(moved(smooth, view), back_from(view))
    torch.testing.assert_close(back, smooth, atol=0.03, rtol=0)


def test_any_view_is_close_to_the_picture_or_its_mirror_image() -> None:
    chance = np.random.default_rng(1)
    views = torch.stack([any_view(chance) for _ in range(200)])
    straight = views[:, 0, 0] > 0
    assert 0.4 < straight.float().mean() < 0.6
    views[~straight, :, 0] *= -1
    changes = (views - torch.eye(2, 3)).abs().amax(dim=0)
    # A twentieth larger or smaller, 4 degrees, a fiftieth of the side, which is 2 long.
    assert (changes < torch.tensor([[0.056, 0.074, 0.041], [0.074, 0.056, 0.041]])).all()
    assert (changes > 0.03).all()


def test_what_is_said_is_the_mean_of_four_views_and_lies_where_the_picture_shows_it() -> None:
    teachers = Brightness()
    image = SPOT.expand(3, -1, -1).contiguous()
    logits, evidence = mean_of_views(teachers, image)
    assert teachers.asked == 4
    assert logits.shape == (2, 5)
    assert evidence.shape == (2, 5, 16, 16)
    plain = teachers.start(image[None].numpy())()[Attribute.OIL]
    enlarged = 1.0625**2
    np.testing.assert_allclose(logits[0], plain.logits[0] * (2 + 2 * enlarged) / 4, rtol=0.03)
    torch.testing.assert_close(evidence[1], 2 * evidence[0])
    assert _middle(evidence[0]) == pytest.approx(
        _middle(torch.from_numpy(plain.evidence[0])), abs=0.3
    )


@pytest.fixture(scope="module")
def manifest(tmp_path_factory: pytest.TempPathFactory) -> Manifest:
    return read_manifest(write_models(tmp_path_factory.mktemp("models"), input_px=SIDE))


@pytest.fixture
def samples(tmp_path: Path) -> list[Labelled]:
    """Two photos, each with a bright spot in a corner of its own."""
    folder = write_clear_signs(tmp_path / "photos", count=2)
    for name, place in (("a", (24, 30)), ("b", (70, 60))):
        spot = np.zeros((96, 96, 3), np.uint8)
        cv2.circle(spot, place, 12, (255, 255, 255), -1)
        cv2.imwrite(str(folder / f"{name}.png"), cv2.GaussianBlur(spot, (0, 0), 3))
    return read_folder(folder)


def test_teachers_are_asked_once_and_others_anew(
    samples: list[Labelled], manifest: Manifest, tmp_path: Path
) -> None:
    teachers = Brightness()
    first = SoftTargets(samples, tmp_path, teachers, manifest)
    asked = teachers.asked
    again = SoftTargets(samples, tmp_path, teachers, manifest)
    assert teachers.asked == asked
    for one, other in zip(first[1], again[1], strict=True):
        assert torch.equal(one, other)
    entries = {one: replace(its, sha256="0" * 64) for one, its in manifest.attributes.items()}
    SoftTargets(samples, tmp_path, teachers, replace(manifest, attributes=entries))
    assert teachers.asked > asked


def test_answers_move_with_the_picture_and_anew_in_every_epoch(
    samples: list[Labelled], manifest: Manifest, tmp_path: Path
) -> None:
    teachers = Brightness()
    said = SoftTargets(samples, tmp_path, teachers, manifest)
    crops = CropCache(samples, tmp_path)
    photos = DistillationDataset(samples, crops, said, manifest.input_spec)
    assert len(photos) == 2
    evidences = []
    for epoch in range(6):
        photos.epoch = epoch
        image, severities, logits, evidence = photos[1]
        assert severities.tolist() == [0.0 if a is Attribute.HYDRATION else 4.0 for a in Attribute]
        assert torch.equal(logits, said[1][0])
        shown = teachers.start(image[None].numpy())()[Attribute.OIL].evidence[0, 4]
        assert np.corrcoef(shown.ravel(), evidence[0, 4].ravel())[0, 1] > 0.98
        evidences.append(evidence)
    assert torch.equal(photos[1][3], evidences[-1])
    assert not torch.allclose(evidences[0], evidences[1], atol=1e-3)
    aside = [_middle(each[0, 4:] - each[0, 4:].min())[0] > 7.5 for each in evidences]
    assert len(set(aside)) == 2, "mirrored at times"
