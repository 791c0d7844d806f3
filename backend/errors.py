"""The tree of errors a user can cause or meet.

SkinXaiError
├── UserFacingError            has a stable code, numbers and a sentence that says what to do
│   ├── PhotoError
│   │   ├── PhotoMissingError             photo_missing
│   │   ├── PhotoEmptyError               photo_empty
│   │   ├── PhotoTooLargeError            photo_too_large
│   │   ├── PhotoTooManyPixelsError       photo_too_many_pixels
│   │   ├── PhotoUnreadableError          photo_unreadable
│   │   ├── PhotoFormatUnsupportedError   photo_format_unsupported
│   │   └── PhotosTooManyError            photos_too_many
│   ├── FaceError
│   │   ├── FaceNotFoundError             face_not_found
│   │   ├── FaceSeveralError              face_several
│   │   ├── FaceTooSmallError             face_too_small
│   │   └── FaceCutOffError               face_cut_off
│   ├── RequestInvalidError               request_invalid
│   ├── UnauthorisedError                 unauthorised
│   ├── NotReadyError                     not_ready
│   └── InternalError                     internal
├── ModelError                 the models folder cannot be used: the server refuses to start
│   ├── WeightsUnusableError
│   └── ManifestInvalidError
├── DeviceMissingError         a GPU is asked for and there is none: the server refuses to start
└── SettingInvalidError        a setting that cannot be used: the server refuses to start

Every class knows its own words only; which HTTP status belongs to a code is said in `backend.api`.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, ClassVar, Final

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

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
    NOT_READY = "not_ready"
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


class PhotoError(UserFacingError):
    """What was sent cannot be used as a photo."""


class PhotoMissingError(PhotoError):
    """The request carries no file."""

    code = ErrorCode.PHOTO_MISSING

    def __init__(self) -> None:
        """Say that a photo is needed."""
        super().__init__("No photo was sent. Choose a photo of your face and send it.")


class PhotoEmptyError(PhotoError):
    """The file has no bytes."""

    code = ErrorCode.PHOTO_EMPTY

    def __init__(self) -> None:
        """Say that the file is empty."""
        super().__init__("The file is empty. Choose the photo again or take a new one.")


class PhotoTooLargeError(PhotoError):
    """The file has more bytes than the server accepts."""

    code = ErrorCode.PHOTO_TOO_LARGE

    def __init__(self, *, max_mb: float) -> None:
        """Name the limit.

        Args:
            max_mb: the largest accepted file, megabytes of 1024 x 1024 bytes.
        """
        super().__init__(
            f"The photo is larger than {max_mb:g} MB. Send a smaller one.", max_mb=max_mb
        )


class PhotoTooManyPixelsError(PhotoError):
    """The picture is wider times higher than the server decodes."""

    code = ErrorCode.PHOTO_TOO_MANY_PIXELS

    def __init__(self, *, max_megapixels: float) -> None:
        """Name the limit.

        Args:
            max_megapixels: the most that is decoded, in millions of pixels.
        """
        super().__init__(
            f"The photo has more than {max_megapixels:g} megapixels. Send a smaller one.",
            max_megapixels=max_megapixels,
        )


class PhotoUnreadableError(PhotoError):
    """The file is no picture, or a damaged one."""

    code = ErrorCode.PHOTO_UNREADABLE

    def __init__(self) -> None:
        """Say that the file could not be read."""
        super().__init__(
            "The file could not be read as a photo: it is damaged, cut short or not a photo. "
            "Choose another one or take it again."
        )


class PhotoFormatUnsupportedError(PhotoError):
    """The file is a picture of a kind that is not accepted."""

    code = ErrorCode.PHOTO_FORMAT_UNSUPPORTED

    def __init__(self, *, format_name: str, supported: Sequence[str]) -> None:
        """Name what came and what is accepted.

        Args:
            format_name: the kind that was recognised, such as `GIF`.
            supported: the kinds that are accepted.
        """
        listed = ", ".join(supported)
        super().__init__(
            f"{format_name} pictures are not accepted. Send a still photo as {listed}.",
            format=format_name,
            supported=listed,
        )


class PhotosTooManyError(PhotoError):
    """A request holds more photos than are read at once."""

    code = ErrorCode.PHOTOS_TOO_MANY

    def __init__(self, *, max_photos: int) -> None:
        """Name the limit.

        Args:
            max_photos: the most photos in this kind of request.
        """
        super().__init__(
            f"At most {max_photos} photos are read at once. Send fewer.", max_photos=max_photos
        )


class FaceError(UserFacingError):
    """The photo can be read, but no single whole face can be analysed in it."""


class FaceNotFoundError(FaceError):
    """No face was found."""

    code = ErrorCode.FACE_NOT_FOUND

    def __init__(self) -> None:
        """Say how to be found."""
        super().__init__(
            "No face was found. Look straight at the camera in even light, with the whole face "
            "in the picture."
        )


class FaceSeveralError(FaceError):
    """More than one face was found."""

    code = ErrorCode.FACE_SEVERAL

    def __init__(self, *, count: int) -> None:
        """Name how many.

        Args:
            count: number of faces found.
        """
        super().__init__(
            f"{count} faces were found. Send a photo that shows one person alone.", count=count
        )


class FaceTooSmallError(FaceError):
    """The face has too few pixels to show skin."""

    code = ErrorCode.FACE_TOO_SMALL

    def __init__(self, *, eye_distance_px: float, min_eye_distance_px: float) -> None:
        """Name the size and the limit.

        Args:
            eye_distance_px: distance between the eye centres, photo pixels.
            min_eye_distance_px: the least distance that can be analysed.
        """
        super().__init__(
            f"The face is too small: the eyes are {eye_distance_px:.0f} pixels apart, at least "
            f"{min_eye_distance_px:.0f} are needed. Come closer or send a larger photo.",
            eye_distance_px=round(eye_distance_px, 1),
            min_eye_distance_px=round(min_eye_distance_px, 1),
        )


class FaceCutOffError(FaceError):
    """Part of the face lies outside the photo."""

    code = ErrorCode.FACE_CUT_OFF

    def __init__(self) -> None:
        """Say that the whole face is needed."""
        super().__init__(
            "Part of the face is outside the picture. Keep the whole face, from forehead to chin, "
            "inside."
        )


class RequestInvalidError(UserFacingError):
    """A parameter of the request has a value that is not known."""

    code = ErrorCode.REQUEST_INVALID

    def __init__(self, message: str, *, field: str = "") -> None:
        """Keep the sentence and name the field.

        Args:
            message: what was expected and what came.
            field: name of the parameter; empty when the address or the method is at fault.
        """
        super().__init__(message, field=field)


class UnauthorisedError(UserFacingError):
    """The server asks for a key, and none or a wrong one came."""

    code = ErrorCode.UNAUTHORISED

    def __init__(self) -> None:
        """Say which header is needed."""
        super().__init__("This server needs a valid key. Send it in the header X-API-Key.")


class NotReadyError(UserFacingError):
    """The networks are not loaded yet."""

    code = ErrorCode.NOT_READY

    def __init__(self) -> None:
        """Say that waiting helps."""
        super().__init__("The server is still loading its networks. Try again in a few seconds.")


class InternalError(UserFacingError):
    """Something broke that no user caused; the log has the details under the request's id."""

    code = ErrorCode.INTERNAL

    def __init__(self) -> None:
        """Say whom to tell."""
        super().__init__(
            "Something went wrong on the server. Try again; if it happens once more, tell its "
            "operator the request id in the header X-Request-ID."
        )


class ModelError(SkinXaiError):
    """The models folder cannot be used. The sentence names the file."""


class WeightsUnusableError(ModelError):
    """A file of weights is missing, damaged, or not what its manifest or network expects."""

    def __init__(self, path: Path, *, reason: str) -> None:
        """Name the file.

        Args:
            path: the file of weights.
            reason: what is wrong with it: expected and got.
        """
        super().__init__(f"the weights in {path} cannot be used: {reason}")
        self.path: Final = path


class ManifestInvalidError(ModelError):
    """The manifest is missing, is no JSON, or says something this server does not know."""

    def __init__(self, path: Path, *, reason: str) -> None:
        """Name the file.

        Args:
            path: the manifest.
            reason: what is wrong with it: expected and got.
        """
        super().__init__(f"the manifest {path} cannot be used: {reason}")
        self.path: Final = path


class DeviceMissingError(SkinXaiError):
    """The networks shall run on a GPU, and there is none."""

    def __init__(self) -> None:
        """Say what to set instead."""
        super().__init__("expected a CUDA GPU, found none: set the device to auto or cpu")


class SettingInvalidError(SkinXaiError):
    """A setting has a value that cannot be used."""


USER_FACING: Final[tuple[type[UserFacingError], ...]] = (
    PhotoMissingError,
    PhotoEmptyError,
    PhotoTooLargeError,
    PhotoTooManyPixelsError,
    PhotoUnreadableError,
    PhotoFormatUnsupportedError,
    PhotosTooManyError,
    FaceNotFoundError,
    FaceSeveralError,
    FaceTooSmallError,
    FaceCutOffError,
    RequestInvalidError,
    UnauthorisedError,
    NotReadyError,
    InternalError,
)
"""Every error a client can be answered with, one for each `ErrorCode`."""
