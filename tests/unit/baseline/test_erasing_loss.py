"""What is erased, and whether a grader that ignores it is told so."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
from torch import Tensor, nn

from backend.vision.grad_cam import ExplanationRequest
from backend.vocabulary import Attribute
from baseline.losses.erasing import brightest, erased, erasing_loss
from baseline.training.plan import Plan

OIL = ExplanationRequest().grade_weights(Attribute.OIL)
DRYNESS = ExplanationRequest().grade_weights(Attribute.HYDRATION)
PLACE = (slice(16, 22), slice(14, 18))
"""Where the sign is, cells of a map of 32: on the face, and about a tenth of it."""


class _Seer(nn.Module):
    """Grades by how bright a place is, through a normalisation that could learn."""

    def __init__(self, weights: tuple[float, ...], rows: slice, columns: slice) -> None:
        super().__init__()
        self.normalise = nn.BatchNorm2d(3, affine=False)
        self.place = (rows, columns)
        self.register_buffer("slope", torch.tensor(weights))

    def forward(self, images: Tensor) -> Tensor:
        rows, columns = self.place
        seen = self.normalise(images)[..., rows, columns].mean(dim=(1, 2, 3))
        slope = self.get_buffer("slope")
        logits: Tensor = (seen[:, None] * slope)[:, None]
        return logits


def _photos(count: int) -> tuple[Tensor, Tensor]:
    torch.manual_seed(0)
    images = 0.1 * torch.randn(count, 3, 128, 128)
    rows, columns = (slice(4 * one.start, 4 * one.stop) for one in PLACE)
    images[..., rows, columns] += 2.0
    return images, torch.full((count,), 3.0)


def _maps(count: int, weights: tuple[float, ...]) -> Tensor:
    maps = torch.zeros(count, 5, 32, 32)
    maps[:, 4, PLACE[0], PLACE[1]] = 1.0 if weights[-1] > 0 else -1.0
    return maps


def _loss(network: nn.Module, weights: tuple[float, ...], severity: float) -> float:
    images, severities = _photos(6)
    severities = torch.full_like(severities, severity)
    maps = _maps(6, weights)
    return float(erasing_loss(network, images, maps, severities, weights))


@pytest.mark.parametrize(("weights", "severity"), [(OIL, 3.0), (DRYNESS, 1.0)])
def test_a_grader_that_looks_at_what_its_map_shows_loses_nothing(
    weights: tuple[float, ...], severity: float
) -> None:
    rows, columns = (slice(4 * one.start, 4 * one.stop) for one in PLACE)
    assert _loss(_Seer(weights, rows, columns), weights, severity) < 0.01


def test_a_grader_that_looks_elsewhere_loses() -> None:
    assert _loss(_Seer(OIL, slice(0, 4), slice(0, 4)), OIL, 3.0) == pytest.approx(0.1, abs=0.05)


@pytest.mark.parametrize(("weights", "severity"), [(OIL, 1.0), (OIL, -1.0), (DRYNESS, 3.0)])
def test_faces_without_a_clear_sign_are_left_alone(
    weights: tuple[float, ...], severity: float
) -> None:
    assert _loss(_Seer(weights, slice(0, 4), slice(0, 4)), weights, severity) == 0.0


def test_erased_photos_do_not_move_what_normalisation_has_learned() -> None:
    network = _Seer(OIL, slice(0, 4), slice(0, 4)).train()
    before = network.normalise.running_mean
    assert before is not None
    kept = before.clone()
    _loss(network, OIL, 3.0)
    torch.testing.assert_close(network.normalise.running_mean, kept)
    assert network.normalise.training


def test_what_is_erased_is_filled_in_from_round_about() -> None:
    images, _ = _photos(1)
    cells = brightest(_maps(1, OIL)[:, 4])
    assert cells[0, PLACE[0], PLACE[1]].all()
    rows, columns = (slice(4 * one.start, 4 * one.stop) for one in PLACE)
    filled = erased(images, cells)
    assert float(filled[..., rows, columns].abs().max()) < 0.5
    outside = ~nn.functional.interpolate(cells[:, None].float(), size=(128, 128)).bool()
    torch.testing.assert_close(
        filled.masked_select(outside), images.masked_select(outside), atol=1e-6, rtol=0
    )


def test_a_tenth_of_each_face_is_erased_however_many_there_are() -> None:
    torch.manual_seed(0)
    shares = [brightest(torch.randn(count, 64, 64)).float().mean(dim=(1, 2)) for count in (1, 40)]
    for share in shares:
        torch.testing.assert_close(share, share[:1].expand(share.shape), atol=2e-3, rtol=0)
    assert float(shares[0]) == pytest.approx(float(shares[1][0]), abs=2e-3)
    assert 0.03 < float(shares[0]) < 0.1


def test_nobody_erases_what_no_map_teaches() -> None:
    with pytest.raises(ValueError, match="maps are taught"):
        Plan(Path("data"), Path("validation"), attribute=Attribute.OIL, erasing_weight=1.0)
