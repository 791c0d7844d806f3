"""The tree of errors: one class per code, each with a sentence, a status and a title."""

from __future__ import annotations

from backend.api.problems import STATUS, TITLES, to_problem
from backend.errors import (
    USER_FACING,
    ErrorCode,
    FaceNotFoundError,
    FaceTooSmallError,
    SkinXaiError,
)


def test_each_code_has_exactly_one_class() -> None:
    assert [error.code for error in USER_FACING] == list(ErrorCode)
    assert all(issubclass(error, SkinXaiError) for error in USER_FACING)


def test_each_code_has_a_status_and_a_title() -> None:
    assert set(STATUS) == set(TITLES) == set(ErrorCode)


def test_a_small_face_tells_its_size_and_the_limit() -> None:
    error = FaceTooSmallError(eye_distance_px=31.44, min_eye_distance_px=40)
    assert error.params == {"eye_distance_px": 31.4, "min_eye_distance_px": 40}
    assert "31 pixels apart, at least 40 are needed" in str(error)


def test_a_problem_says_where_its_code_is_listed() -> None:
    problem = to_problem(FaceNotFoundError())
    assert problem.model_dump(mode="json") == {
        "type": "/v1/errors#face_not_found",
        "title": "No face found",
        "status": 422,
        "detail": "No face was found. Hold the camera upright and close, and look straight at it "
        "in even light, with the whole face in the picture.",
        "code": "face_not_found",
        "params": {},
    }
