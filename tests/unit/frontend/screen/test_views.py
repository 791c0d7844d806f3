from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
import streamlit as st

from frontend.accounts import User
from frontend.components.capture import FILE_TYPES
from frontend.i18n import Language, catalogue
from frontend.memory import Memory
from frontend.services import Services
from frontend.vocabulary import Verdict
from tests.support.answers import ServerWithAnswers, analysis_answer, problem_answer
from tests.support.visits import save_visit

KOREAN = catalogue(Language.KOREAN)
ENGLISH = catalogue(Language.ENGLISH)


@pytest.mark.parametrize("path", ["", "history", "account", "result"])
def test_a_visitor_gets_the_form_in_place_of_every_private_page(tabs: Any, path: str) -> None:
    page = tabs.open(path)

    assert not page.exception
    assert page.title[0].value == KOREAN.login.promise
    assert {"auth_submit", "try_sample"} <= tabs.buttons(page)


@pytest.mark.parametrize("path", ["about", "sample"])
def test_a_visitor_may_read_about_the_service_and_try_the_sample(tabs: Any, path: str) -> None:
    page = tabs.open(path)

    assert not page.exception
    assert "auth_submit" not in tabs.buttons(page)


def test_every_page_says_that_this_is_no_medical_device(minas: Any) -> None:
    for path in ("", "history", "about", "account", "result", "sample"):
        assert KOREAN.not_medical in minas.text(minas.open(path)), path


@pytest.mark.parametrize(("locale", "words"), [("ko-KR", KOREAN), ("en-US", ENGLISH)])
def test_the_language_is_the_browsers(tabs: Any, locale: str, words: Any) -> None:
    assert tabs.open(locale=locale).title[0].value == words.login.promise


def test_the_language_can_be_changed_and_the_choice_is_kept_in_the_browser(
    tabs: Any,
) -> None:
    page = tabs.open()

    page.segmented_control(key="language").select(Language.ENGLISH).run()

    assert page.title[0].value == ENGLISH.login.promise
    assert any("skin_notes_language=en" in element.value for element in page.html)


def test_a_wrong_password_is_told_in_a_sentence(tabs: Any, mina: User) -> None:
    page = tabs.open()
    page.text_input(key="login_id").set_value(mina.login_id)
    page.text_input(key="password").set_value("not the password")

    page.button(key="auth_submit").click().run()

    assert 'data-code="credentials_wrong"' in tabs.text(page)
    assert "/session/open" not in tabs.text(page)


def test_logging_in_leads_back_to_the_page_that_was_asked_for(tabs: Any, mina: User) -> None:
    page = tabs.open("result", id="abc")
    page.text_input(key="login_id").set_value(mina.login_id)
    page.text_input(key="password").set_value("spring river lamp")

    page.button(key="auth_submit").click().run()

    assert "/session/open?t=" in tabs.text(page)
    assert "next=%2Fresult%3Fid%3Dabc" in tabs.text(page)


def test_signing_up_makes_an_account_and_opens_a_session(tabs: Any, shared: Services) -> None:
    page = tabs.open()
    page.segmented_control(key="auth_mode").select("sign_up").run()
    page.text_input(key="login_id").set_value("jisoo")
    page.text_input(key="password").set_value("autumn hill bell")

    page.button(key="auth_submit").click().run()

    assert shared.accounts.log_in("jisoo", "autumn hill bell").login_id == "jisoo"
    assert "/session/open?t=" in tabs.text(page)


def test_why_a_sign_in_failed_on_its_way_is_told(tabs: Any) -> None:
    assert 'data-code="ticket_unusable"' in tabs.text(tabs.open(notice="ticket_unusable"))
    assert "sn-problem" not in tabs.text(tabs.open(notice="<script>"))


def test_a_photo_becomes_a_visit_and_its_result_is_shown_with_pictures(
    minas: Any, shared: Services, mina: User
) -> None:
    before = datetime.now(UTC)

    page = minas.check()

    assert not page.exception
    (visit,) = shared.repository.visits(mina.id)
    assert visit.taken_at >= before
    assert page.query_params["id"] == visit.id
    assert page.title[0].value == KOREAN.result.title
    assert minas.text(page).count("sn-score") == 5
    assert 'data-map="oil"' in minas.text(page)


def test_after_a_reload_the_numbers_are_there_and_the_picture_is_explained_away(
    minas: Any, shared: Services, mina: User
) -> None:
    minas.check()
    (visit,) = shared.repository.visits(mina.id)

    page = minas.open("result", id=visit.id)

    assert minas.text(page).count("sn-score") == 5
    assert "sn-no-picture" in minas.text(page)
    assert "data:image" not in minas.text(page)


def test_two_presses_for_one_photo_make_one_visit_and_one_analysis(
    minas: Any,
    shared: Services,
    mina: User,
    model_server: ServerWithAnswers,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # A second press is dealt with as if the first one had not left the page yet.
    monkeypatch.setattr(Memory, "finish_capture", lambda _memory: None)
    monkeypatch.setattr(st, "switch_page", lambda *_page, **_options: None)
    page = minas.choose_photo(minas.open())

    minas.analyse(page).run()
    page.run()

    assert shared.repository.count_visits(mina.id) == 1
    assert len(model_server.requests) == 1


def test_a_refused_photo_is_told_why_and_another_one_is_asked_for(
    minas: Any, shared: Services, mina: User, model_server: ServerWithAnswers
) -> None:
    model_server.answer(problem_answer("face_several", count=3), status=422)

    page = minas.check()

    assert 'data-code="face_several"' in minas.text(page)
    assert "얼굴이 3개 보여요." in minas.text(page)
    assert "analyse" not in minas.buttons(page)
    assert shared.repository.count_visits(mina.id) == 0


def test_when_the_server_is_away_the_photo_stays_and_can_be_tried_again(
    minas: Any, shared: Services, mina: User, model_server: ServerWithAnswers
) -> None:
    model_server.answer(b"Bad Gateway", status=502)
    page = minas.check()
    assert 'data-code="server_answer"' in minas.text(page)

    model_server.answer(analysis_answer())
    minas.analyse(page)

    assert shared.repository.count_visits(mina.id) == 1


def test_a_photo_that_should_be_taken_again_is_analysed_with_advice(
    minas: Any, model_server: ServerWithAnswers
) -> None:
    check = {"code": "sharpness", "severity": "serious", "advice_key": "hold_still"}
    quality = {"verdict": "retake", "score": 30, "checks": [check]}
    model_server.answer(analysis_answer(quality=quality))

    page = minas.check()

    assert KOREAN.advice["hold_still"] in minas.text(page)
    assert minas.text(page).count("sn-score") == 5


def test_the_sample_is_analysed_and_never_saved(
    minas: Any, shared: Services, mina: User, model_server: ServerWithAnswers
) -> None:
    page = minas.open("sample")
    page.segmented_control(key="map_attribute").select("wrinkle").run()

    assert minas.text(page).count("sn-score") == 5
    assert len(model_server.requests) == 1
    assert shared.repository.count_visits(mina.id) == 0


def test_another_persons_result_cannot_be_told_from_one_that_does_not_exist(
    minas: Any, shared: Services, mina: User
) -> None:
    stranger = shared.accounts.sign_up("stranger", "winter moon boat")
    theirs = save_visit(shared, stranger)

    refused = minas.text(minas.open("result", id=theirs.id))

    assert KOREAN.result.not_found in refused
    assert refused == minas.text(minas.open("result", id="nothing"))


def test_a_result_shows_the_check_before_it_as_hollow_dots(
    minas: Any, shared: Services, mina: User
) -> None:
    save_visit(shared, mina, day=0, grade=1)
    second = save_visit(shared, mina, day=7, grade=2)
    save_visit(shared, mina, day=9, grade=4)

    text = minas.text(minas.open("result", id=second.id))

    assert text.count('<div class="sn-before" style="left:25.0%">') == 5
    assert f"{KOREAN.result.before}: 2026.06.26 09:03" in text
    assert KOREAN.trend.other_model not in text


def test_a_result_says_that_other_networks_graded_the_check_before_it(
    minas: Any, shared: Services, mina: User
) -> None:
    save_visit(shared, mina, day=0)
    second = save_visit(shared, mina, day=7, version="2026.12.0")

    text = minas.text(minas.open("result", id=second.id))

    before = f"{KOREAN.result.before}: 2026.06.26 09:03. {KOREAN.trend.other_model}"
    assert before in text


def test_a_poor_photo_is_not_what_the_next_check_is_held_against(
    minas: Any, shared: Services, mina: User
) -> None:
    poor = save_visit(shared, mina, day=0, grade=4, verdict=Verdict.RETAKE)
    good = save_visit(shared, mina, day=1, grade=1)
    for day in (2, 3):
        save_visit(shared, mina, day=day, grade=4, verdict=Verdict.RETAKE)
    last = save_visit(shared, mina, day=4, grade=2)

    assert '<div class="sn-before" style="left:25.0%">' in minas.text(
        minas.open("result", id=last.id)
    )
    for first in (poor, good):
        assert "sn-before" not in minas.text(minas.open("result", id=first.id))


@pytest.mark.parametrize("verdict", [Verdict.USABLE, Verdict.RETAKE])
def test_the_result_of_a_poor_photo_says_that_it_does_not_count_and_asks_for_another(
    minas: Any, shared: Services, mina: User, verdict: Verdict
) -> None:
    visit = save_visit(shared, mina, verdict=verdict)
    page = minas.open("result", id=visit.id)
    is_poor = verdict is Verdict.RETAKE
    assert (KOREAN.result.not_counted in minas.text(page)) == is_poor
    assert page.button(key="retake").proto.type == ("primary" if is_poor else "secondary")
    assert page.button(key="see_trend").proto.type == ("secondary" if is_poor else "primary")


def test_logging_out_forgets_the_pictures_and_sends_the_browser_to_the_closing_route(
    minas: Any,
) -> None:
    minas.check()
    page = minas.open("account")

    page.button(key="log_out").click().run()

    assert "/session/close" in minas.text(page)
    assert page.session_state["skin_notes_memory"].analysed is None


def test_no_picture_goes_through_streamlits_public_media_addresses(minas: Any) -> None:
    page = minas.check()

    assert not page.image
    assert "/media/" not in minas.text(page)


def test_all_formats_the_server_reads_can_be_chosen() -> None:
    assert {"jpg", "png", "webp", "heic", "avif"} <= set(FILE_TYPES)
