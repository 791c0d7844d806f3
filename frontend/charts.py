"""Trend charts: scores over time with their margins, the trend line and the good range."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from html import escape
from textwrap import wrap
from typing import Any, Final

import plotly.graph_objects as go
from plotly.subplots import make_subplots

from frontend.grading import HIGHEST_GRADE, good_zone
from frontend.i18n import Words, write_day, write_short_day
from frontend.trend_points import Trend, TrendPoint
from frontend.trends import Course
from frontend.vocabulary import GRADES, Attribute, Verdict

LINE: Final = "#23858F"
NOTE: Final = "#C0722B"
"""Ink of the marker of a note: at least 3 : 1 on the cards of both themes."""
_TREND: Final = "#8575AB"
"""Ink of trend line and baseline: at least 3 : 1 on the cards of both themes."""
_JOINED: Final = "rgba(35,133,143,0.55)"
_MARGIN: Final = "rgba(35,133,143,0.24)"
_ZONE: Final = "rgba(35,133,143,0.10)"
_CLEAR: Final = "rgba(0,0,0,0)"
_GRID: Final = "rgba(128,148,152,0.28)"
_NOTES_AT: Final = HIGHEST_GRADE + 0.3
"""Height of a note's marker, above the scale."""
_HOVER_WIDTH: Final = 26
_HOVER_LINES: Final = 4
HEIGHT_PX: Final = 300
HEIGHT_OF_ALL_PX: Final = 680
CONFIG: Final[dict[str, Any]] = {"displayModeBar": False, "scrollZoom": False, "doubleClick": False}
"""Plotly's switches: no tools, and a swipe scrolls the page instead of the chart."""


def trend_figure(
    words: Words, attribute: Attribute, trend: Trend, *, version: str | None = None
) -> go.Figure:
    """The trend of one attribute.

    Args:
        words: The language.
        attribute: Which attribute.
        trend: Its trend.
        version: Of the networks that grade now, by default those of the last point; what others
            graded is marked.
    """
    figure = go.Figure()
    _draw(figure, words, attribute, trend, row=None, version=version)
    _finish(figure, words, trend.points, height_px=HEIGHT_PX)
    figure.update_layout(margin={"l": 8, "r": 16, "t": 12, "b": 8})
    return figure


def trends_figure(
    words: Words, trends: Mapping[Attribute, Trend], *, version: str | None = None
) -> go.Figure:
    """The trends of several attributes, one panel above the other on one axis of time.

    Args:
        words: The language.
        trends: By attribute.
        version: As `trend_figure` has it.
    """
    figure = make_subplots(
        rows=len(trends),
        cols=1,
        shared_xaxes=True,
        vertical_spacing=0.06,
        subplot_titles=[words.attributes[attribute].name for attribute in trends],
    )
    figure.update_annotations(x=0, xanchor="left", font_size=14)
    for row, (attribute, trend) in enumerate(trends.items(), start=1):
        _draw(figure, words, attribute, trend, row=row, version=version)
    _finish(figure, words, next(iter(trends.values())).points, height_px=HEIGHT_OF_ALL_PX)
    figure.update_layout(margin={"l": 8, "r": 16, "t": 28, "b": 8})
    return figure


def _draw(
    figure: go.Figure,
    words: Words,
    attribute: Attribute,
    trend: Trend,
    *,
    row: int | None,
    version: str | None,
) -> None:
    panel = {} if row is None else {"row": row, "col": 1}
    for trace in [
        _margins(trend.points),
        _scores(words, attribute, trend.points, version=version),
        *_baseline(trend),
        *_line(trend),
        *_notes(words, attribute, trend.points, size_px=11 if row is None else 8),
    ]:
        figure.add_trace(trace, **panel)
    _draw_zone(figure, attribute, panel)
    if row is None:
        _name_the_ends(figure, words, attribute)


def _margins(points: Sequence[TrendPoint]) -> go.Scatter:
    moments = [point.taken_at for point in points]
    bands = [point.band for point in points]
    return go.Scatter(
        x=moments + moments[::-1],
        y=[high for _, high in bands] + [low for low, _ in reversed(bands)],
        fill="toself",
        mode="lines",
        line={"width": 0},
        fillcolor=_MARGIN,
        hoverinfo="skip",
    )


def _scores(
    words: Words, attribute: Attribute, points: Sequence[TrendPoint], *, version: str | None
) -> go.Scatter:
    last = len(points) - 1
    present = points[last].model_version if version is None else version
    return go.Scatter(
        x=[point.taken_at for point in points],
        y=[point.score for point in points],
        mode="lines+markers",
        line={"color": _JOINED, "width": 1.5},
        marker={
            "color": LINE,
            "opacity": 1,
            "size": [13 if index == last else 9 for index in range(len(points))],
            "symbol": ["circle-open" if point.is_poor else "circle" for point in points],
            # Of open circles the line alone is drawn.
            "line": {"color": LINE, "width": [2 if point.is_poor else 0 for point in points]},
        },
        hovertext=[
            _hover(words, attribute, point, is_old=point.model_version != present)
            for point in points
        ],
        # A template would fill in what looks like one of its fields in a note.
        hoverinfo="text",
    )


def _baseline(trend: Trend) -> list[go.Scatter]:
    if trend.baseline is None:
        return []
    # A shape would reach beyond the first and the last check.
    return [
        go.Scatter(
            x=[trend.points[0].taken_at, trend.points[-1].taken_at],
            y=[trend.baseline] * 2,
            mode="lines",
            line={"color": _TREND, "width": 1.5, "dash": "dash"},
            hoverinfo="skip",
        )
    ]


def _line(trend: Trend) -> list[go.Scatter]:
    line = trend.line
    if line is None:
        return []
    return [
        go.Scatter(
            x=[trend.fit[0].taken_at, trend.fit[-1].taken_at],
            y=[line.first, line.last],
            mode="lines",
            line={"color": _TREND, "width": 2 if line.course is Course.STEADY else 4},
            hoverinfo="skip",
        )
    ]


def _notes(
    words: Words, attribute: Attribute, points: Sequence[TrendPoint], *, size_px: int
) -> list[go.Scatter]:
    noted = [point for point in points if point.note]
    if not noted:
        return []
    return [
        go.Scatter(
            x=[point.taken_at for point in noted],
            y=[_NOTES_AT] * len(noted),
            mode="markers",
            marker={"color": NOTE, "opacity": 1, "size": size_px, "symbol": "diamond"},
            # In a low panel it reaches beyond the edge.
            cliponaxis=False,
            hovertext=[_hover(words, attribute, point) for point in noted],
            hoverinfo="text",
        )
    ]


def _draw_zone(figure: go.Figure, attribute: Attribute, panel: Mapping[str, int]) -> None:
    low, high = good_zone(attribute)
    # Plotly leaves bands out of a panel without traces, so the band comes after them.
    figure.add_hrect(
        y0=-0.5 if low == GRADES[0] else low,
        y1=HIGHEST_GRADE + 0.5 if high == HIGHEST_GRADE else high,
        fillcolor=_ZONE,
        line_width=0,
        layer="below",
        **panel,
    )
    for edge in (low, high):
        if GRADES[0] < edge < HIGHEST_GRADE:
            figure.add_hline(
                y=edge, line={"color": LINE, "width": 1.5, "dash": "dot"}, layer="below", **panel
            )


def _name_the_ends(figure: go.Figure, words: Words, attribute: Attribute) -> None:
    grades = words.attributes[attribute].grades
    for grade in (GRADES[0], HIGHEST_GRADE):
        figure.add_annotation(
            text=grades[grade],
            xref="paper",
            x=0.006,
            xanchor="left",
            y=grade + (0.22 if grade else -0.24),
            showarrow=False,
            font_size=12,
        )


def _finish(
    figure: go.Figure, words: Words, points: Sequence[TrendPoint], *, height_px: int
) -> None:
    ticks = _ticks(points)
    is_of_one_year = points[0].taken_at.year == points[-1].taken_at.year
    write = write_short_day if is_of_one_year else write_day
    figure.update_layout(
        height=height_px,
        showlegend=False,
        dragmode=False,
        hovermode="closest",
        paper_bgcolor=_CLEAR,
        plot_bgcolor=_CLEAR,
    )
    figure.update_xaxes(
        fixedrange=True,
        automargin=True,
        showgrid=False,
        zeroline=False,
        tickvals=ticks,
        ticktext=[write(words, tick) for tick in ticks],
        tickfont_size=12,
    )
    if points[0].taken_at == points[-1].taken_at:
        # One moment alone would get an axis of milliseconds.
        day_ms = 24 * 3600 * 1000
        moment_ms = points[0].taken_at.timestamp() * 1000
        figure.update_xaxes(range=[moment_ms - day_ms, moment_ms + day_ms], type="date")
    figure.update_yaxes(
        range=[-0.5, HIGHEST_GRADE + 0.5],
        tickvals=list(GRADES),
        fixedrange=True,
        automargin=True,
        gridcolor=_GRID,
        zeroline=False,
        tickfont_size=12,
    )


def _ticks(points: Sequence[TrendPoint]) -> list[datetime]:
    """First, last, and the moment halfway, if they fall on different days."""
    first, last = points[0].taken_at, points[-1].taken_at
    moments = [first, first + (last - first) / 2, last]
    by_day = {moment.date(): moment for moment in moments}
    return list(by_day.values())


def _hover(words: Words, attribute: Attribute, point: TrendPoint, *, is_old: bool = False) -> str:
    spoken = words.attributes[attribute]
    low, high = point.band
    text = words.trend.hover.format(
        name=spoken.name,
        grade=point.grade,
        word=spoken.grades[point.grade],
        score=f"{point.score:.1f}",
        low=f"{low:.1f}",
        high=f"{high:.1f}",
    )
    lines = [f"<b>{write_day(words, point.taken_at)}</b>", text]
    if is_old:
        lines.append(f"{words.comparable.old_version} ({escape(point.model_version)})")
    if point.is_poor:
        lines.append(words.verdicts[Verdict.RETAKE])
    # Plotly reads some tags in a text, links among them, so a note is escaped here too.
    lines += [escape(line, quote=False) for line in _short_lines(point.note)]
    return "<br>".join(lines)


def _short_lines(note: str) -> list[str]:
    """The beginning of a note in lines that fit beside a point on a phone.

    >>> _short_lines("a new cream against dry cheeks, first evening")
    ['a new cream against dry', 'cheeks, first evening']
    """
    if not note:
        return []
    lines = wrap(note, width=_HOVER_WIDTH, break_long_words=True)
    if len(lines) > _HOVER_LINES:
        lines = [*lines[: _HOVER_LINES - 1], f"{lines[_HOVER_LINES - 1]}…"]
    return lines
