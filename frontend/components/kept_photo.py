"""A kept photo, on the pages of the check and of its result."""

from __future__ import annotations

from html import escape
from typing import Final

import streamlit as st

from frontend.components.confirmation import ask, confirmed
from frontend.components.face_panel import Pictures
from frontend.components.notice import problem_html
from frontend.errors import KeptPhotoUnreadableError
from frontend.i18n import problem_text
from frontend.kept_photos import Keeps
from frontend.screen import SignedIn
from frontend.store import Visit

_PROMISED: Final = "keep_photos_promised"
_DELETE: Final = "delete_photo"


def photo_promise(page: SignedIn) -> str:
    """What will happen to the photo of the next check; `keeping_as_promised` holds it."""
    words = page.screen.words
    on = page.screen.services.kept_photos.is_on(page.user.id)
    st.session_state[_PROMISED] = on
    return words.keeping.promise if on else words.check.not_kept


def keeping_as_promised(page: SignedIn, pictures: Pictures) -> Keeps | None:
    """What keeps the pictures while their visit is saved, or None.

    Nothing is kept that the page said would not be, even if another tab has switched it on since;
    and nothing that was switched off since, whatever the page said.
    """
    if not st.session_state.get(_PROMISED, False):
        return None
    return page.screen.services.kept_photos.keeping(page.user.id, pictures)


def kept_pictures(page: SignedIn, visit: Visit) -> Pictures | None:
    """The kept pictures of a visit; where they cannot be opened, a card says so."""
    try:
        return page.screen.services.kept_photos.pictures_of(page.user.id, visit.id)
    except KeptPhotoUnreadableError as error:
        text = problem_text(page.screen.words, error.code, error.params)
        st.html(problem_html(text, code=error.code))
        return None


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
