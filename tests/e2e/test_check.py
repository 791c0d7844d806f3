"""Giving a photo and waiting for its result, with all that may come in between."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from frontend.i18n import Language, catalogue
from frontend.store import Visit
from frontend.vocabulary import Stage
from tests.e2e.conftest import PHONE, OpensPages
from tests.e2e.steps import (
    PASSWORD,
    choose_photo,
    expect_five_grades,
    new_login_id,
    services_of,
    widget,
)
from tests.programs import LoneApp, start_app
from tests.support.answers import (
    ServerWithAnswers,
    analysis_answer,
    analysis_lines,
    serve_answers,
)

KOREAN = catalogue(Language.KOREAN)


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("check") / "skin_notes.db"


@pytest.fixture(scope="module")
def own_server() -> Iterator[ServerWithAnswers]:
    with serve_answers() as server:
        yield server


@pytest.fixture(scope="module")
def app(database: Path, own_server: ServerWithAnswers) -> Iterator[LoneApp]:
    """The app beside a model server whose answers the tests choose."""
    with start_app(database=database, server_url=own_server.url) as running:
        yield running


@pytest.fixture
def server(own_server: ServerWithAnswers) -> Iterator[ServerWithAnswers]:
    own_server.answer(analysis_answer())
    own_server.requests.clear()
    yield own_server
    own_server.go_on.set()


def saved_visits(database: Path, login_id: str) -> list[Visit]:
    shared = services_of(database)
    user = shared.accounts.log_in(login_id, PASSWORD)
    visits = shared.repository.visits(user.id)
    shared.engine.dispose()
    return list(visits)


def analyse(page: Page) -> None:
    widget(page, "analyse").locator("button").click()


def expect_status(page: Page, sentence: str) -> None:
    expect(page.locator(".sn-capture-status")).to_have_text(sentence)


def test_each_stage_is_said_in_words_while_it_lasts(
    open_app: OpensPages, app: LoneApp, server: ServerWithAnswers, sample_photo: Path
) -> None:
    *stages, outcome = analysis_lines(timings_ms={"detect": 30.0, "predict": 70.0})
    server.answer_in_lines(*stages, outcome)
    server.go_on.clear()
    page = open_app(person=new_login_id(), app=app)
    choose_photo(page, sample_photo)
    expect_status(page, KOREAN.capture.chosen)
    analyse(page)

    waiting = page.locator(".sn-waiting")
    expect(waiting).to_have_role("status")
    expect(waiting).to_have_text(KOREAN.progress.stages[Stage.ENCODE])
    expect(widget(page, "analyse").locator("button")).to_be_hidden()
    server.go_on.set()
    expect_five_grades(page)

    times = widget(page, "timings")
    expect(times.locator(".sn-timings")).to_be_hidden()
    times.locator("summary").click()
    expect(times.locator(".sn-timings")).to_contain_text("70ms")


def test_a_double_click_makes_one_analysis_and_one_visit(
    open_app: OpensPages,
    app: LoneApp,
    server: ServerWithAnswers,
    database: Path,
    sample_photo: Path,
) -> None:
    login_id = new_login_id()
    server.answer_in_lines(*analysis_lines())
    page = open_app(person=login_id, app=app)
    choose_photo(page, sample_photo)
    widget(page, "analyse").locator("button").dblclick()

    expect_five_grades(page)
    assert len(saved_visits(database, login_id)) == 1
    assert len(server.requests) == 1


def test_a_reload_in_the_middle_of_an_analysis_leaves_no_half_visit(
    open_app: OpensPages,
    app: LoneApp,
    server: ServerWithAnswers,
    database: Path,
    sample_photo: Path,
) -> None:
    login_id = new_login_id()
    server.answer_in_lines(*analysis_lines())
    server.go_on.clear()
    page = open_app(person=login_id, app=app)
    choose_photo(page, sample_photo)
    analyse(page)
    expect(page.locator(".sn-waiting")).to_be_visible()
    assert saved_visits(database, login_id) == []

    page.reload()
    expect(page.locator(".sn-capture[data-ready]")).to_have_attribute("data-state", "idle")
    server.go_on.set()
    choose_photo(page, sample_photo)
    analyse(page)

    expect_five_grades(page)
    visits = saved_visits(database, login_id)
    # The first analysis may have come to its end on its own, and then it is whole.
    assert 1 <= len(visits) <= 2
    assert all(len(visit.results) == 5 for visit in visits)


def test_the_photo_stays_when_the_server_fails_and_one_button_tries_again(
    open_app: OpensPages, app: LoneApp, server: ServerWithAnswers, sample_photo: Path
) -> None:
    server.answer(b"<html>Bad Gateway</html>", status=502)
    page = open_app(person=new_login_id(), app=app, size=PHONE)
    choose_photo(page, sample_photo)
    analyse(page)
    expect(page.locator('.sn-problem[data-code="server_answer"]')).to_have_role("alert")
    expect(page.locator(".sn-capture img")).to_be_visible()
    again = widget(page, "analyse").locator("button")
    expect(again).to_have_text(KOREAN.progress.again)

    server.answer(analysis_answer())
    again.click()
    expect_five_grades(page)
