"""Heat maps: the closed form against pytorch-grad-cam, its other methods, and several threads."""

from __future__ import annotations

import copy
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, NoReturn

import numpy as np
import pytest
import torch
from pytorch_grad_cam import EigenCAM, GradCAM, GradCAMPlusPlus, HiResCAM, LayerCAM
from pytorch_grad_cam.utils.image import scale_cam_image
from torch import nn

from backend.vision import library_cam
from backend.vision.engines.reference import TorchGraders
from backend.vision.grad_cam import (
    CamMethod,
    ExplanationRequest,
    class_activation,
    on_scale,
    to_display,
)
from backend.vision.library_cam import LibraryExplainer
from backend.vocabulary import Attribute
from tests.support.models import random_grader

SIDE_PX = 96


@pytest.fixture(scope="module")
def network() -> Any:
    """A grader; timm's methods have no types."""
    return random_grader(seed=5)


@pytest.fixture(scope="module")
def inputs() -> torch.Tensor:
    """Two noisy inputs, float32 (2, 3, 96, 96)."""
    return torch.rand(2, 3, SIDE_PX, SIDE_PX, generator=torch.Generator().manual_seed(3)) * 2 - 1


def _evidence(network: nn.Module, inputs: torch.Tensor) -> np.ndarray[Any, Any]:
    graders = TorchGraders({Attribute.OIL: copy.deepcopy(network)})
    return graders.run(inputs.numpy())[Attribute.OIL].evidence


def weighted(weights: tuple[float, ...]) -> Callable[[torch.Tensor], torch.Tensor]:
    """The target sum_k t_k logit_k, as pytorch-grad-cam wants it."""
    return lambda logits: (logits * torch.tensor(weights)).sum()


@pytest.mark.parametrize(
    "request_",
    [ExplanationRequest(), *(ExplanationRequest(grade=grade) for grade in range(5))],
    ids=["expected", "0", "1", "2", "3", "4"],
)
@pytest.mark.parametrize("attribute", [Attribute.OIL, Attribute.HYDRATION])
def test_closed_form_equals_pytorch_grad_cam(
    network: Any, inputs: torch.Tensor, request_: ExplanationRequest, attribute: Attribute
) -> None:
    weights = request_.grade_weights(attribute)
    evidence = _evidence(network, inputs)
    activation = np.stack([class_activation(each, weights) for each in evidence])
    reference = GradCAM(model=network, target_layers=[network.bn2])
    expected = reference(input_tensor=inputs, targets=[weighted(weights)] * 2)
    # The library stretches each map to [0, 1] before and after it enlarges it to the input's size.
    enlarged = scale_cam_image(scale_cam_image(activation, (SIDE_PX, SIDE_PX)))
    assert activation.max() > 0
    assert np.abs(enlarged - expected).max() < 1e-4


def test_closed_form_equals_the_gradient_before_any_stretching(
    network: Any, inputs: torch.Tensor
) -> None:
    weights = (-2.0, -1.0, 0.0, 1.0, 2.0)
    features = network.forward_features(inputs).detach().requires_grad_()
    (network.forward_head(features) @ torch.tensor(weights)).sum().backward()
    assert features.grad is not None
    channel_weights = features.grad.mean(dim=(2, 3), keepdim=True)
    expected = (channel_weights * features).sum(dim=1).relu()
    evidence = _evidence(network, inputs)
    found = np.stack([class_activation(each, weights) for each in evidence])
    assert found.shape == (2, 3, 3)
    assert np.abs(found - expected.detach().numpy()).max() < 1e-6 * float(expected.detach().max())


@pytest.mark.parametrize(
    ("method", "reference"),
    [
        (CamMethod.GRADCAM_PLUS_PLUS, GradCAMPlusPlus),
        (CamMethod.HIRESCAM, HiResCAM),
        (CamMethod.LAYERCAM, LayerCAM),
        (CamMethod.EIGENCAM, EigenCAM),
    ],
)
def test_other_methods_are_those_of_pytorch_grad_cam(
    network: nn.Module, inputs: torch.Tensor, method: CamMethod, reference: Any
) -> None:
    weights = (0.0, 0.0, 0.0, 1.0, 0.0)
    found = LibraryExplainer(network).explain(
        inputs[:1].numpy(), method=method, grade_weights=weights
    )
    expected = reference(model=network, target_layers=[network.bn2])(
        input_tensor=inputs[:1], targets=[weighted(weights)]
    )[0]
    assert found.shape == (SIDE_PX, SIDE_PX)
    assert np.abs(found - expected).max() < 1e-4


def test_score_cam_gives_a_map_in_range(inputs: torch.Tensor) -> None:
    small = torch.nn.functional.interpolate(inputs[:1], size=(32, 32))
    found = LibraryExplainer(random_grader(seed=6)).explain(
        small.numpy(), method=CamMethod.SCORECAM, grade_weights=(0.0, 0.0, 0.0, 0.0, 1.0)
    )
    assert found.shape == (32, 32)
    assert 0.0 <= found.min() <= found.max() <= 1.0


def test_eight_threads_draw_the_maps_that_one_thread_draws(
    network: nn.Module, inputs: torch.Tensor
) -> None:
    explainer = LibraryExplainer(network)
    weights = (-2.0, -1.0, 0.0, 1.0, 2.0)
    crops = [inputs[:1] * scale for scale in (0.2, 0.4, 0.6, 0.8)] * 2

    def explain(crop: torch.Tensor) -> np.ndarray[Any, Any]:
        with torch.inference_mode():
            network(crop)  # a prediction beside it must not end up in the map
            return explainer.explain(crop.numpy(), method=CamMethod.LAYERCAM, grade_weights=weights)

    alone = [explain(crop) for crop in crops]
    with ThreadPoolExecutor(8) as threads:
        together = list(threads.map(explain, crops))
    for one, other in zip(alone, together, strict=True):
        assert np.abs(one - other).max() < 1e-5


class NotWantedError(Exception):
    """What ends a map that nobody waits for any more."""


def test_score_cam_ends_at_the_pass_before_which_nobody_waits_for_it(
    inputs: torch.Tensor,
) -> None:
    small = torch.nn.functional.interpolate(inputs[:1], size=(32, 32)).numpy()
    explainer = LibraryExplainer(random_grader(seed=6))
    asked: list[int] = []

    def until_the_fifth() -> None:
        asked.append(threading.get_ident())
        if len(asked) == 5:
            raise NotWantedError

    wish: dict[str, Any] = {"grade_weights": (0.0, 0.0, 0.0, 0.0, 1.0)}
    with pytest.raises(NotWantedError):
        explainer.explain(small, method=CamMethod.SCORECAM, **wish, still_wanted=until_the_fifth)
    assert asked == [threading.get_ident()] * 5
    # The next one neither waits nor asks the last one's question.
    assert explainer.explain(small, method=CamMethod.HIRESCAM, **wish).shape == (32, 32)
    assert len(asked) == 5


def test_whoever_waits_for_another_score_cam_may_leave(
    inputs: torch.Tensor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(library_cam, "_ASK_EVERY_S", 0.01)

    def leave() -> NoReturn:
        raise NotWantedError

    explainer = LibraryExplainer(random_grader(seed=6))
    with library_cam._SCORECAM_LOCK, pytest.raises(NotWantedError):
        explainer.explain(
            inputs[:1].numpy(),
            method=CamMethod.SCORECAM,
            grade_weights=(0.0, 0.0, 0.0, 0.0, 1.0),
            still_wanted=leave,
        )


def test_explaining_leaves_no_hook_on_the_network(network: nn.Module, inputs: torch.Tensor) -> None:
    fresh = random_grader(seed=8)
    LibraryExplainer(fresh).explain(
        inputs[:1].numpy(), method=CamMethod.HIRESCAM, grade_weights=(0.0, 0.0, 0.0, 0.0, 1.0)
    )
    assert not any(module._forward_hooks for module in fresh.modules())
    assert all(parameter.grad is None for parameter in fresh.parameters())


def test_a_scale_begins_above_nothing_and_ends_at_its_full_intensity() -> None:
    cells = np.array([[0.0, 0.2, 0.4, 2.2, 4.0]], np.float32)
    np.testing.assert_allclose(
        on_scale(cells, scale=4.0), [[0.0, 0.0, 0.05 / 0.95, 0.5 / 0.95, 1.0]], rtol=1e-6
    )


def test_display_clips_at_one_and_enlarges() -> None:
    corners_of = np.array([[0.0, 0.25], [0.5, 2.0]], np.float32)
    cells = np.kron(corners_of, np.ones((8, 8))).astype(np.float32)
    shown = to_display(cells)
    assert shown.shape == (128, 128)
    corners = shown[[32, 32, 96, 96], [32, 96, 32, 96]]
    assert corners == pytest.approx([0.0, 0.25, 0.5, 1.0], abs=0.01)
    assert 0 <= shown.min() <= shown.max() == 1


def test_a_peak_between_two_cells_is_shown_between_them() -> None:
    activation = np.zeros((16, 16), np.float32)
    activation[5, 7:9] = 1.0
    row, column = np.unravel_index(to_display(activation * np.float32(0.5)).argmax(), (128, 128))
    # Cell n covers rows 8 n to 8 n + 7, so that the border of columns 7 and 8 lies at 63.5.
    assert abs(row - 43.5) <= 1
    assert abs(column - 63.5) <= 1


def test_a_larger_map_is_shrunk_by_the_mean() -> None:
    activation = np.zeros((256, 256), np.float32)
    activation[:, ::2] = 1.0
    np.testing.assert_allclose(to_display(activation), 0.5)
