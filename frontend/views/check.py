"""Taking or choosing a photo, and having it analysed."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

import streamlit as st

from frontend.analysis import Analysis
from frontend.client import ServerError
from frontend.components.face_panel import Pictures
from frontend.components.notice import list_html, problem_html, waiting_html
from frontend.i18n import problem_text
from frontend.moments import utc_now
from frontend.screen import SignedIn
from frontend.store import AttributeResult, NewVisit
from frontend.vocabulary import Source

if TYPE_CHECKING:
    from streamlit.runtime.uploaded_file_manager import UploadedFile

FILE_TYPES = ("jpg", "jpeg", "png", "webp", "heic", "heif", "avif")


def show(page: SignedIn) -> None:
    """Draw the page."""
    words = page.screen.words
    st.title(words.check.title, anchor=False)
    st.html(f'<p class="sn-lead">{escape(words.check.lead)}</p>')
    first_time = page.screen.services.repository.count_visits(page.user.id) == 0
    with st.expander(words.check.tips_title, expanded=first_time, key="tips"):
        st.html(list_html(words.check.tips, kind="tips"))
    with st.container(border=True, key="capture_card"):
        source, photo = _choose_photo(page)
        st.html(f'<p class="sn-note">{escape(words.check.not_kept)}</p>')
        # The button gives way to the waiting card, so that it is hard to press twice.
        action = st.empty()
    if photo is not None and action.button(
        words.check.analyse, key="analyse", type="primary", width="stretch"
    ):
        action.html(waiting_html(words.check.analysing))
        _analyse(page, source, photo)
        action.empty()
    if st.button(words.check.try_sample, key="try_sample", type="tertiary"):
        st.switch_page(page.screen.pages.sample)


def _choose_photo(page: SignedIn) -> tuple[Source, UploadedFile | None]:
    words = page.screen.words
    memory = page.screen.memory
    source = st.segmented_control(
        words.check.source,
        [Source.UPLOAD, Source.WEBCAM],
        default=Source.UPLOAD,
        required=True,
        format_func={
            Source.UPLOAD: words.check.upload,
            Source.WEBCAM: words.check.camera,
        }.__getitem__,
        key="source",
        label_visibility="collapsed",
        width="stretch",
    )
    # A new number makes a new widget, and the server forgets the old one's file.
    if source is Source.WEBCAM:
        shot = st.camera_input(
            words.check.camera_label,
            key=f"shot_{memory.capture}",
            resolution="1080p",
            label_visibility="collapsed",
        )
        if shot is None:
            st.html(f'<p class="sn-note">{escape(words.check.camera_blocked)}</p>')
        return source, shot
    return source, st.file_uploader(
        words.check.upload_label,
        type=FILE_TYPES,
        key=f"photo_{memory.capture}",
        max_upload_size=page.screen.services.settings.max_photo_mb,
        label_visibility="collapsed",
    )


def _analyse(page: SignedIn, source: Source, photo: UploadedFile) -> None:
    """Analyse and save once per photo, however often it is asked for, and go to the result."""
    screen, memory = page.screen, page.screen.memory
    request_key = photo.file_id
    pictures = memory.pictures_for(request_key)
    if pictures is None:
        try:
            pictures = Pictures(screen.server.analyse(photo.getvalue()))
        except ServerError as error:
            _show_problem(page, error)
            return
        memory.analysed = (request_key, pictures)
    visit = screen.services.repository.save_visit(
        page.user.id, new_visit(pictures.analysis, source=source, request_key=request_key)
    )
    memory.visit_id = visit.id
    memory.capture += 1
    st.switch_page(screen.pages.result, query_params={"id": visit.id})


def new_visit(analysis: Analysis, *, source: Source, request_key: str) -> NewVisit:
    """What is kept of an analysis: its numbers, and none of its pictures."""
    return NewVisit(
        taken_at=utc_now(),
        source=source,
        model_version=analysis.model_version,
        quality_verdict=analysis.quality.verdict,
        quality_score=analysis.quality.score,
        results={
            attribute: AttributeResult(
                grade=result.grade,
                score=result.score,
                probabilities=result.probabilities,
                evidence=result.evidence,
            )
            for attribute, result in analysis.attributes.items()
        },
        request_key=request_key,
    )


def _show_problem(page: SignedIn, error: ServerError) -> None:
    words, memory = page.screen.words, page.screen.memory
    limits = {"max_mb": page.screen.services.settings.max_photo_mb}
    problem = problem_text(words, error.code, {**limits, **error.params})
    st.html(problem_html(problem, code=error.code))

    def clear() -> None:
        memory.capture += 1

    st.button(words.check.again, key="again", on_click=clear)
