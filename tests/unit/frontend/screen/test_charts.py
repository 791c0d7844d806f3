from __future__ import annotations

from datetime import UTC, timedelta
from zoneinfo import ZoneInfo

import pytest

from frontend.accounts import User
from frontend.charts import CONFIG, trend_figure, trends_figure
from frontend.i18n import Language, catalogue
from frontend.services import Services
from frontend.store import Visit
from frontend.trend_points import Trend, trend_of, trend_points
from frontend.vocabulary import Attribute
from tests.support.visits import JUNE, save_visit

WORDS = catalogue(Language.ENGLISH)


def trend(visits: list[Visit], attribute: Attribute) -> Trend:
    return trend_of(visits, attribute, time_zone=UTC)


@pytest.fixture
def visits(shared: Services, mina: User) -> list[Visit]:
    """Three visits, newest first: grades 3, 1 and 2 on days 0, 1 and 2."""
    for day, grade in enumerate([3, 1, 2]):
        save_visit(shared, mina, day=day, grade=grade)
    return shared.repository.visits(mina.id)


def test_points_run_from_the_oldest_to_the_newest(visits: list[Visit]) -> None:
    points = trend_points(visits, Attribute.WRINKLE, time_zone=UTC)

    assert [point.score for point in points] == [3.0, 1.0, 2.0]
    assert [point.taken_at for point in points] == [JUNE + timedelta(days=day) for day in range(3)]
    # 1.96 / root 2 times 0.25 to either side.
    assert points[0].band == pytest.approx((2.653518, 3.346482), abs=1e-6)


def test_a_point_is_in_the_readers_time_zone_at_the_same_moment(visits: list[Visit]) -> None:
    point = trend_points(visits, Attribute.OIL, time_zone=ZoneInfo("Asia/Seoul"))[0]

    assert point.taken_at == JUNE
    assert point.taken_at.hour == 9


def test_the_line_has_one_marker_per_visit_at_its_score(visits: list[Visit]) -> None:
    figure = trend_figure(WORDS, Attribute.OIL, trend(visits, Attribute.OIL))

    line = figure.data[1]
    assert list(line.y) == [3.0, 1.0, 2.0]
    assert line.mode == "lines+markers"


def test_the_margins_surround_the_scores(visits: list[Visit]) -> None:
    figure = trend_figure(WORDS, Attribute.OIL, trend(visits, Attribute.OIL))

    # Upper edge from left to right, then lower edge back.
    assert list(figure.data[0].y) == pytest.approx(
        [3.3465, 1.3465, 2.3465, 1.6535, 0.6535, 2.6535], abs=1e-4
    )


def test_the_good_zone_is_drawn_where_the_scale_has_it(visits: list[Visit]) -> None:
    figure = trend_figure(WORDS, Attribute.OIL, trend(visits, Attribute.OIL))

    zone, *edges = figure.layout.shapes
    assert (zone.y0, zone.y1) == (1.5, 2.5)
    assert [edge.y0 for edge in edges] == [1.5, 2.5]


def test_a_zone_at_the_end_of_the_scale_reaches_the_charts_edge(visits: list[Visit]) -> None:
    figure = trend_figure(WORDS, Attribute.WRINKLE, trend(visits, Attribute.WRINKLE))

    zone, *edges = figure.layout.shapes
    assert (zone.y0, zone.y1) == (-0.5, 1.5)
    assert [edge.y0 for edge in edges] == [1.5]


def test_hovering_tells_day_grade_word_and_range(visits: list[Visit]) -> None:
    figure = trend_figure(WORDS, Attribute.WRINKLE, trend(visits, Attribute.WRINKLE))

    assert figure.data[1].hovertext[1] == (
        "<b>27 Jun 2026</b><br>Wrinkle 1 · Slight<br>Score 1.0, margin 0.7–1.3"
    )


def test_the_scale_is_always_0_to_4_and_a_swipe_scrolls_the_page(visits: list[Visit]) -> None:
    figure = trend_figure(WORDS, Attribute.OIL, trend(visits, Attribute.OIL))

    assert list(figure.layout.yaxis.range) == [-0.5, 4.5]
    assert list(figure.layout.yaxis.tickvals) == [0, 1, 2, 3, 4]
    assert figure.layout.yaxis.fixedrange
    assert figure.layout.xaxis.fixedrange
    assert figure.layout.dragmode is False
    assert CONFIG["scrollZoom"] is False


def test_the_time_axis_has_first_middle_and_last_day(visits: list[Visit]) -> None:
    figure = trend_figure(WORDS, Attribute.OIL, trend(visits, Attribute.OIL))

    assert list(figure.layout.xaxis.ticktext) == ["26 Jun", "27 Jun", "28 Jun"]


def test_an_axis_over_the_turn_of_a_year_names_the_years(shared: Services, mina: User) -> None:
    visits = [save_visit(shared, mina, day=day) for day in (200, 0)]

    figure = trend_figure(WORDS, Attribute.OIL, trend(visits, Attribute.OIL))

    assert list(figure.layout.xaxis.ticktext) == ["26 Jun 2026", "4 Oct 2026", "12 Jan 2027"]


def test_checks_of_one_day_share_one_tick(shared: Services, mina: User) -> None:
    visit = save_visit(shared, mina)

    figure = trend_figure(WORDS, Attribute.OIL, trend([visit], Attribute.OIL))

    assert list(figure.layout.xaxis.ticktext) == ["26 Jun"]


def test_photos_of_one_day_alone_stand_in_the_order_of_saving_on_an_axis_of_days(
    shared: Services, mina: User
) -> None:
    first, second = (save_visit(shared, mina, grade=grade, key=str(grade)) for grade in (3, 1))
    newest_first = shared.repository.visits(mina.id)
    assert [visit.id for visit in newest_first] == [second.id, first.id]

    one_day = trend(newest_first, Attribute.OIL)
    assert [point.grade for point in one_day.points] == [3, 1]
    assert one_day.line is None
    # As of one check, a day to either side.
    start, end = trend_figure(WORDS, Attribute.OIL, one_day).layout.xaxis.range
    assert end - start == 2 * 24 * 3600 * 1000


def test_a_photo_of_long_ago_that_the_present_networks_graded_is_none_of_an_earlier_version(
    shared: Services, mina: User
) -> None:
    save_visit(shared, mina, day=9, version="2026.11.0")
    save_visit(shared, mina, day=0, version="2026.12.0")
    both = trend(shared.repository.visits(mina.id), Attribute.OIL)

    figure = trend_figure(WORDS, Attribute.OIL, both, version="2026.12.0")
    marked = [WORDS.comparable.old_version in text for text in figure.data[1].hovertext]
    assert marked == [False, True]


def test_five_trends_are_five_panels_each_with_its_zone_and_all_its_points(
    visits: list[Visit],
) -> None:
    figure = trends_figure(WORDS, {attribute: trend(visits, attribute) for attribute in Attribute})

    lines = [trace for trace in figure.data if trace.mode == "lines+markers"]
    bands = [shape for shape in figure.layout.shapes if shape.type == "rect"]
    assert [len(line.y) for line in lines] == [3] * 5
    assert [shape.yref for shape in bands] == ["y", "y2", "y3", "y4", "y5"]
    assert [note.text for note in figure.layout.annotations] == [
        "Oil",
        "Hydration",
        "Wrinkle",
        "Pigmentation",
        "Sensitivity",
    ]


def test_a_note_is_a_marker_above_the_scale_and_in_the_hover_of_its_point(
    shared: Services, mina: User, visits: list[Visit]
) -> None:
    shared.repository.write_note(mina.id, visits[1].id, "new cream")
    noted = trend(shared.repository.visits(mina.id), Attribute.OIL)

    figure = trend_figure(WORDS, Attribute.OIL, noted)

    line, _, notes = figure.data[1:]
    assert list(notes.x) == [JUNE + timedelta(days=1)]
    assert list(notes.y) == [4.3]
    assert line.hovertext[1].endswith("<br>new cream")
    assert notes.hovertext[0] == line.hovertext[1]
    assert "cream" not in line.hovertext[0]


def test_without_notes_there_is_no_marker(visits: list[Visit]) -> None:
    figure = trend_figure(WORDS, Attribute.OIL, trend(visits, Attribute.OIL))

    assert [trace.mode for trace in figure.data] == ["lines", "lines+markers", "lines"]


def test_the_trend_line_goes_from_the_first_check_to_the_last_and_is_thin_while_steady(
    visits: list[Visit],
) -> None:
    figure = trend_figure(WORDS, Attribute.OIL, trend(visits, Attribute.OIL))

    line = figure.data[2]
    assert list(line.x) == [JUNE, JUNE + timedelta(days=2)]
    # Down by 1 in two days, as from the first check to the last, more than 1.96 x 0.25 x root 2.
    assert line.y[1] - line.y[0] == -1.0
    assert line.line.width == 4

    steady = trend_figure(WORDS, Attribute.OIL, trend(visits[:1] * 2, Attribute.OIL))
    assert len(steady.data) == 2


def test_from_four_checks_on_a_dashed_line_lies_at_the_median_of_the_first_three(
    shared: Services, mina: User, visits: list[Visit]
) -> None:
    save_visit(shared, mina, day=3, grade=3)
    four = trend(shared.repository.visits(mina.id), Attribute.OIL)

    baseline, line = trend_figure(WORDS, Attribute.OIL, four).data[2:]
    assert list(baseline.y) == [2.0, 2.0]
    assert baseline.line.dash == "dash"
    assert line.line.width == 2


def test_the_baseline_of_a_period_is_that_of_the_whole_history(
    shared: Services, mina: User, visits: list[Visit]
) -> None:
    save_visit(shared, mina, day=3, grade=0)
    history = shared.repository.visits(mina.id)

    last_two = trend_of(history[:2], Attribute.OIL, time_zone=UTC, history=history)
    assert last_two.baseline == 2.0
    assert trend_of(history[:2], Attribute.OIL, time_zone=UTC).baseline is None


def test_a_period_after_new_networks_tells_that_others_graded_where_the_person_began(
    shared: Services, mina: User, visits: list[Visit]
) -> None:
    for day in (103, 104):
        save_visit(shared, mina, day=day, version="2026.12.0")
    history = shared.repository.visits(mina.id)

    alone = trend_of(history[:2], Attribute.OIL, time_zone=UTC)
    assert alone.of_one_version
    beside_the_start = trend_of(history[:2], Attribute.OIL, time_zone=UTC, history=history)
    assert beside_the_start.baseline_versions == {"2026.11.0"}
    assert not beside_the_start.of_one_version


def test_a_note_in_the_hover_is_short_and_never_markup(
    shared: Services, mina: User, visits: list[Visit]
) -> None:
    note = "<a href='javascript:x'>%{x}</a> " + "very long " * 40
    shared.repository.write_note(mina.id, visits[0].id, note)
    noted = trend(shared.repository.visits(mina.id), Attribute.OIL)

    line = trend_figure(WORDS, Attribute.OIL, noted).data[1]

    hover = line.hovertext[2]
    assert "<a" not in hover
    assert "&lt;a" in hover
    # Day, grade and range, and four lines of the note.
    assert len(hover.split("<br>")) == 3 + 4
    assert hover.endswith("…")
    assert line.hovertemplate is None
