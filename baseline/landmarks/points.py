"""The 189 points of the London Set: their mean shape and their mirror images."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
import numpy.typing as npt

from backend.vision.geometry import FloatArray, transform_points
from backend.vision.landmarks import (
    LEFT_EYE,
    RIGHT_EYE,
    crop_eyes,
    fit_similarity,
)

_INNER_LIPS: Final = (range(94, 99), range(99, 104))
"""Upper and lower inner lip, each from the image's left to its right: in a closed mouth the two
coincide, so that distance cannot tell which is which."""


def eye_distance(landmarks: npt.ArrayLike) -> float:
    """Distance between the eye centres, in the unit of the landmarks (189, 2).

    >>> eye_distance([(0, 0), (3, 4)])
    5.0
    """
    points = np.asarray(landmarks, float)
    return float(np.hypot(*(points[RIGHT_EYE] - points[LEFT_EYE])))


def mean_shape(shapes: Sequence[FloatArray]) -> FloatArray:
    """The mean of shapes laid over the network's crop by their eyes.

    Args:
        shapes: float64 (189, 2) each, any unit.

    Returns:
        float64 (189, 2), shares of the crop's side.
    """
    eyes = crop_eyes()
    laid = [
        transform_points(shape, fit_similarity(shape[[LEFT_EYE, RIGHT_EYE]], eyes))
        for shape in shapes
    ]
    return np.asarray(np.mean(laid, axis=0))


def mirror_permutation(shape: npt.ArrayLike) -> npt.NDArray[np.intp]:
    """Which point of the London Set takes each point's place when the picture is mirrored.

    Args:
        shape: (189, 2), the mean shape, eyes level and symmetric about x = 0.5.

    Returns:
        intp (189,): the mirrored picture's landmarks are `mirrored_points[permutation]`.
    """
    permutation = nearest_pairs(shape)
    for lip in _INNER_LIPS:
        permutation[lip] = lip[::-1]
    return permutation


def nearest_pairs(shape: npt.ArrayLike) -> npt.NDArray[np.intp]:
    """Pair each point with the one nearest to its mirror image, closest pair first.

    Args:
        shape: (N, 2), symmetric about x = 0.5.

    Returns:
        intp (N,), a permutation that is its own inverse; points on the axis pair with themselves.

    >>> nearest_pairs([(0.2, 0.4), (0.8, 0.4), (0.5, 0.6)]).tolist()
    [1, 0, 2]
    """
    points = np.asarray(shape, float) @ np.array([1.0, 1.0j])
    distances = np.abs(points[:, None] - (1.0 - points.conj())[None, :])
    permutation = np.full(len(points), -1, dtype=np.intp)
    for pair in np.argsort(distances, axis=None):
        one, other = divmod(int(pair), len(points))
        if permutation[one] < 0 and permutation[other] < 0:
            permutation[one], permutation[other] = other, one
    return permutation
