"""Notes that could not be saved: whose they are, and for how long."""

from __future__ import annotations

from typing import Any

import pytest

from frontend import held_notes
from frontend.held_notes import HELD_FOR, HeldNotes


def test_a_note_is_held_for_whoever_typed_it_alone(clock: Any) -> None:
    held = HeldNotes(now=clock)
    held.hold("mina", "visit", "새 크림")
    assert held.text_of("mina", "visit") == "새 크림"
    assert held.text_of("jun", "visit") is None
    assert held.text_of("mina", "other") is None


def test_a_saved_note_is_held_no_longer_and_any_only_for_half_an_hour(clock: Any) -> None:
    held = HeldNotes(now=clock)
    for visit_id in ("saved", "left"):
        held.hold("mina", visit_id, "…")
    held.drop("mina", "saved")
    assert held.text_of("mina", "saved") is None
    assert held.text_of("mina", "left") == "…"
    clock.advance(by=HELD_FOR)
    assert held.text_of("mina", "left") is None


def test_too_many_notes_push_out_the_oldest(clock: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(held_notes, "_MOST", 2)
    held = HeldNotes(now=clock)
    for visit_id in ("a", "b", "a", "c"):
        held.hold("mina", visit_id, "…")
    assert [held.text_of("mina", visit_id) for visit_id in "abc"] == ["…", None, "…"]
