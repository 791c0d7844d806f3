"""Notes on visits: any text goes in, none of it does harm."""

from __future__ import annotations

import unicodedata

import pytest

from frontend.accounts import User
from frontend.errors import NoteTooLongError
from frontend.store import Repository
from frontend.store.notes import tidy_note
from frontend.store.tables import NOTE_LENGTH
from tests.unit.frontend.data.test_repository import new_visit

HARMLESS = [
    "새 크림 — 'Cica' \"x\" & <b>굵게</b>",
    "Robert'); DROP TABLE visits;--",
    '=HYPERLINK("http://x")',
    "<script>alert(1)</script>",
    "두 줄\n메모",
    "👩🏽‍🔬 漢字 é",
    "%s {0} ${x} \\n",
]


@pytest.mark.parametrize("text", HARMLESS)
def test_any_text_comes_back_as_it_was_written(
    repository: Repository, minji: User, text: str
) -> None:
    visit = repository.save_visit(minji.id, new_visit())
    assert visit.note == ""
    assert repository.write_note(minji.id, visit.id, text) is True
    found = repository.visit(minji.id, visit.id)
    assert found is not None
    assert found.note == text
    assert [other.note for other in repository.visits(minji.id)] == [text]


def test_a_note_can_be_replaced_and_taken_away(repository: Repository, minji: User) -> None:
    visit = repository.save_visit(minji.id, new_visit())
    for text in ("cold", "new cream", ""):
        repository.write_note(minji.id, visit.id, text)
        found = repository.visit(minji.id, visit.id)
        assert found is not None
        assert found.note == text


def test_a_note_replaces_the_one_that_was_seen_and_no_other_that_came_meanwhile(
    repository: Repository, minji: User
) -> None:
    visit = repository.save_visit(minji.id, new_visit())
    assert repository.write_note(minji.id, visit.id, "from the phone", seen="")
    assert not repository.write_note(minji.id, visit.id, "from the laptop", seen="")
    assert [each.note for each in repository.visits(minji.id)] == ["from the phone"]

    # What is there already, or is nothing, cannot be lost.
    assert repository.write_note(minji.id, visit.id, " from the phone\n", seen="")
    assert repository.write_note(minji.id, visit.id, "", seen="from the phone")
    assert repository.write_note(minji.id, visit.id, "from the laptop", seen="from the phone")
    assert [each.note for each in repository.visits(minji.id)] == ["from the laptop"]


def test_nobody_writes_on_another_persons_visit(
    repository: Repository, minji: User, jisoo: User
) -> None:
    visit = repository.save_visit(minji.id, new_visit())
    assert repository.write_note(jisoo.id, visit.id, "mine") is False
    assert repository.write_note(minji.id, "0" * 32, "mine") is False
    assert repository.visits(minji.id) == [visit]


def test_a_deleted_visit_takes_no_note(repository: Repository, minji: User) -> None:
    visit = repository.save_visit(minji.id, new_visit())
    repository.delete_visit(minji.id, visit.id)
    assert repository.write_note(minji.id, visit.id, "late") is False
    repository.restore_visit(minji.id, visit.id)
    assert repository.visits(minji.id) == [visit]


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("a\x00b\x07c\x1b[31md\x7fe\x9ff", "abc[31mdef"),
        ("one\r\ntwo\rthree", "one\ntwo\nthree"),
        ("a\tb", "a b"),
        ("\u202eabc\u2066d\ufeff", "abcd"),
        ("half \ud800 pair", "half  pair"),
        ("\n\n a \n\n\n\n b \n", "a\n\nb"),
        ("   \n\t ", ""),
    ],
)
def test_what_no_note_needs_is_left_out(text: str, kept: str) -> None:
    assert tidy_note(text) == kept


def test_hangul_from_a_mac_is_composed() -> None:
    assert tidy_note(unicodedata.normalize("NFD", "한글")) == "한글"


def test_a_note_has_at_most_500_characters_after_tidying() -> None:
    assert NOTE_LENGTH == 500
    assert len(tidy_note("가" * 500 + "\x00\n")) == 500
    with pytest.raises(NoteTooLongError) as refused:
        tidy_note("가" * 501)
    assert refused.value.params == {"maximum": 500}


def test_a_note_that_is_too_long_leaves_the_one_before(repository: Repository, minji: User) -> None:
    visit = repository.save_visit(minji.id, new_visit())
    repository.write_note(minji.id, visit.id, "short")
    with pytest.raises(NoteTooLongError):
        repository.write_note(minji.id, visit.id, "x" * 10_000)
    assert [other.note for other in repository.visits(minji.id)] == ["short"]
