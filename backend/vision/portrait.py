"""The one face of a photo, and the photo as large as that face needs it.

A phone's photo has many times the pixels that the aligned crop takes from it. A JPEG is therefore
decoded to a copy first, and larger only if that shows no whole face, or one of fewer pixels than
the crop has.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import Final, Protocol

from backend.errors import FaceError, RequestInvalidError
from backend.vision.face import Face
from backend.vision.geometry import CROP_SIDE_PX, EYE_DISTANCE, Photo
from backend.vision.photo import DRAFT_SIDE_PX, DecodedPhoto, decode_photo, decode_sized
from backend.vision.stopwatch import Stage, Stopwatch

COPY_SIDE_PX: Final = 1200
"""Least side of the copy that is looked at first; the detector's usual copies are smaller."""
_ENOUGH_PX: Final = EYE_DISTANCE * CROP_SIDE_PX
"""Distance between the eyes from which on the crop is not enlarged."""

_log = logging.getLogger(__name__)


class FindsFace(Protocol):
    """Whatever finds the one face of a photo."""

    def find(self, photo: Photo) -> Face:
        """The face in an upright photo, RGB uint8 (H, W, 3); raises a `FaceError`."""
        ...


class FindsFaceOnCrop(FindsFace, Protocol):
    """The same, and on aligned crops too."""

    def find_on_crop(self, crop: Photo) -> Face:
        """The face on an aligned crop, RGB uint8 (S, S, 3); raises a `FaceError`."""
        ...


@dataclass(frozen=True, slots=True)
class Portrait:
    """A photo of one face.

    Attributes:
        photo: RGB uint8 (H, W, 3), upright; maybe a copy smaller than the file's.
        face: the face in it, pixels of `photo`.
        full_size: width and height of the file's, upright.
    """

    photo: Photo
    face: Face
    full_size: tuple[int, int]


def read_portrait(
    data: bytes, finder: FindsFace, *, max_pixels: int, stopwatch: Stopwatch
) -> Portrait:
    """Decode a photo as far as its face needs it, and find the face.

    Args:
        data: the file.
        finder: finds the face.
        max_pixels: bound on width times height, checked before decoding.
        stopwatch: counts the time of the stages decode and detect.

    Raises:
        PhotoError: the file cannot be used, see `decode_sized`.
        FaceError: there is no single whole face in it.
    """

    def decode(least_side_px: int) -> DecodedPhoto:
        with stopwatch.stage(Stage.DECODE):
            return decode_sized(data, max_pixels=max_pixels, least_side_px=least_side_px)

    def find(photo: Photo) -> Face:
        with stopwatch.stage(Stage.DETECT):
            return finder.find(photo)

    photo = decode(COPY_SIDE_PX)
    if not photo.is_whole:
        try:
            face = find(photo.pixels)
        except FaceError:
            _log.info("no whole face in the copy; a larger one is looked at")
        else:
            if face.eye_distance_px >= _ENOUGH_PX:
                return Portrait(photo.pixels, face, photo.full_size)
        # The copy's memory is free before the larger one takes its own.
        del photo
        photo = decode(DRAFT_SIDE_PX)
    return Portrait(photo.pixels, find(photo.pixels), photo.full_size)


def read_crop(
    data: bytes, finder: FindsFaceOnCrop, *, max_pixels: int, stopwatch: Stopwatch
) -> Portrait:
    """Decode an aligned crop, as an earlier analysis gave it, and find the landmarks on it.

    Args:
        data: the file.
        finder: finds them.
        max_pixels: bound on width times height, checked before decoding.
        stopwatch: counts the time of the stages decode and detect.

    Raises:
        PhotoError: the file cannot be used, see `decode_sized`.
        RequestInvalidError: it is no square of 512 px.
        FaceNotFoundError: its eyes are not where they are on a crop.
    """
    with stopwatch.stage(Stage.DECODE):
        crop = decode_photo(data, max_pixels=max_pixels)
    if crop.shape[:2] != (CROP_SIDE_PX, CROP_SIDE_PX):
        raise RequestInvalidError(
            f"framing: expected the crop of an earlier answer, {CROP_SIDE_PX} x {CROP_SIDE_PX} px.",
            field="framing",
        )
    with stopwatch.stage(Stage.DETECT):
        face = finder.find_on_crop(crop)
    return Portrait(crop, face, (CROP_SIDE_PX, CROP_SIDE_PX))
