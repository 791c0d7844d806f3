"""Keeping photos on the screen: the switch, what the pages promise, and deleting."""

from __future__ import annotations

from typing import Any

import pytest
import streamlit as st
from sqlalchemy.exc import OperationalError
from streamlit.testing.v1 import AppTest
from streamlit.util import calc_hash

from frontend import visitor
from frontend.accounts import User
from frontend.analysis import parse_analysis
from frontend.components.face_panel import Pictures
from frontend.errors import PhotoKeyUnusableError
from frontend.i18n import Language, catalogue
from frontend.kept_photos import KeptPhotos
from frontend.photo_keys import PhotoKeys, new_photo_key, parse_photo_keys
from frontend.photo_store import open_photo_store
from frontend.services import Services
from frontend.store import Visit
from tests.support.answers import analysis_answer
from tests.support.visits import save_visit

KOREAN = catalogue(Language.KOREAN)


def _links(page: AppTest) -> list[str]:
    return [link.proto.label for link in page.get("page_link")]


def _other_keys(
    monkeypatch: pytest.MonkeyPatch, shared: Services, key: PhotoKeys | PhotoKeyUnusableError
) -> None:
    store = open_photo_store(None, database_url=shared.settings.database_url)
    kept = KeptPhotos(shared.engine, key, store)
    for name in ("pictures_of", "has", "is_on", "forget", "count", "switch", "problem"):
        monkeypatch.setattr(shared.kept_photos, name, getattr(kept, name), raising=False)


def test_the_switch_is_off_at_first_and_says_what_it_does(minas: Any) -> None:
    page = minas.open("account")

    assert not page.exception
    assert page.toggle(key="keep_photos").value is False
    assert KOREAN.keeping.explanation in minas.text(page)
    assert KOREAN.keeping.none in minas.text(page)
    assert "delete_photos" not in minas.buttons(page)


def test_what_the_check_page_says_of_the_photo_follows_the_switch(
    minas: Any, shared: Services, mina: User
) -> None:
    assert KOREAN.check.not_kept in minas.text(minas.open())

    account = minas.open("account").toggle(key="keep_photos").set_value(True).run()

    assert shared.kept_photos.is_on(mina.id)
    assert KOREAN.keeping.none_yet in minas.text(account)
    text = minas.text(minas.open())
    assert KOREAN.keeping.promise in text
    assert KOREAN.check.not_kept not in text


def test_after_a_reload_a_kept_photo_is_shown_as_an_earlier_one_with_its_maps(
    minas: Any, shared: Services, mina: User
) -> None:
    shared.kept_photos.switch(mina.id, True)
    minas.check()
    (visit,) = shared.repository.visits(mina.id)

    page = minas.open("result", id=visit.id)

    text = minas.text(page)
    assert page.title[0].value == KOREAN.result.title_earlier
    assert 'data-map="oil"' in text
    # The face, its map, and the five maps side by side.
    assert text.count("data:image") == 3
    assert "/media/" not in text
    assert "sn-no-picture" not in text
    assert KOREAN.keeping.kept_here in text
    assert KOREAN.keeping.not_kept_here not in text
    assert KOREAN.keeping.to_setting not in _links(page)


def map_view(page: AppTest) -> Any:
    (view,) = (group for group in page.button_group if group.key == "map_view")
    return view


def kept_visit_of(shared: Services, user: User) -> Visit:
    shared.kept_photos.switch(user.id, True)
    visit = save_visit(shared, user)
    shared.kept_photos.keep(user.id, visit.id, Pictures(parse_analysis(analysis_answer())))
    return visit


def test_the_panel_of_a_kept_photo_asks_who_is_signed_in_when_it_is_drawn_alone(
    minas: Any, shared: Services, mina: User
) -> None:
    page = minas.open("result", id=kept_visit_of(shared, mina).id)
    minas.run_piece(page, map_view(page).set_value("photo"))
    assert 'data-map=""' in minas.text(page)
    minas.run_piece(page, map_view(page).set_value("map"))
    assert 'data-map="oil"' in minas.text(page)

    # Logged out everywhere, on another device.
    minas.user = None
    minas.run_piece(page, map_view(page).set_value("photo"))

    assert not page.exception
    assert "auth_submit" in minas.buttons(page)
    assert "data-map" not in minas.text(page)


def test_the_panel_of_the_sample_asks_nobody(tabs: Any) -> None:
    page = tabs.open("sample")
    tabs.run_piece(page, map_view(page).set_value("photo"))
    assert 'data-map=""' in tabs.text(page)


def test_a_database_that_fails_is_told_where_the_panel_is_drawn_alone(
    minas: Any, shared: Services, mina: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = minas.open("result", id=kept_visit_of(shared, mina).id)
    view = map_view(page).set_value("photo")

    def fail(_sessions: object) -> None:
        raise OperationalError("SELECT", {}, Exception("database is locked"))

    monkeypatch.setattr(visitor, "current_user", fail)
    minas.run_piece(page, view)

    assert not page.exception
    assert 'data-code="database_unusable"' in minas.text(page)


def test_a_fresh_picture_that_is_not_kept_says_so_and_both_times_the_switch_is_near(
    minas: Any, shared: Services, mina: User
) -> None:
    fresh = minas.check()
    assert KOREAN.keeping.not_kept_here in minas.text(fresh)
    assert KOREAN.keeping.to_setting in _links(fresh)
    (visit,) = shared.repository.visits(mina.id)

    gone = minas.open("result", id=visit.id)

    assert KOREAN.keeping.not_kept_here not in minas.text(gone)
    assert KOREAN.keeping.to_setting in _links(gone)


def test_a_visit_of_before_the_switch_has_no_photo_and_nothing_to_delete(
    minas: Any, shared: Services, mina: User
) -> None:
    earlier = save_visit(shared, mina)
    shared.kept_photos.switch(mina.id, True)

    page = minas.open("result", id=earlier.id)

    assert "sn-no-picture" in minas.text(page)
    assert "delete_photo" not in minas.buttons(page)


def test_nothing_is_kept_that_the_page_said_would_not_be(
    minas: Any, shared: Services, mina: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Another tab switches on while this one analyses.
    page = minas.choose_photo(minas.open())
    save = shared.repository.save_visit

    def switched_meanwhile(*args: Any, **options: Any) -> Any:
        shared.kept_photos.switch(mina.id, True)
        return save(*args, **options)

    monkeypatch.setattr(shared.repository, "save_visit", switched_meanwhile)
    page.button(key="analyse").click().run()

    assert shared.repository.count_visits(mina.id) == 1
    assert shared.kept_photos.count(mina.id) == 0


def test_nothing_is_kept_that_was_switched_off_while_it_was_analysed(
    minas: Any, shared: Services, mina: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    shared.kept_photos.switch(mina.id, True)
    page = minas.choose_photo(minas.open())
    save = shared.repository.save_visit

    def switched_meanwhile(*args: Any, **options: Any) -> Any:
        shared.kept_photos.switch(mina.id, False)
        return save(*args, **options)

    monkeypatch.setattr(shared.repository, "save_visit", switched_meanwhile)
    page.button(key="analyse").click().run()

    assert shared.repository.count_visits(mina.id) == 1
    assert shared.kept_photos.count(mina.id) == 0


def test_one_photo_is_deleted_after_a_question_and_its_grades_stay(
    minas: Any, shared: Services, mina: User
) -> None:
    shared.kept_photos.switch(mina.id, True)
    page = minas.check()
    (visit,) = shared.repository.visits(mina.id)
    # AppTest went to the result for one run alone.
    page._page_hash = calc_hash("result")

    page.run().button(key="delete_photo").click().run()
    assert 'data-map="oil"' in minas.text(page)
    assert shared.kept_photos.count(mina.id) == 1
    page.button(key="ask_delete_photo_confirm").click().run()

    assert shared.kept_photos.count(mina.id) == 0
    # The fresh result forgets it as well: deleted is deleted.
    assert "sn-no-picture" in minas.text(page)
    assert minas.text(page).count("sn-score") == 5
    assert shared.repository.visit(mina.id, visit.id) == visit


def test_all_photos_are_deleted_after_a_question_and_later_ones_are_kept(
    minas: Any, shared: Services, mina: User
) -> None:
    shared.kept_photos.switch(mina.id, True)
    minas.check()
    minas.check()
    page = minas.open("account")
    assert 'data-kept="2"' in minas.text(page)

    page.button(key="delete_photos").click().run()
    page.button(key="ask_delete_photos_confirm").click().run()

    assert shared.kept_photos.count(mina.id) == 0
    assert shared.kept_photos.is_on(mina.id)
    assert KOREAN.keeping.deleted in minas.text(page)
    assert shared.repository.count_visits(mina.id) == 2


def test_switching_off_asks_first_where_photos_would_go(
    minas: Any, shared: Services, mina: User
) -> None:
    shared.kept_photos.switch(mina.id, True)
    minas.check()
    page = minas.open("account")

    page.toggle(key="keep_photos").set_value(False).run()
    assert page.toggle(key="keep_photos").value is True
    page.button(key="ask_keep_photos_stop_cancel").click().run()
    assert (shared.kept_photos.is_on(mina.id), shared.kept_photos.count(mina.id)) == (True, 1)

    page.toggle(key="keep_photos").set_value(False).run()
    page.button(key="ask_keep_photos_stop_confirm").click().run()
    assert (shared.kept_photos.is_on(mina.id), shared.kept_photos.count(mina.id)) == (False, 0)
    assert page.toggle(key="keep_photos").value is False


def test_switching_off_without_photos_needs_no_question(
    minas: Any, shared: Services, mina: User
) -> None:
    shared.kept_photos.switch(mina.id, True)
    page = minas.open("account")

    page.toggle(key="keep_photos").set_value(False).run()

    assert not shared.kept_photos.is_on(mina.id)


def test_without_a_key_the_switch_cannot_be_moved_and_says_why(
    minas: Any, shared: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    _other_keys(monkeypatch, shared, PhotoKeyUnusableError("none", reason="missing"))

    page = minas.open("account")

    assert page.toggle(key="keep_photos").disabled
    assert 'data-code="photo_key_unusable"' in minas.text(page)
    assert "SKINXAI_PHOTO_KEY" in minas.text(page)


def test_a_photo_of_a_lost_key_is_a_sentence_and_its_grades_stay(
    minas: Any, shared: Services, mina: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    shared.kept_photos.switch(mina.id, True)
    minas.check()
    (visit,) = shared.repository.visits(mina.id)
    _other_keys(monkeypatch, shared, parse_photo_keys(new_photo_key()))

    page = minas.open("result", id=visit.id)

    assert not page.exception
    assert 'data-code="kept_photo_unreadable"' in minas.text(page)
    assert minas.text(page).count("sn-score") == 5
    page.button(key="delete_photo").click().run()
    page.button(key="ask_delete_photo_confirm").click().run()
    assert shared.kept_photos.count(mina.id) == 0


def test_another_persons_kept_photo_is_as_unknown_as_their_result(
    minas: Any, shared: Services, mina: User
) -> None:
    shared.kept_photos.switch(mina.id, True)
    minas.check()
    (visit,) = shared.repository.visits(mina.id)
    minas.user = shared.accounts.sign_up("stranger", "winter moon boat")

    text = minas.text(minas.open("result", id=visit.id))

    assert KOREAN.result.not_found in text
    assert "data:image" not in text


def test_the_page_never_hands_a_kept_photo_to_streamlits_media(
    minas: Any, shared: Services, mina: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    shared.kept_photos.switch(mina.id, True)
    minas.check()
    (visit,) = shared.repository.visits(mina.id)
    monkeypatch.setattr(st, "image", pytest.fail)

    assert not minas.open("result", id=visit.id).image
