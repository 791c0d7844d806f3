"""What a person can do with a check of theirs: a note, its day, the report, deleting it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from html import escape
from typing import Final

import streamlit as st

from frontend import visitor
from frontend.components.day_choice import ask_for_day, day_problem_html
from frontend.components.failing_database import telling_of_a_failing_database
from frontend.components.file_link import file_links_html, report_address
from frontend.components.history_table import note_html
from frontend.components.notice import done_html, problem_html
from frontend.components.typed_notes import note_key, save_key, seen_note, tell_note
from frontend.components.undo_bar import UNDO_PLACE
from frontend.errors import DayOutsideError, NoteTooLongError
from frontend.i18n import Words, problem_text
from frontend.screen import SignedIn
from frontend.store import Visit
from frontend.store.notes import tidy_note
from frontend.store.repository import UNDO_PERIOD
from frontend.store.tables import NOTE_LENGTH
from frontend.taken import corrected_moment
from frontend.vocabulary import Source

_DAY: Final = "day"


def show_visit_actions(page: SignedIn, visit: Visit, *, leave: Callable[[], object]) -> None:
    """Draw the note, the day, the link to the report and the button that deletes.

    Args:
        page: The page, of the person whose check it is.
        visit: The check.
        leave: Once the check is deleted, draws a history, which offers to undo it.
    """
    screen, words = page.screen, page.screen.words.visit
    _show_note(page, visit)
    _show_day(page, visit)
    with st.container(
        horizontal=True, vertical_alignment="center", key=f"visit_actions_{visit.id}"
    ):
        address = report_address(screen, visit_id=visit.id)
        st.html(file_links_html([(words.report, address)]), width="content")
        if st.button(words.delete, key=f"delete_{visit.id}", type="tertiary"):
            screen.services.repository.delete_visit(page.user.id, visit.id)
            leave()
    minutes = int(UNDO_PERIOD.total_seconds()) // 60
    st.html(f'<p class="sn-note">{escape(words.delete_why.format(minutes=minutes))}</p>')


def show_day_saved(page: SignedIn) -> None:
    """Say once which day was saved, if one was."""
    done = page.screen.memory.heard_at(_DAY)
    if done is not None:
        st.html(done_html(done))


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
            # The history below stays where it is: its attribute, period and page.
            show_visit_actions(page, visit, leave=st.rerun)
            st.page_link(screen.pages.result, label=words.visit.open, query_params={"id": visit.id})

    draw()


def _show_note(page: SignedIn, visit: Visit) -> None:
    screen, words = page.screen, page.screen.words
    place = note_key(visit.id)
    held = screen.services.held_notes.text_of(page.user.id, visit.id)
    seen = seen_note(visit)
    with st.form(f"note_form_{visit.id}", border=False):
        text = st.text_area(
            words.visit.note,
            value=visit.note if held is None else held,
            placeholder=words.visit.note_hint,
            height=96,
            key=place,
        )
        most = words.visit.note_most.format(maximum=NOTE_LENGTH)
        st.html(f'<p class="sn-note">{escape(most)}</p>')
        pressed = st.form_submit_button(words.visit.note_save, key=save_key(visit.id))
    done = screen.memory.heard_at(place)
    if done is not None:
        st.html(done_html(done))
    elif held is not None and not pressed:
        if visit.note in {"", held.strip()}:
            st.html(done_html(words.visit.note_held))
        else:
            _show_other_note(words, visit)
    if pressed:
        _save_note(page, visit, text or "", seen=seen)


def _save_note(page: SignedIn, visit: Visit, text: str, *, seen: str) -> None:
    screen, words = page.screen, page.screen.words
    held_notes, repository = screen.services.held_notes, screen.services.repository
    if not visit.note and not text.strip():
        held_notes.drop(page.user.id, visit.id)
        st.html(f'<p class="sn-note" role="status">{escape(words.visit.note_empty)}</p>')
        return
    try:
        written = repository.write_note(page.user.id, visit.id, text, seen=seen)
    except NoteTooLongError as error:
        problem = problem_text(words, error.code, error.params)
        st.html(problem_html(problem, code=error.code))
        return
    if written:
        held_notes.drop(page.user.id, visit.id)
        tell_note(visit.id, tidy_note(text))
        screen.memory.said = (note_key(visit.id), words.visit.note_saved)
        st.rerun()
    held_notes.hold(page.user.id, visit.id, text)
    now = repository.visit(page.user.id, visit.id)
    if now is None:
        screen.memory.said = (UNDO_PLACE, words.visit.gone)
        st.rerun()
    _show_other_note(words, now)


def _show_other_note(words: Words, visit: Visit) -> None:
    """Say that the saved note is not the one in the field, and show it: now it may be replaced."""
    tell_note(visit.id, visit.note)
    problem = problem_text(words, "note_changed", {})
    st.html(problem_html(problem, code="note_changed") + note_html(words, visit.note))


def _show_day(page: SignedIn, visit: Visit) -> None:
    """The day of a photo from a file; when one of the camera was taken, the app itself knows."""
    if visit.source is not Source.UPLOAD:
        return
    screen, words = page.screen, page.screen.words
    with (
        st.form(f"day_form_{visit.id}", border=False),
        st.container(horizontal=True, vertical_alignment="bottom", key=f"day_line_{visit.id}"),
    ):
        present = screen.local(visit.taken_at).date()
        day = ask_for_day(words, value=present, key=f"day_{visit.id}")
        pressed = st.form_submit_button(words.visit.day_save, key=f"day_save_{visit.id}")
    show_day_saved(page)
    if not pressed:
        return
    try:
        moment = corrected_moment(visit, day, time_zone=screen.time_zone)
    except DayOutsideError as error:
        st.html(day_problem_html(words, error))
        return
    corrected = screen.services.repository.correct_taken_at(page.user.id, visit.id, moment)
    saved = words.visit.day_saved.format(date=screen.when(replace(visit, taken_at=moment)))
    screen.memory.said = (_DAY, saved if corrected else words.visit.gone)
    st.rerun()
