"""What somebody had typed as a note when another tab came in between."""

from __future__ import annotations

import streamlit as st

from frontend.services import Services
from frontend.store import Visit

_PREFIX = "note_"
_SEEN_PREFIX = "seen_note_"


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


def seen_note(visit: Visit) -> str:
    """The note that stood on the visit when its field was drawn first, or was told of since.

    To be asked before the field is drawn: one that the page did not have until now begins with
    the note that stands there now.
    """
    place = _SEEN_PREFIX + visit.id
    if place not in st.session_state or note_key(visit.id) not in st.session_state:
        st.session_state[place] = visit.note
    return str(st.session_state[place])


def tell_note(visit_id: str, note: str) -> None:
    """Remember that the page tells of this note, in place of the one that it told of before."""
    st.session_state[_SEEN_PREFIX + visit_id] = note


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
        seen = st.session_state.get(_SEEN_PREFIX + visit_id)
        if text.strip() not in {seen, "" if visit is None else visit.note}:
            shared.held_notes.hold(owner, visit_id, text)
