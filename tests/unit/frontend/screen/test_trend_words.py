"""What a trend says: the sentence above the chart, beside it for all five, and in its stead."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC

import pytest

from frontend.accounts import User
from frontend.charts import trend_figure
from frontend.components.trend_words import (
    all_told_html,
    alternative_of,
    keys_html,
    told_html,
    told_of,
)
from frontend.grading import Change
from frontend.i18n import Language, catalogue
from frontend.services import Services
from frontend.trend_points import Trend, trend_of
from frontend.vocabulary import Attribute, Verdict
from tests.support.visits import save_visit

ENGLISH = catalogue(Language.ENGLISH)
KOREAN = catalogue(Language.KOREAN)
CHANCE = "0.7"
"""Of two results with a standard error of 0.25: 1.96 x 0.25 x root 2 = 0.693."""


MakesTrend = Callable[..., Trend]


@pytest.fixture
def make(shared: Services, mina: User) -> MakesTrend:
    """Makes the trend of one check a day from their grades."""

    def trend(grades: Sequence[int], attribute: Attribute = Attribute.WRINKLE) -> Trend:
        for day, grade in enumerate(grades):
            save_visit(shared, mina, day=day, grade=grade)
        return trend_of(shared.repository.visits(mina.id), attribute, time_zone=UTC)

    return trend


def test_a_steady_trend_says_how_much_can_be_chance(make: MakesTrend) -> None:
    trend = make([2, 2])
    told = told_of(ENGLISH, Attribute.WRINKLE, trend)
    assert told.change is Change.SAME
    assert told.sentence == (
        f"About the same since 26 Jun 2026. A change of up to {CHANCE} grades can be chance."
    )
    assert told_of(KOREAN, Attribute.WRINKLE, trend).sentence == (
        f"2026.06.26부터 비슷해요. {CHANCE}등급까지는 우연일 수 있어요."
    )
    assert "sn-status" not in told_html(ENGLISH, told)


def test_a_change_says_how_far_since_when_and_whether_it_is_better(make: MakesTrend) -> None:
    trend = make([3, 1])
    told = told_of(ENGLISH, Attribute.WRINKLE, trend)
    assert told.spoken(ENGLISH) == (
        f"Down by 2.0 grades since 26 Jun 2026, more than the {CHANCE} that can be chance. "
        "Improved."
    )
    assert told_of(KOREAN, Attribute.WRINKLE, trend).spoken(KOREAN) == (
        f"2026.06.26부터 2.0등급 내렸어요. 우연일 수 있는 {CHANCE}등급보다 큰 변화예요. 좋아짐."
    )
    assert 'data-change="improved"' in told_html(ENGLISH, told)
    assert "sn-status sn-good" in told_html(ENGLISH, told)


@pytest.mark.parametrize(
    ("attribute", "grades", "change"),
    [
        (Attribute.OIL, [4, 2], Change.IMPROVED),
        (Attribute.OIL, [0, 2], Change.IMPROVED),
        (Attribute.OIL, [2, 4], Change.LOOK),
        (Attribute.HYDRATION, [1, 3], Change.IMPROVED),
        (Attribute.SENSITIVITY, [1, 3], Change.LOOK),
        (Attribute.SENSITIVITY, [0, 1], Change.GOOD),
    ],
)
def test_better_is_what_comes_nearer_to_the_good_range(
    make: MakesTrend, attribute: Attribute, grades: list[int], change: Change
) -> None:
    assert told_of(ENGLISH, attribute, make(grades, attribute)).change is change


def test_a_change_that_looks_like_chance_is_written_with_one_digit_more(make: MakesTrend) -> None:
    trend = make([2, 2])
    assert trend.line is not None
    close = replace(trend, line=replace(trend.line, first=1.0, last=1.71, chance=0.693))
    told = told_of(ENGLISH, Attribute.WRINKLE, close)
    assert "Up by 0.71 grades" in told.sentence
    assert "more than the 0.69 that" in told.sentence


def test_one_check_asks_for_another(make: MakesTrend) -> None:
    assert told_of(ENGLISH, Attribute.OIL, make([2])).sentence == ENGLISH.trend.one_more


def test_who_does_not_see_the_chart_hears_its_sentence(make: MakesTrend) -> None:
    trend = make([3, 1])
    spoken = alternative_of(ENGLISH, Attribute.WRINKLE, trend)
    assert spoken.startswith("Trend of the Wrinkle score: 2 checks from 26 Jun 2026 to 27 Jun 2026")
    assert spoken.endswith("more than the 0.7 that can be chance. Improved.")


def test_all_five_have_a_line_each(make: MakesTrend) -> None:
    trend = make([3, 1])
    html = all_told_html(ENGLISH, dict.fromkeys(Attribute, trend))
    assert html.count("<li ") == 5
    assert html.count("Down by 2.0 (chance: up to 0.7)") == 5
    # Oil is as far from the middle as before, and hydration is better high.
    assert html.count('data-change="look"') == 2


def test_the_legend_names_what_is_drawn_and_other_versions(make: MakesTrend) -> None:
    one = replace(make([3, 1]), points=make([3, 1]).points[:1])
    assert "sn-key-range" not in keys_html(ENGLISH, {Attribute.OIL: one})
    two = make([3, 1])
    assert "sn-key-range" in keys_html(ENGLISH, {Attribute.OIL: two})
    assert "sn-key-line" in keys_html(ENGLISH, {Attribute.OIL: two})
    assert "sn-key-baseline" not in keys_html(ENGLISH, {Attribute.OIL: two})
    started = replace(two, baseline=2.0)
    assert "sn-key-baseline" in keys_html(ENGLISH, {Attribute.OIL: started})
    assert ENGLISH.trend.other_model not in keys_html(ENGLISH, {Attribute.OIL: two})
    mixed = replace(two, points=[two.points[0], replace(two.points[1], model_version="2027.1.0")])
    assert ENGLISH.trend.other_model in keys_html(ENGLISH, {Attribute.OIL: mixed})


def test_photos_that_should_be_taken_again_are_shown_and_do_not_count(
    shared: Services, mina: User
) -> None:
    for day, (grade, verdict) in enumerate(
        [(3, Verdict.RETAKE), (2, Verdict.GOOD), (2, Verdict.USABLE), (0, Verdict.RETAKE)]
    ):
        save_visit(shared, mina, day=day, grade=grade, verdict=verdict)
    trend = trend_of(shared.repository.visits(mina.id), Attribute.WRINKLE, time_zone=UTC)
    assert [point.score for point in trend.points] == [3.0, 2.0, 2.0, 0.0]
    assert trend.line is not None
    assert (trend.line.first, trend.line.last) == (2.0, 2.0)
    assert told_of(ENGLISH, Attribute.WRINKLE, trend).sentence.startswith(
        "About the same since 27 Jun 2026."
    )
    assert ENGLISH.trend.poor in keys_html(ENGLISH, {Attribute.WRINKLE: trend})
    symbols = trend_figure(ENGLISH, Attribute.WRINKLE, trend).data[1].marker.symbol
    assert list(symbols) == ["circle-open", "circle", "circle", "circle-open"]


def test_of_poor_photos_alone_there_is_no_trend(shared: Services, mina: User) -> None:
    for day, verdict in enumerate([Verdict.RETAKE, Verdict.GOOD, Verdict.RETAKE]):
        save_visit(shared, mina, day=day, grade=day, verdict=verdict)
    trend = trend_of(shared.repository.visits(mina.id), Attribute.OIL, time_zone=UTC)
    assert trend.line is None
    assert told_of(KOREAN, Attribute.OIL, trend).sentence == KOREAN.trend.too_few_fit


def test_photos_of_one_moment_and_a_poor_one_of_a_later_day_are_not_called_of_one_day(
    shared: Services, mina: User
) -> None:
    for key in ("first", "second"):
        save_visit(shared, mina, key=key)
    same = trend_of(shared.repository.visits(mina.id), Attribute.OIL, time_zone=UTC)
    assert told_of(ENGLISH, Attribute.OIL, same).sentence == ENGLISH.trend.no_line

    save_visit(shared, mina, day=9, verdict=Verdict.RETAKE)
    apart = trend_of(shared.repository.visits(mina.id), Attribute.OIL, time_zone=UTC)
    assert told_of(ENGLISH, Attribute.OIL, apart).sentence == ENGLISH.trend.too_few_fit
