"""What the pages say while the place of kept photos cannot be reached."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy.exc import OperationalError

from frontend.accounts import CredentialsWrongError, User
from frontend.analysis import parse_analysis
from frontend.components.face_panel import Pictures
from frontend.cookie_routes import close_path
from frontend.errors import PhotoStoreUnusableError
from frontend.i18n import Language, catalogue
from frontend.photo_store import PhotoStore
from frontend.services import Services
from frontend.store import Visit
from frontend.store.erasing import Eraser
from tests.support.answers import analysis_answer
from tests.support.visits import save_visit

KOREAN = catalogue(Language.KOREAN)


def _kept_visit(shared: Services, mina: User) -> Visit:
    shared.kept_photos.switch(mina.id, True)
    visit = save_visit(shared, mina)
    pictures = Pictures(parse_analysis(analysis_answer()))
    assert shared.kept_photos.keep(mina.id, visit.id, pictures)
    return visit


def _take_store_away(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> Any:
        raise PhotoStoreUnusableError("no answer", reason="away")

    for name in ("put", "get", "erase"):
        monkeypatch.setattr(PhotoStore, name, fail)


def test_while_the_store_is_away_a_check_is_saved_and_told_that_its_photo_is_not_kept(
    minas: Any, shared: Services, mina: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    shared.kept_photos.switch(mina.id, True)
    with monkeypatch.context() as meanwhile:
        _take_store_away(meanwhile)
        page = minas.check()

    text = minas.text(page)
    assert 'data-code="photo_store_unusable"' in text
    assert KOREAN.problems["photo_store_unusable.not_kept"].what in text
    assert text.count("sn-score") == 5
    assert 'data-map="oil"' in text
    (visit,) = shared.repository.visits(mina.id)
    assert not shared.kept_photos.has(mina.id, visit.id)


def test_while_the_store_is_away_a_kept_photo_is_a_sentence_and_its_grades_stay(
    minas: Any, shared: Services, mina: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    visit = _kept_visit(shared, mina)
    with monkeypatch.context() as meanwhile:
        _take_store_away(meanwhile)
        text = minas.text(minas.open("result", id=visit.id))

    assert KOREAN.problems["photo_store_unusable.away"].what in text
    assert text.count("sn-score") == 5
    assert shared.kept_photos.pictures_of(mina.id, visit.id) is not None


def test_photos_deleted_while_the_store_is_away_are_said_to_be_erased_later(
    minas: Any, shared: Services, mina: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    _kept_visit(shared, mina)
    page = minas.open("account")
    page.button(key="delete_photos").click().run()
    with monkeypatch.context() as meanwhile:
        _take_store_away(meanwhile)
        page.button(key="ask_delete_photos_confirm").click().run()

    assert KOREAN.keeping.deleted_later in minas.text(page)
    assert (shared.kept_photos.count(mina.id), shared.kept_photos.erase.left()) == (0, 1)
    assert shared.kept_photos.erase() == 1


def delete_account(minas: Any) -> str:
    """Delete Mina's account; gives what the page then says and does."""
    page = minas.open("account")
    page.button(key="delete_account").click().run()
    page.text_input(key="delete_password").set_value("spring river lamp")
    return str(minas.text(minas.press_in_dialog(page, "delete_confirm")))


def test_an_account_deleted_while_the_store_is_away_is_said_to_leave_photos_for_later(
    minas: Any, shared: Services, mina: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    _kept_visit(shared, mina)
    with monkeypatch.context() as meanwhile:
        _take_store_away(meanwhile)
        told = delete_account(minas)

    assert f'"{close_path(notice="account_deleted_later")}"' in told
    assert shared.kept_photos.erase() == 1


def test_an_account_deleted_before_the_database_failed_is_said_to_be_deleted(
    minas: Any, shared: Services, mina: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_eraser: Eraser) -> int:
        raise OperationalError("SELECT", {}, Exception("database is locked"))

    monkeypatch.setattr(Eraser, "left", fail)
    assert f'"{close_path(notice="account_deleted_later")}"' in delete_account(minas)
    with pytest.raises(CredentialsWrongError):
        shared.accounts.log_in(mina.login_id, "spring river lamp")


def test_an_account_deleted_with_its_photos_leaves_nothing_for_later(
    minas: Any, shared: Services, mina: User
) -> None:
    _kept_visit(shared, mina)
    assert f'"{close_path(notice="account_deleted")}"' in delete_account(minas)
    assert shared.kept_photos.erase.left() == 0


def test_without_a_store_the_switch_cannot_be_moved_and_says_why(
    minas: Any, shared: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    missing = PhotoStoreUnusableError("none", reason="missing")
    monkeypatch.setattr(shared.kept_photos, "problem", missing)

    page = minas.open("account")

    assert page.toggle(key="keep_photos").disabled
    assert 'data-code="photo_store_unusable"' in minas.text(page)
    assert "SKINXAI_PHOTO_STORE" in minas.text(page)
