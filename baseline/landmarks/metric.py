"""How far landmarks are off, and the loss that training lowers."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import torch
from torch.nn import functional

from backend.vision.geometry import FloatArray
from backend.vision.landmarks import CROP_EYE_DISTANCE, LEFT_EYE, POINT_COUNT, RIGHT_EYE
from baseline.landmarks.points import EYE_RINGS, HAIR_AND_NECK, eye_distance

_BETA: float = 0.02
"""Where the loss turns from quadratic to linear, eye distances: about the accuracy hoped for."""


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
        all_points: over the 189 points.
        face_points: without hair and neck.
        eye_centres: over the two eye centres.
        worst_eye: the largest error of an eye centre on any photo.
        photos: how many photos.
    """

    all_points: float
    face_points: float
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
        all_points=round(float(table.mean()), 3),
        face_points=round(float(np.delete(table, HAIR_AND_NECK, axis=1).mean()), 3),
        eye_centres=round(float(eyes.mean()), 3),
        worst_eye=round(float(eyes.max()), 3),
        photos=len(table),
    )


def point_weights() -> torch.Tensor:
    """How much each point counts in training, float32 (189,), mean 1.

    The crop is levelled by the eye centres alone, so they count most.
    """
    weights = torch.ones(POINT_COUNT)
    weights[list(HAIR_AND_NECK)] = 0.3
    weights[list(EYE_RINGS)] = 2.0
    weights[[LEFT_EYE, RIGHT_EYE]] = 12.0
    return weights / weights.mean()


def landmark_loss(
    predicted: torch.Tensor, truth: torch.Tensor, weights: torch.Tensor
) -> torch.Tensor:
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
