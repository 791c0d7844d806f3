"""Keeping photos, on the person's own page: the switch, and deleting what was kept."""

from __future__ import annotations

from html import escape
from typing import Final

import streamlit as st

from frontend.components.confirmation import ask, confirmed
from frontend.components.kept_photo import show_photo_problem
from frontend.components.notice import paragraphs_html
from frontend.screen import SignedIn

_SWITCH: Final = "keep_photos"
_WANTED: Final = "keep_photos_wanted"
_DELETED: Final = "keep_photos_deleted"
_STOP: Final = "keep_photos_stop"
_DELETE_ALL: Final = "delete_photos"


def show_kept_photos(page: SignedIn) -> None:
    """Draw the section; what it says and shows is what the database says now."""
    words, kept = page.screen.words.keeping, page.screen.services.kept_photos
    _delete_as_confirmed(page)
    count = kept.count(page.user.id)
    has_to_be_asked = _switch_as_wanted(page, count)
    st.header(words.title, anchor=False)
    with st.container(border=True, key="kept_photos"):
        # Another tab may have switched, and a question that was waved away has changed nothing.
        is_on = kept.is_on(page.user.id)
        st.session_state[_SWITCH] = is_on
        st.toggle(
            words.switch,
            key=_SWITCH,
            disabled=kept.problem is not None,
            on_change=_remember_wish,
        )
        st.html(paragraphs_html([words.explanation]))
        if kept.problem is not None:
            show_photo_problem(page, kept.problem)
        _show_count(page, count, is_on)
    # Last, when the browser has its switch back: an answer that came with the old position
    # would be a second wish, and the same question again.
    if has_to_be_asked:
        ask(
            key=_STOP,
            subject=page.user.id,
            title=words.stop_title,
            text=words.delete_text.format(count=count),
            confirm=words.stop,
            cancel=words.cancel,
        )


def _remember_wish() -> None:
    # The database is asked while the page is drawn, where its failures are dealt with.
    st.session_state[_WANTED] = bool(st.session_state[_SWITCH])


def _switch_as_wanted(page: SignedIn, count: int) -> bool:
    """Do what the switch was set to; tell whether it has to be asked first, because photos go."""
    kept = page.screen.services.kept_photos
    wanted = st.session_state.pop(_WANTED, None)
    if wanted is None or (wanted and kept.problem is not None):
        return False
    if not wanted and count > 0:
        return True
    kept.switch(page.user.id, wanted)
    return False


def _delete_as_confirmed(page: SignedIn) -> None:
    kept, user_id = page.screen.services.kept_photos, page.user.id
    stop, delete = confirmed(_STOP, user_id), confirmed(_DELETE_ALL, user_id)
    if stop:
        kept.switch(user_id, False)
    elif delete:
        kept.forget_all(user_id)
    if stop or delete:
        page.screen.memory.forget_pictures()
        st.session_state[_DELETED] = True


def _show_count(page: SignedIn, count: int, is_on: bool) -> None:
    words = page.screen.words.keeping
    if count == 0:
        text = words.none_yet if is_on else words.none
        if st.session_state.pop(_DELETED, False):
            left = page.screen.services.kept_photos.erase.left()
            text = words.deleted_later if left else words.deleted
        st.html(f'<p class="sn-note" role="status">{escape(text)}</p>')
        return
    text = words.count.format(count=count)
    st.html(f'<p class="sn-note" role="status" data-kept="{count}">{escape(text)}</p>')
    if st.button(words.delete_all, key=_DELETE_ALL):
        ask(
            key=_DELETE_ALL,
            subject=page.user.id,
            title=words.delete_all_title,
            text=words.delete_text.format(count=count),
            confirm=words.delete,
            cancel=words.cancel,
        )
