"""Why this grade: where on the crop the evidence lies.

EfficientNet ends in a global average pool and one linear layer, so Grad-CAM (Selvaraju et al. 2017,
https://doi.org/10.1109/ICCV.2017.74, eq. 1 and 2) has a closed form that needs no backward pass:
the gradient of logit k by activation A_c(i, j) is w_kc / (H W) everywhere, hence

    map(i, j) = relu( sum_c A_c(i, j) * sum_k t_k w_kc / (H W) )

for a target sum_k t_k logit_k. This is the class activation map of Zhou et al. 2016
(https://doi.org/10.1109/CVPR.2016.319, eq. 2), scaled. The other methods are
pytorch-grad-cam's, see `backend.vision.library_cam`.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import cv2
import numpy as np
import numpy.typing as npt

from backend.vocabulary import GRADES, Attribute

HEATMAP_SIDE_PX: Final = 128
"""Side of the maps that are shown, in pixels."""
NOTHING: Final = 0.05
"""Share of a map's scale up to which evidence counts as none. On clear faces of validation people
more than nine of ten cells have less, whatever the attribute."""

Heatmap = npt.NDArray[np.float32]
Evidence = npt.NDArray[np.float32]
"""float32 (5, H, W), of each grade."""


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


@dataclass(frozen=True, slots=True)
class ExplanationRequest:
    """Which map is wanted.

    Attributes:
        method: how it is drawn.
        grade: the grade whose logit is explained; None explains the expected grade.
        mirror: tell how stable a map is, by a look at the mirror image that takes as long again;
            of the closed form alone.
    """

    method: CamMethod = CamMethod.GRADCAM
    grade: int | None = None
    mirror: bool = False

    @property
    def is_measured(self) -> bool:
        """Whether it asks for the maps whose steadiness the manifest tells."""
        return self.method is CamMethod.GRADCAM and self.grade is None

    @property
    def looks_at_mirror(self) -> bool:
        """Whether the mirror image is looked at: only where its map is held against the photo's.

        >>> ExplanationRequest(mirror=True).looks_at_mirror
        True
        >>> ExplanationRequest(CamMethod.EIGENCAM, mirror=True).looks_at_mirror
        False
        """
        return self.mirror and self.method is CamMethod.GRADCAM

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


def class_activation(evidence: Evidence, grade_weights: tuple[float, ...]) -> Heatmap:
    """Grad-CAM in closed form, for a network that ends in average pool and linear layer.

    Args:
        evidence: float32 (5, H, W), how much each cell adds to each grade's logit:
            sum_c A_c(i, j) w_kc / (H W).
        grade_weights: the target's weight of each logit.

    Returns:
        float32 (H, W), at least 0, in units of the target.

    >>> evidence = np.array([[[1.0, 4.0]], [[0.0, 6.0]]], np.float32)
    >>> class_activation(evidence, (1.0, -1.0)).tolist()
    [[1.0, 0.0]]
    """
    target = np.tensordot(np.array(grade_weights, np.float32), evidence, axes=1)
    return np.maximum(target, np.float32(0))


def on_scale(activation: Heatmap, *, scale: float) -> Heatmap:
    """A map on the scale on which maps are compared: 0 no evidence, 1 that of a clear sign.

    Evidence below `NOTHING` of the scale counts as none, so that a clear face's map is empty.

    Args:
        activation: float32 (H, W), at least 0.
        scale: the value that is shown as full intensity.

    Returns:
        float32 (H, W), at least 0; above 1 where there is more than the scale shows.

    >>> on_scale(np.array([[0.1, 2.0]], np.float32), scale=2.0).tolist()
    [[0.0, 1.0]]
    """
    relative = (activation / np.float32(scale) - NOTHING) / (1 - NOTHING)
    return np.maximum(np.asarray(relative, dtype=np.float32), np.float32(0))


def to_display(relative: Heatmap, *, side_px: int = HEATMAP_SIDE_PX) -> Heatmap:
    """A map as it is shown.

    It is enlarged by a kernel that puts the peak between cells where their values say so: a line is
    thinner than a cell, and its map would peak beside it.

    Args:
        relative: float32 (H, W), at least 0; 1 is shown as full intensity.
        side_px: side of the result.

    Returns:
        float32 (side_px, side_px) in [0, 1].
    """
    interpolation = cv2.INTER_AREA if relative.shape[0] > side_px else cv2.INTER_LANCZOS4
    resized = cv2.resize(relative, (side_px, side_px), interpolation=interpolation)
    return np.clip(np.asarray(resized, dtype=np.float32), 0.0, 1.0)


def to_grey(heatmap: Heatmap) -> npt.NDArray[np.uint8]:
    """A map float32 (H, W) in [0, 1] in the steps of grey that clients are sent, uint8 (H, W).

    >>> to_grey(np.array([[0.0, 0.5, 1.0]], np.float32)).tolist()
    [[0, 128, 255]]
    """
    return np.asarray(np.rint(np.asarray(heatmap) * 255), dtype=np.uint8)


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
