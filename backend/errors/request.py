"""Errors of the request and of the server that answers it."""

from __future__ import annotations

from backend.errors.base import ErrorCode, UserFacingError


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
