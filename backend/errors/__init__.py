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
│   ├── UploadTooSlowError                upload_too_slow
│   ├── NotReadyError                     not_ready
│   │   └── EngineBrokenError             not_ready
│   ├── OverloadedError                   overloaded
│   └── InternalError                     internal
├── ModelError                 the models folder cannot be used: the server refuses to start
│   ├── WeightsUnusableError
│   └── ManifestInvalidError
├── DeviceMissingError         a GPU is asked for and there is none: the server refuses to start
├── EngineMissingError         so is an engine that is not installed, or does not run there
├── GraphsUnusableError        the graphs that an engine runs cannot be made or used: the same
├── CaptureWrongError          a GPU gives other numbers by CUDA graphs: the same
└── SettingInvalidError        a setting that cannot be used: the server refuses to start

Every class knows its own words only; which HTTP status belongs to a code is said in `backend.api`.
"""

from __future__ import annotations

from typing import Final

from backend.errors.base import (
    ErrorCode,
    Param,
    SkinXaiError,
    UserFacingError,
)
from backend.errors.face import (
    FaceCutOffError,
    FaceError,
    FaceNotFoundError,
    FaceSeveralError,
    FaceTooSmallError,
)
from backend.errors.photo import (
    PhotoEmptyError,
    PhotoError,
    PhotoFormatUnsupportedError,
    PhotoMissingError,
    PhotosTooManyError,
    PhotoTooLargeError,
    PhotoTooManyPixelsError,
    PhotoUnreadableError,
)
from backend.errors.request import (
    EngineBrokenError,
    InternalError,
    NotReadyError,
    OverloadedError,
    RequestInvalidError,
    UnauthorisedError,
    UploadTooSlowError,
)
from backend.errors.start import (
    CaptureWrongError,
    DeviceMissingError,
    EngineMissingError,
    GraphsUnusableError,
    ManifestInvalidError,
    ModelError,
    SettingInvalidError,
    WeightsUnusableError,
)

__all__ = [
    "USER_FACING",
    "CaptureWrongError",
    "DeviceMissingError",
    "EngineBrokenError",
    "EngineMissingError",
    "ErrorCode",
    "FaceCutOffError",
    "FaceError",
    "FaceNotFoundError",
    "FaceSeveralError",
    "FaceTooSmallError",
    "GraphsUnusableError",
    "InternalError",
    "ManifestInvalidError",
    "ModelError",
    "NotReadyError",
    "OverloadedError",
    "Param",
    "PhotoEmptyError",
    "PhotoError",
    "PhotoFormatUnsupportedError",
    "PhotoMissingError",
    "PhotoTooLargeError",
    "PhotoTooManyPixelsError",
    "PhotoUnreadableError",
    "PhotosTooManyError",
    "RequestInvalidError",
    "SettingInvalidError",
    "SkinXaiError",
    "UnauthorisedError",
    "UploadTooSlowError",
    "UserFacingError",
    "WeightsUnusableError",
]

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
    UploadTooSlowError,
    NotReadyError,
    OverloadedError,
    InternalError,
)
"""Every error a client can be answered with, one for each `ErrorCode`."""
