"""What somebody had typed as a note when another tab came in between."""

from __future__ import annotations

import streamlit as st

from frontend.services import Services

_PREFIX = "note_"


def note_key(visit_id: str) -> str:
    """Key of the field for the note on a visit."""
    return f"{_PREFIX}{visit_id}"


def save_key(visit_id: str) -> str:
    """Key of the button that saves the note on a visit."""
    return f"{_PREFIX}save_{visit_id}"


def is_note_sent(visit_id: str) -> bool:
    """Whether this run was asked for by the button that saves the note."""
    return bool(st.session_state.get(save_key(visit_id), False))


def typed_note(visit_id: str) -> str | None:
    """What stands in the field for the note, while the page still has it; None without one."""
    text = st.session_state.get(note_key(visit_id))
    return text if isinstance(text, str) else None


def hold_typed_notes(shared: Services, owner: str) -> None:
    """Hold what the page's fields say and the database does not.

    Args:
        shared: The services.
        owner: ID of the person who was signed in on this page until now.
    """
    for key in st.session_state:
        visit_id = str(key).removeprefix(_PREFIX)
        text = typed_note(visit_id)
        if text is None:
            continue
        visit = shared.repository.visit(owner, visit_id)
        if text.strip() != ("" if visit is None else visit.note):
            shared.held_notes.hold(owner, visit_id, text)
