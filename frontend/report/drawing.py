"""Drawn with lines: the shape of a status, the track of a score, and the trend of an attribute."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from frontend.components.trend_words import told_of
from frontend.grading import HIGHEST_GRADE, Status, good_zone, likely_range, status_of
from frontend.i18n import Words, write_day, write_short_day
from frontend.report.paper import LINE, MARGIN_MM, MUTED, RAIL, RULE, WIDTH_MM, Paper
from frontend.store import AttributeResult
from frontend.trend_points import Trend, TrendPoint
from frontend.trends import Course
from frontend.vocabulary import GRADES, Attribute

PANEL_MM: Final = 40.0
"""Height of one trend with its name and its dates."""
STATUS_INK: Final = {
    Status.GOOD: (14, 102, 112),
    Status.BETWEEN: (85, 101, 106),
    Status.LOOK: (150, 72, 0),
}
_PAPER: Final = (255, 255, 255)
_TREND: Final = (133, 117, 171)
_NAME_MM: Final = 7.0
_DATES_MM: Final = 6.0
_AXIS_MM: Final = 24.0
_MANY_POINTS: Final = 60

Spot = tuple[float, float]


def draw_status(paper: Paper, status: Status, x: float, y: float, *, side: float = 2.6) -> None:
    """A status as its shape and colour.

    Args:
        paper: To draw on.
        status: Which status.
        x: Centre of the shape, mm from the left.
        y: Centre of the shape, mm from the top.
        side: Its width in mm.
    """
    half = side / 2
    paper.set_fill_color(*STATUS_INK[status])
    if status is Status.GOOD:
        paper.circle(x, y, half, style="F")
    elif status is Status.BETWEEN:
        paper.rect(x - half, y - half, side, side, style="F", round_corners=True, corner_radius=0.4)
    else:
        paper.polygon([(x, y - half), (x + half, y + half), (x - half, y + half)], style="F")


def draw_track(
    paper: Paper, attribute: Attribute, result: AttributeResult, x: float, y: float, width: float
) -> None:
    """A score on its scale: rail, good zone, likely range and the status's shape.

    Args:
        paper: To draw on.
        attribute: Whose scale.
        result: What to show.
        x: Left end of the rail.
        y: Middle of the rail.
        width: Length of the rail.
    """

    def place(score: float) -> float:
        return x + width * score / HIGHEST_GRADE

    paper.set_fill_color(*RAIL)
    paper.rect(x, y - 1.6, width, 3.2, style="F", round_corners=True, corner_radius=1.6)
    low, high = good_zone(attribute)
    paper.set_draw_color(*STATUS_INK[Status.GOOD])
    paper.set_fill_color(213, 235, 236)
    paper.set_line_width(0.3)
    paper.set_dash_pattern(dash=0.9, gap=0.7)
    paper.rect(
        place(low),
        y - 1.6,
        place(high) - place(low),
        3.2,
        "DF",
        round_corners=True,
        corner_radius=1.6,
    )
    paper.set_dash_pattern()
    low, high = likely_range(result.probabilities)
    paper.set_fill_color(*STATUS_INK[Status.GOOD])
    with paper.faint(0.45):
        paper.rect(place(low), y - 0.8, place(high) - place(low), 1.6, style="F")
    draw_status(paper, status_of(attribute, result.grade), place(result.score), y, side=3.8)


def draw_trend(paper: Paper, words: Words, attribute: Attribute, trend: Trend) -> None:
    """The trend of one attribute across the page, from where the pen stands, and what it says."""
    top, points = paper.get_y(), trend.points
    panel = _Panel(points, top=top + _NAME_MM, height=PANEL_MM - _NAME_MM - _DATES_MM)
    paper.type(words.attributes[attribute].name, size=10, bold=True, width=_AXIS_MM)
    told = told_of(words, attribute, trend)
    paper.type(told.spoken(words), size=8.5, ink=MUTED, ends_line=True)
    _draw_scale(paper, words, attribute, panel)
    band = [(panel.x(point.taken_at), panel.y(point.band[1])) for point in points]
    band += [(panel.x(point.taken_at), panel.y(point.band[0])) for point in reversed(points)]
    paper.set_fill_color(*LINE)
    if len(points) > 1:
        with paper.faint(0.22):
            paper.polygon(band, style="F")
    else:
        _draw_range_of_one(paper, panel, points[0])
    spots = [(panel.x(point.taken_at), panel.y(point.score)) for point in points]
    _draw_scores(paper, spots, hollow=[point.is_poor for point in points])
    _draw_lines(paper, trend, panel)
    for point, (x, _) in zip(points, spots, strict=True):
        if point.note:
            _draw_note(paper, x, panel.y(HIGHEST_GRADE + 0.3))
    _draw_dates(paper, words, points, panel)
    paper.set_xy(MARGIN_MM, top + PANEL_MM)


class _Panel:
    """Where moments and scores lie on the page."""

    def __init__(self, points: Sequence[TrendPoint], *, top: float, height: float) -> None:
        self.left, self.width = MARGIN_MM + _AXIS_MM, WIDTH_MM - _AXIS_MM - 4
        self.top, self.height = top, height
        self._first = points[0].taken_at
        self._span_s = (points[-1].taken_at - self._first).total_seconds()

    def x(self, moment: datetime) -> float:
        if self._span_s <= 0:
            return self.left + self.width / 2
        return self.left + self.width * (moment - self._first).total_seconds() / self._span_s

    def y(self, score: float) -> float:
        return self.top + self.height * (HIGHEST_GRADE + 0.5 - score) / (HIGHEST_GRADE + 1)


def _draw_scale(paper: Paper, words: Words, attribute: Attribute, panel: _Panel) -> None:
    low, high = good_zone(attribute)
    top = panel.y(HIGHEST_GRADE + 0.5 if high == HIGHEST_GRADE else high)
    bottom = panel.y(-0.5 if low == GRADES[0] else low)
    paper.set_fill_color(*LINE)
    with paper.faint(0.1):
        paper.rect(panel.left, top, panel.width, bottom - top, style="F")
    grades = words.attributes[attribute].grades
    for grade in GRADES:
        y = panel.y(grade)
        paper.set_draw_color(*RULE)
        paper.set_line_width(0.15)
        paper.line(panel.left, y, panel.left + panel.width, y)
        label = f"{grades[grade]}  {grade}" if grade in (GRADES[0], HIGHEST_GRADE) else str(grade)
        paper.set_xy(MARGIN_MM, y - 1.9)
        paper.type(label, size=7.5, ink=MUTED, width=_AXIS_MM - 2, align="R")


def _draw_range_of_one(paper: Paper, panel: _Panel, point: TrendPoint) -> None:
    low, high = point.band
    x, top = panel.x(point.taken_at), panel.y(high)
    with paper.faint(0.22):
        paper.rect(x - 2, top, 4, panel.y(low) - top, style="F")


def _draw_lines(paper: Paper, trend: Trend, panel: _Panel) -> None:
    """The personal baseline, dashed, and the trend line, thick where something changed."""
    paper.set_draw_color(*_TREND)
    if trend.baseline is not None:
        y = panel.y(trend.baseline)
        paper.set_line_width(0.25)
        paper.set_dash_pattern(dash=1.4, gap=1.0)
        left, right = (panel.x(trend.points[index].taken_at) for index in (0, -1))
        paper.line(left, y, right, y)
        paper.set_dash_pattern()
    if trend.line is not None:
        paper.set_line_width(0.4 if trend.line.course is Course.STEADY else 1.0)
        left, right = (panel.x(trend.fit[index].taken_at) for index in (0, -1))
        paper.line(left, panel.y(trend.line.first), right, panel.y(trend.line.last))


def _draw_scores(paper: Paper, spots: Sequence[Spot], *, hollow: Sequence[bool]) -> None:
    paper.set_draw_color(*LINE)
    paper.set_line_width(0.25)
    if len(spots) > 1:
        paper.polyline(list(spots))
    for place, ((x, y), is_hollow) in enumerate(zip(spots, hollow, strict=True)):
        is_last = place == len(spots) - 1
        # A dot for each of hundreds of checks would hide the line.
        if is_last or len(spots) <= _MANY_POINTS:
            paper.set_fill_color(*(_PAPER if is_hollow else LINE))
            paper.circle(x, y, 1.3 if is_last else 0.8, style="DF")


def _draw_note(paper: Paper, x: float, y: float) -> None:
    paper.set_fill_color(*STATUS_INK[Status.LOOK])
    paper.polygon([(x, y - 1), (x + 1, y), (x, y + 1), (x - 1, y)], style="F")


def _draw_dates(paper: Paper, words: Words, points: Sequence[TrendPoint], panel: _Panel) -> None:
    first, last = points[0].taken_at, points[-1].taken_at
    if first.date() == last.date():
        texts = [(panel.left + panel.width / 2, write_day(words, first), "C")]
    else:
        middle = first + (last - first) / 2
        texts = [
            (panel.left, write_day(words, first), "L"),
            (panel.left + panel.width / 2, write_short_day(words, middle), "C"),
            (panel.left + panel.width, write_day(words, last), "R"),
        ]
    for x, text, align in texts:
        offset = {"L": 0.0, "C": 20.0, "R": 40.0}[align]
        paper.set_xy(x - offset, panel.top + panel.height + 0.8)
        paper.type(text, size=7.5, ink=MUTED, width=40, align=align)
