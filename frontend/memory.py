"""What an open page remembers: the language, and the pictures of the last analysis.

It lives in Streamlit's session, in this process's memory, and ends with it: a reload or logging
out forgets it. Nothing of it is written anywhere, but for the pictures of a visit whose owner asked
for that (see `frontend/kept_photos.py`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import streamlit as st

from frontend.analysing import AnalysisJob
from frontend.client import ServerError
from frontend.components.face_panel import Pictures
from frontend.errors import DatabaseUnusableError, PhotoStoreUnusableError
from frontend.i18n import Language

_KEY: Final = "skin_notes_memory"

Refusal = ServerError | DatabaseUnusableError
"""Why a photo has not become a visit."""


@dataclass(slots=True)
class Memory:
    """What one open page remembers.

    Attributes:
        owner: ID of the person it belongs to, or None for a visitor.
        language: The language the person chose on this page, or None for the browser's.
        capture: Counts the photos that were dealt with; a new number clears the widgets.
        job: The analysis under way and its request key, or None.
        held: ID of the uploaded file that the next analysis is for, or None.
        analysed: The last analysis and the request key it was made for, or None.
        refused: Request key of the photo that could not be analysed last, and why, or None.
        visit_id: The visit that `analysed` was saved as, or None.
        saved_capture: The number in `capture` of its photo until another photo is asked for, or
            None.
        not_kept: Why its pictures could not be kept though they should have been, or None.
        sample: Pictures of the sample face, or None before it was analysed.
        said: What the last press did, and the place on the page that says so, or None.
    """

    owner: str | None = None
    language: Language | None = None
    capture: int = 0
    job: tuple[str, AnalysisJob] | None = None
    held: str | None = None
    analysed: tuple[str, Pictures] | None = None
    refused: tuple[str, Refusal] | None = None
    visit_id: str | None = None
    saved_capture: int | None = None
    not_kept: PhotoStoreUnusableError | None = None
    sample: Pictures | None = None
    said: tuple[str, str] | None = None

    def heard_at(self, place: str) -> str | None:
        """The sentence to be said once at this place of the page, or None."""
        if self.said is None or self.said[0] != place:
            return None
        _, sentence = self.said
        self.said = None
        return sentence

    def job_for(self, request_key: str) -> AnalysisJob | None:
        """The analysis under way for this request, or None."""
        return None if self.job is None or self.job[0] != request_key else self.job[1]

    def pictures_for(self, request_key: str) -> Pictures | None:
        """The pictures already made for this request, or None."""
        if self.analysed is None or self.analysed[0] != request_key:
            return None
        return self.analysed[1]

    def refusal_of(self, request_key: str) -> Refusal | None:
        """Why this request's photo could not be analysed, or None."""
        if self.refused is None or self.refused[0] != request_key:
            return None
        return self.refused[1]

    def pictures_of(self, visit_id: str, *, version: str) -> Pictures | None:
        """The pictures of a visit, if it is the one just made.

        Args:
            visit_id: Which visit.
            version: Of the networks whose grades it has. In another window it may have been graded
                anew; the pictures here are then those of other grades.
        """
        if self.analysed is None or self.visit_id != visit_id:
            return None
        pictures = self.analysed[1]
        return pictures if pictures.analysis.model_version == version else None

    def not_kept_of(self, visit_id: str) -> PhotoStoreUnusableError | None:
        """Why the pictures of a visit could not be kept, if it is the one just made, or None."""
        return None if self.visit_id != visit_id else self.not_kept

    def forget_pictures(self, visit_id: str | None = None) -> None:
        """Drop the pictures of the last analysis; with a visit, only if they are of that one."""
        if visit_id is None or visit_id == self.visit_id:
            self.analysed = None

    def finish_capture(self) -> None:
        """Have new, empty widgets for the next photo."""
        self.capture += 1

    def belong_to(self, owner: str | None) -> None:
        """Forget the pictures of one person before another one looks."""
        if self.owner != owner:
            self.owner = owner
            self.job = None
            self.analysed = None
            self.refused = None
            self.visit_id = None
            self.saved_capture = None
            self.not_kept = None
            self.finish_capture()


def open_memory() -> Memory:
    """The memory of the page that is being drawn."""
    memory = st.session_state.get(_KEY)
    if not isinstance(memory, Memory):
        memory = Memory()
        st.session_state[_KEY] = memory
    return memory
