"""A kept photo, on the pages of the check and of its result."""

from __future__ import annotations

import logging
from html import escape
from typing import Final

import streamlit as st

from frontend.components.confirmation import ask, confirmed
from frontend.components.face_panel import Pictures
from frontend.components.notice import problem_html
from frontend.errors import KeptPhotosError, PhotoStoreUnusableError
from frontend.i18n import problem_text
from frontend.screen import SignedIn
from frontend.store import Beside, Visit

_log = logging.getLogger(__name__)

_PROMISED: Final = "keep_photos_promised"
_DELETE: Final = "delete_photo"


def photo_promise(page: SignedIn) -> str:
    """What will happen to the photo of the next check; `keeping_as_promised` holds it."""
    words = page.screen.words
    on = page.screen.services.kept_photos.is_on(page.user.id)
    st.session_state[_PROMISED] = on
    return words.keeping.promise if on else words.check.not_kept


def keeping_as_promised(
    page: SignedIn, pictures: Pictures
) -> tuple[Beside | None, PhotoStoreUnusableError | None]:
    """What keeps the pictures while their visit is saved, or None; and why not, if that is a fault.

    Nothing is kept that the page said would not be, even if another tab has switched it on since;
    and nothing that was switched off since, whatever the page said. A store that is away costs
    the pictures, never the visit.
    """
    if not st.session_state.get(_PROMISED, False):
        return None, None
    try:
        return page.screen.services.kept_photos.keeping(page.user.id, pictures), None
    except PhotoStoreUnusableError as error:
        _log.exception("the pictures of a visit could not be kept")
        return None, error


def kept_pictures(page: SignedIn, visit: Visit) -> Pictures | None:
    """The kept pictures of a visit; where they cannot be had, a card says so."""
    try:
        return page.screen.services.kept_photos.pictures_of(page.user.id, visit.id)
    except KeptPhotosError as error:
        show_photo_problem(page, error)
        return None


def show_photo_problem(page: SignedIn, error: KeptPhotosError) -> None:
    """A card that says why a photo is not kept or not shown, and what to do."""
    text = problem_text(page.screen.words, error.code, error.params)
    st.html(problem_html(text, code=error.code))


def show_not_kept(page: SignedIn, visit: Visit) -> None:
    """Say of a visit that was just saved that its photo could not be kept, if so it was."""
    not_kept = page.screen.memory.not_kept_of(visit.id)
    if not_kept is not None:
        text = problem_text(page.screen.words, not_kept.code, {"reason": "not_kept"})
        st.html(problem_html(text, code=not_kept.code))


def show_kept_photo(page: SignedIn, visit: Visit) -> None:
    """Say that a visit's photo is kept, and offer to delete it; nothing where it is not kept."""
    words = page.screen.words.keeping
    if confirmed(_DELETE, visit.id):
        page.screen.services.kept_photos.forget(page.user.id, visit.id)
        page.screen.memory.forget_pictures(visit.id)
        st.rerun()
    if not page.screen.services.kept_photos.has(page.user.id, visit.id):
        return
    with st.container(
        horizontal=True,
        horizontal_alignment="distribute",
        vertical_alignment="center",
        key="kept_photo",
    ):
        st.html(f'<p class="sn-note">{escape(words.kept_here)}</p>')
        if st.button(words.delete_one, key=_DELETE):
            ask(
                key=_DELETE,
                subject=visit.id,
                title=words.delete_one_title,
                text=words.delete_one_text,
                confirm=words.delete,
                cancel=words.cancel,
            )
