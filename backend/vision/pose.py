"""How the head is turned, read off its landmarks.

Level the face, and what is left of a turn is a pattern of small shifts: the nose and the mouth go
one way, the outline the other. The angles are a weighted sum of those shifts. The weights come
from training people's points, turned in three dimensions by known angles (see
`baseline/landmarks/pose.py`), so that what differs between people counts little.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from backend.vision.geometry import FloatArray, invert, transform_points
from backend.vision.landmarks import fit_similarity
from backend.vision.regions import WHOLE_FACE


@dataclass(frozen=True, slots=True)
class Pose:
    """How the head is turned, degrees; 0 looks straight into the camera.

    Attributes:
        yaw_deg: positive turns the nose towards the image's right.
        pitch_deg: positive turns the nose down.
        roll_deg: positive turns the head clockwise on the screen.
    """

    yaw_deg: float
    pitch_deg: float
    roll_deg: float


def head_pose(landmarks: npt.ArrayLike, *, mean_face: FloatArray, weights: FloatArray) -> Pose:
    """Estimate how the head is turned.

    Args:
        landmarks: (189, 2), photo pixels.
        mean_face: float64 (189, 2), the mean face on the level face: origin between the eyes,
            unit their distance.
        weights: float64 (2 N, 2), yaw and pitch in degrees per eye distance of each coordinate of
            the N points of `WHOLE_FACE`, x and y in turn.

    Raises:
        ValueError: all landmarks coincide.
    """
    points = np.asarray(landmarks, dtype=np.float64)
    to_photo = fit_similarity(mean_face[list(WHOLE_FACE)], points[list(WHOLE_FACE)])
    yaw, pitch = shifts(points, mean_face=mean_face) @ weights
    roll = np.rad2deg(np.arctan2(to_photo[1, 0], to_photo[0, 0]))
    return Pose(yaw_deg=float(yaw), pitch_deg=float(pitch), roll_deg=float(roll))


def shifts(landmarks: FloatArray, *, mean_face: FloatArray) -> FloatArray:
    """How far the points of a levelled face lie from the mean face.

    Args:
        landmarks: float64 (189, 2), any unit.
        mean_face: float64 (189, 2), level face.

    Returns:
        float64 (2 N,), eye distances, x and y of each point in turn.
    """
    seen, mean = landmarks[list(WHOLE_FACE)], mean_face[list(WHOLE_FACE)]
    level = transform_points(seen, invert(fit_similarity(mean, seen)))
    return np.asarray((level - mean).ravel())
