"""Where 189 points of a face lie in a photo, found by a network in two passes.

The points are those of the Face Research Lab London Set, in its order (DeBruine & Jones 2017,
https://doi.org/10.6084/m9.figshare.5047666.v5). The first pass looks at a crop placed by the
detector's box, the second at a crop placed by the first pass's points, which is level and centred
and therefore easier, and at its mirror image.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final, Self

import numpy as np
import numpy.typing as npt
from safetensors import SafetensorError, safe_open

from backend.errors import WeightsUnusableError
from backend.vision import geometry
from backend.vision.engines.base import Array, LandmarkEngine
from backend.vision.geometry import FloatArray, Photo

ARCHITECTURE: Final = "lite0-maps-189"
"""The name under which the manifest lists the network."""
POINT_COUNT: Final = 189
INPUT_PX: Final = 128
"""Side of the square that the network reads, in pixels."""
LEFT_EYE: Final = 0
"""The eye centre on the image's left, which is the person's own right."""
RIGHT_EYE: Final = 1
"""The eye centre on the image's right."""

CROP_EYE_DISTANCE: Final = 0.28
"""Distance between the eye centres as a share of the network's crop.

Less than the 0.36 of the aligned crop: hair, ears and chin must still be inside when the
detector's box is a fifth off.
"""

_BOX_EYE_X, _BOX_EYE_Y, _BOX_EYE_DISTANCE = 0.504, 0.275, 0.423
"""Where the point between the eyes lies in the detector's box, and how far they are apart, as
shares of its width: means over the 52 training people."""

Box = tuple[float, float, float, float]
"""x, y of the upper left corner, width, height; photo pixels."""
Landmarks = npt.NDArray[np.float32]
"""float32 (189, 2), x and y."""


@dataclass(frozen=True, slots=True)
class MeanFace:
    """What lies in the landmark network's file beside its weights.

    Attributes:
        shape: float64 (189, 2), the mean face as shares of the network's crop.
        mirror: int64 (189,), which point takes each point's place in a mirrored picture.
        pose_weights: float64 (2 N, 2), how a head's turn is read off its landmarks; see
            `head_pose`.
    """

    shape: FloatArray
    mirror: npt.NDArray[np.int64]
    pose_weights: FloatArray

    @classmethod
    def load(cls, path: Path) -> Self:
        """Read them from the safetensors file.

        Raises:
            WeightsUnusableError: it cannot be read, or lacks one of them.
        """
        try:
            with safe_open(path, framework="numpy") as file:
                return cls(
                    file.get_tensor("mean_shape").astype(np.float64),
                    file.get_tensor("mirror").astype(np.int64),
                    file.get_tensor("pose_weights").astype(np.float64),
                )
        except (OSError, SafetensorError) as error:
            raise WeightsUnusableError(path, reason=str(error)) from error

    @property
    def level(self) -> FloatArray:
        """The mean face on the level face, float64 (189, 2), in eye distances."""
        return np.asarray((self.shape - crop_eyes().mean(axis=0)) / CROP_EYE_DISTANCE)


class LandmarkLocator:
    """Finds the landmarks of a face in a photo. Safe to share between threads.

    Attributes:
        mean_face: what the network was trained with.
    """

    def __init__(self, engine: LandmarkEngine, mean_face: MeanFace) -> None:
        """Keep a trained network.

        Args:
            engine: runs it.
            mean_face: of its file.
        """
        self._engine = engine
        self.mean_face: Final = mean_face

    def locate(self, photo: Photo, box: Box) -> Landmarks:
        """Find the landmarks of the face in a box.

        Args:
            photo: RGB uint8 (H, W, 3).
            box: the detector's box of the face, photo pixels.

        Returns:
            float32 (189, 2), photo pixels; points may lie outside the photo.
        """
        crop, to_photo = cut_crop(photo, eyes_in_box(box))
        first = self._points(crop[None])[0]
        crop, to_photo = cut_crop(
            photo, self._level_eyes(geometry.transform_points(first, to_photo))
        )
        found = geometry.transform_points(self._points_of_both_sides(crop), to_photo)
        return found.astype(np.float32)

    def _points(self, crops: Photo) -> FloatArray:
        return self._engine.run(scaled(crops)).astype(np.float64) * INPUT_PX

    def _points_of_both_sides(self, crop: Photo) -> FloatArray:
        # What the network errs to one side, it errs to the other in the mirror.
        points, reflected = self._points(np.stack([crop, crop[:, ::-1]]))
        back = reflected[self.mean_face.mirror]
        back[:, 0] = INPUT_PX - 1 - back[:, 0]
        return np.asarray((points + back) / 2)

    def _level_eyes(self, landmarks: FloatArray) -> FloatArray:
        # The eyes of the mean face laid over all points: one badly placed eye moves it little.
        similarity = fit_similarity(self.mean_face.shape, landmarks)
        return geometry.transform_points(crop_eyes(), similarity)


def crop_eyes() -> FloatArray:
    """Where the eye centres belong on the network's crop, float64 (2, 2), shares of its side.

    >>> crop_eyes().round(2).tolist()
    [[0.36, 0.42], [0.64, 0.42]]
    """
    half = CROP_EYE_DISTANCE / 2
    height = geometry.EYE_HEIGHT
    return np.array([[0.5 - half, height], [0.5 + half, height]])


def eyes_in_box(box: Box) -> FloatArray:
    """Where a detector's box lets the eye centres be expected.

    Args:
        box: x, y, width, height.

    Returns:
        float64 (2, 2), left then right, in the box's unit.

    >>> eyes_in_box((100.0, 50.0, 200.0, 200.0)).round(1).tolist()
    [[158.5, 105.0], [243.1, 105.0]]
    """
    x, y, width, height = box
    centre = np.array([x + _BOX_EYE_X * width, y + _BOX_EYE_Y * height])
    half = np.array([_BOX_EYE_DISTANCE * width / 2, 0.0])
    return np.stack([centre - half, centre + half])


def box_on_crop(side_px: int) -> Box:
    """Where the detector's box would lie on an aligned crop: `eyes_in_box` the other way round.

    Args:
        side_px: side of the crop.

    >>> eyes_in_box(box_on_crop(100)).round(6).tolist() == [[32, 42], [68, 42]]
    True
    """
    (left, height), (right, _) = geometry.eye_positions(side_px)
    width = (right - left) / _BOX_EYE_DISTANCE
    x, y = (left + right) / 2 - _BOX_EYE_X * width, height - _BOX_EYE_Y * width
    return x, y, width, width


def cut_crop(photo: Photo, eyes: npt.ArrayLike) -> tuple[Photo, FloatArray]:
    """Cut the square that the network reads.

    Args:
        photo: RGB uint8 (H, W, 3).
        eyes: (2, 2), the eye centres, left then right, photo pixels.

    Returns:
        The crop RGB uint8 (128, 128, 3), and float64 (2, 3), the map from its pixels to the
        photo's.

    Raises:
        ValueError: the two eyes coincide.
    """
    left, right = np.asarray(eyes, float)
    # The aligned crop puts its eyes further apart; eyes moved outwards make it cut a wider square.
    centre, half = (left + right) / 2, (right - left) / 2
    wider = half * geometry.EYE_DISTANCE / CROP_EYE_DISTANCE
    crop = geometry.align(
        photo, left_eye=centre - wider, right_eye=centre + wider, side_px=INPUT_PX
    )
    return crop.pixels, crop.to_photo


def scaled(crops: Photo) -> Array:
    """Crops RGB uint8 (N, S, S, 3) as the network reads them: float32 (N, 3, S, S) in [-1, 1]."""
    moved = crops.transpose(0, 3, 1, 2).astype(np.float32, order="C")
    return np.asarray(moved / np.float32(127.5) - np.float32(1), dtype=np.float32)


def fit_similarity(source: npt.ArrayLike, target: npt.ArrayLike) -> FloatArray:
    """The shift, turn and scale that lay one set of points best over another.

    Least squares with complex numbers, where turn and scale are one factor; no reflection.

    Args:
        source: points (N, 2).
        target: points (N, 2), in the same order.

    Returns:
        float64 (2, 3), from source to target.

    Raises:
        ValueError: all source points coincide.

    >>> fit_similarity([(0, 0), (1, 0)], [(5, 5), (5, 7)]).round(6).tolist()
    [[0.0, -2.0, 5.0], [2.0, 0.0, 5.0]]
    """
    start, end = (np.asarray(points, float) @ np.array([1.0, 1.0j]) for points in (source, target))
    start_centre, end_centre = start.mean(), end.mean()
    spread = float((np.abs(start - start_centre) ** 2).sum())
    if not spread > 0:
        raise ValueError(f"expected at least two distinct points, got {len(start)} equal ones")
    turn = complex(((end - end_centre) * (start - start_centre).conj()).sum() / spread)
    shift = complex(end_centre - turn * start_centre)
    return np.array([[turn.real, -turn.imag, shift.real], [turn.imag, turn.real, shift.imag]])
