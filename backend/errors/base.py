"""The root of the tree, the stable codes, and what every error shown to a user carries."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, ClassVar

if TYPE_CHECKING:
    from collections.abc import Mapping

Param = int | float | str
"""What a message may be filled in with: numbers, and now and then a list of words as text."""


class ErrorCode(StrEnum):
    """The stable names under which a client may recognise an error."""

    PHOTO_MISSING = "photo_missing"
    PHOTO_EMPTY = "photo_empty"
    PHOTO_TOO_LARGE = "photo_too_large"
    PHOTO_TOO_MANY_PIXELS = "photo_too_many_pixels"
    PHOTO_UNREADABLE = "photo_unreadable"
    PHOTO_FORMAT_UNSUPPORTED = "photo_format_unsupported"
    PHOTOS_TOO_MANY = "photos_too_many"
    FACE_NOT_FOUND = "face_not_found"
    FACE_SEVERAL = "face_several"
    FACE_TOO_SMALL = "face_too_small"
    FACE_CUT_OFF = "face_cut_off"
    REQUEST_INVALID = "request_invalid"
    UNAUTHORISED = "unauthorised"
    UPLOAD_TOO_SLOW = "upload_too_slow"
    NOT_READY = "not_ready"
    OVERLOADED = "overloaded"
    INTERNAL = "internal"


class SkinXaiError(Exception):
    """The root of every error that this project raises on purpose."""


class UserFacingError(SkinXaiError):
    """An error that a user is told about.

    Attributes:
        code: the stable name, the same for every client and language.
        params: the numbers that belong into the sentence.
    """

    code: ClassVar[ErrorCode]

    def __init__(self, message: str, **params: Param) -> None:
        """Keep the sentence and its numbers.

        Args:
            message: one English sentence or two: what is wrong and what to do.
            **params: the numbers in it, by name.
        """
        super().__init__(message)
        self.params: Mapping[str, Param] = params
