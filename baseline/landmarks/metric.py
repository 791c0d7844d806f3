"""How far landmarks are off, and the loss that training lowers."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import torch
from torch.nn import functional

from backend.vision.geometry import FloatArray
from backend.vision.landmark_network import MAP_CELLS, MAP_REACH, Located, cell_centres
from backend.vision.landmarks import CROP_EYE_DISTANCE, LEFT_EYE, POINT_COUNT, RIGHT_EYE
from backend.vision.regions import EYE_RINGS, FACE, WHOLE_FACE
from baseline.faces.photos import HAIR_AND_NECK
from baseline.landmarks.points import eye_distance

_BETA: Final = 0.02
"""Where the loss turns from quadratic to linear, eye distances: about the accuracy hoped for."""
_MAP_SHARE: Final = 0.02
"""Weight of the maps' loss beside the places': Kullback-Leibler starts a hundred times larger."""
_MAP_SIGMA: Final = 1.0
"""Width of the Gaussian that a point's map shall be, cells (Nibali et al. 2018, section 5)."""
_MAP_ENTROPY: Final = math.log(2 * math.pi * math.e * _MAP_SIGMA**2)
"""Of such a Gaussian, nats."""


def normalised_errors(predicted: npt.ArrayLike, truth: npt.ArrayLike) -> FloatArray:
    """Distance of each point from its truth, in true eye distances.

    Args:
        predicted: (189, 2).
        truth: (189, 2), same unit.

    Returns:
        float64 (189,).

    >>> normalised_errors([(0, 0), (10, 1)], [(0, 0), (10, 0)]).tolist()
    [0.0, 0.1]
    """
    off = np.asarray(predicted, float) - np.asarray(truth, float)
    return np.asarray(np.hypot(off[:, 0], off[:, 1]) / eye_distance(truth))


@dataclass(frozen=True, slots=True)
class ErrorSummary:
    """Mean errors over photos, in per cent of the eye distance.

    Attributes:
        inner_face: over brows, eyes, nose, lips and folds.
        whole_face: over those, the outline of the face and the hairline.
        all_points: over the 189 points, with ears, hair and neck.
        eye_centres: over the two eye centres.
        worst_eye: the largest error of an eye centre on any photo.
        photos: how many photos.
    """

    inner_face: float
    whole_face: float
    all_points: float
    eye_centres: float
    worst_eye: float
    photos: int


def summarise(errors: npt.ArrayLike) -> ErrorSummary:
    """Average normalised errors.

    Args:
        errors: (photos, 189), in eye distances.

    Raises:
        ValueError: there is no photo.
    """
    table = 100.0 * np.asarray(errors, float)
    if table.ndim != 2 or not len(table):
        raise ValueError(f"expected errors (photos, {POINT_COUNT}), got shape {table.shape}")
    eyes = table[:, [LEFT_EYE, RIGHT_EYE]]
    return ErrorSummary(
        inner_face=round(float(table[:, list(FACE)].mean()), 3),
        whole_face=round(float(table[:, list(WHOLE_FACE)].mean()), 3),
        all_points=round(float(table.mean()), 3),
        eye_centres=round(float(eyes.mean()), 3),
        worst_eye=round(float(eyes.max()), 3),
        photos=len(table),
    )


def point_weights() -> torch.Tensor:
    """How much each point counts in training, float32 (189,), mean 1.

    The crop is levelled by the eye centres alone, so they count most.
    """
    weights = torch.ones(POINT_COUNT)
    weights[list(HAIR_AND_NECK)] = 0.2
    weights[[*EYE_RINGS[0], *EYE_RINGS[1]]] = 1.5
    weights[[LEFT_EYE, RIGHT_EYE]] = 4.0
    return weights / weights.mean()


def landmark_loss(located: Located, truth: torch.Tensor, weights: torch.Tensor) -> torch.Tensor:
    """How far places are off, and a little of how far their maps are from Gaussians.

    Args:
        located: the network's answer for N crops.
        truth: float32 (N, 189, 2), shares of the crop's side.
        weights: float32 (189,).

    Returns:
        float32 (), the mean.
    """
    return place_loss(located.points, truth, weights) + _MAP_SHARE * map_loss(
        located.maps, truth, weights
    )


def place_loss(predicted: torch.Tensor, truth: torch.Tensor, weights: torch.Tensor) -> torch.Tensor:
    """Weighted smooth L1 distance in eye distances (Girshick 2015, arXiv:1504.08083, eq. 3).

    Args:
        predicted: float32 (N, 189, 2), shares of the crop's side.
        truth: float32 (N, 189, 2).
        weights: float32 (189,).

    Returns:
        float32 (), the mean.
    """
    unit = CROP_EYE_DISTANCE
    each = functional.smooth_l1_loss(predicted / unit, truth / unit, beta=_BETA, reduction="none")
    return (each.mean(dim=2) * weights).mean()


def map_loss(maps: torch.Tensor, truth: torch.Tensor, weights: torch.Tensor) -> torch.Tensor:
    """Weighted Kullback-Leibler divergence of the maps from Gaussians about the true places.

    Args:
        maps: float32 (N, 189, 32, 32), each summing to 1.
        truth: float32 (N, 189, 2), shares of the crop's side; a point off the map counts at its
            edge.
        weights: float32 (189,).

    Returns:
        float32 (), the mean.
    """
    places = cell_centres(maps.device)
    inside = truth.clamp(float(places[0]), float(places[-1]))
    off = (places - inside[..., None]) * (MAP_CELLS / MAP_REACH / _MAP_SIGMA)
    along_x, along_y = functional.softmax(-0.5 * off**2, dim=3).unbind(dim=2)
    wanted = along_y[..., :, None] * along_x[..., None, :]
    surprise = -(wanted * maps.clamp_min(1e-12).log()).sum(dim=(2, 3))
    divergence = surprise - _MAP_ENTROPY
    return (divergence * weights).mean()
