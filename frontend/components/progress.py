"""Waiting for an analysis stage by stage, and telling afterwards what took how long."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import TYPE_CHECKING

import streamlit as st

from frontend.analysing import AnalysisJob
from frontend.analysis import Analysis
from frontend.components.face_panel import Pictures
from frontend.i18n import Words
from frontend.screen import Screen
from frontend.vocabulary import Stage

if TYPE_CHECKING:
    from streamlit.delta_generator import DeltaGenerator

_STAGES = tuple(Stage)


def follow_analysis(
    screen: Screen, request_key: str, photos: Sequence[bytes], place: DeltaGenerator
) -> Pictures:
    """Have a photo analysed, or go on waiting for an analysis already begun for it.

    Args:
        screen: The page.
        request_key: Names the photo.
        photos: The bytes of its file, or of its frames.
        place: Where to say how far it is.

    Raises:
        ServerError: if the photo cannot be analysed; it may be tried again.
    """
    memory = screen.memory
    job = memory.job_for(request_key)
    if job is None:
        job = AnalysisJob(screen.server, *photos)
        memory.job = (request_key, job)
    for stage in job.stages():
        place.html(progress_html(screen.words, stage))
    try:
        analysis = job.result()
    finally:
        memory.job = None
    screen.services.serving_version.hear(analysis.model_version)
    return Pictures(analysis)


def progress_html(words: Words, stage: Stage | None) -> str:
    """A card that says what is being done; `stage` is None before the first one."""
    sentence = words.progress.sending if stage is None else words.progress.stages[stage]
    step = 0 if stage is None else _STAGES.index(stage) + 1
    bars = "".join(f'<i class="{"sn-passed" if step > place else ""}"></i>' for place in range(5))
    return (
        '<div class="sn-card sn-waiting" role="status" aria-live="polite" '
        f'data-stage="{stage or ""}">'
        f'<i class="sn-pulse"></i><span>{escape(sentence)}</span>'
        f'<span class="sn-steps" aria-hidden="true">{bars}</span></div>'
    )


def show_timings(words: Words, pictures: Pictures | None) -> None:
    """What took how long, for those who open it; nothing where nobody measured."""
    table = "" if pictures is None else timings_html(words, pictures.analysis)
    if table:
        with st.expander(words.progress.timings, key="timings"):
            st.html(table)


def timings_html(words: Words, analysis: Analysis) -> str:
    """What took how long, longest bars for the longest stages; "" if nobody measured."""
    spent = [(words.progress.timing[stage], ms) for stage, ms in analysis.timings_ms.items()]
    if not spent:
        return ""
    on_the_way_ms = analysis.round_trip_ms - sum(ms for _, ms in spent)
    if on_the_way_ms > 0:
        spent.append((words.progress.way, on_the_way_ms))
    total_ms = sum(ms for _, ms in spent)
    rows = "".join(
        f'<tr><th scope="row">{escape(name)}</th>'
        f'<td aria-hidden="true"><i style="width:{100 * ms / max(total_ms, 1e-9):.0f}%"></i></td>'
        f"<td>{_milliseconds(words, ms)}</td></tr>"
        for name, ms in spent
    )
    return (
        f'<table class="sn-timings"><tbody>{rows}<tr><th scope="row">'
        f'{escape(words.progress.total)}</th><td aria-hidden="true"></td>'
        f"<td>{_milliseconds(words, total_ms)}</td></tr></tbody></table>"
    )


def _milliseconds(words: Words, ms: float) -> str:
    return escape(words.progress.milliseconds.format(ms=f"{ms:,.0f}"))
