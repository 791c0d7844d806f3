"""The mean head in three dimensions: how far each place of a face lies in front of the eyes.

The photos that teach the landmarks are flat, so nothing here is measured: the depths were set by
hand after the usual proportions of a profile, with about 62 mm between the pupils. Slopes towards
the ears are milder than a head's, so that a turn of 30 degrees folds nothing over: what a turn
would hide is squeezed instead.

All places are those of the level face: the origin lies between the eye centres, the unit is their
distance, x points right, y down, and depth towards the camera.
"""

from __future__ import annotations

from functools import cache
from typing import Final

import cv2
import numpy as np
import numpy.typing as npt

from backend.vision.geometry import FloatArray

# x, y, depth; places off the middle stand for their mirror images too.
_MIDDLE_PROFILE: Final = (
    (0.0, -2.2, -0.90),
    (0.0, -1.6, -0.38),
    (0.0, -1.25, -0.06),  # hairline
    (0.0, -0.8, 0.16),
    (0.0, -0.35, 0.21),  # glabella
    (0.0, -0.03, 0.12),  # sellion
    (0.0, 0.3, 0.32),
    (0.0, 0.6, 0.50),  # tip of the nose
    (0.0, 0.82, 0.28),  # subnasale
    (0.0, 1.05, 0.30),  # upper lip
    (0.0, 1.22, 0.27),  # lower lip
    (0.0, 1.38, 0.19),
    (0.0, 1.6, 0.21),  # pogonion
    (0.0, 1.85, 0.05),  # gnathion
    (0.0, 2.4, -0.55),
    (0.0, 3.0, -0.80),
)
_ONE_SIDE: Final = (
    (0.5, 0.0, 0.0),  # eye centre
    (0.78, 0.03, -0.13),
    (0.27, 0.03, -0.03),
    (0.5, -0.35, 0.12),  # brow
    (0.88, -0.22, -0.2),
    (0.5, -0.85, 0.04),
    (0.9, -0.7, -0.34),  # temple
    (0.65, -1.15, -0.22),
    (0.22, 0.45, 0.18),
    (0.28, 0.7, 0.22),  # wing of the nose
    (0.5, 0.4, 0.07),
    (0.82, 0.4, -0.12),  # cheekbone
    (0.65, 0.85, -0.05),
    (0.4, 1.12, 0.10),  # corner of the mouth
    (0.55, 1.5, -0.12),
    (0.42, 1.75, -0.05),
    (0.9, 1.1, -0.42),  # angle of the jaw
    (1.08, 0.3, -0.42),
    (1.05, -0.2, -0.42),
    (1.25, 0.3, -0.70),  # ear
    (1.2, -0.9, -0.72),
    (1.1, 1.5, -0.75),
    (0.9, -1.7, -0.75),
    (1.7, 0.3, -1.00),
    (1.7, -1.5, -1.20),
    (1.7, 2.0, -1.10),
    (0.8, 2.4, -0.85),
)
_GRID_REACH: Final = 3.0
_GRID_CELL: Final = 0.02
_LOOK_UP_COLUMNS: Final = 1024


def depth(places: npt.ArrayLike) -> FloatArray:
    """How far places of the mean face lie in front of the plane of the eyes.

    Args:
        places: (..., 2), x and y on the level face, eye distances. Beyond 3 the edge counts.

    Returns:
        float64 (...), eye distances, positive towards the camera.

    >>> depth([(0.0, 0.6), (0.5, 0.4), (-1.25, 0.3)]).round(2).tolist()
    [0.5, 0.07, -0.7]
    """
    points = np.asarray(places, dtype=np.float64)
    return look_up(_grid(), (points + _GRID_REACH) / _GRID_CELL)


def look_up(raster: npt.NDArray[np.float32], places: FloatArray) -> FloatArray:
    """Interpolate a raster between its cells; beyond its edge the edge counts.

    Args:
        raster: float32 (H, W) or (H, W, C), at most 4 channels.
        places: float64 (..., 2), column and row; whole numbers are the cells' centres.

    Returns:
        float64 (...) or (..., C).

    >>> look_up(np.array([[0, 1], [2, 3]], np.float32), np.array([[0.5, 0.5], [9.0, 0.0]])).tolist()
    [1.5, 1.0]
    """
    flat = places.reshape(-1, 2).astype(np.float32)
    # OpenCV's pictures have at most 32767 rows.
    rows = -(-len(flat) // _LOOK_UP_COLUMNS)
    padded = np.zeros((2, rows * _LOOK_UP_COLUMNS), np.float32)
    padded[:, : len(flat)] = flat.T
    x, y = padded.reshape(2, rows, _LOOK_UP_COLUMNS)
    found = cv2.remap(raster, x, y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    channels = raster.shape[2:]
    values = np.asarray(found, dtype=np.float64).reshape(-1, *channels)[: len(flat)]
    return values.reshape(*places.shape[:-1], *channels)


@cache
def _grid() -> npt.NDArray[np.float32]:
    """The depths on a raster, float32, from which `depth` interpolates."""
    known = np.array([*_MIDDLE_PROFILE, *_ONE_SIDE, *((-x, y, z) for x, y, z in _ONE_SIDE)])
    axis = np.arange(-_GRID_REACH, _GRID_REACH + _GRID_CELL / 2, _GRID_CELL)
    raster = np.stack(np.meshgrid(axis, axis), axis=-1).reshape(-1, 2)
    depths = _thin_plate(known[:, :2], known[:, 2], raster)
    return depths.reshape(len(axis), len(axis)).astype(np.float32)


def _thin_plate(places: FloatArray, values: FloatArray, wanted: FloatArray) -> FloatArray:
    """The least bent surface through values (Bookstein 1989, doi:10.1109/34.24792, eq. 12)."""
    count = len(places)
    flat = np.column_stack([np.ones(count), places])
    system = np.zeros((count + 3, count + 3))
    system[:count, :count] = _bending(places, places)
    system[:count, count:] = flat
    system[count:, :count] = flat.T
    solved = np.linalg.solve(system, np.concatenate([values, np.zeros(3)]))
    wanted_flat = np.column_stack([np.ones(len(wanted)), wanted])
    return np.asarray(_bending(wanted, places) @ solved[:count] + wanted_flat @ solved[count:])


def _bending(places: FloatArray, centres: FloatArray) -> FloatArray:
    squared = ((places[:, None] - centres[None]) ** 2).sum(axis=2)
    # r^2 log r^2 tends to 0 at the centre itself.
    return np.asarray(squared * np.log(np.maximum(squared, 1e-12)))


def rotation(*, yaw_deg: float = 0.0, pitch_deg: float = 0.0, roll_deg: float = 0.0) -> FloatArray:
    """How a head is turned: first the yaw, then the pitch, then the roll.

    Args:
        yaw_deg: positive turns the nose towards the image's right.
        pitch_deg: positive turns the nose down.
        roll_deg: positive turns the head clockwise on the screen.

    Returns:
        float64 (3, 3), a rotation of points x, y, depth.

    >>> nose = (0.0, 0.0, 1.0)
    >>> float(round((rotation(yaw_deg=30) @ nose)[0], 6))
    0.5
    >>> float(round((rotation(pitch_deg=30) @ nose)[1], 6))
    0.5
    """
    yaw, pitch, roll = np.deg2rad((yaw_deg, pitch_deg, roll_deg))
    about_y = [[np.cos(yaw), 0, np.sin(yaw)], [0, 1, 0], [-np.sin(yaw), 0, np.cos(yaw)]]
    about_x = [[1, 0, 0], [0, np.cos(pitch), np.sin(pitch)], [0, -np.sin(pitch), np.cos(pitch)]]
    about_z = [[np.cos(roll), -np.sin(roll), 0], [np.sin(roll), np.cos(roll), 0], [0, 0, 1]]
    return np.asarray(np.array(about_z) @ np.array(about_x) @ np.array(about_y))


def project(points: npt.ArrayLike, turn: FloatArray, *, distance: float) -> FloatArray:
    """Where points of a turned head appear, seen by a camera from near or far.

    Args:
        points: (..., 3), x, y and depth on the level face, eye distances.
        turn: float64 (3, 3), of `rotation`.
        distance: from the camera to the plane of the eyes, eye distances; 30 cm are about 4.8.

    Returns:
        float64 (..., 2), eye distances at the depth of the eyes.

    >>> project([(0.5, 0.0, 0.0), (0.5, 0.0, 1.0)], rotation(), distance=5.0).tolist()
    [[0.5, 0.0], [0.625, 0.0]]
    """
    turned = np.asarray(points, dtype=np.float64) @ turn.T
    nearer = distance / (distance - turned[..., 2:])
    return np.asarray(turned[..., :2] * nearer)
