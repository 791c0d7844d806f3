"""Errors of the file: what was sent cannot be used as a photo."""

from __future__ import annotations

from typing import TYPE_CHECKING

from backend.errors.base import ErrorCode, UserFacingError

if TYPE_CHECKING:
    from collections.abc import Sequence


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
    """The file has more bytes than the server accepts, or all files of a request have."""

    code = ErrorCode.PHOTO_TOO_LARGE

    def __init__(self, *, max_mb: float, together: bool = False) -> None:
        """Name the limit.

        Args:
            max_mb: the largest that is accepted, megabytes of 1024 x 1024 bytes.
            together: whether that is the limit of all photos of a request.
        """
        sentence = (
            f"The photos are larger than {max_mb:g} MB together. Send fewer at once, or smaller "
            "ones."
            if together
            else f"The photo is larger than {max_mb:g} MB. Send a smaller one."
        )
        super().__init__(sentence, max_mb=max_mb)


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
