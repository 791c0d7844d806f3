"""A note on a check: written, refused, held, and met by another one."""

from __future__ import annotations

from typing import Any

import pytest

from frontend.accounts import User
from frontend.components.history_table import note_html
from frontend.i18n import Language, catalogue
from frontend.services import Services
from tests.support.visits import save_visit

KOREAN = catalogue(Language.KOREAN)
HARMFUL = '<img src=x onerror=alert(1)> & "새 크림"\n둘째 줄'
AS_TEXT = "&lt;img src=x onerror=alert(1)&gt; &amp; &quot;새 크림&quot;\n둘째 줄"


def write_note(page: Any, visit_id: str, text: str) -> Any:
    page.text_area(key=f"note_{visit_id}").set_value(text)
    return page.button(key=f"note_save_{visit_id}").click().run()


def test_a_note_written_on_a_result_stands_in_the_history_as_text(
    minas: Any, shared: Services, mina: User
) -> None:
    visit = save_visit(shared, mina)
    page = write_note(minas.open("result", id=visit.id), visit.id, HARMFUL)
    assert not page.exception
    history = minas.open("history")
    assert AS_TEXT in minas.text(history)
    assert "<img src=x" not in minas.text(history)
    assert KOREAN.visit.note_key in minas.text(history)


def test_a_note_that_is_too_long_is_refused_in_a_sentence_and_stays_in_its_field(
    minas: Any, shared: Services, mina: User
) -> None:
    visit = save_visit(shared, mina)
    page = minas.open("result", id=visit.id)
    assert "500자까지" in minas.text(page)
    write_note(page, visit.id, "가" * 501)
    assert 'data-code="note_too_long"' in minas.text(page)
    assert page.text_area(key=f"note_{visit.id}").value == "가" * 501
    assert [other.note for other in shared.repository.visits(mina.id)] == [""]


def test_an_empty_note_is_not_called_saved_and_emptying_one_is(
    minas: Any, shared: Services, mina: User
) -> None:
    visit = save_visit(shared, mina)
    page = write_note(minas.open("result", id=visit.id), visit.id, " \n")
    assert KOREAN.visit.note_empty in minas.text(page)
    assert KOREAN.visit.note_saved not in minas.text(page)
    write_note(page, visit.id, "새 크림")
    write_note(page, visit.id, "")
    assert KOREAN.visit.note_saved in minas.text(page)
    assert [other.note for other in shared.repository.visits(mina.id)] == [""]


def test_without_a_note_there_is_no_line_for_it() -> None:
    assert note_html(KOREAN, "") == ""


def test_a_note_whose_saving_was_overtaken_by_another_press_stands_in_its_field(
    minas: Any, shared: Services, mina: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    visit = save_visit(shared, mina)
    page = minas.open("result", id=visit.id)
    with monkeypatch.context() as patched:
        patched.setattr("frontend.views.result.show_visit_actions", lambda *_, **__: None)
        write_note(page, visit.id, "긴 메모")

    page = minas.open("result", id=visit.id)
    assert page.text_area(key=f"note_{visit.id}").value == "긴 메모"
    assert KOREAN.visit.note_held in minas.text(page)


def test_a_note_on_a_check_deleted_elsewhere_is_told_and_comes_back_with_it(
    minas: Any, shared: Services, mina: User
) -> None:
    visit = save_visit(shared, mina)
    page = minas.open("result", id=visit.id)
    shared.repository.delete_visit(mina.id, visit.id)

    write_note(page, visit.id, "긴 메모")
    said = minas.text(page)
    assert KOREAN.result.not_found not in said
    assert KOREAN.visit.deleted.split("}")[1] in said
    page.button(key="undo_delete").click().run()
    assert not page.exception
    assert page.text_area(key=f"note_{visit.id}").value == "긴 메모"
    assert KOREAN.visit.note_held in minas.text(page)

    write_note(page, visit.id, "긴 메모")
    assert KOREAN.visit.note_held not in minas.text(page)
    (saved,) = shared.repository.visits(mina.id)
    assert saved.note == "긴 메모"


def test_a_note_on_a_check_deleted_for_good_elsewhere_is_told_so(
    minas: Any, shared: Services, mina: User
) -> None:
    visit = save_visit(shared, mina)
    page = minas.open("result", id=visit.id)
    shared.repository.delete_visit(mina.id, visit.id)
    shared.repository.forget_deleted(mina.id, visit.id)

    write_note(page, visit.id, "긴 메모")
    assert KOREAN.visit.gone in minas.text(page)
    assert KOREAN.result.not_found not in minas.text(page)


def test_of_two_notes_neither_is_lost_and_the_person_decides(
    minas: Any, shared: Services, mina: User
) -> None:
    visit = save_visit(shared, mina)
    one, two = (minas.open("result", id=visit.id) for _ in range(2))
    write_note(two, visit.id, HARMFUL)

    # Drawn anew for another reason, the page still tells of no other note.
    write_note(one.run(), visit.id, "새 로션")
    assert 'data-code="note_changed"' in minas.text(one)
    assert AS_TEXT in minas.text(one)
    assert KOREAN.visit.note_saved not in minas.text(one)
    assert one.text_area(key=f"note_{visit.id}").value == "새 로션"
    assert [each.note for each in shared.repository.visits(mina.id)] == [HARMFUL]
    assert shared.held_notes.text_of(mina.id, visit.id) == "새 로션"

    one.button(key=f"note_save_{visit.id}").click().run()
    assert KOREAN.visit.note_saved in minas.text(one)
    assert 'data-code="note_changed"' not in minas.text(one)
    assert [each.note for each in shared.repository.visits(mina.id)] == ["새 로션"]
    assert shared.held_notes.text_of(mina.id, visit.id) is None


def test_a_note_that_met_another_one_stands_beside_it_after_a_reload_too(
    minas: Any, shared: Services, mina: User
) -> None:
    visit = save_visit(shared, mina)
    page = minas.open("result", id=visit.id)
    shared.repository.write_note(mina.id, visit.id, HARMFUL)
    write_note(page, visit.id, "새 로션")

    page = minas.open("result", id=visit.id)
    assert page.text_area(key=f"note_{visit.id}").value == "새 로션"
    assert AS_TEXT in minas.text(page)
    shared.repository.write_note(mina.id, visit.id, "세 번째")
    assert "세 번째" in minas.text(page.run())
    page.button(key=f"note_save_{visit.id}").click().run()
    assert [each.note for each in shared.repository.visits(mina.id)] == ["새 로션"]


def test_a_note_in_the_dialog_of_a_row_does_not_overwrite_another_one_either(
    minas: Any, shared: Services, mina: User
) -> None:
    visit = save_visit(shared, mina)
    page = minas.open("history")
    page.button(key=f"more_{visit.id}").click().run()
    shared.repository.write_note(mina.id, visit.id, HARMFUL)
    page.text_area(key=f"note_{visit.id}").set_value("새 로션")
    minas.press_in_dialog(page, f"note_save_{visit.id}")
    assert 'data-code="note_changed"' in minas.text(page)
    assert AS_TEXT in minas.text(page)
    assert page.text_area(key=f"note_{visit.id}").value == "새 로션"

    minas.press_in_dialog(page, f"note_save_{visit.id}")
    assert [each.note for each in shared.repository.visits(mina.id)] == ["새 로션"]


def test_one_note_after_the_other_is_saved_on_one_page(
    minas: Any, shared: Services, mina: User
) -> None:
    visit = save_visit(shared, mina)
    page = minas.open("result", id=visit.id)
    for text in (" 새 크림\t", "새 로션", "", "감기"):
        write_note(page, visit.id, text)
        assert KOREAN.visit.note_saved in minas.text(page)
        (saved,) = shared.repository.visits(mina.id)
        assert saved.note == text.strip()


def test_a_held_note_that_is_emptied_is_gone(minas: Any, shared: Services, mina: User) -> None:
    visit = save_visit(shared, mina)
    shared.held_notes.hold(mina.id, visit.id, "긴 메모")
    page = minas.open("result", id=visit.id)
    assert page.text_area(key=f"note_{visit.id}").value == "긴 메모"

    write_note(page, visit.id, "")
    assert KOREAN.visit.note_empty in minas.text(page)
    page = minas.open("result", id=visit.id)
    assert page.text_area(key=f"note_{visit.id}").value == ""
    assert KOREAN.visit.note_held not in minas.text(page)


def test_what_nobody_typed_is_not_held_when_another_note_was_saved_elsewhere(
    minas: Any, shared: Services, mina: User
) -> None:
    visit = save_visit(shared, mina)
    page = minas.open("result", id=visit.id)
    shared.repository.write_note(mina.id, visit.id, "새 크림")
    minas.user = None
    page.run()
    assert shared.held_notes.text_of(mina.id, visit.id) is None


def test_a_row_deleted_elsewhere_says_so_with_undo_and_holds_its_note(
    minas: Any, shared: Services, mina: User
) -> None:
    visit = save_visit(shared, mina)
    save_visit(shared, mina, day=1)
    page = minas.open("history")
    page.button(key=f"more_{visit.id}").click().run()
    shared.repository.delete_visit(mina.id, visit.id)
    page.text_area(key=f"note_{visit.id}").set_value("긴 메모")
    minas.press_in_dialog(page, f"note_save_{visit.id}")

    assert KOREAN.visit.gone in minas.text(page)
    page.button(key="undo_delete").click().run()
    page.button(key=f"more_{visit.id}").click().run()
    assert page.text_area(key=f"note_{visit.id}").value == "긴 메모"


def test_a_note_typed_when_the_session_ended_elsewhere_waits_for_the_same_person(
    minas: Any, shared: Services, mina: User
) -> None:
    visit = save_visit(shared, mina)
    page = minas.open("result", id=visit.id)
    minas.user = None
    page.text_area(key=f"note_{visit.id}").set_value("긴 메모")
    page.button(key=f"note_save_{visit.id}").click().run()
    assert "긴 메모" not in minas.text(page)

    minas.user = mina
    again = minas.open("result", id=visit.id)
    assert again.text_area(key=f"note_{visit.id}").value == "긴 메모"
    assert KOREAN.visit.note_held in minas.text(again)
    other = shared.accounts.sign_up("jun", "winter river lamp")
    assert shared.held_notes.text_of(other.id, visit.id) is None


def test_logging_out_on_the_page_itself_holds_nothing(
    minas: Any, shared: Services, mina: User
) -> None:
    visit = save_visit(shared, mina)
    page = minas.open("account")
    page.button(key="log_out").click().run()
    minas.user = None
    page.run()
    assert shared.held_notes.text_of(mina.id, visit.id) is None
