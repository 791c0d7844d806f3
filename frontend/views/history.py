"""Past results: how each attribute changed, and every check on a row of its own."""

from __future__ import annotations

import dataclasses
import math
from datetime import date, datetime, time, timedelta
from html import escape
from typing import Any, Final

import streamlit as st

from frontend.charts import CONFIG, trend_figure, trends_figure
from frontend.components.file_link import file_links_html, report_address
from frontend.components.history_table import header_html, legend_html, note_html, row_html
from frontend.components.notice import empty_html
from frontend.components.trend_words import (
    all_told_html,
    alternative_of,
    keys_html,
    since_of,
    told_html,
    told_of,
)
from frontend.components.undo_bar import show_undo
from frontend.components.versions import current_version, show_regrading
from frontend.components.visit_actions import open_visit_dialog, show_day_saved
from frontend.export_routes import CSV_PATH, JSON_PATH, file_path
from frontend.grading import direction_of
from frontend.history_address import (
    ALL,
    ANY_TIME,
    CUSTOM,
    PERIOD_DAYS,
    HistoryChoice,
    read_choice,
    write_choice,
)
from frontend.i18n import write_day
from frontend.moments import utc_now
from frontend.screen import SignedIn
from frontend.store import Visit
from frontend.taken import is_day_alone
from frontend.trend_points import trend_of
from frontend.vocabulary import Attribute

ROWS_PER_PAGE: Final = 8

_ATTRIBUTE: Final = "trend_attribute"
_PERIOD: Final = "period"
_DAYS: Final = "custom_days"
_PAGE: Final = "past_page"

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
    choice = _choose(page)
    since, until = _span(page, choice)
    history = repository.visits(page.user.id)
    version = current_version(page, history)
    show_regrading(page, history, version=version)
    visits = [visit for visit in history if _within(visit, since, until)]
    if visits:
        _show_trend(page, visits, choice.attribute, history=history, version=version)
        # Beside the rows, in one of which the dialog was opened that has just closed.
        show_day_saved(page)
        _show_past(page, visits, choice, version=version)
    else:
        show_day_saved(page)
        st.html(empty_html(words.history.none_in_period, ""))
    _show_files(page)


def _choose(page: SignedIn) -> HistoryChoice:
    """The widgets show what the address asks for and change it, which the next run reads."""
    words = page.screen.words
    today = page.screen.local(utc_now()).date()
    choice = read_choice(st.query_params, today=today)
    _set(_ATTRIBUTE, choice.attribute)
    _set(_PERIOD, choice.period)
    periods = dict(zip([*PERIOD_DAYS, ANY_TIME], words.history.periods, strict=True))
    periods[CUSTOM] = words.history.custom
    with st.container(horizontal=True, horizontal_alignment="distribute", key="choices"):
        st.segmented_control(
            words.history.which,
            [ALL, *Attribute],
            required=True,
            format_func=lambda value: (
                words.history.all if value == ALL else words.attributes[Attribute(value)].short
            ),
            key=_ATTRIBUTE,
            label_visibility="collapsed",
            wrap=False,
            on_change=_put_into_address,
        )
        st.segmented_control(
            words.history.period,
            list(periods),
            required=True,
            format_func=periods.__getitem__,
            key=_PERIOD,
            label_visibility="collapsed",
            wrap=False,
            on_change=_put_into_address,
            kwargs={"new_period": True},
        )
        if choice.period == CUSTOM:
            choice = dataclasses.replace(choice, days=_choose_days(page, choice, today))
    return choice


def _choose_days(page: SignedIn, choice: HistoryChoice, today: date) -> tuple[date, ...]:
    if choice.days:
        _set(_DAYS, choice.days)
    elif _DAYS not in st.session_state:
        st.session_state[_DAYS] = (today - timedelta(days=PERIOD_DAYS["month"]), today)
    chosen: Any = st.date_input(
        page.screen.words.history.custom_label,
        max_value=today,
        key=_DAYS,
        format="YYYY.MM.DD",
        on_change=_put_into_address,
        kwargs={"new_period": True},
    )
    return chosen if isinstance(chosen, tuple) else (chosen,)


def _set(key: str, value: object) -> None:
    # A widget that is told what it shows already would be drawn anew under the reader's hands.
    if st.session_state.get(key) != value:
        st.session_state[key] = value


def _put_into_address(*, new_period: bool = False) -> None:
    state: Any = st.session_state
    is_custom = state[_PERIOD] == CUSTOM
    choice = HistoryChoice(
        attribute=state[_ATTRIBUTE],
        period=state[_PERIOD],
        days=tuple(state.get(_DAYS, ())) if is_custom else (),
        # Page 4 of all checks is none of a month's.
        page=1 if new_period else state.get(_PAGE, 1),
    )
    st.query_params.from_dict(write_choice(choice))


def _span(page: SignedIn, choice: HistoryChoice) -> Span:
    """The first moment included and the first one excluded; None for no limit."""
    if choice.period in PERIOD_DAYS:
        return utc_now() - timedelta(days=PERIOD_DAYS[choice.period]), None
    if not choice.days:
        return None, None
    # While only the first day is chosen, the range is open towards today.
    last = choice.days[1] if len(choice.days) > 1 else page.screen.local(utc_now()).date()
    midnight = time(tzinfo=page.screen.time_zone)
    since = datetime.combine(choice.days[0], midnight)
    return since, datetime.combine(last, midnight) + timedelta(1)


def _within(visit: Visit, since: datetime | None, until: datetime | None) -> bool:
    return (since is None or visit.taken_at >= since) and (until is None or visit.taken_at < until)


def _show_trend(
    page: SignedIn, visits: list[Visit], choice: str, *, history: list[Visit], version: str
) -> None:
    words = page.screen.words
    trends = {
        attribute: trend_of(visits, attribute, time_zone=page.screen.time_zone, history=history)
        for attribute in (Attribute if choice == ALL else [Attribute(choice)])
    }
    with st.container(border=True, key="trend_card"):
        if choice == ALL:
            heading, told = words.trend.title, all_told_html(words, trends)
            # All five are of the same photos.
            aside = since_of(words, trends[Attribute.OIL])
            figure = trends_figure(words, trends, version=version)
        else:
            attribute = Attribute(choice)
            trend = trends[attribute]
            heading = words.attributes[attribute].name
            aside = words.directions[direction_of(attribute)]
            told = told_html(words, told_of(words, attribute, trend))
            figure = trend_figure(words, attribute, trend, version=version)
        beside = f"<small> · {escape(aside)}</small>" if aside else ""
        st.html(f'<h2 class="sn-heading">{escape(heading)}{beside}</h2>{told}')
        st.plotly_chart(
            figure,
            key=f"trend_{choice}",
            config=CONFIG,
            alt=" ".join(alternative_of(words, *each) for each in trends.items()),
        )
        st.html(keys_html(words, trends))


def _show_past(page: SignedIn, visits: list[Visit], choice: HistoryChoice, *, version: str) -> None:
    words = page.screen.words
    with st.container(horizontal=True, vertical_alignment="bottom", key="past_heading"):
        st.header(words.history.past, anchor=False)
        st.html(f'<p class="sn-when">{escape(words.history.count.format(count=len(visits)))}</p>')
    place = st.container(key="past_table", gap=None)
    pages = math.ceil(len(visits) / ROWS_PER_PAGE)
    number = min(choice.page, pages)
    if pages > 1:
        _set(_PAGE, number)
        st.pagination(pages, key=_PAGE, on_change=_put_into_address)
    place.html(header_html(words))
    first = (number - 1) * ROWS_PER_PAGE
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
