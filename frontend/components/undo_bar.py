"""Right after deleting a check: the offer to bring it back."""

from __future__ import annotations

from html import escape
from typing import Final

import streamlit as st

from frontend.components.notice import done_html, scroll_up_html
from frontend.screen import SignedIn
from frontend.store import Visit
from frontend.store.visits import DeletedVisit

UNDO_PLACE: Final = "undo_bar"
"""Where the page says what has happened to a check that is not there any more."""
_UNDO: Final = "undo_delete"
_FORGET: Final = "forget_deleted"
_OFFERED: Final = "undo_offered"


def show_undo(page: SignedIn) -> None:
    """Offer to bring the check deleted last back, while that is possible.

    It is read from the database, so that neither a reload nor another tab takes the offer away.
    """
    do_as_pressed(page)
    said = page.screen.memory.heard_at(UNDO_PLACE)
    if said is not None:
        st.html(done_html(said) + scroll_up_html(), unsafe_allow_javascript=True)
    deleted = page.screen.services.repository.recently_deleted(page.user.id)
    if deleted:
        offer_undo(page, deleted[0])


def offer_undo(page: SignedIn, last: DeletedVisit) -> None:
    """Draw the offer to bring this check back."""
    screen, words = page.screen, page.screen.words
    st.session_state[_OFFERED] = last.visit
    when = screen.when(last.visit)
    until = f"{screen.local(last.until):%H:%M}"
    with st.container(key=UNDO_PLACE):
        st.html(
            f'<div role="status"><strong>{escape(words.visit.deleted.format(date=when))}</strong>'
            f'<p class="sn-note">{escape(words.visit.deleted_why.format(time=until))}</p></div>'
        )
        with st.container(horizontal=True, key="undo_choices"):
            st.button(words.visit.undo, key=_UNDO, type="primary")
            st.button(words.visit.forget, key=_FORGET)


def do_as_pressed(page: SignedIn) -> None:
    """Do what the bar of the run before was pressed for.

    Not in the buttons' callbacks: those run before anybody has asked who is signed in, and outside
    of what tells of a failing database. A press counts in its own run alone.
    """
    if st.session_state.get(_UNDO, False):
        _restore(page, st.session_state[_OFFERED])
    elif st.session_state.get(_FORGET, False):
        _forget(page, st.session_state[_OFFERED])


def _restore(page: SignedIn, visit: Visit) -> None:
    screen, words = page.screen, page.screen.words
    restored = screen.services.repository.restore_visit(page.user.id, visit.id)
    when = screen.when(visit)
    st.html(done_html(words.visit.restored.format(date=when) if restored else words.visit.gone))


def _forget(page: SignedIn, visit: Visit) -> None:
    page.screen.memory.forget_pictures(visit.id)
    page.screen.services.repository.forget_deleted(page.user.id, visit.id)
