"""Several photos of one moment as one analysis, asked of the real application."""

from __future__ import annotations

import io
import json
import weakref
from typing import Any

import numpy as np
import pytest
from fastapi.testclient import TestClient
from PIL import Image, ImageFilter

from backend.vision.photo import DecodedPhoto, decode_sized
from tests.support.http import assert_problem, send
from tests.support.photos import encode, face_photo

PATH = "/v1/analyses:burst"


def send_burst(client: TestClient, photos: list[bytes], **options: Any) -> Any:
    files = [("photos", (f"{index}.jpg", photo)) for index, photo in enumerate(photos)]
    return client.post(PATH, files=files, **options)


@pytest.fixture(scope="module")
def blurred() -> bytes:
    """The same face, less sharp, whose probabilities differ."""
    photo = Image.fromarray(face_photo()).filter(ImageFilter.GaussianBlur(3))
    buffer = io.BytesIO()
    photo.save(buffer, "JPEG", quality=95)
    return buffer.getvalue()


def test_a_burst_has_the_mean_of_the_probabilities_and_the_pictures_of_the_sharpest(
    client: TestClient, good_photo: bytes, blurred: bytes
) -> None:
    sharp, soft = (send(client, photo).json() for photo in (good_photo, blurred))
    burst = send_burst(client, [blurred, good_photo, blurred]).json()

    assert burst["photos_used"] == 3
    for name, attribute in burst["attributes"].items():
        rows = [one["attributes"][name]["probabilities"] for one in (soft, sharp, soft)]
        mean = np.mean(rows, axis=0)
        assert attribute["probabilities"] == pytest.approx(mean.tolist(), abs=2e-6)
        # The tests' networks decide by the most probable grade.
        assert attribute["grade"] == int(mean.argmax())
        assert attribute["score"] == pytest.approx(float(mean @ np.arange(5)), abs=1e-3)
        low, high = attribute["interval"]
        assert low <= attribute["grade"] <= high
        assert attribute["heatmap"] == sharp["attributes"][name]["heatmap"]
    for picture in ("crop", "face", "quality"):
        assert burst[picture] == sharp[picture] != soft[picture]


def test_a_photo_without_a_face_is_left_out_of_a_burst(
    client: TestClient, good_photo: bytes
) -> None:
    empty = encode(np.full((300, 300, 3), 128, np.uint8))
    burst = send_burst(client, [empty, good_photo, b"no photo"]).json()
    assert burst["photos_used"] == 1
    assert burst["attributes"] == send(client, good_photo).json()["attributes"]


def test_no_photo_of_a_burst_is_in_memory_while_the_next_one_is_decoded(
    client: TestClient, good_photo: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    decoded: list[weakref.ref[Any]] = []
    still_there: list[int] = []

    def watched(*args: Any, **options: Any) -> DecodedPhoto:
        still_there.append(sum(pixels() is not None for pixels in decoded))
        photo = decode_sized(*args, **options)
        decoded.append(weakref.ref(photo.pixels))
        return photo

    monkeypatch.setattr("backend.vision.portrait.decode_sized", watched)
    empty = encode(np.full((300, 300, 3), 128, np.uint8))
    assert send_burst(client, [empty, good_photo, good_photo, empty]).status_code == 200
    assert still_there == [0, 0, 0, 0]


def test_a_burst_that_shows_nothing_is_refused_as_its_first_photo_would_be(
    client: TestClient,
) -> None:
    empty = encode(np.full((300, 300, 3), 128, np.uint8))
    assert_problem(send_burst(client, [empty, b"no photo"]), 422, "face_not_found")
    assert_problem(send_burst(client, [b"no photo", empty]), 422, "photo_unreadable")


def test_a_burst_has_at_most_five_photos_and_at_least_one(
    client: TestClient, good_photo: bytes
) -> None:
    problem = assert_problem(send_burst(client, [good_photo] * 6), 413, "photos_too_many")
    assert problem["params"] == {"max_photos": 5}
    assert_problem(client.post(PATH), 422, "photo_missing")


def test_each_stage_of_a_burst_is_told_once(client: TestClient, good_photo: bytes) -> None:
    answer = send_burst(client, [good_photo] * 3, headers={"Accept": "application/x-ndjson"})
    *stages, outcome = (json.loads(line) for line in answer.text.splitlines())
    assert [line["stage"] for line in stages] == [
        "decode",
        "detect",
        "predict",
        "explain",
        "encode",
    ]
    assert outcome["analysis"]["photos_used"] == 3
