"""The answer in lines, its accidents, and which addresses a proxy is asked for."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from typing import Any

import pytest

from frontend import client as client_module
from frontend.analysis import Analysis
from frontend.client import (
    ModelServer,
    ServerAnswerError,
    ServerAwayError,
    ServerRefusedError,
    is_loopback,
)
from frontend.vocabulary import Stage
from tests.support.answers import (
    ServerWithAnswers,
    analysis_answer,
    analysis_lines,
    problem_answer,
    serve_answers,
)

PHOTO = b"the bytes of a photo"


def analyse(server: ServerWithAnswers) -> tuple[list[Stage], Analysis]:
    told: list[Stage] = []
    return told, ModelServer(url=server.url).analyse(PHOTO, on_stage=told.append)


def test_stages_are_told_in_their_order_and_the_analysis_is_the_plain_one(
    model_server: ServerWithAnswers,
) -> None:
    _, plain = analyse(model_server)
    model_server.answer_in_lines(*analysis_lines())
    told, streamed = analyse(model_server)

    assert told == list(Stage)
    assert dataclasses.replace(streamed, round_trip_ms=plain.round_trip_ms) == plain
    assert model_server.requests[0][1]["Accept"].startswith("application/x-ndjson")
    assert streamed.round_trip_ms > 0


def test_times_of_the_stages_are_read_and_unknown_ones_left_out(
    model_server: ServerWithAnswers,
) -> None:
    spent = {"predict": 120.5, "decode": 7, "dream": 3}
    model_server.answer_in_lines(*analysis_lines(timings_ms=spent))

    _, analysis = analyse(model_server)

    assert dict(analysis.timings_ms) == {Stage.DECODE: 7.0, Stage.PREDICT: 120.5}


def test_a_problem_in_a_line_is_a_refusal_with_its_own_status(
    model_server: ServerWithAnswers,
) -> None:
    problem = problem_answer("face_several", count=2)
    model_server.answer_in_lines({"stage": "decode"}, {"problem": problem})

    with pytest.raises(ServerRefusedError) as caught:
        analyse(model_server)

    assert (caught.value.code, caught.value.status) == ("face_several", 422)
    assert caught.value.params == {"count": 2}


def test_a_stage_of_a_newer_server_is_passed_over(model_server: ServerWithAnswers) -> None:
    model_server.answer_in_lines({"stage": "rest"}, *analysis_lines())

    told, _ = analyse(model_server)

    assert told == list(Stage)


@pytest.mark.parametrize(
    "lines",
    [
        [{"stage": "decode"}, {"stage": "detect"}],
        [{"stage": "decode"}, b"<html>Bad Gateway</html>"],
        [b"[]"],
        [b"\xff\xfe"],
        [b"[" * 100_000],
        [{"stage": "decode"}, {"analysis": {}}],
        [{"stage": "decode"}, {"analysis": None}],
        [{"problem": "no"}],
        [{"problem": {"code": 7}}],
        [b'{"analysis": ' + b" " * (5 * 1024 * 1024) + b"0}"],
    ],
    ids=[
        "no end",
        "HTML",
        "no object",
        "no text",
        "deep",
        "empty",
        "null",
        "text as problem",
        "number as code",
        "endless",
    ],
)
def test_lines_outside_the_contract_are_called_that(
    model_server: ServerWithAnswers, lines: list[Any]
) -> None:
    model_server.answer_in_lines(*lines)

    with pytest.raises(ServerAnswerError):
        analyse(model_server)


@pytest.mark.parametrize("in_lines", [True, False])
def test_a_connection_that_breaks_in_the_middle_means_that_the_server_is_away(
    model_server: ServerWithAnswers, in_lines: bool
) -> None:
    if in_lines:
        model_server.answer_in_lines({"stage": "decode"}, {"stage": "detect"})
    model_server.cut = True

    with pytest.raises(ServerAwayError):
        analyse(model_server)


def test_a_server_that_stops_between_two_lines_is_away(model_server: ServerWithAnswers) -> None:
    model_server.answer_in_lines(*analysis_lines())
    model_server.go_on.clear()

    with pytest.raises(ServerAwayError):
        ModelServer(url=model_server.url, timeout_s=0.3).analyse(PHOTO)


def test_an_answer_that_drips_is_not_waited_for_longer_than_the_limit() -> None:
    class Drips:
        def iter_content(self, chunk_size: int | None) -> Iterator[bytes]:
            while True:
                yield b'{"stage": "decode"}\n'

    with pytest.raises(ServerAwayError, match="too long"):
        for _ in client_module._bounded(Drips(), deadline_s=0.0):  # type: ignore[arg-type]
            pass


@pytest.mark.parametrize(
    ("changes", "where"),
    [
        ({"crop": "AAAA"}, "crop"),
        ({"crop": analysis_answer()["attributes"]["oil"]["heatmap"]}, "crop"),
        ({"model": {"version": "x" * 65, "trained_on": ""}}, "model.version"),
        ({"timings_ms": {"decode": -5}}, "timings_ms.decode"),
        ({"timings_ms": {"decode": float("inf")}}, "timings_ms.decode"),
        ({"timings_ms": []}, "timings_ms"),
    ],
)
def test_what_could_not_be_drawn_or_saved_is_refused_at_once(
    model_server: ServerWithAnswers, changes: dict[str, Any], where: str
) -> None:
    model_server.answer(analysis_answer(**changes))

    with pytest.raises(ServerAnswerError, match=where):
        analyse(model_server)


def test_a_proxy_is_never_asked_for_this_machine_s_own_addresses(
    model_server: ServerWithAnswers, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    for name in ("NO_PROXY", "no_proxy"):
        monkeypatch.delenv(name, raising=False)

    _, analysis = analyse(model_server)

    assert analysis.model_version


def test_a_proxy_is_asked_for_a_server_elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    with serve_answers() as proxy:
        for name in ("HTTP_PROXY", "http_proxy"):
            monkeypatch.setenv(name, proxy.url)
        for name in ("NO_PROXY", "no_proxy"):
            monkeypatch.delenv(name, raising=False)

        ModelServer(url="http://model-server.invalid:8000").analyse(PHOTO)

        assert proxy.requests[0][0] == "http://model-server.invalid:8000/v1/analyses"


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("http://127.0.0.1:8000", True),
        ("http://127.8.8.8", True),
        ("http://[::1]:8000", True),
        ("http://localhost:8000", True),
        ("http://app.localhost", True),
        ("http://0.0.0.0:8000", False),
        ("http://192.168.0.9:8000", False),
        ("http://server:8000", False),
        ("http://localhost.example.org", False),
    ],
)
def test_loopback_is_told_from_everywhere_else(url: str, expected: bool) -> None:
    assert is_loopback(url) is expected
