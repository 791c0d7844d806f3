"""Deleting with undo, and files, on the pages of the history and of one result."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy.exc import OperationalError

from frontend.accounts import User
from frontend.i18n import Language, catalogue
from frontend.services import Services
from frontend.store import Repository
from tests.support.visits import save_visit

KOREAN = catalogue(Language.KOREAN)


def test_a_row_opens_what_can_be_done_with_its_check(
    minas: Any, shared: Services, mina: User
) -> None:
    visit, other = (save_visit(shared, mina, day=day) for day in range(2))
    page = minas.open("history")
    assert not page.text_area
    page.button(key=f"more_{visit.id}").click().run()
    assert page.text_area(key=f"note_{visit.id}")
    keys = {button.key for button in page.button}
    assert f"delete_{visit.id}" in keys
    assert f"delete_{other.id}" not in keys


def test_deleting_a_check_can_be_undone(minas: Any, shared: Services, mina: User) -> None:
    visit = save_visit(shared, mina)
    save_visit(shared, mina, day=1)
    page = minas.open("result", id=visit.id)
    page.button(key=f"delete_{visit.id}").click().run()
    assert shared.repository.count_visits(mina.id) == 1
    deleted = minas.text(minas.open("result", id=visit.id))
    assert "2026.06.26 09:03 측정을 지웠어요" in deleted
    assert KOREAN.result.not_found not in deleted

    history = minas.open("history")
    assert "2026.06.26 09:03 측정을 지웠어요" in minas.text(history)
    history.button(key="undo_delete").click().run()
    assert shared.repository.count_visits(mina.id) == 2
    assert "undo_delete" not in {button.key for button in history.button}


def test_deleting_from_a_row_leaves_the_history_where_it_is(
    minas: Any, shared: Services, mina: User
) -> None:
    visits = [save_visit(shared, mina, day=day) for day in range(12)]
    address = {"attribute": "wrinkle", "page": "2"}
    page = minas.open("history", **address)
    page.button(key=f"more_{visits[0].id}").click().run()
    minas.press_in_dialog(page, f"delete_{visits[0].id}")
    assert KOREAN.visit.deleted.format(date="2026.06.26 09:03") in minas.text(page)
    assert dict(page.query_params) == address
    assert not page.text_area


def test_the_last_check_can_be_brought_back_to_an_empty_history(
    minas: Any, shared: Services, mina: User
) -> None:
    visit = save_visit(shared, mina)
    shared.repository.delete_visit(mina.id, visit.id)
    page = minas.open("history")
    assert KOREAN.history.empty in minas.text(page)
    page.button(key="undo_delete").click().run()
    assert KOREAN.history.empty not in minas.text(page)
    assert minas.text(page).count("sn-cell ") == 5


def test_a_deleted_check_can_be_removed_for_good_at_once(
    minas: Any, shared: Services, mina: User
) -> None:
    visit = save_visit(shared, mina)
    shared.repository.delete_visit(mina.id, visit.id)
    page = minas.open("history")
    page.button(key="forget_deleted").click().run()
    assert shared.repository.recently_deleted(mina.id) == []
    assert not shared.repository.restore_visit(mina.id, visit.id)
    assert "undo_delete" not in {button.key for button in page.button}


def test_undo_in_two_tabs_is_no_error(minas: Any, shared: Services, mina: User) -> None:
    visit = save_visit(shared, mina)
    shared.repository.delete_visit(mina.id, visit.id)
    first, second = minas.open("history"), minas.open("history")
    for page in (first, second):
        page.button(key="undo_delete").click().run()
        assert not page.exception
    assert shared.repository.count_visits(mina.id) == 1


def fail(*_arguments: object, **_options: object) -> None:
    raise OperationalError("UPDATE", {}, Exception("database is locked"))


@pytest.mark.parametrize("key", ["undo_delete", "forget_deleted"])
def test_who_was_logged_out_elsewhere_neither_undoes_nor_deletes_for_good(
    minas: Any, shared: Services, mina: User, key: str
) -> None:
    visit = save_visit(shared, mina)
    shared.repository.delete_visit(mina.id, visit.id)
    page = minas.open("history")
    minas.user = None
    page.button(key=key).click().run()
    assert [each.visit for each in shared.repository.recently_deleted(mina.id)] == [visit]
    # Nor does the press count for whoever comes next.
    minas.user = mina
    page.run()
    assert [each.visit for each in shared.repository.recently_deleted(mina.id)] == [visit]


@pytest.mark.parametrize(
    ("key", "method"), [("undo_delete", "restore_visit"), ("forget_deleted", "forget_deleted")]
)
def test_a_database_that_fails_is_told_where_the_bar_is_pressed(
    minas: Any, shared: Services, mina: User, monkeypatch: pytest.MonkeyPatch, key: str, method: str
) -> None:
    visit = save_visit(shared, mina)
    shared.repository.delete_visit(mina.id, visit.id)
    page = minas.open("history")
    with monkeypatch.context() as patched:
        patched.setattr(Repository, method, fail)
        page.button(key=key).click().run()
    assert not page.exception
    assert 'data-code="database_unusable"' in minas.text(page)
    # It is not made up for later, when nobody expects it any more.
    page.run()
    assert [each.visit for each in shared.repository.recently_deleted(mina.id)] == [visit]


def test_undo_brings_back_the_check_that_the_bar_named(
    minas: Any, shared: Services, mina: User
) -> None:
    named, other = (save_visit(shared, mina, day=day) for day in range(2))
    shared.repository.delete_visit(mina.id, named.id)
    page = minas.open("history")
    shared.repository.delete_visit(mina.id, other.id)
    page.button(key="undo_delete").click().run()
    assert shared.repository.visits(mina.id) == [named]
    assert "2026.06.26 09:03 측정을 되돌렸어요" in minas.text(page)
    assert "2026.06.27 09:03 측정을 지웠어요" in minas.text(page)


@pytest.mark.parametrize(
    ("button", "method"), [("note_save", "write_note"), ("delete", "delete_visit")]
)
def test_a_database_that_fails_is_told_in_the_dialog_of_a_row(
    minas: Any, shared: Services, mina: User, monkeypatch: pytest.MonkeyPatch, button: str,
    method: str,
) -> None:  # fmt: skip
    visit = save_visit(shared, mina)
    page = minas.open("history")
    page.button(key=f"more_{visit.id}").click().run()
    page.text_area(key=f"note_{visit.id}").set_value("새 크림")
    monkeypatch.setattr(Repository, method, fail)
    minas.press_in_dialog(page, f"{button}_{visit.id}")
    assert not page.exception
    assert 'data-code="database_unusable"' in minas.text(page)


def test_the_history_and_a_result_link_to_their_files(
    minas: Any, shared: Services, mina: User
) -> None:
    visit = save_visit(shared, mina)
    history, result = minas.open("history"), minas.open("result", id=visit.id)
    for address in (
        "/export/history.csv?zone=Asia%2FSeoul",
        "/export/history.json?zone=Asia%2FSeoul",
        "/export/history.pdf?lang=ko&amp;zone=Asia%2FSeoul",
    ):
        assert f'href="{address}" download' in minas.text(history)
    own = f"/export/visit.pdf?lang=ko&amp;zone=Asia%2FSeoul&amp;id={visit.id}"
    assert f'href="{own}" download' in minas.text(result)
