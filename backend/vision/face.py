"""From a photo to the one face in it: detection, landmarks, and what rules a photo out.

Detection is dlib's: histograms of oriented gradients and a linear filter bank on an image pyramid
(Dalal & Triggs 2005, https://doi.org/10.1109/CVPR.2005.177; Felzenszwalb et al. 2010,
https://doi.org/10.1109/TPAMI.2009.167). It needs faces at least 80 px wide; a small copy of the
photo is searched first, and a larger one only if that shows no face clearly.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from typing import Any, Final

import cv2
import dlib
import numpy as np

from backend.errors import (
    FaceCutOffError,
    FaceNotFoundError,
    FaceSeveralError,
    FaceTooSmallError,
)
from backend.vision.geometry import (
    FloatArray,
    Photo,
    crop_to_photo,
    eye_positions,
    invert,
    shrink,
    transform_points,
)
from backend.vision.landmarks import (
    LEFT_EYE,
    RIGHT_EYE,
    Box,
    LandmarkLocator,
    Landmarks,
    box_on_crop,
)
from backend.vision.pose import Pose, head_pose

SEARCH_SIDES_PX: Final = (400, 1200, 2560)
"""Longer side of the copies that are searched, one after the other until a face shows clearly."""
MAX_ENLARGEMENT: Final = 4.0
"""A photo smaller than a copy is enlarged at most this much: a face of 20 px can be found, and it
is told that it is too small, not that there is none."""
MIN_EYE_DISTANCE_PX: Final = 40.0
"""Below this distance between the eye centres a face shows shape, but no skin."""
CLEAR_SCORE: Final = 0.5
"""From this detection score on a face is certain: a chance pattern scores about 0.1, a face that
looks into the camera 1 to 3."""
BYSTANDER_SCORE: Final = 0.75
"""A further face counts if it is certain, or scores at least this share of the best one."""
BYSTANDER_WIDTH: Final = 0.5
"""A further face counts if it is at least this share of the largest one's width; a smaller one is
someone in the background."""

_BROWS: Final = (*range(71, 87),)
_EYES: Final = (0, 1, *range(18, 44))
_LIPS: Final = (*range(87, 94), *range(104, 109))
_CHIN: Final = (*range(127, 132),)
MUST_BE_INSIDE: Final = (*_EYES, *_BROWS, *_LIPS, *_CHIN)
"""Landmarks of a whole face: eyes, brows, lips and the lower edge of the chin."""
FOREHEAD_MIDDLE: Final = ((0.32, 0.16), (0.68, 0.16))
"""The middle of the forehead above each eye, shares of the aligned crop's side: as far below its
upper edge as above the brows of the mean face. Whoever cuts off more than half cuts off a face."""
CUT_OFF_TOLERANCE: Final = 0.05
"""How far a landmark may lie outside the photo, as a share of the eye distance: the network's own
error."""
MISALIGNED: Final = 0.05
"""How far an eye centre may lie from its place on an aligned crop, as a share of the eye distance:
on the crops of 60 simulated photos it lay within 0.016, on what is no crop beyond 0.13."""


@dataclass(frozen=True, slots=True)
class Face:
    """A face in a photo.

    Attributes:
        box: x, y, width, height of the detector's box, photo pixels; it holds brows, eyes, nose
            and mouth, and may reach beyond the photo.
        landmarks: float32 (189, 2), photo pixels.
        pose: how the head is turned.
    """

    box: Box
    landmarks: Landmarks
    pose: Pose

    @property
    def left_eye(self) -> FloatArray:
        """Eye centre on the image's left, float64 (2,), photo pixels."""
        return np.asarray(self.landmarks[LEFT_EYE], dtype=np.float64)

    @property
    def right_eye(self) -> FloatArray:
        """Eye centre on the image's right, float64 (2,), photo pixels."""
        return np.asarray(self.landmarks[RIGHT_EYE], dtype=np.float64)

    @property
    def eye_distance_px(self) -> float:
        """Distance between the eye centres, photo pixels."""
        return float(np.hypot(*(self.right_eye - self.left_eye)))


@dataclass(frozen=True, slots=True)
class Detection:
    """What the detector says of one face.

    Attributes:
        box: x, y, width, height, pixels of the copy it was found on.
        score: distance from the decision border; 0 is the border, higher is surer.
    """

    box: Box
    score: float


@dataclass(frozen=True, slots=True)
class Sighting:
    """The copy of a photo on which the detector saw most clearly, and what it saw.

    Attributes:
        copy: RGB uint8 (h, w, 3), fine enough for landmarks too, as the detector's smallest face
            is about as wide as the crop that their network reads.
        to_photo: float64 (2, 3), from the copy's pixels to the photo's.
        detections: best score first; empty if no face was seen.
    """

    copy: Photo
    to_photo: FloatArray
    detections: list[Detection]

    @property
    def score(self) -> float:
        """The best detection's; minus infinity without one."""
        return self.detections[0].score if self.detections else -math.inf


class FaceDetector:
    """dlib's frontal face detector on small copies of a photo. Safe to share between threads."""

    def __init__(self) -> None:
        """Make one detector; further ones are made when as many threads detect at once."""
        self._idle: SimpleQueue[Any] = SimpleQueue()
        self._idle.put(dlib.get_frontal_face_detector())

    def detect(self, photo: Photo) -> Sighting:
        """Find faces.

        Args:
            photo: RGB uint8 (H, W, 3).

        Returns:
            The copy that shows a face most clearly, and the faces on it.
        """
        best = self._detect_on(photo, SEARCH_SIDES_PX[0])
        for side_px in SEARCH_SIDES_PX[1:]:
            if best.score >= CLEAR_SCORE:
                break
            best = max(best, self._detect_on(photo, side_px), key=lambda sighting: sighting.score)
        return best

    def _detect_on(self, photo: Photo, side_px: int) -> Sighting:
        copy, to_photo = _copy_for(photo, side_px)
        detector = self._detector()
        try:
            rectangles, scores, _ = detector.run(copy, 0, 0.0)
        finally:
            self._idle.put(detector)
        found = [
            Detection(box=_box(rectangle), score=float(score))
            for rectangle, score in zip(rectangles, scores, strict=True)
        ]
        found.sort(key=lambda detection: detection.score, reverse=True)
        return Sighting(copy, to_photo, found)

    def _detector(self) -> Any:
        # A dlib detector keeps buffers of its own between calls: two threads may not share one at
        # a time. Making one takes half a second, in which no other thread can run: they are kept
        # here, not by the threads, which come and go.
        try:
            return self._idle.get_nowait()
        except Empty:
            return dlib.get_frontal_face_detector()


def _copy_for(photo: Photo, side_px: int) -> tuple[Photo, FloatArray]:
    scale = min(side_px / max(photo.shape[:2]), MAX_ENLARGEMENT)
    if scale < 1:
        copy, factors = shrink(photo, 1 / scale)
    else:
        enlarged = cv2.resize(photo, None, fx=scale, fy=scale, interpolation=cv2.INTER_LINEAR)
        copy = np.asarray(enlarged, dtype=np.uint8)
        factors = np.array([photo.shape[1] / copy.shape[1], photo.shape[0] / copy.shape[0]])
    # Pixel centres lie at whole numbers.
    return copy, np.column_stack([np.diag(factors), 0.5 * factors - 0.5])


def _box(rectangle: Any) -> Box:
    return (
        float(rectangle.left()),
        float(rectangle.top()),
        float(rectangle.width()),
        float(rectangle.height()),
    )


class FaceFinder:
    """Finds the one face that a photo is about. Safe to share between threads."""

    def __init__(self, locator: LandmarkLocator, detector: FaceDetector | None = None) -> None:
        """Keep the networks.

        Args:
            locator: finds the landmarks in a box.
            detector: finds the boxes; dlib's by default.
        """
        self._locator = locator
        self._detector = FaceDetector() if detector is None else detector

    def find(self, photo: Photo) -> Face:
        """Find the face.

        Args:
            photo: RGB uint8 (H, W, 3), upright.

        Raises:
            FaceNotFoundError: no face is seen.
            FaceSeveralError: more than one face is seen, none of them much larger than the rest.
            FaceTooSmallError: the eyes are less than 40 px apart.
            FaceCutOffError: forehead, eyes, brows, lips or chin lie outside the photo.
        """
        face = self._face(*self.locate(photo))
        if face.eye_distance_px < MIN_EYE_DISTANCE_PX:
            raise FaceTooSmallError(
                eye_distance_px=face.eye_distance_px, min_eye_distance_px=MIN_EYE_DISTANCE_PX
            )
        if is_cut_off(face, width_px=photo.shape[1], height_px=photo.shape[0]):
            raise FaceCutOffError
        return face

    def find_on_crop(self, crop: Photo) -> Face:
        """The face on an aligned crop, whose eyes are where they belong.

        Args:
            crop: RGB uint8 (S, S, 3).

        Raises:
            FaceNotFoundError: there is none, or it lies elsewhere.
        """
        box = box_on_crop(crop.shape[0])
        face = self._face(box, self._locator.locate(crop, box))
        places = np.asarray(eye_positions(crop.shape[0]))
        off_px = np.hypot(*(np.stack([face.left_eye, face.right_eye]) - places).T).max()
        if off_px > MISALIGNED * np.hypot(*(places[1] - places[0])):
            raise FaceNotFoundError
        return face

    def _face(self, box: Box, landmarks: Landmarks) -> Face:
        pose = head_pose(
            landmarks,
            mean_face=self._locator.mean_face.level,
            weights=self._locator.mean_face.pose_weights,
        )
        return Face(box=box, landmarks=landmarks, pose=pose)

    def locate(self, photo: Photo) -> tuple[Box, Landmarks]:
        """Find the face's box and landmarks, whatever its size and even if it is cut off.

        Args:
            photo: RGB uint8 (H, W, 3), upright.

        Returns:
            The detector's box, and float32 (189, 2); photo pixels.

        Raises:
            FaceNotFoundError: no face is seen.
            FaceSeveralError: more than one face is seen, none of them much larger than the rest.
        """
        sighting = self._detector.detect(photo)
        x, y, width, height = the_one_face(sighting.detections).box
        landmarks = self._locator.locate(sighting.copy, (x, y, width, height))
        corners = transform_points([(x, y), (x + width, y + height)], sighting.to_photo)
        box = (*corners[0].tolist(), *(corners[1] - corners[0]).tolist())
        return box, transform_points(landmarks, sighting.to_photo).astype(np.float32)


def the_one_face(detections: Sequence[Detection]) -> Detection:
    """The face that a photo is about: its largest certain one, if no other counts beside it.

    Raises:
        FaceNotFoundError: there is none.
        FaceSeveralError: another one counts: about as certain, and at least half as wide.

    >>> main = Detection(box=(0.0, 0.0, 100.0, 100.0), score=2.0)
    >>> passer_by = Detection(box=(200.0, 0.0, 30.0, 30.0), score=2.0)
    >>> the_one_face([main, passer_by]).box
    (0.0, 0.0, 100.0, 100.0)
    """
    if not detections:
        raise FaceNotFoundError
    best_score = max(detection.score for detection in detections)
    least_score = min(CLEAR_SCORE, BYSTANDER_SCORE * best_score)
    counted = [detection for detection in detections if detection.score >= least_score]
    largest = max(counted, key=lambda detection: detection.box[2])
    beside = [one for one in counted if one.box[2] >= BYSTANDER_WIDTH * largest.box[2]]
    if len(beside) > 1:
        raise FaceSeveralError(count=len(beside))
    return largest


def is_cut_off(face: Face, *, width_px: int, height_px: int) -> bool:
    """Whether forehead, eyes, brows, lips or chin of a face lie outside a photo of this size.

    Only what the aligned crop shows counts: a long chin ends below it, and what nobody looks at
    need not be there.
    """
    to_photo = crop_to_photo(face.left_eye, face.right_eye, side_px=1)
    on_crop = transform_points(face.landmarks[list(MUST_BE_INSIDE)], invert(to_photo))
    shown = np.concatenate([np.clip(on_crop, 0.0, 1.0), FOREHEAD_MIDDLE])
    points = transform_points(shown, to_photo)
    margin = CUT_OFF_TOLERANCE * face.eye_distance_px
    low, high = points.min(axis=0), points.max(axis=0)
    limit = np.array([width_px - 1, height_px - 1])
    return bool((low < -margin).any() or (high > limit + margin).any())
