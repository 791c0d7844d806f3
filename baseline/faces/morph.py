"""Warps faces onto each other's shape, for morphs: new identities between real ones."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np
import numpy.typing as npt
from scipy.spatial import Delaunay

from backend.vision.geometry import FloatArray

Pixels = npt.NDArray[np.float32]
"""A picture of any channels, float32 (S, S, C)."""


def _with_frame(points: FloatArray, side_px: int) -> FloatArray:
    # Points on the border keep the background in place: triangles cover the whole square.
    steps = np.linspace(0, side_px - 1, 5)
    low, high = np.zeros(5), np.full(5, side_px - 1.0)
    frame = np.concatenate(
        [
            np.stack([steps, low], 1),
            np.stack([steps, high], 1),
            np.stack([low, steps], 1)[1:-1],
            np.stack([high, steps], 1)[1:-1],
        ]
    )
    return np.vstack([points, frame])


def warp_to_shape(light: Pixels, source: FloatArray, target: FloatArray) -> Pixels:
    """Move a face's landmarks onto target places by a piecewise affine warp.

    Args:
        light: float32 (S, S, 3).
        source: landmarks on `light`, float64 (N, 2), pixels.
        target: where they go, float64 (N, 2), pixels of the result.

    Returns:
        float32 (S, S, 3).
    """
    side_px = light.shape[0]
    source, target = _with_frame(source, side_px), _with_frame(target, side_px)
    triangles = Delaunay(target).simplices
    owner = np.zeros((side_px, side_px), np.int32)
    for number, triangle in enumerate(triangles):
        cv2.fillConvexPoly(owner, np.round(target[triangle]).astype(np.int32), number)
    ones = np.ones((len(triangles), 3, 1))
    corners = np.concatenate([target[triangles], ones], axis=2)
    # Least squares instead of an inverse: a sliver of a triangle must not stop the warp.
    affine = np.linalg.pinv(corners) @ source[triangles]
    rows, columns = np.mgrid[:side_px, :side_px].astype(np.float32)
    maps = affine.astype(np.float32)[owner]
    where = columns[..., None] * maps[..., 0, :] + rows[..., None] * maps[..., 1, :]
    where += maps[..., 2, :]
    warped = cv2.remap(
        light,
        np.ascontiguousarray(where[..., 0]),
        np.ascontiguousarray(where[..., 1]),
        interpolation=cv2.INTER_LINEAR,
        borderMode=cv2.BORDER_REPLICATE,
    )
    return np.asarray(warped, dtype=np.float32)


def morph(
    faces: Sequence[tuple[Pixels, FloatArray]], weights: npt.ArrayLike
) -> tuple[Pixels, FloatArray]:
    """A face between several: shapes and colours averaged.

    Args:
        faces: (linear light (S, S, 3), landmarks (189, 2)) of each parent, on like canvases.
        weights: share of each parent; they are scaled to sum to 1.

    Returns:
        The morph's linear light float32 (S, S, 3) and landmarks float64 (189, 2).
    """
    shares = np.asarray(weights, float)
    shares = shares / shares.sum()
    shape = np.asarray(
        sum(share * points for share, (_, points) in zip(shares, faces, strict=True))
    )
    blended = sum(
        np.float32(share) * warp_to_shape(light, points, shape)
        for share, (light, points) in zip(shares, faces, strict=True)
    )
    return np.asarray(blended, dtype=np.float32), shape
