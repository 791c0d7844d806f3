"""Checks of earlier networks in the history: marked, and graded anew where the photo is kept."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import streamlit as st

from frontend.accounts import User
from frontend.analysis import parse_analysis
from frontend.components.face_panel import Pictures
from frontend.i18n import Language, catalogue
from frontend.services import Services
from frontend.store import Visit
from frontend.vocabulary import Attribute
from tests.support.answers import ServerWithAnswers, analysis_answer, problem_answer
from tests.support.visits import save_visit

KOREAN = catalogue(Language.KOREAN)
NEWER = "2026.12.0"


@pytest.fixture(autouse=True)
def forgotten_version() -> Iterator[None]:
    """No test hears the version that another one was told."""
    st.cache_data.clear()
    yield
    st.cache_data.clear()


@pytest.fixture
def minas(tabs: Any, mina: User) -> Any:
    """Tabs of a browser in which Mina is signed in."""
    tabs.user = mina
    return tabs


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
