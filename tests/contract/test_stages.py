"""The answer in lines: stages as they begin, then the outcome, the same as the plain answer."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import requests
from fastapi.testclient import TestClient

from backend.api.schemas import TimingsOut
from backend.app import create_app
from backend.settings import Settings
from backend.vision.face import Face
from backend.vision.geometry import Photo
from backend.vision.prediction import Analyser
from backend.vision.stopwatch import Stage
from tests.programs import serve
from tests.support.http import assert_problem, send

LINES = "application/x-ndjson"
KEY = "a-key-of-enough-length"


def lines_of(response: Any) -> list[dict[str, Any]]:
    assert response.headers["content-type"] == LINES
    return [json.loads(line) for line in response.text.splitlines()]


def ask(client: TestClient, photo: bytes, **options: Any) -> Any:
    return send(client, photo, headers={"Accept": LINES}, **options)


def test_five_stages_come_in_their_order_and_then_the_plain_answer(
    client: TestClient, good_photo: bytes
) -> None:
    response = ask(client, good_photo)
    lines = lines_of(response)
    plain = send(client, good_photo).json()

    assert response.status_code == 200
    assert [line["stage"] for line in lines[:-1]] == [stage.value for stage in Stage]
    analysis = lines[-1]["analysis"]
    for answer in (analysis, plain):
        assert all(spent_ms > 0 for spent_ms in answer.pop("timings_ms").values())
    assert analysis == plain


@pytest.mark.parametrize(
    ("accept", "media_type"),
    [
        ("*/*", "application/json"),
        ("application/json", "application/json"),
        ("application/json, application/x-ndjson;q=0.5", "application/json"),
        ("application/x-ndjson;q=0", "application/json"),
        ("application/x-ndjson;q=much", "application/json"),
        ("Application/X-NDJSON, application/json;q=0.9", LINES),
    ],
)
def test_lines_are_only_for_those_who_ask_for_them(
    client: TestClient, good_photo: bytes, accept: str, media_type: str
) -> None:
    response = send(client, good_photo, headers={"Accept": accept})
    assert (response.status_code, response.headers["content-type"]) == (200, media_type)


def test_a_refusal_on_the_way_is_the_last_line_and_the_plain_problem(client: TestClient) -> None:
    lines = lines_of(ask(client, b"no photo"))
    assert [list(line) for line in lines] == [["stage"], ["problem"]]
    assert lines[-1]["problem"] == send(client, b"no photo").json()


def test_a_refusal_before_the_first_stage_has_its_own_status(
    client: TestClient, small_models: Path, good_photo: bytes
) -> None:
    accept = {"Accept": LINES}
    assert_problem(client.post("/v1/analyses", headers=accept), 422, "photo_missing")
    assert_problem(ask(client, b"\x00" * (2 * 1024 * 1024 + 1)), 413, "photo_too_large")
    assert_problem(ask(client, good_photo, params={"cam": "x"}), 422, "request_invalid")
    settings = Settings(models_dir=small_models, api_key=KEY)
    assert_problem(ask(TestClient(create_app(settings)), good_photo), 401, "unauthorised")
    unlocked = Settings(models_dir=small_models)
    assert_problem(ask(TestClient(create_app(unlocked)), good_photo), 503, "not_ready")


def test_what_nobody_expected_is_an_internal_problem_without_its_reason(
    analyser: Analyser, good_photo: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = create_app(Settings(), analyser=analyser)
    with TestClient(app, raise_server_exceptions=False) as client:
        monkeypatch.setattr(analyser, "analyse_face", lambda *given, **named: 1 / 0)
        response = ask(client, good_photo)
        counted = client.get("/metrics").text
    assert lines_of(response)[-1]["problem"]["code"] == "internal"
    assert 'skinxai_problems_total{code="internal"} 1.0' in counted
    assert "ZeroDivision" not in response.text
    assert response.headers["x-request-id"]


def test_stages_and_refusals_are_counted_as_in_plain_answers(
    analyser: Analyser, good_photo: bytes
) -> None:
    with TestClient(create_app(Settings(), analyser=analyser)) as client:
        ask(client, good_photo)
        ask(client, b"no photo")
        text = client.get("/metrics").text
    assert 'skinxai_stage_seconds_count{stage="encode"} 1.0' in text
    assert 'skinxai_problems_total{code="photo_unreadable"} 1.0' in text


def test_a_stage_arrives_while_its_work_is_still_being_done(
    analyser: Analyser, good_photo: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = create_app(Settings(), analyser=analyser)
    finish = threading.Event()

    with serve(app) as url, requests.Session() as session:
        session.trust_env = False
        finder = analyser._finder

        class Waits:
            def find(self, photo: Photo) -> Face:
                assert finish.wait(30)
                found: Face = finder.find(photo)
                return found

        monkeypatch.setattr(analyser, "_finder", Waits())
        response = session.post(
            f"{url}/v1/analyses",
            files={"photo": ("x.jpg", good_photo)},
            headers={"Accept": LINES},
            stream=True,
            timeout=30,
        )
        lines: Iterator[bytes] = response.iter_lines()
        assert json.loads(next(lines)) == {"stage": "decode"}
        assert json.loads(next(lines)) == {"stage": "detect"}
        finish.set()
        assert "analysis" in json.loads(list(lines)[-1])


def test_every_line_is_as_the_description_says(client: TestClient, good_photo: bytes) -> None:
    openapi = client.get("/openapi.json").json()
    answer = openapi["paths"]["/v1/analyses"]["post"]["responses"]["200"]
    assert set(answer["content"]) == {"application/json", LINES}
    schema = {**answer["content"][LINES]["schema"], "components": openapi["components"]}
    for line in lines_of(ask(client, good_photo)) + lines_of(ask(client, b"no photo")):
        jsonschema.validate(line, schema)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({"stage": "dream"}, schema)


def test_timings_are_told_for_the_stages_and_nothing_else() -> None:
    assert list(TimingsOut.model_fields) == [stage.value for stage in Stage]
