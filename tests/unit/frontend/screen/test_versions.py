"""Checks of earlier networks in the history: marked, and graded anew where the photo is kept."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from streamlit.util import calc_hash

from frontend import client, services
from frontend.accounts import User
from frontend.analysis import Analysis, parse_analysis
from frontend.client import ModelServer
from frontend.components.face_panel import Pictures
from frontend.i18n import Language, catalogue
from frontend.memory import Memory
from frontend.services import Services
from frontend.serving_version import AWAY_S, REMEMBERED_S, ServingVersion
from frontend.store import Visit
from frontend.vocabulary import Attribute
from tests.support.answers import ServerWithAnswers, analysis_answer, problem_answer
from tests.support.visits import save_visit

KOREAN = catalogue(Language.KOREAN)
NEWER = "2026.12.0"


def answer_of_newer_networks(server: ServerWithAnswers) -> None:
    """Both questions get one answer: the version stands in it twice."""
    answer = analysis_answer()
    answer["model"]["version"] = NEWER
    for attribute in answer["attributes"].values():
        attribute.update(grade=3, score=3.1)
    server.answer({**answer, "version": NEWER})


def kept_visit(shared: Services, mina: User, *, day: int = 0) -> Visit:
    shared.kept_photos.switch(mina.id, True)
    visit = save_visit(shared, mina, day=day)
    shared.kept_photos.keep(mina.id, visit.id, Pictures(parse_analysis(analysis_answer())))
    return visit


def test_a_kept_photo_is_graded_anew_by_newer_networks(
    minas: Any, shared: Services, mina: User, model_server: ServerWithAnswers
) -> None:
    visit = kept_visit(shared, mina)
    numbers_alone = save_visit(shared, mina, day=1)
    answer_of_newer_networks(model_server)
    page = minas.open("history")
    assert KOREAN.comparable.regrade_why.format(count=1) in minas.text(page)

    page.button(key="regrade").click().run()
    anew = shared.repository.visit(mina.id, visit.id)
    assert anew is not None
    assert (anew.model_version, anew.results[Attribute.OIL].score) == (NEWER, 3.1)
    assert [each.model_version for each in anew.graded_before] == [visit.model_version]
    kept = shared.kept_photos.pictures_of(mina.id, visit.id)
    assert kept is not None
    assert kept.analysis.model_version == NEWER
    assert kept.analysis.crop == parse_analysis(analysis_answer()).crop
    assert shared.kept_photos.count(mina.id) == 1
    assert shared.kept_photos.erase.left() == 0
    assert shared.repository.visit(mina.id, numbers_alone.id) == numbers_alone
    told = minas.text(page)
    assert KOREAN.comparable.regraded.format(count=1) in told
    assert KOREAN.comparable.regrade_title not in told


def test_a_photo_that_cannot_be_graded_anew_keeps_its_grades(
    minas: Any, shared: Services, mina: User, model_server: ServerWithAnswers
) -> None:
    visit = kept_visit(shared, mina)
    answer_of_newer_networks(model_server)
    page = minas.open("history")
    model_server.answer(problem_answer("face_not_found"), status=422)
    page.button(key="regrade").click().run()
    assert shared.repository.visit(mina.id, visit.id) == visit
    told = minas.text(page)
    assert KOREAN.comparable.regraded.format(count=0) in told
    assert KOREAN.problems["face_not_found"].what in told
    assert page.button(key="regrade")


def test_a_photo_deleted_in_another_tab_while_it_is_graded_anew_is_not_kept_again(
    minas: Any,
    shared: Services,
    mina: User,
    model_server: ServerWithAnswers,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    visit = kept_visit(shared, mina)
    answer_of_newer_networks(model_server)
    page = minas.open("history")
    grade = ModelServer.analyse_crop

    def grade_while_it_is_deleted(server: ModelServer, crop: bytes) -> Analysis:
        assert shared.kept_photos.forget_all(mina.id) == 1
        return grade(server, crop)

    monkeypatch.setattr(ModelServer, "analyse_crop", grade_while_it_is_deleted)
    page.button(key="regrade").click().run()

    assert KOREAN.comparable.regraded.format(count=0) in minas.text(page)
    assert shared.kept_photos.count(mina.id) == 0
    assert shared.kept_photos.erase.left() == 0
    assert shared.repository.visit(mina.id, visit.id) == visit


def test_old_checks_are_marked_in_the_history_and_on_their_result(
    minas: Any, shared: Services, mina: User, model_server: ServerWithAnswers
) -> None:
    old = save_visit(shared, mina, day=0)
    new = save_visit(shared, mina, day=1, version=NEWER)
    answer_of_newer_networks(model_server)
    minas.open("history")
    hint = KOREAN.comparable.old_version_hint.format(version=old.model_version)
    assert hint in minas.text(minas.open("result", id=old.id))
    assert "data-version" not in minas.text(minas.open("result", id=new.id))


def test_while_the_server_is_away_the_last_check_tells_the_version(
    minas: Any, shared: Services, mina: User, model_server: ServerWithAnswers
) -> None:
    kept_visit(shared, mina, day=0)
    save_visit(shared, mina, day=1, version=NEWER)
    model_server.answer(problem_answer("overloaded"), status=503)
    assert minas.open("history").button(key="regrade")


def test_nothing_is_offered_where_all_is_of_one_version(
    minas: Any, shared: Services, mina: User, model_server: ServerWithAnswers
) -> None:
    kept_visit(shared, mina)
    model_server.answer({"version": "2026.11.0"})
    assert KOREAN.comparable.regrade_title not in minas.text(minas.open("history"))


def test_an_answer_of_newer_networks_tells_their_version_at_once(
    minas: Any, shared: Services, mina: User, model_server: ServerWithAnswers
) -> None:
    shared.kept_photos.switch(mina.id, True)
    model_server.answer({"version": "2026.11.0"})
    save_visit(shared, mina)
    minas.open("history")
    assert shared.serving_version.told == "2026.11.0"

    answer_of_newer_networks(model_server)
    page = minas.choose_photo(minas.open(), "me.jpg")
    page = page.button(key="analyse").click().run()

    assert page.title[0].value == KOREAN.result.title
    assert "data-version" not in minas.text(page)
    told = minas.text(minas.open("history"))
    assert KOREAN.comparable.regrade_title not in told


def test_grading_anew_forgets_the_maps_that_the_page_still_holds(
    minas: Any, shared: Services, mina: User, model_server: ServerWithAnswers
) -> None:
    model_server.answer({"version": "2026.11.0", **analysis_answer()})
    shared.kept_photos.switch(mina.id, True)
    page = minas.choose_photo(minas.open(), "me.jpg")
    page = page.button(key="analyse").click().run()
    memory: Memory = page.session_state["skin_notes_memory"]
    (before,) = shared.repository.visits(mina.id)
    assert shared.shown_pictures.pictures_of(before) is not None

    answer_of_newer_networks(model_server)
    shared.serving_version.hear(NEWER)
    # The same tab, now at the history.
    page._page_hash = calc_hash("history")
    page.run().button(key="regrade").click().run()

    (visit,) = shared.repository.visits(mina.id)
    assert visit.model_version == NEWER
    assert memory.analysed is None
    assert shared.shown_pictures.pictures_of(before) is None


def test_where_nobody_told_a_version_that_of_the_check_made_last_counts(
    minas: Any, shared: Services, mina: User, model_server: ServerWithAnswers
) -> None:
    kept_visit(shared, mina, day=9)
    of_long_ago = save_visit(shared, mina, day=0, version=NEWER)
    model_server.answer(problem_answer("overloaded"), status=503)
    page = minas.open("history")
    assert page.button(key="regrade")
    assert "data-version" not in minas.text(minas.open("result", id=of_long_ago.id))


def test_a_server_that_is_away_is_asked_again_after_some_seconds(
    model_server: ServerWithAnswers,
) -> None:
    now_s = [1000.0]
    known = ServingVersion(clock=lambda: now_s[0])
    server = ModelServer(url=model_server.url)
    model_server.answer(problem_answer("overloaded"), status=503)
    assert [known.ask(server) for _ in range(3)] == [None] * 3
    assert len(model_server.asked) == 1

    now_s[0] += AWAY_S
    model_server.answer({"version": NEWER})
    assert [known.ask(server) for _ in range(3)] == [NEWER] * 3
    assert len(model_server.asked) == 2


def test_a_version_is_remembered_and_outlasts_a_server_that_is_away(
    model_server: ServerWithAnswers,
) -> None:
    now_s = [1000.0]
    known = ServingVersion(clock=lambda: now_s[0])
    server = ModelServer(url=model_server.url)
    known.hear("2026.11.0")
    model_server.answer({"version": NEWER})
    assert known.ask(server) == "2026.11.0"

    now_s[0] += REMEMBERED_S
    assert known.ask(server) == NEWER
    now_s[0] += REMEMBERED_S
    model_server.answer(b"Bad Gateway", status=502)
    assert (known.ask(server), known.told) == (NEWER, NEWER)


@pytest.fixture
def hanging() -> Iterator[socket.socket]:
    """A server that takes every call, and answers none before the test does."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        yield listening


def url_of(listening: socket.socket) -> str:
    return f"http://127.0.0.1:{listening.getsockname()[1]}"


def test_the_history_and_a_result_do_not_wait_for_a_server_that_hangs(
    minas: Any,
    shared: Services,
    mina: User,
    hanging: socket.socket,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # Longer than two pages take on a busy machine.
    monkeypatch.setattr(client, "_VERSION_TIMEOUT_S", 30.0)
    settings = replace(shared.settings, server_url=url_of(hanging))
    beside_it = replace(shared, settings=settings, serving_version=ServingVersion())
    monkeypatch.setattr(services, "services", lambda: beside_it)
    visit = save_visit(shared, mina)

    began_s = time.monotonic()
    history, result = minas.open("history"), minas.open("result", id=visit.id)

    assert time.monotonic() - began_s < 30.0
    assert minas.text(history).count("sn-cell ") == len(Attribute)
    assert minas.text(result).count('class="sn-card sn-score') == len(Attribute)
    assert beside_it.serving_version.told is None


def test_a_version_that_is_told_too_late_for_one_page_counts_from_then_on(
    hanging: socket.socket,
) -> None:
    known = ServingVersion(clock=lambda: 1000.0, patience_s=0.01)
    server = ModelServer(url=url_of(hanging))
    assert [known.ask(server) for _ in range(3)] == [None] * 3

    call, _ = hanging.accept()
    with call:
        call.recv(4096)
        call.sendall(b'HTTP/1.0 200 OK\r\n\r\n{"version": "2026.12.0"}')
    until_s = time.monotonic() + 30
    while known.told is None and time.monotonic() < until_s:
        time.sleep(0.01)

    assert known.ask(server) == NEWER
    # Of all that asked, one did so of the server.
    hanging.setblocking(False)
    with pytest.raises(BlockingIOError):
        hanging.accept()
