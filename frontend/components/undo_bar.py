"""Right after deleting a check: the offer to bring it back."""

from __future__ import annotations

from html import escape
from typing import Final

import streamlit as st

from frontend.components.notice import done_html
from frontend.i18n import write_day_and_time
from frontend.screen import SignedIn
from frontend.store import Visit

_PLACE: Final = "undo"


def show_undo(page: SignedIn) -> None:
    """Offer to bring the check deleted last back, while that is possible.

    It is read from the database, so that neither a reload nor another tab takes the offer away.
    """
    screen, words = page.screen, page.screen.words
    done = screen.memory.heard_at(_PLACE)
    if done is not None:
        st.html(done_html(done))
    deleted = screen.services.repository.recently_deleted(page.user.id)
    if not deleted:
        return
    last = deleted[0]
    when = write_day_and_time(words, screen.local(last.visit.taken_at))
    until = f"{screen.local(last.until):%H:%M}"
    with st.container(key="undo_bar"):
        st.html(
            f'<div role="status"><strong>{escape(words.visit.deleted.format(date=when))}</strong>'
            f'<p class="sn-note">{escape(words.visit.deleted_why.format(time=until))}</p></div>'
        )
        with st.container(horizontal=True, key="undo_choices"):
            st.button(
                words.visit.undo,
                key="undo_delete",
                type="primary",
                on_click=_restore,
                args=(page, last.visit),
            )
            st.button(words.visit.forget, key="forget_deleted", on_click=_forget, args=(page,))


def _restore(page: SignedIn, visit: Visit) -> None:
    screen, words = page.screen, page.screen.words
    restored = screen.services.repository.restore_visit(page.user.id, visit.id)
    when = write_day_and_time(words, screen.local(visit.taken_at))
    sentence = words.visit.restored.format(date=when) if restored else words.visit.gone
    screen.memory.said = (_PLACE, sentence)


def _forget(page: SignedIn) -> None:
    repository, memory = page.screen.services.repository, page.screen.memory
    for deleted in repository.recently_deleted(page.user.id):
        memory.forget_pictures(deleted.visit.id)
    repository.forget_deleted(page.user.id)
