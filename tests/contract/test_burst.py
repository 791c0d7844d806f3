"""Several photos of one moment as one analysis, asked of the real application."""

from __future__ import annotations

import json
import weakref
from typing import Any

import numpy as np
import pytest
from fastapi.testclient import TestClient
from PIL import Image, ImageFilter

from backend.vision.photo import DecodedPhoto, decode_sized
from backend.vision.quality_limits import Preset
from tests.support.http import assert_problem, send
from tests.support.photos import encode, face_photo

PATH = "/v1/analyses:burst"


def send_burst(client: TestClient, photos: list[bytes], **options: Any) -> Any:
    files = [("photos", (f"{index}.jpg", photo)) for index, photo in enumerate(photos)]
    return client.post(PATH, files=files, **options)


def softened(radius_px: float) -> bytes:
    """The same face, less sharp, whose probabilities differ."""
    photo = Image.fromarray(face_photo()).filter(ImageFilter.GaussianBlur(radius_px))
    return encode(np.asarray(photo), quality=95)


@pytest.fixture(scope="module")
def blurred() -> bytes:
    """A photo that is usable."""
    return softened(1.4)


@pytest.fixture(scope="module")
def shaken() -> bytes:
    """A photo that is better taken again."""
    return softened(3)


def test_a_burst_has_the_mean_of_the_probabilities_and_the_pictures_of_the_sharpest(
    client: TestClient, good_photo: bytes, blurred: bytes
) -> None:
    sharp, soft = (send(client, photo).json() for photo in (good_photo, blurred))
    burst = send_burst(client, [blurred, good_photo, blurred]).json()

    assert soft["quality"]["verdict"] == "usable"
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


def test_a_photo_better_taken_again_does_not_count_beside_a_better_one(
    client: TestClient, good_photo: bytes, blurred: bytes, shaken: bytes
) -> None:
    assert send(client, shaken).json()["quality"]["verdict"] == "retake"
    burst = send_burst(client, [shaken, blurred, good_photo]).json()
    assert burst["photos_used"] == 2
    assert burst["attributes"] == send_burst(client, [good_photo, blurred]).json()["attributes"]
    alone = send_burst(client, [good_photo, shaken]).json()
    assert alone["photos_used"] == 1
    assert alone["attributes"] == send(client, good_photo).json()["attributes"]


def test_which_photos_of_a_burst_count_is_the_same_whatever_is_asked_of_them(
    client: TestClient, good_photo: bytes, blurred: bytes, shaken: bytes
) -> None:
    photos = [good_photo, blurred, shaken]
    asked = [send_burst(client, photos, params={"gate": gate}).json() for gate in Preset]
    assert [one["photos_used"] for one in asked] == [2, 2, 2]
    assert asked[0]["attributes"] == asked[1]["attributes"] == asked[2]["attributes"]


def test_photos_that_are_all_better_taken_again_all_count(
    client: TestClient, shaken: bytes
) -> None:
    sent = [shaken, softened(4)]
    apart = [send(client, photo).json()["attributes"] for photo in sent]
    burst = send_burst(client, sent).json()
    assert burst["photos_used"] == 2
    assert burst["quality"]["verdict"] == "retake"
    for name, attribute in burst["attributes"].items():
        mean = np.mean([one[name]["probabilities"] for one in apart], axis=0)
        assert attribute["probabilities"] == pytest.approx(mean.tolist(), abs=2e-6)


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
