"""The one place where an error becomes an HTTP answer: application/problem+json (RFC 9457)."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, Final

from asgi_correlation_id import correlation_id
from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect

from backend.api.connection import HUNG_UP_STATUS, HungUpError
from backend.api.metrics import Metrics
from backend.api.schemas import Problem
from backend.errors import (
    ErrorCode,
    InternalError,
    RequestInvalidError,
    UserFacingError,
)
from backend.logs import FIELDS

MEDIA_TYPE: Final = "application/problem+json"
REQUEST_ID_HEADER: Final = "X-Request-ID"

STATUS: Final[Mapping[ErrorCode, int]] = {
    ErrorCode.PHOTO_MISSING: 422,
    ErrorCode.PHOTO_EMPTY: 422,
    ErrorCode.PHOTO_TOO_LARGE: 413,
    ErrorCode.PHOTO_TOO_MANY_PIXELS: 413,
    ErrorCode.PHOTO_UNREADABLE: 422,
    ErrorCode.PHOTO_FORMAT_UNSUPPORTED: 415,
    ErrorCode.PHOTOS_TOO_MANY: 413,
    ErrorCode.FACE_NOT_FOUND: 422,
    ErrorCode.FACE_SEVERAL: 422,
    ErrorCode.FACE_TOO_SMALL: 422,
    ErrorCode.FACE_CUT_OFF: 422,
    ErrorCode.REQUEST_INVALID: 422,
    ErrorCode.UNAUTHORISED: 401,
    ErrorCode.UPLOAD_TOO_SLOW: 408,
    ErrorCode.NOT_READY: 503,
    ErrorCode.OVERLOADED: 503,
    ErrorCode.INTERNAL: 500,
}
TITLES: Final[Mapping[ErrorCode, str]] = {
    ErrorCode.PHOTO_MISSING: "No photo",
    ErrorCode.PHOTO_EMPTY: "Empty file",
    ErrorCode.PHOTO_TOO_LARGE: "File too large",
    ErrorCode.PHOTO_TOO_MANY_PIXELS: "Too many pixels",
    ErrorCode.PHOTO_UNREADABLE: "Photo cannot be read",
    ErrorCode.PHOTO_FORMAT_UNSUPPORTED: "Kind of picture not accepted",
    ErrorCode.PHOTOS_TOO_MANY: "Too many photos",
    ErrorCode.FACE_NOT_FOUND: "No face found",
    ErrorCode.FACE_SEVERAL: "Several faces found",
    ErrorCode.FACE_TOO_SMALL: "Face too small",
    ErrorCode.FACE_CUT_OFF: "Face cut off",
    ErrorCode.REQUEST_INVALID: "Request not understood",
    ErrorCode.UNAUTHORISED: "Key needed",
    ErrorCode.UPLOAD_TOO_SLOW: "Sent too slowly",
    ErrorCode.NOT_READY: "Not ready yet",
    ErrorCode.OVERLOADED: "Too busy",
    ErrorCode.INTERNAL: "Internal error",
}
_HEADERS: Final[Mapping[ErrorCode, Mapping[str, str]]] = {
    ErrorCode.NOT_READY: {"Retry-After": "5"},
    ErrorCode.UNAUTHORISED: {"WWW-Authenticate": "ApiKey"},
}

_log = logging.getLogger(__name__)


def to_problem(error: UserFacingError, *, status: int | None = None) -> Problem:
    """The body of an answer.

    Args:
        error: what went wrong.
        status: HTTP status, when the code's own does not fit.
    """
    return Problem(
        type=f"/v1/errors#{error.code}",
        title=TITLES[error.code],
        status=STATUS[error.code] if status is None else status,
        detail=str(error),
        code=error.code,
        params=dict(error.params),
    )


def problem_response(error: UserFacingError, *, status: int | None = None) -> JSONResponse:
    """The whole answer; `status` as in `to_problem`."""
    problem = to_problem(error, status=status)
    headers = dict(_HEADERS.get(error.code, {}))
    if "retry_after_s" in problem.params:
        headers["Retry-After"] = str(problem.params["retry_after_s"])
    return JSONResponse(
        problem.model_dump(mode="json"),
        status_code=problem.status,
        media_type=MEDIA_TYPE,
        headers=headers,
    )


def count_refusal(error: UserFacingError, metrics: Metrics) -> None:
    """Count and log an error that is about to be answered."""
    metrics.count(error.code)
    _log.info("refused", extra={FIELDS: {"code": error.code.value, **error.params}})


def documented(*codes: ErrorCode) -> dict[int | str, dict[str, Any]]:
    """What OpenAPI says of the errors with these codes: one example each, grouped by status."""
    answers: dict[int | str, dict[str, Any]] = {}
    for code in codes:
        answer = answers.setdefault(
            STATUS[code],
            {
                "description": HTTPStatus(STATUS[code]).phrase,
                "content": {
                    MEDIA_TYPE: {
                        "schema": {"$ref": "#/components/schemas/Problem"},
                        "examples": {},
                    }
                },
            },
        )
        example = {"code": code.value, "title": TITLES[code], "status": STATUS[code]}
        answer["content"][MEDIA_TYPE]["examples"][code.value] = {
            "summary": TITLES[code],
            "value": {"type": f"/v1/errors#{code}", **example, "detail": "...", "params": {}},
        }
    return answers


def install(app: FastAPI) -> None:
    """Let an application answer every error as a problem."""
    app.add_exception_handler(UserFacingError, _on_user_facing)
    app.add_exception_handler(RequestValidationError, _on_invalid)
    app.add_exception_handler(HTTPException, _on_http)
    app.add_exception_handler(HungUpError, _on_hung_up)
    app.add_exception_handler(ClientDisconnect, _on_hung_up)
    app.add_exception_handler(Exception, _on_unexpected)


async def _on_user_facing(request: Request, error: Exception) -> JSONResponse:
    if not isinstance(error, UserFacingError):
        raise error
    count_refusal(error, request.app.state.metrics)
    return problem_response(error)


async def _on_invalid(request: Request, error: Exception) -> JSONResponse:
    if not isinstance(error, RequestValidationError):
        raise error
    complaint = error.errors()[0]
    field = ".".join(str(part) for part in complaint["loc"][1:])
    problem = RequestInvalidError(f"{field}: {complaint['msg']}.", field=field)
    return await _on_user_facing(request, problem)


async def _on_http(request: Request, error: Exception) -> JSONResponse:
    if not isinstance(error, HTTPException):
        raise error
    sentence = f"{request.method} {request.url.path}: {error.detail}. See /docs for what there is."
    problem = RequestInvalidError(sentence)
    count_refusal(problem, request.app.state.metrics)
    answer = problem_response(problem, status=error.status_code)
    answer.headers.update(error.headers or {})
    return answer


async def _on_hung_up(_request: Request, _error: Exception) -> Response:
    # Nobody receives this; the status is for the log.
    return Response(status_code=HUNG_UP_STATUS)


async def _on_unexpected(request: Request, _error: Exception) -> JSONResponse:
    # Also called, for its counting alone, where an answer in lines had begun. The web server logs
    # the traceback. The request's id is added here because this handler runs outside the middleware
    # that adds it to every other answer.
    problem = InternalError()
    request.app.state.metrics.count(problem.code)
    answer = problem_response(problem)
    answer.headers[REQUEST_ID_HEADER] = correlation_id.get() or ""
    return answer
