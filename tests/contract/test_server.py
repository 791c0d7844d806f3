"""What the model server answers when all is well, asked of the real application."""

from __future__ import annotations

import base64
import io

import numpy as np
import pytest
from fastapi.testclient import TestClient
from PIL import Image

from backend.errors import ErrorCode
from backend.vision.quality import Advice
from backend.vision.quality_limits import Check, Preset
from backend.vocabulary import Attribute
from tests.support.http import assert_problem, send
from tests.support.photos import (
    encode,
    exif_with_orientation,
    face_photo,
)


def test_a_face_gets_five_grades_and_five_small_maps(client: TestClient, good_photo: bytes) -> None:
    response = send(client, good_photo)
    body = response.json()
    assert response.status_code == 200
    assert len(response.content) < 200_000
    parts = {
        "model",
        "face",
        "quality",
        "capture",
        "correction",
        "attributes",
        "crop",
        "timings_ms",
    }
    assert set(body) == parts
    assert set(body["attributes"]) == {attribute.value for attribute in Attribute}
    for attribute in body["attributes"].values():
        assert attribute["grade"] == int(np.argmax(attribute["probabilities"]))
        assert sum(attribute["probabilities"]) == pytest.approx(1, abs=1e-5)
        assert attribute["score"] == pytest.approx(
            np.dot(attribute["probabilities"], range(5)), abs=1e-3
        )
        assert attribute["standard_error"] == 0.2
        assert set(attribute["region_errors"]) == set(attribute["regions"])
        assert attribute["region_errors"]["nose"] == 0.01
        assert attribute["region_errors"]["glabella"] == 0.0002
        low, high = attribute["interval"]
        assert low <= attribute["grade"] <= high
        heatmap = Image.open(io.BytesIO(base64.b64decode(attribute["heatmap"])))
        assert (heatmap.format, heatmap.mode, heatmap.size) == ("PNG", "L", (128, 128))
    crop = Image.open(io.BytesIO(base64.b64decode(body["crop"])))
    assert (crop.format, crop.size) == ("JPEG", (512, 512))
    assert not crop.getexif()
    assert set(body["timings_ms"]) == {"decode", "detect", "predict", "explain", "encode"}
    assert len(body["face"]["landmarks"]) == 189


def test_the_transform_carries_the_crop_s_eyes_to_the_face_s(
    client: TestClient, good_photo: bytes
) -> None:
    face = send(client, good_photo).json()["face"]
    # Eyes lie at .32 and .68 of the crop's width and at .42 of its height.
    crop_eyes = np.array([[0.32 * 512, 0.42 * 512, 1], [0.68 * 512, 0.42 * 512, 1]])
    on_photo = crop_eyes @ np.array(face["to_photo"]).T
    assert np.allclose(on_photo, face["landmarks"][:2], atol=0.1)


def test_a_jpeg_that_was_halved_in_decoding_is_answered_in_its_own_pixels(
    client: TestClient,
) -> None:
    canvas = np.full((1300, 1300, 3), 128, np.uint8)
    canvas[200:840, 300:940] = face_photo()
    small = send(client, encode(canvas, "JPEG", quality=90)).json()["face"]
    big_canvas = np.asarray(Image.fromarray(canvas).resize((5200, 5200)), np.uint8)
    big = send(client, encode(big_canvas, "JPEG", quality=60)).json()["face"]
    # A whole multiple, but for the half pixel by which pixel centres shift.
    assert np.allclose(
        np.array(big["landmarks"][:2]), np.array(small["landmarks"][:2]) * 4, atol=30
    )
    assert np.allclose(big["to_photo"][0][0], 4 * small["to_photo"][0][0], rtol=0.05)


def test_noise_around_the_face_keeps_the_answer_below_200_kb(client: TestClient) -> None:
    noise = np.random.default_rng(2).integers(-40, 40, (640, 640, 3))
    noisy = np.clip(face_photo().astype(np.int64) + noise, 0, 255).astype(np.uint8)
    response = send(client, encode(noisy, "JPEG", quality=95))
    assert response.status_code == 200
    assert len(response.content) < 200_000


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_face_is_found_whatever_its_exif_orientation(
    client: TestClient, orientation: int
) -> None:
    upright = Image.fromarray(face_photo())
    stored = {
        1: None,
        2: Image.Transpose.FLIP_LEFT_RIGHT,
        3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_90,
        7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_270,
    }[orientation]
    picture = upright if stored is None else upright.transpose(stored)
    data = encode(np.asarray(picture), "JPEG", exif=exif_with_orientation(orientation))
    box = send(client, data).json()["face"]["box"]
    assert np.allclose(box, [205, 205, 240, 240], atol=3)


@pytest.mark.parametrize("format_name", ["PNG", "WEBP", "HEIF", "AVIF"])
def test_every_accepted_format_is_analysed(client: TestClient, format_name: str) -> None:
    assert send(client, encode(face_photo(), format_name)).status_code == 200


@pytest.mark.parametrize("cam", ["gradcam++", "hirescam", "layercam", "eigencam"])
def test_other_maps_are_drawn_when_asked_for(
    client: TestClient, good_photo: bytes, cam: str
) -> None:
    default = send(client, good_photo).json()["attributes"]
    other = send(client, good_photo, params={"cam": cam, "target": "4"}).json()["attributes"]
    assert all(default[name]["grade"] == other[name]["grade"] for name in default)
    assert any(default[name]["heatmap"] != other[name]["heatmap"] for name in default)
    assert all(attribute["region_errors"] is None for attribute in other.values())


@pytest.mark.parametrize(
    ("params", "told"),
    [({"mirror": "true"}, True), ({"target": "4"}, False), ({"cam": "hirescam"}, False)],
)
def test_regions_have_errors_where_the_map_is_of_the_kind_that_was_measured(
    client: TestClient, good_photo: bytes, params: dict[str, str], told: bool
) -> None:
    attributes = send(client, good_photo, params=params).json()["attributes"]
    assert {its["region_errors"] is not None for its in attributes.values()} == {told}


def test_map_and_target_may_be_form_fields(client: TestClient, good_photo: bytes) -> None:
    by_query = send(client, good_photo, params={"cam": "hirescam", "target": "3"}).json()
    by_form = send(client, good_photo, data={"cam": "hirescam", "target": "3"}).json()
    assert by_query["attributes"] == by_form["attributes"]


def _is_empty(heatmap: str) -> bool:
    return not np.asarray(Image.open(io.BytesIO(base64.b64decode(heatmap)))).any()


def test_how_stable_a_map_is_is_told_when_asked_for(client: TestClient, good_photo: bytes) -> None:
    plain = send(client, good_photo).json()["attributes"]
    by_query = send(client, good_photo, params={"mirror": "true"}).json()["attributes"]
    by_form = send(client, good_photo, data={"mirror": "true"}).json()["attributes"]
    told = {name: its["heatmap_quality"]["stability"] for name, its in by_query.items()}
    assert any(stability is not None for stability in told.values())
    for name, attribute in plain.items():
        assert attribute["heatmap_quality"]["stability"] is None
        stability = told[name]
        # Networks of chance may find nothing on the photo nor on its mirror image.
        assert _is_empty(by_query[name]["heatmap"]) if stability is None else 0 <= stability <= 1
        assert by_form[name]["heatmap_quality"]["stability"] == stability
        assert by_query[name]["grade"] == attribute["grade"]


def test_each_photo_of_a_batch_is_answered_on_its_own(
    client: TestClient, good_photo: bytes
) -> None:
    contents = [good_photo, b"no photo", b"\x00" * (2 * 1024 * 1024 + 1)]
    files = [("photos", (f"{index}.jpg", content)) for index, content in enumerate(contents)]
    response = client.post("/v1/analyses:batch", files=files)
    assert response.status_code == 200
    first, second, third = response.json()["results"]
    assert (first["index"], second["index"], third["index"]) == (0, 1, 2)
    assert first["problem"] is None
    assert first["analysis"]["attributes"] == send(client, good_photo).json()["attributes"]
    assert second["analysis"] is None
    assert (second["problem"]["code"], second["problem"]["status"]) == ("photo_unreadable", 422)
    assert third["problem"]["code"] == "photo_too_large"


def test_a_batch_has_a_bound_and_needs_a_photo(client: TestClient, good_photo: bytes) -> None:
    four = [("photos", ("x.jpg", good_photo))] * 4
    problem = assert_problem(client.post("/v1/analyses:batch", files=four), 413, "photos_too_many")
    assert problem["params"] == {"max_photos": 3}
    assert_problem(client.post("/v1/analyses:batch"), 422, "photo_missing")


def test_model_and_attributes_are_told(client: TestClient) -> None:
    model = client.get("/v1/model").json()
    attributes = client.get("/v1/attributes").json()["attributes"]
    assert (model["version"], model["licence"]) == ("0.0.1-test", "MIT")
    assert (model["engine"], model["device"], model["precision"]) == ("openvino", "cpu", "float32")
    assert model["created_at"] == "2026-11-23T00:00:00+00:00"
    assert [attribute["name"] for attribute in attributes] == list(Attribute)
    assert all(attribute["grades"] == [0, 1, 2, 3, 4] for attribute in attributes)


def test_every_code_and_quality_word_is_listed(client: TestClient) -> None:
    errors = client.get("/v1/errors").json()["errors"]
    words = client.get("/v1/quality").json()
    assert [error["code"] for error in errors] == list(ErrorCode)
    assert all(400 <= error["status"] < 600 for error in errors)
    assert (words["checks"], words["advice"]) == (list(Check), list(Advice))


def test_the_crop_of_an_answer_is_graded_as_it_is(client: TestClient, good_photo: bytes) -> None:
    first = send(client, good_photo).json()
    crop = base64.b64decode(first["crop"])
    again = send(client, crop, data={"framing": "crop"}).json()
    assert again["face"]["to_photo"] == [[1, 0, 0], [0, 1, 0]]
    for attribute, anew in again["attributes"].items():
        # Only a JPEG lies between the two, which untrained networks take for a little something.
        assert anew["score"] == pytest.approx(first["attributes"][attribute]["score"], abs=0.15)
    (left, right) = again["face"]["landmarks"][:2]
    assert left == pytest.approx((0.32 * 512, 0.42 * 512), abs=5)
    assert right == pytest.approx((0.68 * 512, 0.42 * 512), abs=5)


@pytest.mark.parametrize(
    ("shift_px", "side_px", "code"), [(40, 512, "face_not_found"), (0, 500, "request_invalid")]
)
def test_what_is_no_crop_is_not_graded_as_one(
    client: TestClient, good_photo: bytes, shift_px: int, side_px: int, code: str
) -> None:
    crop = Image.open(io.BytesIO(base64.b64decode(send(client, good_photo).json()["crop"])))
    moved = np.roll(np.asarray(crop.resize((side_px, side_px))), shift_px, axis=1)
    assert_problem(send(client, encode(moved), params={"framing": "crop"}), 422, code)


@pytest.mark.parametrize("where", ["params", "data"])
def test_how_much_is_asked_of_a_photo_can_be_said_with_it(
    client: TestClient, good_photo: bytes, where: str
) -> None:
    def limits(gate: str) -> dict[str, float]:
        checks = send(client, good_photo, **{where: {"gate": gate}}).json()["quality"]["checks"]
        return {check["code"]: check["limit"] for check in checks}

    asked = {preset.value: limits(preset.value) for preset in Preset}
    sizes = [asked[gate]["face_size"] for gate in ("strict", "normal", "relaxed")]
    assert sizes == sorted(set(sizes), reverse=True)
    unasked = send(client, good_photo).json()["quality"]["checks"]
    assert {check["code"]: check["limit"] for check in unasked} == asked["normal"]
    problem = send(client, good_photo, **{where: {"gate": "lenient"}})
    assert_problem(problem, 422, "request_invalid")
