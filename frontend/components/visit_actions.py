"""What a person can do with one of their checks: write a note, take the report, delete it."""

from __future__ import annotations

from html import escape

import streamlit as st

from frontend import visitor
from frontend.components.failing_database import telling_of_a_failing_database
from frontend.components.file_link import file_links_html, report_address
from frontend.components.notice import done_html, problem_html
from frontend.errors import NoteTooLongError
from frontend.i18n import problem_text
from frontend.screen import SignedIn
from frontend.store import Visit
from frontend.store.repository import UNDO_PERIOD
from frontend.store.tables import NOTE_LENGTH


def show_visit_actions(page: SignedIn, visit: Visit) -> None:
    """Draw the note, the link to the report and the button that deletes.

    Args:
        page: The page, of the person whose check it is.
        visit: The check.
    """
    screen, words = page.screen, page.screen.words.visit
    _show_note(page, visit)
    with st.container(
        horizontal=True, vertical_alignment="center", key=f"visit_actions_{visit.id}"
    ):
        address = report_address(screen, visit_id=visit.id)
        st.html(file_links_html([(words.report, address)]), width="content")
        if st.button(words.delete, key=f"delete_{visit.id}", type="tertiary"):
            screen.services.repository.delete_visit(page.user.id, visit.id)
            # The history offers to undo it.
            st.switch_page(screen.pages.history)
    minutes = int(UNDO_PERIOD.total_seconds()) // 60
    st.html(f'<p class="sn-note">{escape(words.delete_why.format(minutes=minutes))}</p>')


def open_visit_dialog(page: SignedIn, visit: Visit) -> None:
    """The same over the page, for a row of the history."""
    screen, words = page.screen, page.screen.words
    when = screen.when(visit)

    @st.dialog(words.visit.more_title.format(date=when))
    def draw() -> None:
        with telling_of_a_failing_database(words):
            # A dialog is drawn anew without the rest of the page, which would have asked.
            if visitor.current_user(screen.services.sessions) != page.user:
                st.rerun()
            show_visit_actions(page, visit)
            st.page_link(screen.pages.result, label=words.visit.open, query_params={"id": visit.id})

    draw()


def _show_note(page: SignedIn, visit: Visit) -> None:
    screen, words = page.screen, page.screen.words
    place = f"note_{visit.id}"
    with st.form(f"note_form_{visit.id}", border=False):
        text = st.text_area(
            words.visit.note,
            value=visit.note,
            placeholder=words.visit.note_hint,
            height=96,
            key=place,
        )
        most = words.visit.note_most.format(maximum=NOTE_LENGTH)
        st.html(f'<p class="sn-note">{escape(most)}</p>')
        pressed = st.form_submit_button(words.visit.note_save, key=f"note_save_{visit.id}")
    done = screen.memory.heard_at(place)
    if done is not None:
        st.html(done_html(done))
    if not pressed:
        return
    if not visit.note and not (text or "").strip():
        st.html(f'<p class="sn-note" role="status">{escape(words.visit.note_empty)}</p>')
        return
    try:
        written = screen.services.repository.write_note(page.user.id, visit.id, text or "")
    except NoteTooLongError as error:
        problem = problem_text(words, error.code, error.params)
        st.html(problem_html(problem, code=error.code))
        return
    sentence = words.visit.note_saved if written else words.visit.gone
    screen.memory.said = (place, sentence)
    st.rerun()
