"""The two reports: of one check, and of the whole history."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Final

from frontend.analysis import Analysis
from frontend.components.face_map import shows_something
from frontend.components.map_tiles import map_pictures, small_face
from frontend.errors import KeptPhotosError
from frontend.grading import likely_range, status_of
from frontend.i18n import Words, problem_text, write_day, write_day_and_time
from frontend.report.drawing import PANEL_MM, draw_status, draw_track, draw_trend
from frontend.report.paper import MARGIN_MM, MUTED, WIDTH_MM, Paper
from frontend.report.pictures import jpeg, side_of
from frontend.store import Visit
from frontend.taken import write_when
from frontend.trend_points import trend_of
from frontend.vocabulary import Attribute, Evidence


@dataclass(frozen=True, slots=True)
class Tiles:
    """How the face and its five maps are laid out.

    Attributes:
        columns: Tiles in a row, a divisor of six.
        side_mm: Side of a tile.
    """

    columns: int
    side_mm: float

    @property
    def row_mm(self) -> float:
        """Height of a row with its captions."""
        return self.side_mm + 8.0

    @property
    def height_mm(self) -> float:
        """Height of all rows."""
        return 6 / self.columns * self.row_mm

    @property
    def step_mm(self) -> float:
        """From the left edge of a tile to that of the next one."""
        return self.side_mm + (WIDTH_MM - self.columns * self.side_mm) / (self.columns - 1)


_ONE_CHECK: Final = Tiles(columns=3, side_mm=50.0)
_OF_MANY_CHECKS: Final = Tiles(columns=6, side_mm=27.0)
"""A row a check, five checks on a page."""

PicturesOf = Callable[[Visit], Analysis | None]
"""Hands over the pictures of a visit, or None where there are none."""

_ROW_MM: Final = 7.0
_DATE_MM: Final = 40.0


def visit_report(
    words: Words,
    visit: Visit,
    *,
    earlier: Sequence[Visit],
    login_id: str,
    made_at: datetime,
    time_zone: tzinfo,
    pictures_of: PicturesOf,
) -> bytes:
    """The report of one check: grades, note, maps, and the trend that led to it.

    Args:
        words: The language.
        visit: The check.
        earlier: The checks before it, in any order.
        login_id: Whose check.
        made_at: The present moment.
        time_zone: The reader's.
        pictures_of: Where pictures come from.

    Returns:
        A PDF file.
    """
    paper = Paper(words, title=words.report.title, made_at=made_at.astimezone(time_zone))
    when = write_when(words, visit, time_zone)
    _write_head(paper, words, words.report.title, when, login_id, time_zone)
    paper.type(
        f"{words.report.quality}: {words.verdicts[visit.quality_verdict]} · "
        f"{words.report.model.format(version=visit.model_version)}",
        size=9,
        ink=MUTED,
        ends_line=True,
    )
    _write_limits(paper, words, [visit])
    _write_grades(paper, words, visit)
    if visit.note:
        paper.heading(words.report.note, room_mm=12)
        paper.paragraph(visit.note)
    if not _show_maps(paper, words, visit, time_zone, pictures_of, _ONE_CHECK):
        _remark(paper, words.report.no_picture)
    if earlier:
        _show_trends(paper, words, [*earlier, visit], time_zone)
    return bytes(paper.output())


def history_report(
    words: Words,
    visits: Sequence[Visit],
    *,
    login_id: str,
    made_at: datetime,
    time_zone: tzinfo,
    pictures_of: PicturesOf,
    pictured: Collection[str],
    version: str,
) -> bytes:
    """The report of a whole history: trends, all checks with notes, all maps there are.

    Args:
        words: The language.
        visits: At least one, newest first.
        login_id: Whose history.
        made_at: The present moment.
        time_zone: The reader's.
        pictures_of: Where pictures come from.
        pictured: IDs of the visits that there are pictures of.
        version: Of the networks that grade now; what others graded is marked.

    Returns:
        A PDF file.
    """
    paper = Paper(words, title=words.report.history, made_at=made_at.astimezone(time_zone))
    days = [write_day(words, visit.taken_at.astimezone(time_zone)) for visit in visits]
    span = words.report.checks.format(count=len(visits), first=days[-1], last=days[0])
    _write_head(paper, words, words.report.history, span, login_id, time_zone)
    _write_limits(paper, words, visits)
    _show_trends(paper, words, visits, time_zone)
    _write_checks(paper, words, visits, time_zone, version=version)
    shown = [visit for visit in visits if visit.id in pictured]
    if not shown:
        _remark(paper, words.report.no_pictures)
    elif len(shown) < len(visits):
        _remark(paper, words.report.some_pictures.format(count=len(shown)))
    for visit in shown:
        _show_maps(paper, words, visit, time_zone, pictures_of, _OF_MANY_CHECKS)
    return bytes(paper.output())


def _write_head(
    paper: Paper, words: Words, title: str, subject: str, login_id: str, time_zone: tzinfo
) -> None:
    paper.type(words.app, size=9, ink=MUTED, ends_line=True)
    paper.ln(1)
    paper.type(title, size=20, bold=True, ends_line=True)
    paper.type(subject, size=12, ends_line=True)
    paper.ln(1.5)
    created = paper.creation_date.astimezone(time_zone)
    paper.type(
        f"{words.report.person}: {login_id} · "
        f"{words.report.made}: {write_day_and_time(words, created)}",
        size=9,
        ink=MUTED,
        ends_line=True,
    )


def _write_grades(paper: Paper, words: Words, visit: Visit) -> None:
    """One row per attribute: name, track, grade in words, score with its range, status."""
    paper.ln(4)
    columns = (27.0, 36.0, 14.0, 26.0, 33.0)
    track = WIDTH_MM - sum(columns) - 4
    name, grade, score, likely, status = words.report.table
    for text, width in zip(
        (name, "", grade, score, likely, status), (columns[0], track + 4, *columns[1:]), strict=True
    ):
        paper.type(text, size=8, ink=MUTED, width=width)
    paper.ln(5.5)
    for attribute, result in visit.results.items():
        spoken = words.attributes[attribute]
        paper.rule()
        top = paper.get_y()
        paper.set_xy(MARGIN_MM, top + 2.4)
        paper.type(spoken.name, bold=True, width=columns[0])
        draw_track(paper, attribute, result, MARGIN_MM + columns[0], top + 4.9, track - 2)
        paper.set_xy(MARGIN_MM + columns[0] + track + 4, top + 2.4)
        paper.type(f"{result.grade} · {spoken.grades[result.grade]}", bold=True, width=columns[1])
        paper.type(f"{result.score:.1f}", width=columns[2])
        low, high = likely_range(result.probabilities)
        paper.type(f"{low:.1f}–{high:.1f}", width=columns[3])
        standing = status_of(attribute, result.grade)
        draw_status(paper, standing, paper.get_x() + 1.5, top + 4.9)
        paper.set_x(paper.get_x() + 4.5)
        paper.type(words.statuses[standing], size=9)
        paper.set_xy(MARGIN_MM, top + 10)
    paper.rule()


def _show_maps(
    paper: Paper,
    words: Words,
    visit: Visit,
    time_zone: tzinfo,
    pictures_of: PicturesOf,
    tiles: Tiles,
) -> bool:
    """Six tiles, the face and each attribute's map; or why not, and False if there are none."""
    try:
        pictures = pictures_of(visit)
    except KeptPhotosError as error:
        problem = problem_text(words, error.code, error.params)
        _remark(paper, f"{problem.what} {problem.do}")
        return True
    if pictures is None:
        return False
    day = write_day(words, visit.taken_at.astimezone(time_zone))
    paper.heading(words.report.maps_of.format(date=day), room_mm=tiles.height_mm)
    side_px, side_mm = side_of(tiles.side_mm), tiles.side_mm
    captioned = [
        (small_face(pictures, side_px), words.result.view_photo, words.result.photo_alternative)
    ]
    for attribute, picture in map_pictures(pictures, side_px).items():
        spoken = words.attributes[attribute]
        visible = shows_something(pictures.attributes[attribute].heatmap)
        seen = spoken.seen if visible else spoken.unseen
        caption = (
            f"{spoken.name} {visit.results[attribute].grade}"
            if tiles is _OF_MANY_CHECKS  # where there is little room
            else f"{spoken.name}: {seen}"
        )
        captioned.append((picture, caption, spoken.alternative if visible else spoken.unseen))
    top = paper.get_y()
    for index, (picture, caption, alternative) in enumerate(captioned):
        row, column = divmod(index, tiles.columns)
        x, y = MARGIN_MM + column * tiles.step_mm, top + row * tiles.row_mm
        paper.image(jpeg(picture), x=x, y=y, w=side_mm, h=side_mm, alt_text=alternative)
        paper.set_xy(x, y + side_mm + 1)
        paper.type(caption, size=7.5, ink=MUTED, width=side_mm)
    paper.set_xy(MARGIN_MM, top + tiles.height_mm)
    return True


def _remark(paper: Paper, text: str) -> None:
    paper.ln(4)
    paper.paragraph(text, size=9, ink=MUTED)


def _show_trends(paper: Paper, words: Words, visits: Sequence[Visit], time_zone: tzinfo) -> None:
    paper.heading(words.trend.title, room_mm=PANEL_MM)
    paper.paragraph(f"{words.trend.drawn} {words.trend.rule}", size=9, ink=MUTED)
    paper.ln(2)
    trends = {each: trend_of(visits, each, time_zone=time_zone) for each in Attribute}
    for attribute, trend in trends.items():
        if paper.will_page_break(PANEL_MM):
            paper.add_page()
        draw_trend(paper, words, attribute, trend)
    if not all(trend.of_one_version for trend in trends.values()):
        _remark(paper, words.trend.other_model)


def _write_checks(
    paper: Paper, words: Words, visits: Sequence[Visit], time_zone: tzinfo, *, version: str
) -> None:
    """A row per check: its moment, five shapes with grades, and below what there is to remark."""
    paper.heading(words.report.all_checks, room_mm=3 * _ROW_MM)
    column = (WIDTH_MM - _DATE_MM) / len(Attribute)
    _write_columns(paper, words, column)
    for visit in visits:
        if paper.will_page_break(2 * _ROW_MM):
            paper.add_page()
            _write_columns(paper, words, column)
        paper.rule()
        top = paper.get_y()
        paper.set_xy(MARGIN_MM, top + 1.2)
        paper.type(write_when(words, visit, time_zone), size=9, width=_DATE_MM)
        for index, (attribute, result) in enumerate(visit.results.items()):
            x = MARGIN_MM + _DATE_MM + index * column
            standing = status_of(attribute, result.grade)
            draw_status(paper, standing, x + 1.5, top + _ROW_MM / 2, side=2.2)
            paper.set_xy(x + 4, top + 1.2)
            paper.type(f"{result.grade}  ({result.score:.1f})", size=9, width=column - 4)
        paper.set_xy(MARGIN_MM, top + _ROW_MM)
        graded = f"{words.comparable.old_version} ({visit.model_version})"
        remarks = [*([graded] if visit.model_version != version else []), visit.note]
        for remark in filter(None, remarks):
            paper.set_x(MARGIN_MM + 4)
            paper.paragraph(remark, size=8.5, ink=MUTED, width=WIDTH_MM - 4)
            paper.ln(1.2)
    paper.rule()


def _write_columns(paper: Paper, words: Words, column: float) -> None:
    paper.type(words.history.date, size=8, ink=MUTED, width=_DATE_MM)
    for attribute in Attribute:
        paper.type(words.attributes[attribute].name, size=8, ink=MUTED, width=column)
    paper.ln(5)


def _write_limits(paper: Paper, words: Words, visits: Sequence[Visit]) -> None:
    text = words.report.not_medical
    results = (result for visit in visits for result in visit.results.values())
    if any(result.evidence is Evidence.SIMULATED for result in results):
        text = f"{text} {words.report.experimental}"
    paper.ln(2)
    paper.paragraph(text, size=9, ink=MUTED)
