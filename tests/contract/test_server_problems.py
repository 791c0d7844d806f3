"""What the model server answers when a photo or a request cannot be used."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
from fastapi.testclient import TestClient

from tests.support.http import assert_problem, send
from tests.support.photos import (
    animation,
    encode,
    face_photo,
    png_bomb,
    two_faces,
)


@pytest.mark.parametrize(
    ("content", "status", "code"),
    [
        (b"", 422, "photo_empty"),
        (b"Only text, renamed to photo.jpg.", 422, "photo_unreadable"),
        (encode(face_photo())[:5000], 422, "photo_unreadable"),
        (png_bomb(), 413, "photo_too_many_pixels"),
        (animation("GIF"), 415, "photo_format_unsupported"),
        (animation("WEBP"), 415, "photo_format_unsupported"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", 415, "photo_format_unsupported"),
        (b"\x00" * (2 * 1024 * 1024 + 1), 413, "photo_too_large"),
        (b"\x00" * (3 * 1024 * 1024), 413, "photo_too_large"),
        (encode(np.full((480, 640, 3), 128, np.uint8)), 422, "face_not_found"),
        (encode(two_faces()), 422, "face_several"),
        (encode(np.asarray(face_photo()[::3, ::3])), 422, "face_too_small"),
        (encode(np.asarray(face_photo()[::10, ::10])), 422, "face_too_small"),
        (encode(np.ascontiguousarray(np.rot90(face_photo()))), 422, "face_not_found"),
        (b"\x00" * (60 * 1024 * 1024), 413, "photo_too_large"),
    ],
    ids=[
        "no bytes",
        "text",
        "truncated",
        "bomb",
        "GIF",
        "animated WebP",
        "SVG",
        "one byte too many",
        "far too large",
        "no face",
        "two faces",
        "small face",
        "face of 20 pixels",
        "face on its side",
        "60 MB",
    ],
)
def test_what_cannot_be_analysed_is_a_problem(
    client: TestClient, content: bytes, status: int, code: str
) -> None:
    assert_problem(send(client, content), status, code)


def test_a_face_at_the_edge_is_cut_off(client: TestClient) -> None:
    # The detector still finds it, but mouth and chin lie below the edge.
    assert_problem(send(client, encode(face_photo()[:375])), 422, "face_cut_off")


def test_problems_carry_the_numbers_of_their_sentence(client: TestClient) -> None:
    large = assert_problem(send(client, b"\x00" * 3_000_000), 413, "photo_too_large")
    several = assert_problem(send(client, encode(two_faces())), 422, "face_several")
    assert large["params"] == {"max_mb": 2.0}
    assert several["params"] == {"count": 2}
    assert "2 MB" in large["detail"]
    assert "2 faces" in several["detail"]


def test_no_file_is_a_missing_photo(client: TestClient, good_photo: bytes) -> None:
    assert_problem(client.post("/v1/analyses"), 422, "photo_missing")
    assert_problem(client.post("/v1/analyses", json={"photo": "x"}), 422, "photo_missing")
    wrong_field = client.post("/v1/analyses", files={"picture": ("x.jpg", good_photo)})
    assert_problem(wrong_field, 422, "photo_missing")


def test_a_form_sent_without_choosing_a_file_is_a_missing_photo(client: TestClient) -> None:
    body = (
        b'--b\r\nContent-Disposition: form-data; name="photo"; filename=""\r\n'
        b"Content-Type: application/octet-stream\r\n\r\n\r\n--b--\r\n"
    )
    headers = {"content-type": "multipart/form-data; boundary=b"}
    assert_problem(client.post("/v1/analyses", content=body, headers=headers), 422, "photo_missing")


def test_the_form_is_known_by_its_media_type_in_any_case(
    client: TestClient, good_photo: bytes
) -> None:
    head = b'--b\r\nContent-Disposition: form-data; name="photo"; filename="x.jpg"\r\n\r\n'
    headers = {"Content-Type": "Multipart/Form-Data; Boundary=b"}
    body = head + good_photo + b"\r\n--b--\r\n"
    assert client.post("/v1/analyses", content=body, headers=headers).status_code == 200


def test_a_body_without_declared_length_is_stopped_at_the_limit(client: TestClient) -> None:
    def chunks() -> Iterator[bytes]:
        yield b'--b\r\nContent-Disposition: form-data; name="photo"; filename="x"\r\n\r\n'
        for _ in range(40):
            yield b"\x00" * 100_000

    headers = {"content-type": "multipart/form-data; boundary=b"}
    response = client.post("/v1/analyses", content=chunks(), headers=headers)
    assert_problem(response, 413, "photo_too_large")


def test_a_form_that_cannot_be_parsed_is_an_invalid_request(client: TestClient) -> None:
    headers = {"content-type": "multipart/form-data; boundary=b"}
    response = client.post("/v1/analyses", content=b"nothing of the kind", headers=headers)
    assert_problem(response, 422, "request_invalid")
    no_boundary = {"content-type": "multipart/form-data"}
    response = client.post("/v1/analyses", content=b"x", headers=no_boundary)
    assert_problem(response, 422, "request_invalid")


def test_two_files_in_one_analysis_are_too_many(client: TestClient, good_photo: bytes) -> None:
    files = [("photo", ("a.jpg", good_photo)), ("photo", ("b.jpg", good_photo))]
    problem = assert_problem(client.post("/v1/analyses", files=files), 413, "photos_too_many")
    assert problem["params"] == {"max_photos": 1}


@pytest.mark.parametrize("place", ["params", "data"])
@pytest.mark.parametrize(
    ("field", "value"), [("cam", "sunburn"), ("target", "5"), ("mirror", "perhaps")]
)
def test_unknown_words_are_an_invalid_request(
    client: TestClient, good_photo: bytes, place: str, field: str, value: str
) -> None:
    response = send(client, good_photo, **{place: {field: value}})
    problem = assert_problem(response, 422, "request_invalid")
    assert problem["params"] == {"field": field}


def test_unknown_addresses_and_methods_are_problems(client: TestClient) -> None:
    assert_problem(client.get("/v1/nothing"), 404, "request_invalid")
    wrong_method = client.get("/v1/analyses")
    assert_problem(wrong_method, 405, "request_invalid")
    assert wrong_method.headers["allow"] == "POST"
