"""Teaches the weights with which `backend.vision.pose` reads a head's turn off its landmarks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np

from backend.vision.geometry import FloatArray, invert, transform_points
from backend.vision.landmarks import fit_similarity
from backend.vision.pose import shifts
from baseline.faces.view import STUDIO_DISTANCE, HeadView
from baseline.faces.warp import FaceChange, random_deformation

_VIEWS: Final = 60
_SPREAD_DEG: Final = (13.0, 10.0)
_LARGEST_DEG: Final = 32.0
_RIDGE: Final = 1.0
"""Squared eye distances: keeps weights small where people differ more than turns do."""


def fit_pose(faces: Sequence[FloatArray], *, mean_face: FloatArray, seed: int) -> FloatArray:
    """Weights by ridge regression (Hoerl & Kennard 1970, doi:10.1080/00401706.1970.10488634).

    Each face is turned by many random angles, seen from near and far, with mouths that move, so
    that neither a smile nor a short arm passes for a nod.

    Args:
        faces: float64 (189, 2) each, landmarks in any unit.
        mean_face: float64 (189, 2), level face.
        seed: of the views.

    Returns:
        float64 (2 N, 2), for `backend.vision.pose.head_pose`.
    """
    generator = np.random.default_rng(seed)
    rows, angles = [], []
    for face in faces:
        level = transform_points(face, invert(fit_similarity(mean_face, face)))
        for _ in range(_VIEWS):
            view = _random_view(generator)
            change = FaceChange(view=view, deformation=random_deformation(generator))
            rows.append(shifts(change.from_source(level), mean_face=mean_face))
            angles.append((view.yaw_deg, view.pitch_deg))
    seen, known = np.array(rows), np.array(angles)
    normal = seen.T @ seen + _RIDGE * np.eye(seen.shape[1])
    return np.asarray(np.linalg.solve(normal, seen.T @ known))


def _random_view(generator: np.random.Generator) -> HeadView:
    turns = np.clip(generator.normal(0.0, _SPREAD_DEG), -_LARGEST_DEG, _LARGEST_DEG)
    far = generator.random() < 0.5
    distance = STUDIO_DISTANCE if far else generator.uniform(4.2, 10.0)
    return HeadView(float(turns[0]), float(turns[1]), float(distance))
