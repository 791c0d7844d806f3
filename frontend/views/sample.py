"""The sample face, analysed for anybody who wants to see what a result looks like."""

from __future__ import annotations

from html import escape
from typing import Final

import streamlit as st

from frontend.client import ServerError
from frontend.components.face_panel import Pictures
from frontend.components.notice import problem_html
from frontend.components.progress import follow_analysis, show_timings
from frontend.components.score_card import summary_html
from frontend.i18n import problem_text
from frontend.sample import sample_photo
from frontend.saving import results_of
from frontend.screen import Screen
from frontend.views.result import show_heading, show_picture_and_scores

_REQUEST_KEY: Final = "sample"


def show(screen: Screen) -> None:
    """Draw the page; nothing of it is saved."""
    words = screen.words
    show_heading(words.result.title_sample, None)
    pictures = _pictures(screen)
    if pictures is None:
        st.button(words.progress.again, key="again", type="primary")
    else:
        st.html(f'<p class="sn-lead">{escape(words.result.sample_note)}</p>')
        results = results_of(pictures.analysis)
        st.html(summary_html(words, results))
        show_picture_and_scores(screen, pictures, results, None, owner=None)
        show_timings(words, pictures)
    if st.button(words.result.start, key="start", type="primary" if pictures else "secondary"):
        st.switch_page(screen.pages.check)


def _pictures(screen: Screen) -> Pictures | None:
    """The pictures of the sample, analysed once per open page, or None after saying why not."""
    if screen.memory.sample is None:
        place = st.empty()
        try:
            screen.memory.sample = follow_analysis(screen, _REQUEST_KEY, (sample_photo(),), place)
        except ServerError as error:
            problem = problem_text(screen.words, error.code, error.params)
            place.html(problem_html(problem, code=error.code))
            return None
        place.empty()
    return screen.memory.sample
