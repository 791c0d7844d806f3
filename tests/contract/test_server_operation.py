"""What whoever runs the model server relies on: probes, keys, counters, ids, logs, threads."""

from __future__ import annotations

import json
import logging
import re
import threading
import time
import uuid
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from prometheus_client import generate_latest

from backend.api.metrics import Metrics
from backend.api.workers import Workers
from backend.app import create_app
from backend.errors import FaceNotFoundError, ModelError
from backend.logs import JsonFormatter
from backend.settings import Settings
from backend.vision.prediction import Analyser
from tests.support.http import assert_problem, send
from tests.support.models import edit_manifest, write_models

KEY = "a-key-of-enough-length"


def test_probes_answer(client: TestClient) -> None:
    assert client.get("/healthz").json() == {"status": "alive"}
    assert client.get("/readyz").json() == {"status": "ready"}


def test_before_the_networks_are_loaded_the_server_is_alive_and_not_ready(
    small_models: Path,
) -> None:
    # Without its start-up, that is outside a `with` block, an application has loaded nothing.
    client = TestClient(create_app(Settings(models_dir=small_models)))
    assert client.get("/healthz").status_code == 200
    response = client.get("/readyz")
    assert_problem(response, 503, "not_ready")
    assert response.headers["retry-after"] == "5"
    assert_problem(client.get("/v1/model"), 503, "not_ready")


def test_a_gpu_that_has_failed_for_good_is_told_by_both_probes_and_to_clients(
    analyser: Analyser, good_photo: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    with TestClient(create_app(Settings(), analyser=analyser)) as client:
        monkeypatch.setattr(analyser, "_broken", lambda: "CUDA error: an illegal memory access")
        for answer in (client.get("/readyz"), client.get("/healthz"), send(client, good_photo)):
            problem = assert_problem(answer, 503, "not_ready")
            assert "failed for good (CUDA error: an illegal memory access)" in problem["detail"]
        monkeypatch.undo()
        assert client.get("/readyz").status_code == client.get("/healthz").status_code == 200


def test_a_server_with_a_key_refuses_whoever_lacks_it(
    analyser: Analyser, good_photo: bytes
) -> None:
    with TestClient(create_app(Settings(api_key=KEY), analyser=analyser)) as client:
        assert_problem(send(client, good_photo), 401, "unauthorised")
        assert_problem(client.get("/v1/model"), 401, "unauthorised")
        assert_problem(
            send(client, good_photo, headers={"X-API-Key": KEY + "x"}), 401, "unauthorised"
        )
        not_ascii = [(b"X-API-Key", "schlüssel".encode("latin-1"))]
        assert_problem(client.get("/v1/model", headers=not_ascii), 401, "unauthorised")
        assert send(client, good_photo, headers={"X-API-Key": KEY}).status_code == 200
        assert client.get("/readyz").status_code == 200


def test_openapi_asks_for_a_key_where_the_server_does_and_nowhere_else() -> None:
    def locked(settings: Settings) -> set[str]:
        paths = create_app(settings).openapi()["paths"]
        return {path for path, ways in paths.items() for way in ways.values() if "security" in way}

    assert locked(Settings()) == set()
    asking = locked(Settings(api_key=KEY))
    assert {"/v1/analyses", "/v1/model"} <= asking
    assert {"/healthz", "/readyz"}.isdisjoint(asking)


def test_a_models_folder_with_a_wrong_hash_stops_the_start(tmp_path: Path) -> None:
    folder = write_models(tmp_path)
    edit_manifest(folder, lambda manifest: manifest["attributes"]["oil"].update(sha256="0" * 64))
    app = create_app(Settings(models_dir=folder))
    with pytest.raises(ModelError, match=r"oil\.safetensors"), TestClient(app):
        pass


def test_metrics_count_requests_stages_and_problems(client: TestClient, good_photo: bytes) -> None:
    send(client, good_photo)
    send(client, b"no photo")
    text = client.get("/metrics").text
    assert 'skinxai_stage_seconds_count{stage="predict"}' in text
    assert 'skinxai_problems_total{code="photo_unreadable"}' in text
    assert 'http_requests_total{handler="/v1/analyses",method="POST",status="2xx"}' in text


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/v1/nothing", 404),
        ("GET", "/v1/analyses", 405),
        ("POST", "/v1/analyses?cam=x", 422),
    ],
)
def test_a_request_that_is_not_understood_is_counted_once(
    client: TestClient, good_photo: bytes, method: str, path: str, status: int
) -> None:
    def counted() -> float:
        text = client.get("/metrics").text
        found = re.search(r'^skinxai_problems_total{code="request_invalid"} (.+)$', text, re.M)
        return float(found[1]) if found else 0.0

    before = counted()
    answer = client.request(method, path, files={"photo": good_photo})
    assert_problem(answer, status, "request_invalid")
    assert counted() == before + 1


def test_metrics_count_batches_by_their_size() -> None:
    metrics = Metrics()
    metrics.watch(Workers(1, line=0, patience_s=1), lambda: {1: 5, 8: 2})
    text = generate_latest(metrics.registry).decode()
    assert 'skinxai_batches_total{size="1"} 5.0' in text
    assert 'skinxai_batches_total{size="8"} 2.0' in text


def test_a_request_id_is_given_back_and_another_one_is_made(client: TestClient) -> None:
    own = uuid.uuid4().hex
    assert client.get("/healthz", headers={"X-Request-ID": own}).headers["x-request-id"] == own
    made = client.get("/healthz").headers["x-request-id"]
    assert uuid.UUID(made).version == 4
    forged = client.get("/healthz", headers={"X-Request-ID": "x\\ny"}).headers["x-request-id"]
    assert forged != "x\\ny"


def test_an_unexpected_error_is_a_problem_with_the_request_s_id(
    analyser: Analyser, good_photo: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = create_app(Settings(), analyser=analyser)
    with TestClient(app, raise_server_exceptions=False) as client:
        monkeypatch.setattr(analyser, "analyse_face", lambda *given, **named: 1 / 0)
        response = send(client, good_photo)
        counted = client.get("/metrics").text
    assert_problem(response, 500, "internal")
    assert 'skinxai_problems_total{code="internal"} 1.0' in counted
    assert uuid.UUID(response.headers["x-request-id"])
    assert "ZeroDivision" not in response.text


def test_logs_say_what_happened_and_nothing_of_the_photo(
    client: TestClient, good_photo: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    request_id = uuid.uuid4().hex
    send(
        client,
        good_photo,
        params={"cam": "gradcam"},
        headers={"X-Request-ID": request_id},
    )
    lines = [json.loads(JsonFormatter().format(record)) for record in caplog.records]
    analysed = next(line for line in lines if line["event"] == "analysed")
    request = next(line for line in lines if line["event"] == "request")
    assert analysed["bytes"] == len(good_photo)
    assert (analysed["width_px"], analysed["height_px"]) == (640, 640)
    assert (request["path"], request["status"]) == ("/v1/analyses", 200)
    assert "private" not in caplog.text
    assert max(len(json.dumps(line)) for line in lines) < 1000


def test_photos_beyond_the_workers_wait_while_the_server_still_answers(
    analyser: Analyser, good_photo: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = create_app(Settings(workers=1), analyser=analyser)
    entered, release = threading.Semaphore(0), threading.Event()

    def wait(*given: object, **named: object) -> None:
        entered.release()
        assert release.wait(30)
        raise FaceNotFoundError

    with TestClient(app) as client, ThreadPoolExecutor(2) as threads:
        monkeypatch.setattr(analyser, "analyse_face", wait)
        answers = [threads.submit(send, client, good_photo) for _ in range(2)]
        assert entered.acquire(timeout=30)
        deadline = time.monotonic() + 30
        while app.state.workers.waiting != 1:
            assert time.monotonic() < deadline, "the second photo never waits"
            time.sleep(0.01)
        assert client.get("/healthz").status_code == 200
        assert not entered.acquire(blocking=False)
        release.set()
        for answer in answers:
            assert_problem(answer.result(30), 422, "face_not_found")
