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


class UploadTooSlowError(UserFacingError):
    """The request did not arrive in time."""

    code = ErrorCode.UPLOAD_TOO_SLOW

    def __init__(self, *, limit_s: float) -> None:
        """Say how long the server waits.

        Args:
            limit_s: seconds within which a request has to be there.
        """
        super().__init__(
            f"The photo did not arrive within {limit_s:g} seconds. Send it again over a better "
            "connection, or a smaller one.",
            limit_s=limit_s,
        )


class NotReadyError(UserFacingError):
    """The networks are not loaded yet."""

    code = ErrorCode.NOT_READY

    def __init__(
        self, message: str = "The server is still loading its networks. Try again in a few seconds."
    ) -> None:
        """Say that waiting helps.

        Args:
            message: what the server is doing.
        """
        super().__init__(message)


class EngineBrokenError(NotReadyError):
    """What runs the networks has failed for good. For clients the same: the server starts anew."""

    def __init__(self, reason: str) -> None:
        """Say what helps.

        Args:
            reason: what failed.
        """
        super().__init__(
            f"What runs the networks has failed for good ({reason}), and the server has to be "
            "started anew. Try again in a minute."
        )


class OverloadedError(UserFacingError):
    """More photos came than the server can take on."""

    code = ErrorCode.OVERLOADED

    def __init__(self, *, retry_after_s: int) -> None:
        """Say when there may be a place again.

        Args:
            retry_after_s: seconds that the photos before this one will take, about.
        """
        super().__init__(
            "The server has as many photos to analyse as it can take on. Try again in "
            f"{retry_after_s} seconds.",
            retry_after_s=retry_after_s,
        )


class InternalError(UserFacingError):
    """Something broke that no user caused; the log has the details under the request's id."""

    code = ErrorCode.INTERNAL

    def __init__(self) -> None:
        """Say whom to tell."""
        super().__init__(
            "Something went wrong on the server. Try again; if it happens once more, tell its "
            "operator the request id in the header X-Request-ID."
        )
