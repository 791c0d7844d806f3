"""Why this grade: where on the crop the evidence lies.

EfficientNet ends in a global average pool and one linear layer, so Grad-CAM (Selvaraju et al. 2017,
https://doi.org/10.1109/ICCV.2017.74, eq. 1 and 2) has a closed form that needs no backward pass:
the gradient of logit k by activation A_c(i, j) is w_kc / (H W) everywhere, hence

    map(i, j) = relu( sum_c A_c(i, j) * sum_k t_k w_kc / (H W) )

for a target sum_k t_k logit_k. This is the class activation map of Zhou et al. 2016
(https://doi.org/10.1109/CVPR.2016.319, eq. 2), scaled. The other methods are pytorch-grad-cam's; it
is imported when one of them is first asked for, because it brings plotting and clustering
libraries along.
"""

from __future__ import annotations

import copy
import importlib
import threading
from contextlib import nullcontext
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

import cv2
import numpy as np
import numpy.typing as npt
import torch
from torch import nn

from backend.vocabulary import GRADES, Attribute

HEATMAP_SIDE_PX: Final = 128
"""Side of the maps that are shown, in pixels."""

Heatmap = npt.NDArray[np.float32]


class CamMethod(StrEnum):
    """Ways to draw a map. `gradcam` is the closed form, the others run pytorch-grad-cam.

    Score-CAM needs one forward pass per channel, 1280 for each of the five maps: minutes on a CPU.
    """

    GRADCAM = "gradcam"
    GRADCAM_PLUS_PLUS = "gradcam++"
    HIRESCAM = "hirescam"
    LAYERCAM = "layercam"
    EIGENCAM = "eigencam"
    SCORECAM = "scorecam"


# Score-CAM holds one masked input per channel in memory, 2.5 GB at 256 px: one map at a time.
_SCORECAM_LOCK: Final = threading.Lock()
_LIBRARY_CLASSES: Final = {
    CamMethod.GRADCAM_PLUS_PLUS: "GradCAMPlusPlus",
    CamMethod.HIRESCAM: "HiResCAM",
    CamMethod.LAYERCAM: "LayerCAM",
    CamMethod.EIGENCAM: "EigenCAM",
    CamMethod.SCORECAM: "ScoreCAM",
}


@dataclass(frozen=True, slots=True)
class ExplanationRequest:
    """Which map is wanted.

    Attributes:
        method: how it is drawn.
        grade: the grade whose logit is explained; None explains the expected grade.
        mirror: look at the mirror image too, which tells how stable a map is and takes as long
            again; of the closed form alone.
    """

    method: CamMethod = CamMethod.GRADCAM
    grade: int | None = None
    mirror: bool = False

    def grade_weights(self, attribute: Attribute) -> tuple[float, ...]:
        """The target's weight of each grade's logit.

        The expected grade rises with high grades and falls with low ones. Hydration is explained
        by what speaks for dryness, because that is what can be seen, so its weights turn round.

        >>> ExplanationRequest().grade_weights(Attribute.OIL)
        (-2.0, -1.0, 0.0, 1.0, 2.0)
        >>> ExplanationRequest().grade_weights(Attribute.HYDRATION)
        (2.0, 1.0, 0.0, -1.0, -2.0)
        >>> ExplanationRequest(grade=1).grade_weights(Attribute.HYDRATION)
        (0.0, 1.0, 0.0, 0.0, 0.0)
        """
        if self.grade is not None:
            return tuple(float(grade == self.grade) for grade in GRADES)
        middle = (GRADES[0] + GRADES[-1]) / 2
        if attribute is Attribute.HYDRATION:
            return tuple(middle - grade for grade in GRADES)
        return tuple(grade - middle for grade in GRADES)


def class_activation(
    features: torch.Tensor, classifier_weight: torch.Tensor, grade_weights: tuple[float, ...]
) -> torch.Tensor:
    """Grad-CAM in closed form, for a network that ends in average pool and linear layer.

    Args:
        features: float32 (N, C, H, W), the last activations.
        classifier_weight: float32 (5, C), of the linear layer.
        grade_weights: the target's weight of each logit.

    Returns:
        float32 (N, H, W), at least 0, in units of the target.

    >>> features = torch.tensor([[[[1.0, 2.0]], [[0.0, 3.0]]]])
    >>> weight = torch.tensor([[2.0, 0.0], [0.0, 4.0]])
    >>> class_activation(features, weight, (1.0, -1.0)).tolist()
    [[[1.0, 0.0]]]
    """
    cells = features.shape[-2] * features.shape[-1]
    target = torch.tensor(grade_weights, dtype=features.dtype, device=features.device)
    channel_weights = target @ classifier_weight / cells
    return torch.einsum("c,nchw->nhw", channel_weights, features).relu()


def to_display(activation: Heatmap, *, scale: float, side_px: int = HEATMAP_SIDE_PX) -> Heatmap:
    """A map as it is shown.

    It is enlarged by a kernel that puts the peak between cells where their values say so: a line is
    thinner than a cell, and its map would peak beside it.

    Args:
        activation: float32 (H, W), at least 0.
        scale: the value that is shown as full intensity.
        side_px: side of the result.

    Returns:
        float32 (side_px, side_px) in [0, 1].
    """
    relative = np.asarray(activation / scale, dtype=np.float32)
    interpolation = cv2.INTER_AREA if relative.shape[0] > side_px else cv2.INTER_LANCZOS4
    resized = cv2.resize(relative, (side_px, side_px), interpolation=interpolation)
    return np.clip(np.asarray(resized, dtype=np.float32), 0.0, 1.0)


def common_share(one: Heatmap, other: Heatmap) -> float | None:
    """How far two maps agree: what they have in common over what either has (Ruzicka 1958).

    Args:
        one: float32 (H, W), at least 0.
        other: the same of the other map.

    Returns:
        0 of maps that nowhere overlap to 1 of equal ones; None where both are empty.

    >>> common_share(np.array([[1, 3]]), np.array([[1, 0]])), common_share(*np.zeros((2, 1)))
    (0.25, None)
    """
    either = float(np.maximum(one, other).sum())
    return float(np.minimum(one, other).sum()) / either if either > 0 else None


class LibraryExplainer:
    """Draws maps of one network by pytorch-grad-cam. Thread-safe.

    That library hooks into the network it explains, so that every forward pass by another thread
    would end up in its map. It therefore gets a copy of the network, made at first use, and one
    thread at a time.
    """

    def __init__(self, network: nn.Module) -> None:
        """Remember the network.

        Args:
            network: a timm EfficientNet in evaluation mode.
        """
        self._network = network
        self._copy: nn.Module | None = None
        self._lock = threading.Lock()

    def explain(
        self, inputs: torch.Tensor, *, method: CamMethod, grade_weights: tuple[float, ...]
    ) -> Heatmap:
        """Draw one map.

        Args:
            inputs: float32 (1, 3, S, S), on the network's device.
            method: any but the closed form.
            grade_weights: the target's weight of each logit.

        Returns:
            float32 (S, S) in [0, 1], stretched to the full range as that library does.
        """
        library: Any = importlib.import_module("pytorch_grad_cam")
        one_at_a_time = _SCORECAM_LOCK if method is CamMethod.SCORECAM else nullcontext()
        with one_at_a_time, self._lock, torch.inference_mode(mode=False):
            weights = torch.tensor(grade_weights, device=inputs.device)
            if self._copy is None:
                self._copy = copy.deepcopy(self._network)
            cam_class = getattr(library, _LIBRARY_CLASSES[method])
            cam = cam_class(model=self._copy, target_layers=[self._copy.bn2])
            # Not `with cam`: its way out prints an IndexError and carries on.
            try:
                # The parameters are frozen; asking for the input's gradient is what makes
                # gradients flow to the activations.
                drawn = cam(
                    input_tensor=inputs.clone().requires_grad_(),
                    targets=[lambda logits: (logits * weights).sum()],
                )
            finally:
                cam.activations_and_grads.release()
        return np.asarray(drawn[0], dtype=np.float32)
