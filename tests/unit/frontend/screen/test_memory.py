from __future__ import annotations

from frontend.analysis import parse_analysis
from frontend.client import ServerAwayError
from frontend.components.face_panel import Pictures
from frontend.memory import Memory
from tests.support.answers import analysis_answer

VERSION = "2026.11.0"
"""Of the made-up answer."""


def _memory_of_mina() -> Memory:
    memory = Memory()
    memory.belong_to("mina")
    memory.analysed = ("key", Pictures(parse_analysis(analysis_answer())))
    memory.visit_id = "visit"
    memory.refused = ("key", ServerAwayError("gone"))
    return memory


def test_pictures_are_found_by_their_request_and_by_their_visit_alone() -> None:
    memory = _memory_of_mina()

    assert memory.pictures_for("key") is not None
    assert memory.pictures_for("another key") is None
    assert memory.pictures_of("visit", version=VERSION) is not None
    assert memory.pictures_of("another visit", version=VERSION) is None


def test_pictures_go_with_the_grades_of_their_own_networks_alone() -> None:
    memory = _memory_of_mina()

    assert memory.pictures_of("visit", version="2026.12.0") is None


def test_the_next_person_finds_nothing_of_the_one_before() -> None:
    memory = _memory_of_mina()
    capture = memory.capture

    memory.belong_to("jisoo")

    assert memory.pictures_for("key") is None
    assert memory.pictures_of("visit", version=VERSION) is None
    assert memory.refusal_of("key") is None
    assert memory.capture > capture


def test_the_same_person_keeps_the_pictures() -> None:
    memory = _memory_of_mina()

    memory.belong_to("mina")

    assert memory.pictures_of("visit", version=VERSION) is not None


def test_a_refusal_counts_for_its_own_photo_alone() -> None:
    memory = _memory_of_mina()

    assert memory.refusal_of("key") is not None
    assert memory.refusal_of("another key") is None


def test_a_deleted_photo_is_forgotten_and_another_visits_is_not() -> None:
    memory = _memory_of_mina()

    memory.forget_pictures("another visit")
    assert memory.pictures_of("visit", version=VERSION) is not None

    memory.forget_pictures("visit")
    assert memory.pictures_of("visit", version=VERSION) is None
