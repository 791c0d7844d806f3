"""Taking or choosing a photo, and having it analysed."""

from __future__ import annotations

import logging
from datetime import date, datetime
from html import escape
from typing import TYPE_CHECKING, Final, NoReturn

import streamlit as st
from sqlalchemy.exc import DBAPIError

from frontend.client import ServerError
from frontend.components.capture import has_lost_its_photo, show_capture, stood_in_the_browser
from frontend.components.day_choice import ask_for_day, day_problem_html
from frontend.components.kept_photo import keeping_as_promised, photo_promise
from frontend.components.notice import list_html, problem_html, steps_html
from frontend.components.progress import follow_analysis, progress_html
from frontend.components.score_card import summary_html
from frontend.errors import DatabaseUnusableError, DayOutsideError
from frontend.frames import split_frames
from frontend.i18n import problem_text
from frontend.memory import Memory, Refusal
from frontend.moments import utc_now
from frontend.sample import sample_teaser
from frontend.saving import new_visit
from frontend.screen import SignedIn
from frontend.store import Visit
from frontend.store.failures import DATABASE_FAILURES
from frontend.taken import corrected_moment, moment_on
from frontend.uploads import forget_upload, hold_upload
from frontend.vocabulary import Source

if TYPE_CHECKING:
    from streamlit.delta_generator import DeltaGenerator
    from streamlit.runtime.uploaded_file_manager import UploadedFile

_log = logging.getLogger(__name__)

_PHOTO_PROBLEMS: Final = ("photo_", "face_")
"""How the codes begin that another photo helps against, and not another try."""


def show(page: SignedIn) -> None:
    """Draw the page, or go to the result of which a press that was on its way knew nothing yet."""
    memory = page.screen.memory
    visit_id, number = memory.visit_id, memory.saved_capture
    if visit_id is not None and number is not None and stood_in_the_browser(number):
        _count_late_day(page, visit_id)
        _go_to_result(page, visit_id)
    if has_lost_its_photo(memory.capture):
        # Whoever had left the page already, or after a restart: only a new widget takes one anew.
        memory.finish_capture()
    introduction, capture = st.columns([5, 6], gap="large")
    with introduction:
        _introduce(page)
    with capture:
        _show_capture(page)


def _count_late_day(page: SignedIn, visit_id: str) -> None:
    """Correct the visit's day to the one that was named while its result came.

    A day that no photo can be of is left: the result says which day counts, and asks.
    """
    repository, memory = page.screen.services.repository, page.screen.memory
    visit = repository.visit(page.user.id, visit_id)
    day = None if memory.analysed is None else st.session_state.get(_day_key(memory.analysed[0]))
    if visit is None or day is None:
        return
    try:
        moment = corrected_moment(visit, day, time_zone=page.screen.time_zone)
    except DayOutsideError:
        return
    if moment != visit.taken_at:
        repository.correct_taken_at(page.user.id, visit_id, moment)


def _introduce(page: SignedIn) -> None:
    words = page.screen.words
    st.title(words.check.title, anchor=False)
    latest = page.screen.services.repository.visits(page.user.id, limit=1)
    if latest:
        st.html(f'<p class="sn-lead">{escape(words.check.lead)}</p>')
    else:
        st.html(steps_html(words.capture.first))
    with st.expander(words.check.tips_title, expanded=not latest, key="tips"):
        st.html(
            '<div class="sn-guide"><div class="sn-example">'
            f'<img src="{sample_teaser()}" alt="{escape(words.check.example)}"></div>'
            f"{list_html(words.check.tips, kind='tips')}</div>"
        )
    for visit in latest:
        _show_latest(page, visit)


def _show_latest(page: SignedIn, visit: Visit) -> None:
    """The last check in short; where there is room for it, which on phones there is not."""
    words = page.screen.words
    when = page.screen.when(visit)
    with st.container(border=True, key="last_check"):
        st.html(
            f'<div class="sn-row"><h2 class="sn-name">{escape(words.result.before)}</h2>'
            f'<span class="sn-note">{escape(when)}</span></div>'
            f"{summary_html(words, visit.results)}"
        )
        st.page_link(
            page.screen.pages.result, label=words.check.see_result, query_params={"id": visit.id}
        )


def _show_capture(page: SignedIn) -> None:
    screen, words = page.screen, page.screen.words
    with st.container(border=True, key="capture_card"):
        source, photo = show_capture(
            words,
            number=screen.memory.capture,
            max_photo_mb=screen.services.settings.max_photo_mb,
            is_refused=lambda photo_id: screen.memory.refusal_of(photo_id) is not None,
        )
        hold_upload(screen.memory, photo)
        st.html(f'<p class="sn-note">{escape(photo_promise(page))}</p>')
        day = None if photo is None else _ask_for_day(page, source, photo)
        action = st.empty()
        if photo is not None:
            _offer_analysis(page, source, photo, day, action)
    if st.button(words.check.try_sample, key="try_sample", type="tertiary"):
        st.switch_page(screen.pages.sample)


def _ask_for_day(page: SignedIn, source: Source, photo: UploadedFile) -> date | None:
    """On which day a file's photo was taken: today, unless the person says otherwise.

    It stays on the page during the analysis, since the day counts only when the check is saved.

    Returns:
        None where nobody is asked: a photo of the camera is of now, and one that cannot be used
        is of no day.
    """
    refusal = page.screen.memory.refusal_of(photo.file_id)
    if source is not Source.UPLOAD or (refusal is not None and _needs_another_photo(refusal)):
        return None
    today = page.screen.local(utc_now()).date()
    with st.container(key="taken_on"):
        # The next photo begins with today again.
        return ask_for_day(page.screen.words, value=today, key=_day_key(photo.file_id))


def _day_key(photo_id: str) -> str:
    return f"taken_on_{photo_id}"


def _offer_analysis(
    page: SignedIn,
    source: Source,
    photo: UploadedFile,
    day: date | None,
    action: DeltaGenerator,
) -> None:
    """The button that has the photo analysed, or why this one cannot be.

    There is none while the day is one that no photo can be of. An analysis that is under way goes
    on meanwhile, and is waited for again once the day is right.
    """
    words, memory = page.screen.words, page.screen.memory
    try:
        _moment(page, day)
    except DayOutsideError as error:
        action.html(day_problem_html(words, error))
        return
    refusal = memory.refusal_of(photo.file_id)
    # A press or whatever else ran the page anew does not end an analysis that goes on, nor leave
    # one unsaved.
    is_analysed = memory.pictures_for(photo.file_id) is not None and refusal is None
    wanted = is_analysed or memory.job_for(photo.file_id) is not None
    if not wanted:
        with action.container():
            if refusal is not None:
                _show_problem(page, refusal)
                if _needs_another_photo(refusal):
                    # The widget above offers to take or choose another one.
                    return
            label = words.check.analyse if refusal is None else words.progress.again
            wanted = st.button(label, key="analyse", type="primary", width="stretch")
    if wanted:
        # The button gives way to the waiting card, so that it is hard to press twice.
        action.html(progress_html(words, None))
        _analyse(page, source, photo, day, action)


def _analyse(
    page: SignedIn,
    source: Source,
    photo: UploadedFile,
    day: date | None,
    place: DeltaGenerator,
) -> None:
    """Analyse and save once per photo, however often it is asked for, and go to the result."""
    screen, memory = page.screen, page.screen.memory
    request_key = photo.file_id
    pictures = memory.pictures_for(request_key)
    if pictures is None:
        try:
            frames = split_frames(photo.name, photo.getvalue())
            pictures = follow_analysis(screen, request_key, frames, place)
        except ServerError as error:
            memory.refused = (request_key, error)
            st.rerun()
        memory.analysed = (request_key, pictures)
    taken_at = _moment(page, day)
    try:
        keep, not_kept = keeping_as_promised(page, pictures)
        visit = screen.services.repository.save_visit(
            page.user.id,
            new_visit(pictures.analysis, taken_at=taken_at, source=source, request_key=request_key),
            keep=keep,
        )
    except DATABASE_FAILURES as error:
        # The analysis is remembered, so that another press only has to save it.
        _log.exception("the database failed while a visit was saved")
        cause = error.orig if isinstance(error, DBAPIError) else error
        memory.refused = (request_key, DatabaseUnusableError(str(cause)))
        st.rerun()
    memory.visit_id, memory.not_kept = visit.id, not_kept
    _finish(memory, photo)
    _go_to_result(page, visit.id)


def _go_to_result(page: SignedIn, visit_id: str) -> NoReturn:
    st.switch_page(page.screen.pages.result, query_params={"id": visit_id})


def _moment(page: SignedIn, day: date | None) -> datetime:
    """The moment that stands for a photo of this day; of now, where nobody is asked.

    Raises:
        DayOutsideError: if no photo can be of the day.
    """
    now = utc_now()
    return now if day is None else moment_on(day, now=now, time_zone=page.screen.time_zone)


def _needs_another_photo(refusal: Refusal) -> bool:
    return refusal.code.startswith(_PHOTO_PROBLEMS)


def _finish(memory: Memory, photo: UploadedFile) -> None:
    forget_upload(photo)
    memory.saved_capture = memory.capture
    memory.finish_capture()


def _show_problem(page: SignedIn, error: Refusal) -> None:
    limits = {"max_mb": page.screen.services.settings.max_photo_mb}
    problem = problem_text(page.screen.words, error.code, {**limits, **error.params})
    st.html(problem_html(problem, code=error.code))
