"""A face cut out of its photo, and what is known of it; measured when first asked for."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Self

import numpy as np

from backend.vision.capture import Capture, measure_capture
from backend.vision.correction import LightCorrection
from backend.vision.face import Face
from backend.vision.geometry import AlignedCrop, FloatArray, Photo, align, invert, transform_points
from backend.vision.light import CropCells, FaceLight
from backend.vision.map_summary import FaceLayout
from backend.vision.measured import measured


@dataclass(frozen=True, slots=True)
class MeasuredFace:
    """What is known of a face, without the photo it was cut out of.

    Attributes:
        face: where it was, photo pixels.
        crop: the aligned crop.
        layout: which cells of the crop's maps are which part of the face.
        correction: what is taken back of the photo's light before it is graded.
        graded: what the networks look at: the crop in the usual light, RGB uint8 (S, S, 3).
        capture: how the photo was taken.
    """

    face: Face
    crop: AlignedCrop
    layout: FaceLayout
    correction: LightCorrection
    graded: Photo
    capture: Capture


@dataclass(frozen=True)
class AlignedFace:
    """A face cut out of its photo. What it takes time to measure is measured when first asked for.

    Attributes:
        photo: RGB uint8 (H, W, 3).
        face: the face in it.
        crop: the aligned crop.
    """

    photo: Photo
    face: Face
    crop: AlignedCrop

    @classmethod
    def of(cls, photo: Photo, face: Face) -> Self:
        """Cut a face out.

        Args:
            photo: RGB uint8 (H, W, 3).
            face: the face in it.
        """
        return cls(photo, face, align(photo, left_eye=face.left_eye, right_eye=face.right_eye))

    @classmethod
    def of_crop(cls, crop: Photo, face: Face) -> Self:
        """A face that was cut out before.

        Args:
            crop: RGB uint8 (S, S, 3), the aligned crop.
            face: the face on it.
        """
        return cls(crop, face, AlignedCrop(crop, np.eye(2, 3)))

    def without_photo(self) -> MeasuredFace:
        """All that is measured of it; the photo can be let go then."""
        return MeasuredFace(
            self.face, self.crop, self.layout, self.correction, self.graded, self.capture
        )

    @measured
    def layout(self) -> FaceLayout:
        """Which cells of the crop's maps are which part of the face."""
        return FaceLayout.of(self.crop.pixels, self._points)

    @measured
    def correction(self) -> LightCorrection:
        """What is taken back of the photo's light before it is graded."""
        found = LightCorrection.of(self._light)
        if not found.stops:
            return found
        # In the dark colours and shadows are told as weaker than they are: next to black, what
        # keeps logarithms finite counts.
        brighten = found.brightening.apply
        cells = replace(self._cells, small=brighten(self._cells.small))
        light = FaceLight.of(brighten(self.crop.pixels), self._points, cells)
        return found.seen_brighter(light)

    @measured
    def graded(self) -> Photo:
        """What the networks look at: the crop in the usual light, RGB uint8 (S, S, 3)."""
        return self.correction.apply(self.crop.pixels)

    @measured
    def capture(self) -> Capture:
        """How the photo was taken."""
        return measure_capture(
            self.photo,
            self.face,
            self.crop,
            self.layout,
            self._cells,
            self._light,
            self.graded,
        )

    @measured
    def _cells(self) -> CropCells:
        return CropCells.of(self.crop.pixels, self._points, self.layout)

    @measured
    def _light(self) -> FaceLight:
        return FaceLight.of(self.crop.pixels, self._points, self._cells)

    @measured
    def _points(self) -> FloatArray:
        return transform_points(self.face.landmarks, invert(self.crop.to_photo))
