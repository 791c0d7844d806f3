"""The model server in two replicas on a real Ray on this machine, started as it is documented."""

from __future__ import annotations

import http.client
import os
import re
import secrets
import shutil
import subprocess
import sys
import tempfile
import threading
import time
import uuid
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import psutil
import pytest
import requests
from fastapi.testclient import TestClient

from tests.programs import ROOT, free_port
from tests.support.http import assert_problem, send
from tests.support.models import edit_manifest

COMMAND = (sys.executable, "-m", "backend.cluster", "--replicas", "2", "--cpus", "0.5")
PATIENCE_S = 240
PLACES = 4
"""Two replicas, each with a thread and one place to wait."""

Scores = dict[str, float]
_Result = TypeVar("_Result")


@dataclass
class Cluster:
    """Two replicas of one thread, and the Ray they run on.

    Attributes:
        url: where they answer.
        process: the program that started Ray.
        environment: what the command is run with.
        output: what it has said so far.
    """

    url: str
    process: subprocess.Popen[str]
    environment: dict[str, str] = field(repr=False)
    output: list[str] = field(default_factory=list)

    def replicas(self) -> set[int]:
        """Their process ids."""
        return {
            child.pid
            for child in psutil.Process(self.process.pid).children(recursive=True)
            if _title(child).startswith("ray::ServeReplica:skin-xai")
        }

    def post(self, photo: bytes) -> requests.Response:
        """Send a photo on a connection of its own."""
        return requests.post(f"{self.url}/v1/analyses", files={"photo": photo}, timeout=PATIENCE_S)

    def until_all_places_are_free(self, photo: bytes) -> list[requests.Response]:
        """Send as many photos at once as there are places, until none is refused.

        Each replica has half of the places, so that then both of them have answered.
        """
        with ThreadPoolExecutor(PLACES) as threads:

            def all_answered() -> list[requests.Response] | None:
                answers = list(threads.map(self.post, [photo] * PLACES))
                return answers if {answer.status_code for answer in answers} == {200} else None

            return until(all_answered)


def _title(process: psutil.Process) -> str:
    try:
        return " ".join(process.cmdline())
    except psutil.NoSuchProcess:
        return ""


def until(found: Callable[[], _Result | None]) -> _Result:
    """Ask until there is something."""
    deadline = time.monotonic() + PATIENCE_S
    while True:
        result = found()
        if result:
            return result
        assert time.monotonic() < deadline
        time.sleep(0.2)


@pytest.fixture(scope="module")
def cluster(small_models: Path) -> Iterator[Cluster]:
    port = free_port()
    # Sockets lie in there, and their paths may not be long.
    folder = tempfile.mkdtemp(prefix="ray")
    environment = {
        **os.environ,
        "RAY_TMPDIR": folder,
        "RAY_AUTH_MODE": "token",
        "RAY_AUTH_TOKEN": secrets.token_hex(32),
        "SKINXAI_PORT": str(port),
        "SKINXAI_MODELS_DIR": str(small_models),
        "SKINXAI_WORKERS": "1",
        "SKINXAI_MAX_WAITING": "1",
    }
    process = subprocess.Popen(
        [*COMMAND, "--local"],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
    )
    running = Cluster(f"http://127.0.0.1:{port}", process, environment)
    try:
        _read_until_ready(running)
        yield running
    finally:
        started = psutil.Process(process.pid).children(recursive=True)
        process.terminate()
        process.wait(PATIENCE_S)
        _, left = psutil.wait_procs(started, timeout=PATIENCE_S)
        for child in left:
            child.kill()
        shutil.rmtree(folder, ignore_errors=True)
    assert (process.returncode, left) == (0, [])


def _read_until_ready(running: Cluster) -> None:
    stream = running.process.stdout
    assert stream is not None
    for line in stream:
        running.output.append(line)
        ready = re.fullmatch(rf"skin-xai: 2 replicas at {running.url} \(RAY_ADDRESS=(.+)\)\n", line)
        if ready:
            # Another Ray may run on this machine.
            running.environment["RAY_ADDRESS"] = ready[1]
            break
    else:
        pytest.fail("the cluster did not start:\n" + "".join(running.output))
    threading.Thread(target=lambda: running.output.extend(stream), daemon=True).start()


@pytest.fixture(scope="module")
def expected(client: TestClient, good_photo: bytes) -> Scores:
    """What one server without Ray says of the photo."""
    return scores(send(client, good_photo).json())


def scores(answer: Mapping[str, Any]) -> Scores:
    return {name: found["score"] for name, found in answer["attributes"].items()}


@dataclass
class Load:
    """What clients met who asked again and again.

    Attributes:
        answers: the analyses.
        refusals: every answer that is none, by its status and what it says.
        lost: connections that broke.
    """

    answers: list[dict[str, Any]] = field(default_factory=list)
    refusals: list[tuple[int, str]] = field(default_factory=list)
    lost: int = 0


@contextmanager
def load(cluster: Cluster, photo: bytes, *, clients: int = 3) -> Iterator[Load]:
    """Send photos from several clients as long as the block runs."""
    met, enough = Load(), threading.Event()

    def ask(_number: int) -> None:
        while not enough.is_set():
            try:
                answer = cluster.post(photo)
            except requests.ConnectionError:
                met.lost += 1
                continue
            if answer.status_code == requests.codes.ok:
                met.answers.append(answer.json())
            else:
                met.refusals.append((answer.status_code, answer.text))

    with ThreadPoolExecutor(clients) as threads:
        asking = [threads.submit(ask, number) for number in range(clients)]
        try:
            yield met
        finally:
            enough.set()
        for one in asking:
            one.result()


def is_overloaded(refusal: tuple[int, str]) -> bool:
    status, text = refusal
    return status == 503 and '"code":"overloaded"' in text


def test_both_replicas_answer_what_one_server_answers(
    cluster: Cluster, good_photo: bytes, expected: Scores
) -> None:
    assert len(cluster.replicas()) == 2
    for answer in cluster.until_all_places_are_free(good_photo):
        assert scores(answer.json()) == pytest.approx(expected, abs=1e-4)
    lines = requests.post(
        f"{cluster.url}/v1/analyses",
        files={"photo": good_photo},
        headers={"Accept": "application/x-ndjson"},
        timeout=PATIENCE_S,
    )
    assert [line[:10] for line in lines.text.splitlines()] == ['{"stage":"'] * 5 + ['{"analysis']


def test_probes_refusals_and_ids_are_the_server_s_own(cluster: Cluster) -> None:
    ready = requests.get(f"{cluster.url}/readyz", timeout=PATIENCE_S)
    assert ready.json() == {"status": "ready"}
    assert_problem(cluster.post(b"no photo"), 422, "photo_unreadable")
    connection = http.client.HTTPConnection(cluster.url.removeprefix("http://"))
    own = str(uuid.uuid4())
    connection.request("GET", "/healthz", headers={"X-Request-ID": own})
    answer = connection.getresponse()
    assert answer.headers.get_all("x-request-id") == [own]
    connection.close()


def test_more_photos_than_places_are_refused_in_the_server_s_own_words(
    cluster: Cluster, good_photo: bytes, expected: Scores
) -> None:
    with ThreadPoolExecutor(4 * PLACES) as threads:

        def some_refused() -> list[requests.Response] | None:
            answers = list(threads.map(cluster.post, [good_photo] * 4 * PLACES))
            return answers if {answer.status_code for answer in answers} != {200} else None

        answers = until(some_refused)
    for answer in answers:
        if answer.status_code == requests.codes.ok:
            assert scores(answer.json()) == pytest.approx(expected, abs=1e-4)
        else:
            problem = assert_problem(answer, 503, "overloaded")
            assert answer.headers["retry-after"] == str(problem["params"]["retry_after_s"])


def test_a_replica_that_is_killed_gives_no_wrong_answer_and_is_replaced(
    cluster: Cluster, good_photo: bytes, expected: Scores
) -> None:
    before = cluster.replicas()
    victim = min(before)
    with load(cluster, good_photo) as met:
        until(lambda: len(met.answers) > PLACES)
        psutil.Process(victim).kill()
        until(lambda: len(cluster.replicas() - {victim}) == 2)
    cluster.until_all_places_are_free(good_photo)
    for answer in met.answers:
        assert scores(answer) == pytest.approx(expected, abs=1e-4)
    broken = [refusal for refusal in met.refusals if not is_overloaded(refusal)]
    assert {status for status, _ in broken} <= {500, 503}
    # One at work and one waiting were lost with it, and perhaps some that were on their way.
    assert len(broken) + met.lost < len(met.answers)
    assert before - cluster.replicas() == {victim}


def test_new_weights_are_rolled_out_without_a_lost_answer(
    cluster: Cluster, small_models: Path, good_photo: bytes, expected: Scores, tmp_path: Path
) -> None:
    newer = Path(shutil.copytree(small_models, tmp_path / "newer"))
    edit_manifest(newer, _swap_oil_and_wrinkle)
    by_version = {
        "0.0.1-test": expected,
        "0.0.2-test": expected | {"oil": expected["wrinkle"], "wrinkle": expected["oil"]},
    }
    assert expected["oil"] != pytest.approx(expected["wrinkle"], abs=1e-2)
    before = cluster.replicas()
    with load(cluster, good_photo) as met:
        rolled_out = subprocess.run(
            COMMAND,
            cwd=ROOT,
            env={**cluster.environment, "SKINXAI_MODELS_DIR": str(newer)},
            capture_output=True,
            text=True,
            timeout=PATIENCE_S,
            check=False,
        )
        assert rolled_out.returncode == 0, rolled_out.stdout + rolled_out.stderr
    seen = [answer["model"]["version"] for answer in met.answers]
    assert set(seen) == set(by_version)
    for answer, version in zip(met.answers, seen, strict=True):
        assert scores(answer) == pytest.approx(by_version[version], abs=1e-4)
    assert (met.lost, [each for each in met.refusals if not is_overloaded(each)]) == (0, [])
    assert not before & cluster.replicas()
    for response in cluster.until_all_places_are_free(good_photo):
        assert response.json()["model"]["version"] == "0.0.2-test"


def _swap_oil_and_wrinkle(manifest: dict[str, Any]) -> None:
    manifest["model_version"] = "0.0.2-test"
    # The entries keep their order, and so the graph that was exported of them serves again.
    names = {"oil": "wrinkle", "wrinkle": "oil"}
    manifest["attributes"] = {
        names.get(name, name): entry for name, entry in manifest["attributes"].items()
    }
