"""Every way to draw a map that is compared: those of the server, and baselines that see no sign."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import Final

import numpy as np

from backend.vision.geometry import Photo
from backend.vision.grad_cam import HEATMAP_SIDE_PX, CamMethod, ExplanationRequest, Heatmap
from backend.vision.map_summary import FaceLayout
from backend.vision.prediction import Analyser
from backend.vision.stopwatch import Stage, Stopwatch
from backend.vocabulary import Attribute

Maps = Mapping[Attribute, Heatmap]


class Method(StrEnum):
    """Ways to draw a map: what the server shows, what it starts from, and the baselines."""

    OURS = "ours"
    """Grad-CAM kept to the skin, as analyses show it."""
    GRADCAM = CamMethod.GRADCAM
    GRADCAM_PLUS_PLUS = CamMethod.GRADCAM_PLUS_PLUS
    HIRESCAM = CamMethod.HIRESCAM
    LAYERCAM = CamMethod.LAYERCAM
    EIGENCAM = CamMethod.EIGENCAM
    SCORECAM = CamMethod.SCORECAM
    CENTRE = "centre"
    SKIN = "skin"
    RANDOM = "random"


BASELINES: Final = (Method.CENTRE, Method.SKIN, Method.RANDOM)
_CENTRE_SIGMA: Final = 0.2
"""Width of the centred Gaussian, shares of the crop's side."""


def draw(
    method: Method,
    analyser: Analyser,
    crop: Photo,
    *,
    layout: FaceLayout,
    rng: np.random.Generator,
) -> tuple[Maps, float]:
    """Draw the maps of one crop, one per attribute that is graded.

    Args:
        method: how.
        analyser: the graders that are explained; baselines do not ask them.
        crop: RGB uint8 (S, S, 3), the aligned crop.
        layout: which cells of its maps are skin.
        rng: draws the random map.

    Returns:
        The maps, float32 (128, 128) in [0, 1], and the milliseconds that one of them took beyond
        the grading; 0 of a baseline.
    """
    if method in BASELINES:
        return dict.fromkeys(analyser.attributes, _BASELINE[method](layout.skin, rng)), 0.0
    stopwatch = Stopwatch()
    drawn = CamMethod.GRADCAM if method is Method.OURS else CamMethod(method.value)
    results = analyser.grade(crop, ExplanationRequest(method=drawn), stopwatch=stopwatch)
    maps = {attribute: result.heatmap for attribute, result in results.items()}
    if method is Method.OURS:
        with stopwatch.stage(Stage.EXPLAIN):
            maps = {one: layout.on_skin(heatmap, one) for one, heatmap in maps.items()}
    return maps, stopwatch.timings_ms[Stage.EXPLAIN] / len(maps)


def centred(side_px: int = HEATMAP_SIDE_PX) -> Heatmap:
    """A Gaussian about the crop's centre, float32 (side_px, side_px), 1 in its middle.

    >>> centred(3)[1].round(2).tolist()
    [0.25, 1.0, 0.25]
    """
    places = (np.arange(side_px, dtype=np.float32) + np.float32(0.5)) / side_px - np.float32(0.5)
    profile = np.exp(-0.5 * (places / np.float32(_CENTRE_SIGMA)) ** 2)
    return np.asarray(np.outer(profile, profile), dtype=np.float32)


def _random(_: Heatmap, rng: np.random.Generator) -> Heatmap:
    return rng.random((HEATMAP_SIDE_PX, HEATMAP_SIDE_PX), dtype=np.float32)


_BASELINE: Final[Mapping[Method, Callable[[Heatmap, np.random.Generator], Heatmap]]] = {
    Method.CENTRE: lambda _skin, _rng: centred(),
    Method.SKIN: lambda skin, _rng: skin,
    Method.RANDOM: _random,
}
