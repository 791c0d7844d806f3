"""What an open page remembers: the language, and the pictures of the last analysis.

It lives in Streamlit's session, in this process's memory, and ends with it: a reload or logging
out forgets it. Nothing of it is ever written anywhere.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import streamlit as st

from frontend.client import ServerError
from frontend.components.face_panel import Pictures
from frontend.i18n import Language

_KEY: Final = "skin_notes_memory"


@dataclass(slots=True)
class Memory:
    """What one open page remembers.

    Attributes:
        owner: ID of the person it belongs to, or None for a visitor.
        language: The language the person chose on this page, or None for the browser's.
        capture: Counts the photos that were dealt with; a new number clears the widgets.
        analysed: The last analysis and the request key it was made for, or None.
        refused: Request key of the photo that could not be analysed last, and why, or None.
        visit_id: The visit that `analysed` was saved as, or None.
        sample: Pictures of the sample face, or None before it was analysed.
    """

    owner: str | None = None
    language: Language | None = None
    capture: int = 0
    analysed: tuple[str, Pictures] | None = None
    refused: tuple[str, ServerError] | None = None
    visit_id: str | None = None
    sample: Pictures | None = None

    def pictures_for(self, request_key: str) -> Pictures | None:
        """The pictures already made for this request, or None."""
        if self.analysed is None or self.analysed[0] != request_key:
            return None
        return self.analysed[1]

    def refusal_of(self, request_key: str) -> ServerError | None:
        """Why this request's photo could not be analysed, or None."""
        if self.refused is None or self.refused[0] != request_key:
            return None
        return self.refused[1]

    def pictures_of(self, visit_id: str) -> Pictures | None:
        """The pictures of a visit, if it is the one just made."""
        return None if self.analysed is None or self.visit_id != visit_id else self.analysed[1]

    def finish_capture(self) -> None:
        """Have new, empty widgets for the next photo."""
        self.capture += 1

    def belong_to(self, owner: str | None) -> None:
        """Forget the pictures of one person before another one looks."""
        if self.owner != owner:
            self.owner = owner
            self.analysed = None
            self.refused = None
            self.visit_id = None
            self.finish_capture()


def open_memory() -> Memory:
    """The memory of the page that is being drawn."""
    memory = st.session_state.get(_KEY)
    if not isinstance(memory, Memory):
        memory = Memory()
        st.session_state[_KEY] = memory
    return memory
