"""Past results: how each attribute changed, and every check on a row of its own."""

from __future__ import annotations

import math
from datetime import datetime, time, timedelta
from html import escape
from typing import Final

import streamlit as st

from frontend.charts import CONFIG, trend_figure, trends_figure
from frontend.components.file_link import file_links_html, report_address
from frontend.components.history_table import header_html, legend_html, note_html, row_html
from frontend.components.notice import empty_html
from frontend.components.trend_words import (
    all_told_html,
    alternative_of,
    keys_html,
    told_html,
    told_of,
)
from frontend.components.undo_bar import show_undo
from frontend.components.versions import current_version, show_regrading
from frontend.components.visit_actions import open_visit_dialog, show_day_saved
from frontend.export_routes import CSV_PATH, JSON_PATH, file_path
from frontend.grading import direction_of
from frontend.i18n import write_day
from frontend.moments import utc_now
from frontend.screen import SignedIn
from frontend.store import Visit
from frontend.taken import is_day_alone
from frontend.trend_points import trend_of
from frontend.vocabulary import Attribute

ROWS_PER_PAGE: Final = 8
_ALL: Final = "all"
_CUSTOM: Final = "custom"
_ANY_TIME: Final = "any"
_PERIOD_DAYS: Final = {"month": 31, "quarter": 92, "year": 366}

Span = tuple[datetime | None, datetime | None]


def show(page: SignedIn) -> None:
    """Draw the page."""
    words, repository = page.screen.words, page.screen.services.repository
    st.title(words.history.title, anchor=False)
    show_undo(page)
    if repository.count_visits(page.user.id) == 0:
        st.html(empty_html(words.history.empty, words.history.empty_why))
        if st.button(words.history.start, key="start", type="primary"):
            st.switch_page(page.screen.pages.check)
        return
    with st.container(horizontal=True, horizontal_alignment="distribute", key="choices"):
        choice = _choose_attribute(page)
        period = _choose_period(page)
    since, until = _span(page, period)
    history = repository.visits(page.user.id)
    version = current_version(page, history)
    show_regrading(page, history, version=version)
    visits = [visit for visit in history if _within(visit, since, until)]
    if visits:
        _show_trend(page, visits, choice, history=history, version=version)
        # Beside the rows, in one of which the dialog was opened that has just closed.
        show_day_saved(page)
        _show_past(page, visits, version=version)
    else:
        show_day_saved(page)
        st.html(empty_html(words.history.none_in_period, ""))
    _show_files(page)


def _choose_attribute(page: SignedIn) -> str:
    """An attribute's word, or `_ALL`."""
    words = page.screen.words
    return str(
        st.segmented_control(
            words.history.which,
            [_ALL, *Attribute],
            default=Attribute.OIL,
            required=True,
            format_func=lambda value: (
                words.history.all if value == _ALL else words.attributes[Attribute(value)].short
            ),
            key="trend_attribute",
            label_visibility="collapsed",
            wrap=False,
        )
    )


def _choose_period(page: SignedIn) -> str:
    """A key of `_PERIOD_DAYS`, `_ANY_TIME` or `_CUSTOM`."""
    words = page.screen.words
    names = dict(zip([*_PERIOD_DAYS, _ANY_TIME], words.history.periods, strict=True))
    names[_CUSTOM] = words.history.custom
    period = st.segmented_control(
        words.history.period,
        list(names),
        default=_ANY_TIME,
        required=True,
        format_func=names.__getitem__,
        key="period",
        label_visibility="collapsed",
        wrap=False,
    )
    return str(period)


def _span(page: SignedIn, period: str) -> Span:
    """The first moment included and the first one excluded; None for no limit."""
    words = page.screen.words
    if period == _ANY_TIME:
        return None, None
    today = page.screen.local(utc_now()).date()
    if period != _CUSTOM:
        return utc_now() - timedelta(days=_PERIOD_DAYS[period]), None
    chosen = st.date_input(
        words.history.custom_label,
        value=(today - timedelta(days=_PERIOD_DAYS["month"]), today),
        max_value=today,
        key="custom_days",
        format="YYYY.MM.DD",
    )
    # While only the first day is chosen, the range is open towards today.
    days = chosen if isinstance(chosen, tuple) else (chosen,)
    if not days:
        return None, None
    midnight = time(tzinfo=page.screen.time_zone)
    since = datetime.combine(days[0], midnight)
    return since, datetime.combine(days[-1] if len(days) > 1 else today, midnight) + timedelta(1)


def _within(visit: Visit, since: datetime | None, until: datetime | None) -> bool:
    return (since is None or visit.taken_at >= since) and (until is None or visit.taken_at < until)


def _show_trend(
    page: SignedIn, visits: list[Visit], choice: str, *, history: list[Visit], version: str
) -> None:
    words = page.screen.words
    trends = {
        attribute: trend_of(visits, attribute, time_zone=page.screen.time_zone, history=history)
        for attribute in (Attribute if choice == _ALL else [Attribute(choice)])
    }
    with st.container(border=True, key="trend_card"):
        if choice == _ALL:
            first = min(visit.taken_at for visit in visits)
            since = words.trend.since.format(first=write_day(words, page.screen.local(first)))
            heading, aside, told = words.trend.title, since, all_told_html(words, trends)
            figure = trends_figure(words, trends, version=version)
        else:
            attribute = Attribute(choice)
            trend = trends[attribute]
            heading = words.attributes[attribute].name
            aside = words.directions[direction_of(attribute)]
            told = told_html(words, told_of(words, attribute, trend))
            figure = trend_figure(words, attribute, trend, version=version)
        st.html(
            f'<h2 class="sn-heading">{escape(heading)}<small> · {escape(aside)}</small></h2>{told}'
        )
        st.plotly_chart(
            figure,
            key=f"trend_{choice}",
            config=CONFIG,
            alt=" ".join(alternative_of(words, *each) for each in trends.items()),
        )
        st.html(keys_html(words, trends))


def _show_past(page: SignedIn, visits: list[Visit], *, version: str) -> None:
    words = page.screen.words
    with st.container(horizontal=True, vertical_alignment="bottom", key="past_heading"):
        st.header(words.history.past, anchor=False)
        st.html(f'<p class="sn-when">{escape(words.history.count.format(count=len(visits)))}</p>')
    place = st.container(key="past_table", gap=None)
    pages = math.ceil(len(visits) / ROWS_PER_PAGE)
    number = st.pagination(pages, key="past_page") if pages > 1 else 1
    place.html(header_html(words))
    first = (min(number, pages) - 1) * ROWS_PER_PAGE
    for visit in visits[first : first + ROWS_PER_PAGE]:
        with place.container(key=f"entry_{visit.id}", gap=None):
            _show_row(page, visit, is_old=visit.model_version != version)
    st.html(legend_html(words))


def _show_row(page: SignedIn, visit: Visit, *, is_old: bool) -> None:
    words = page.screen.words
    with st.container(
        horizontal=True,
        wrap=False,
        vertical_alignment="center",
        gap="xsmall",
        key=f"row_{visit.id}",
    ):
        st.page_link(
            page.screen.pages.result,
            label=_row_label(page, visit, is_old=is_old),
            query_params={"id": visit.id},
            width=96,
        )
        st.html(row_html(words, visit.results))
        more = words.visit.more.format(date=page.screen.when(visit))
        if st.button(more, key=f"more_{visit.id}", icon=":material/more_horiz:", type="tertiary"):
            open_visit_dialog(page, visit)
    if visit.note:
        st.html(note_html(words, visit.note))


def _show_files(page: SignedIn) -> None:
    """All checks as files, whatever period is chosen above."""
    words, zone = page.screen.words.visit, str(page.screen.time_zone)
    with st.container(key="files", gap="small"):
        st.header(words.export_title, anchor=False)
        st.html(f'<p class="sn-note">{escape(words.export_why)}</p>')
        links = [
            (words.export_pdf, report_address(page.screen)),
            (words.export_csv, file_path(CSV_PATH, zone)),
            (words.export_json, file_path(JSON_PATH, zone)),
        ]
        st.html(file_links_html(links))


def _row_label(page: SignedIn, visit: Visit, *, is_old: bool) -> str:
    """The day, and small below it the time, which tells two checks of one day apart.

    Of a check of earlier networks that stands there too.
    """
    words, moment = page.screen.words, page.screen.local(visit.taken_at)
    below = [] if is_day_alone(visit) else [f"{moment:%H:%M}"]
    if is_old:
        below.append(words.comparable.old_version_mark)
    return " ".join([write_day(words, moment), *(f":small[:gray[{text}]]" for text in below)])
