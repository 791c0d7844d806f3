"""The check page: one analysis per photo whatever happens to the page or to the server."""

from __future__ import annotations

import threading
from typing import Any

import pytest
import sqlalchemy.exc
import streamlit as st

from frontend.accounts import User
from frontend.analysing import AnalysisJob
from frontend.analysis import parse_analysis
from frontend.client import ModelServer, ServerRefusedError
from frontend.components.capture import FILE_TYPES
from frontend.components.face_panel import Pictures
from frontend.components.progress import progress_html, timings_html
from frontend.i18n import Language, catalogue
from frontend.memory import Memory
from frontend.services import Services
from frontend.store import Repository
from frontend.vocabulary import Source, Stage
from tests.support.answers import (
    ServerWithAnswers,
    analysis_answer,
    analysis_lines,
    problem_answer,
)
from tests.support.visits import save_visit

KOREAN = catalogue(Language.KOREAN)
ENGLISH = catalogue(Language.ENGLISH)
PHOTO = b"the bytes of a photo"


def test_the_first_check_is_introduced_and_later_ones_are_not(
    minas: Any, shared: Services, mina: User
) -> None:
    assert KOREAN.capture.first[0] in minas.text(minas.open())

    save_visit(shared, mina)

    assert KOREAN.capture.first[0] not in minas.text(minas.open())


@pytest.mark.parametrize(
    ("name", "source"),
    [
        ("webcam.jpg", Source.WEBCAM),
        ("webcam-300-200-100.jpg", Source.WEBCAM),
        ("photo.jpg", Source.UPLOAD),
    ],
)
def test_a_photo_of_the_widget_s_camera_is_noted_as_one(
    minas: Any, shared: Services, mina: User, name: str, source: Source
) -> None:
    minas.analyse(minas.choose_photo(minas.open(), name))

    (visit,) = shared.repository.visits(mina.id)
    assert visit.source is source


def test_an_answer_in_lines_becomes_one_visit(
    minas: Any, shared: Services, mina: User, model_server: ServerWithAnswers
) -> None:
    model_server.answer_in_lines(*analysis_lines(timings_ms={"detect": 40, "predict": 60}))

    page = minas.check()

    assert not page.exception
    assert shared.repository.count_visits(mina.id) == 1
    assert KOREAN.progress.timings in [expander.label for expander in page.expander]
    assert KOREAN.progress.timing[Stage.PREDICT] in minas.text(page)


def break_down(server: ServerWithAnswers, how: str) -> None:
    if how == "restarting":
        server.answer(problem_answer("not_ready"), status=503)
    elif how == "an error of its own":
        server.answer_in_lines({"stage": "decode"}, {"problem": problem_answer("internal")})
    elif how == "no JSON":
        server.answer(b"<html>Welcome</html>")
    elif how == "another schema":
        server.answer({"grades": [1, 2, 3]})
    elif how == "no picture":
        server.answer(analysis_answer(crop="AAAA"))
    elif how == "half a stream":
        server.answer_in_lines(*analysis_lines()[:3])
    elif how == "a broken connection":
        server.answer_in_lines(*analysis_lines())
        server.cut = True
        server.body = server.body[:-300]
    else:
        raise ValueError(how)


@pytest.mark.parametrize(
    ("how", "code"),
    [
        ("restarting", "not_ready"),
        ("an error of its own", "internal"),
        ("no JSON", "server_answer"),
        ("another schema", "server_answer"),
        ("no picture", "server_answer"),
        ("half a stream", "server_answer"),
        ("a broken connection", "server_away"),
    ],
)
def test_whatever_the_server_does_the_photo_stays_and_one_button_tries_again(
    minas: Any,
    shared: Services,
    mina: User,
    model_server: ServerWithAnswers,
    how: str,
    code: str,
) -> None:
    break_down(model_server, how)
    page = minas.check()

    assert not page.exception
    assert f'data-code="{code}"' in minas.text(page)
    assert page.button(key="analyse").label == KOREAN.progress.again
    assert shared.repository.count_visits(mina.id) == 0

    model_server.cut = False
    model_server.answer(analysis_answer())
    page = minas.analyse(page)

    assert page.title[0].value == KOREAN.result.title
    assert shared.repository.count_visits(mina.id) == 1


def test_a_slow_server_is_given_up_after_the_time_limit(
    minas: Any, model_server: ServerWithAnswers, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "frontend.client.ModelServer",
        lambda *, url, api_key, timeout_s: ModelServer(url=url, api_key=api_key, timeout_s=0.3),
    )
    model_server.go_on.clear()

    page = minas.check()

    assert 'data-code="server_away"' in minas.text(page)
    assert page.button(key="analyse").label == KOREAN.progress.again


@pytest.mark.parametrize(
    "failure",
    [
        sqlalchemy.exc.OperationalError("INSERT", {}, Exception("database is locked")),
        sqlalchemy.exc.TimeoutError("QueuePool limit of size 5 overflow 10 reached"),
    ],
)
def test_a_database_that_fails_while_saving_costs_no_second_analysis(
    minas: Any,
    shared: Services,
    mina: User,
    model_server: ServerWithAnswers,
    monkeypatch: pytest.MonkeyPatch,
    failure: sqlalchemy.exc.SQLAlchemyError,
) -> None:
    def locked(*_values: object, **_options: object) -> None:
        raise failure

    with monkeypatch.context() as patched:
        patched.setattr(Repository, "save_visit", locked)
        page = minas.check()
        assert 'data-code="database_unusable"' in minas.text(page)
        assert shared.repository.count_visits(mina.id) == 0

    minas.analyse(page)

    assert shared.repository.count_visits(mina.id) == 1
    assert len(model_server.requests) == 1


def test_a_run_that_finds_an_analysis_under_way_goes_on_with_it(
    minas: Any, shared: Services, mina: User, model_server: ServerWithAnswers
) -> None:
    page = minas.choose_photo(minas.open())
    memory: Memory = page.session_state["skin_notes_memory"]
    assert memory.held is not None
    memory.job = (memory.held, AnalysisJob(ModelServer(url=model_server.url), PHOTO))

    # No press: the run that was pressed for was stopped by a second press or a changed widget.
    page.run()

    assert page.title[0].value == KOREAN.result.title
    assert shared.repository.count_visits(mina.id) == 1
    assert len(model_server.requests) == 1


def test_a_run_that_finds_an_analysis_unsaved_saves_it(
    minas: Any, shared: Services, mina: User, model_server: ServerWithAnswers
) -> None:
    page = minas.choose_photo(minas.open())
    memory: Memory = page.session_state["skin_notes_memory"]
    assert memory.held is not None
    memory.analysed = (memory.held, Pictures(parse_analysis(analysis_answer())))
    page.run()
    assert page.title[0].value == KOREAN.result.title
    assert shared.repository.count_visits(mina.id) == 1
    assert model_server.requests == []


def test_a_photo_left_behind_on_another_page_is_dropped_from_memory(
    minas: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    dropped: list[str] = []
    monkeypatch.setattr("frontend.uploads._forget", dropped.append)
    page = minas.choose_photo(minas.open())
    memory: Memory = page.session_state["skin_notes_memory"]
    first = memory.held

    monkeypatch.setattr(st, "stop", lambda: None)
    minas.choose_photo(page, "other.jpg")
    assert dropped == [first]

    second = memory.held
    page.button(key="try_sample").click().run()
    assert dropped == [first, second]
    assert memory.held is None


def test_the_sample_can_be_tried_again_after_an_error(
    minas: Any, model_server: ServerWithAnswers
) -> None:
    model_server.answer(b"Bad Gateway", status=502)
    page = minas.open("sample")
    assert 'data-code="server_answer"' in minas.text(page)

    model_server.answer(analysis_answer())
    page.button(key="again").click().run()

    assert minas.text(page).count("sn-score") == 5


def test_a_job_tells_its_stages_and_its_refusal(model_server: ServerWithAnswers) -> None:
    problem = problem_answer("face_not_found")
    model_server.answer_in_lines({"stage": "decode"}, {"stage": "detect"}, {"problem": problem})
    model_server.go_on.clear()
    job = AnalysisJob(ModelServer(url=model_server.url), PHOTO)
    told = []
    for stage in job.stages():
        told.append(stage)
        if stage is Stage.DETECT:
            model_server.go_on.set()

    # How many of the first are seen is a matter of who is faster; the last one waited.
    assert told[-1] is Stage.DETECT
    with pytest.raises(ServerRefusedError, match="Something"):
        job.result()
    assert threading.active_count() < 20


def test_waiting_says_its_stage_in_words() -> None:
    html = progress_html(ENGLISH, Stage.PREDICT)

    assert 'role="status"' in html
    assert 'data-stage="predict"' in html
    assert "Grading five attributes…" in html
    assert html.count("sn-passed") == 3
    assert "Sending the photo…" in progress_html(ENGLISH, None)


def test_times_add_up_to_the_round_trip(model_server: ServerWithAnswers) -> None:
    model_server.answer(analysis_answer(timings_ms={"detect": 0.4, "predict": 0.6}))
    analysis = ModelServer(url=model_server.url).analyse(PHOTO)

    html = timings_html(ENGLISH, analysis)

    assert "Finding and checking the face" in html
    assert html.count("<tr>") == 4
    assert f">{analysis.round_trip_ms:,.0f} ms<" in html
    assert timings_html(ENGLISH, ModelServer(url=model_server.url).analyse(PHOTO)) != ""


def test_the_widget_and_the_uploader_accept_the_same_files(minas: Any) -> None:
    page = minas.open()

    assert set(page.file_uploader[0].proto.type) == {f".{ending}" for ending in FILE_TYPES}
