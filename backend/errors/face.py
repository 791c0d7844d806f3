"""Errors of the picture: there is no single whole face to analyse in it."""

from __future__ import annotations

from backend.errors.base import ErrorCode, UserFacingError


class FaceError(UserFacingError):
    """The photo can be read, but no single whole face can be analysed in it."""


class FaceNotFoundError(FaceError):
    """No face was found."""

    code = ErrorCode.FACE_NOT_FOUND

    def __init__(self) -> None:
        """Say how to be found."""
        super().__init__(
            "No face was found. Hold the camera upright and close, and look straight at it in even "
            "light, with the whole face in the picture."
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
