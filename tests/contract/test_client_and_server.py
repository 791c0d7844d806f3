"""The app's real client against the real server over HTTP: both know the same words."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import requests
from fastapi import FastAPI
from PIL import Image

from backend import vocabulary
from backend.app import create_app
from backend.settings import Settings
from backend.vision import regions, stopwatch
from backend.vision.prediction import Analyser
from frontend.circumstances import Circumstances
from frontend.client import ModelServer, ServerAnswerError, ServerAwayError, ServerRefusedError
from frontend.errors import PhotoKeyUnusableError, PhotoStoreUnusableError
from frontend.i18n import Language, catalogue, problem_text
from frontend.settings import Settings as AppSettings
from frontend.vocabulary import GRADES, Attribute, Evidence, Region, Stage, Verdict
from tests.programs import free_port, serve
from tests.support.models import read_manifest_json
from tests.support.photos import animation, encode, face_photo, png_bomb, two_faces

API_KEY = "a key of more than sixteen characters"
CLIENT_CODES = {"server_away", "server_answer"}
"""What the client finds out by itself, because no server is there to say it."""
KEEPING_CODES = {PhotoKeyUnusableError.code, PhotoStoreUnusableError.code}
"""What the app says of photos that it keeps, with which the server has nothing to do."""


@pytest.fixture(scope="module")
def urls(analyser: Analyser) -> Iterator[dict[str, str]]:
    """Addresses of an open server and of one that asks for a key, on the same networks."""
    unlocked, locked = (Settings(max_photo_mb=2, api_key=key) for key in (None, API_KEY))
    with (
        serve(create_app(unlocked, analyser=analyser)) as open_url,
        serve(create_app(locked, analyser=analyser)) as locked_url,
    ):
        yield {"open": open_url, "locked": locked_url}


def get(url: str) -> Any:
    with requests.Session() as session:
        session.trust_env = False
        return session.get(url, timeout=10).json()


def test_an_analysis_arrives_with_five_grades_five_maps_and_the_face(
    urls: dict[str, str], small_models: Path
) -> None:
    analysis = ModelServer(url=urls["open"]).analyse(encode(face_photo(), quality=95))

    assert list(analysis.attributes) == list(Attribute)
    for result in analysis.attributes.values():
        assert result.grade in GRADES
        expected = sum(grade * share for grade, share in enumerate(result.probabilities))
        assert result.score == pytest.approx(expected, abs=0.01)
        assert list(result.regions) == list(Region)
        assert sum(result.regions.values()) <= 1.001
        with Image.open(io.BytesIO(result.heatmap)) as heatmap:
            assert (heatmap.format, heatmap.mode) == ("PNG", "L")
            assert heatmap.size == (128, 128)
    with Image.open(io.BytesIO(analysis.crop)) as crop:
        assert (crop.format, crop.size) == ("JPEG", (512, 512))
    manifest = read_manifest_json(small_models)
    assert analysis.model_version == manifest["model_version"]
    assert analysis.trained_on == manifest["trained_on"]
    assert ModelServer(url=urls["open"]).version() == manifest["model_version"]


def test_how_the_photo_was_taken_arrives_with_it(urls: dict[str, str]) -> None:
    photo = face_photo()
    analysis = ModelServer(url=urls["open"]).analyse(encode(photo, quality=95))
    found = analysis.circumstances
    assert found is not None
    assert found.photo_px == (photo.shape[1], photo.shape[0])
    assert abs(found.roll) < 10
    assert found.eye_distance_px > 50
    assert Circumstances.read(found.written()) == found


def test_the_client_is_told_every_stage_and_its_time(urls: dict[str, str]) -> None:
    told: list[Stage] = []
    server = ModelServer(url=urls["open"])
    analysis = server.analyse(encode(face_photo(), quality=95), on_stage=told.append)

    assert told == list(Stage)
    assert list(analysis.timings_ms) == list(Stage)
    assert 0 < sum(analysis.timings_ms.values()) < analysis.round_trip_ms
    assert [word.value for word in Stage] == [word.value for word in stopwatch.Stage]


def test_both_sides_spell_attributes_grades_and_regions_alike(urls: dict[str, str]) -> None:
    assert [word.value for word in Attribute] == [word.value for word in vocabulary.Attribute]
    assert [word.value for word in Region] == [word.value for word in regions.Region]
    assert GRADES == vocabulary.GRADES
    answer = get(f"{urls['open']}/v1/attributes")["attributes"]
    assert [info["name"] for info in answer] == [attribute.value for attribute in Attribute]
    assert {info["evidence"] for info in answer} <= {word.value for word in Evidence}


@pytest.mark.parametrize("language", list(Language))
def test_every_code_of_the_server_has_a_sentence_and_every_sentence_a_code(
    urls: dict[str, str], language: Language
) -> None:
    served = {error["code"] for error in get(f"{urls['open']}/v1/errors")["errors"]}
    known = set(catalogue(language).problems)
    assert served <= known
    spoken_for_the_server = {
        code
        for code in known
        if code.startswith(("photo_", "photos_", "face_", "server_"))
        and code.partition(".")[0] not in KEEPING_CODES
    }
    assert spoken_for_the_server - served == CLIENT_CODES


@pytest.mark.parametrize("language", list(Language))
def test_every_word_of_a_photos_quality_is_known(urls: dict[str, str], language: Language) -> None:
    words = get(f"{urls['open']}/v1/quality")
    assert set(words["advice"]) == set(catalogue(language).advice)
    assert set(words["verdicts"]) == {word.value for word in Verdict}
    assert set(catalogue(language).verdicts) == set(Verdict)


@pytest.mark.parametrize("language", list(Language))
@pytest.mark.parametrize(
    ("photo", "code", "status"),
    [
        (b"", "photo_empty", 422),
        (b"Only text, renamed to me.jpg.", "photo_unreadable", 422),
        (encode(face_photo())[:5000], "photo_unreadable", 422),
        (b"\x00" * (2 * 1024 * 1024 + 1), "photo_too_large", 413),
        (b"\x00" * (4 * 1024 * 1024), "photo_too_large", 413),
        (png_bomb(), "photo_too_many_pixels", 413),
        (animation("GIF"), "photo_format_unsupported", 415),
        (encode(np.full((480, 640, 3), 128, np.uint8)), "face_not_found", 422),
        (encode(two_faces()), "face_several", 422),
        (encode(np.asarray(face_photo()[::3, ::3])), "face_too_small", 422),
        (encode(face_photo()[:375]), "face_cut_off", 422),
    ],
    ids=[
        "no bytes",
        "text",
        "truncated",
        "too large",
        "far too large",
        "bomb",
        "GIF",
        "no face",
        "two faces",
        "small face",
        "cut off",
    ],
)
def test_a_refusal_arrives_with_its_code_and_can_be_said_in_words(
    urls: dict[str, str], photo: bytes, code: str, status: int, language: Language
) -> None:
    with pytest.raises(ServerRefusedError) as caught:
        ModelServer(url=urls["open"]).analyse(photo)
    assert (caught.value.code, caught.value.status) == (code, status)
    problem = problem_text(catalogue(language), code, caught.value.params)
    assert code not in problem.what, "no sentence of its own, or a number is missing"
    assert "{" not in problem.what + problem.do


def test_a_key_opens_the_server_that_asks_for_one(urls: dict[str, str]) -> None:
    photo = encode(face_photo())
    assert ModelServer(url=urls["locked"], api_key=API_KEY).analyse(photo).attributes
    for key in (None, API_KEY.upper()):
        with pytest.raises(ServerRefusedError) as caught:
            ModelServer(url=urls["locked"], api_key=key).analyse(photo)
        assert (caught.value.code, caught.value.status) == ("unauthorised", 401)


@pytest.mark.parametrize("answer", ["Welcome!", {"attributes": {}}])
def test_a_server_that_is_away_is_told_from_something_else_that_answers(
    answer: object,
) -> None:
    something_else = FastAPI()
    something_else.add_api_route("/readyz", lambda: answer)
    something_else.add_api_route("/v1/analyses", lambda: answer, methods=["POST"])
    photo = encode(face_photo())
    with serve(something_else) as url, pytest.raises(ServerAnswerError) as strange:
        ModelServer(url=url).analyse(photo)
    with pytest.raises(ServerAwayError) as away:
        ModelServer(url=f"http://127.0.0.1:{free_port()}").analyse(photo)
    assert {away.value.code, strange.value.code} == CLIENT_CODES


def test_the_largest_photo_is_the_same_on_both_sides_by_default() -> None:
    assert Settings().max_photo_bytes == AppSettings().max_photo_mb * 1024 * 1024
