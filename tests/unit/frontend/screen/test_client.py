from __future__ import annotations

import socket
from typing import Any

import pytest

from frontend.client import (
    ModelServer,
    ServerAnswerError,
    ServerAwayError,
    ServerRefusedError,
)
from frontend.vocabulary import Attribute
from tests.support.answers import ServerWithAnswers, analysis_answer, problem_answer


def test_a_photo_is_sent_byte_for_byte_and_its_grades_come_back(
    model_server: ServerWithAnswers,
) -> None:
    photo = b"\xff\xd8 the bytes of a photo \x00\xff"

    analysis = ModelServer(url=model_server.url).analyse(photo)

    path, _, body = model_server.requests[0]
    assert path == "/v1/analyses"
    assert photo in body
    assert b'name="mirror"\r\n\r\ntrue' in body
    assert analysis.attributes[Attribute.OIL].grade == 2
    assert analysis.attributes[Attribute.OIL].score == 2.2


def test_the_frames_of_a_burst_are_sent_as_one_request(model_server: ServerWithAnswers) -> None:
    analysis = ModelServer(url=model_server.url).analyse(b"one", b"two", b"three")

    ((path, _, body),) = model_server.requests
    assert path == "/v1/analyses:burst"
    assert body.count(b'name="photos"') == 3
    assert body.index(b"one") < body.index(b"two") < body.index(b"three")
    assert analysis.attributes[Attribute.OIL].score == 2.2


def test_a_kept_face_is_sent_as_the_crop_that_it_is(model_server: ServerWithAnswers) -> None:
    analysis = ModelServer(url=model_server.url).analyse_crop(b"the face")

    ((path, _, body),) = model_server.requests
    assert path == "/v1/analyses?framing=crop"
    assert b"the face" in body
    assert b'name="mirror"\r\n\r\ntrue' in body
    assert analysis.attributes[Attribute.OIL].score == 2.2


def test_the_key_is_sent_when_there_is_one_and_only_then(model_server: ServerWithAnswers) -> None:
    ModelServer(url=model_server.url).analyse(b"photo")
    ModelServer(url=model_server.url, api_key="open sesame").analyse(b"photo")

    without, with_key = (headers for _, headers, _ in model_server.requests)
    assert "X-API-Key" not in without
    assert with_key["X-API-Key"] == "open sesame"


def test_the_key_is_not_written_where_a_server_is_printed() -> None:
    assert "sesame" not in repr(ModelServer(url="http://127.0.0.1:1", api_key="open sesame"))


def test_a_problem_becomes_an_error_with_the_servers_code_and_numbers(
    model_server: ServerWithAnswers,
) -> None:
    model_server.answer(problem_answer("photo_too_large", max_mb=20.0), status=413)

    with pytest.raises(ServerRefusedError) as caught:
        ModelServer(url=model_server.url).analyse(b"photo")

    assert caught.value.code == "photo_too_large"
    assert caught.value.params == {"max_mb": 20.0}
    assert caught.value.status == 413


def test_an_oversize_refusal_without_a_body_still_says_that_the_photo_is_too_large(
    model_server: ServerWithAnswers,
) -> None:
    model_server.answer(b"Request Entity Too Large", status=413)

    with pytest.raises(ServerRefusedError) as caught:
        ModelServer(url=model_server.url).analyse(b"photo")

    assert caught.value.code == "photo_too_large"


@pytest.mark.parametrize(
    ("content", "status"),
    [
        (b"<html>Bad Gateway</html>", 502),
        (b"[]", 500),
        (b"", 200),
        (b"not json", 200),
        (b"", 302),
    ],
)
def test_an_answer_outside_the_contract_is_called_that(
    model_server: ServerWithAnswers, content: bytes, status: int
) -> None:
    model_server.answer(content, status=status)

    with pytest.raises(ServerAnswerError) as caught:
        ModelServer(url=model_server.url).analyse(b"photo")

    assert caught.value.code == "server_answer"


def test_an_answer_that_lacks_an_attribute_is_outside_the_contract(
    model_server: ServerWithAnswers,
) -> None:
    attributes = analysis_answer()["attributes"]
    del attributes["wrinkle"]
    model_server.answer(analysis_answer(attributes=attributes))

    with pytest.raises(ServerAnswerError, match=r"attributes\.wrinkle"):
        ModelServer(url=model_server.url).analyse(b"photo")


def test_a_server_that_does_not_run_is_away() -> None:
    with socket.socket() as reserved:
        # Bound but not listening: nobody else gets the port, and nobody answers on it.
        reserved.bind(("127.0.0.1", 0))
        port = reserved.getsockname()[1]

        with pytest.raises(ServerAwayError) as caught:
            ModelServer(url=f"http://127.0.0.1:{port}").analyse(b"photo")

    assert caught.value.code == "server_away"


def test_a_server_that_takes_longer_than_the_limit_is_away(
    model_server: ServerWithAnswers,
) -> None:
    model_server.go_on.clear()

    with pytest.raises(ServerAwayError):
        ModelServer(url=model_server.url, timeout_s=0.2).analyse(b"photo")


def test_the_version_of_the_networks_is_asked(model_server: ServerWithAnswers) -> None:
    model_server.answer({"version": "2026.11.14", "engine": "torch"})
    assert ModelServer(url=model_server.url, api_key="a key").version() == "2026.11.14"
    ((path, headers),) = model_server.asked
    assert path == "/v1/model"
    assert headers["X-API-Key"] == "a key"


@pytest.mark.parametrize("answer", [{}, {"version": ""}, {"version": 3}, b"[]"])
def test_an_answer_without_a_version_is_none_of_a_model_server(
    model_server: ServerWithAnswers, answer: dict[str, Any] | bytes
) -> None:
    model_server.answer(answer)
    with pytest.raises(ServerAnswerError):
        ModelServer(url=model_server.url).version()
