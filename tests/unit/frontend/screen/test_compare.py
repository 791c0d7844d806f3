"""Comparing two dates."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from frontend.accounts import User
from frontend.analysis import parse_analysis
from frontend.comparable import LIMITS, Reason
from frontend.components.compare_card import (
    chance_between,
    change_between,
    compare_cards_html,
)
from frontend.components.face_panel import Pictures
from frontend.grading import Change, change_of
from frontend.i18n import Language, catalogue
from frontend.services import Services
from frontend.store import NewVisit
from frontend.vocabulary import Attribute, Verdict
from tests.support.answers import analysis_answer
from tests.support.visits import FACING, result, save_visit

KOREAN = catalogue(Language.KOREAN)
ENGLISH = catalogue(Language.ENGLISH)


def chosen(page: AppTest) -> tuple[Any, Any]:
    return page.selectbox(key="compare_a").value, page.selectbox(key="compare_b").value


@pytest.mark.parametrize(
    ("attribute", "before", "after", "change"),
    [
        (Attribute.WRINKLE, 3, 1, Change.IMPROVED),
        (Attribute.WRINKLE, 1, 3, Change.LOOK),
        (Attribute.WRINKLE, 0, 1, Change.GOOD),
        (Attribute.WRINKLE, 2, 2, Change.SAME),
        (Attribute.HYDRATION, 1, 3, Change.IMPROVED),
        (Attribute.HYDRATION, 4, 1, Change.LOOK),
        (Attribute.OIL, 4, 3, Change.IMPROVED),
        (Attribute.OIL, 4, 2, Change.IMPROVED),
        (Attribute.OIL, 0, 4, Change.LOOK),
    ],
)
def test_a_change_is_told_by_the_distance_to_the_good_range(
    attribute: Attribute, before: int, after: int, change: Change
) -> None:
    assert change_between(attribute, result(before), result(after)) is change


def test_what_can_be_chance_is_about_the_same_even_if_the_grade_changed() -> None:
    within = change_of(Attribute.WRINKLE, score_before=2.6, score_after=1.9, chance=0.71)
    beyond = change_of(Attribute.WRINKLE, score_before=2.6, score_after=1.9, chance=0.69)
    assert (within, beyond) == (Change.SAME, Change.IMPROVED)


def test_the_larger_of_two_errors_counts_where_an_old_check_has_none() -> None:
    old = replace(result(2), standard_error=None)
    # 1.96 x root(0.25 squared + 0.34 squared)
    assert chance_between(old, result(2)) == pytest.approx(0.8271, abs=1e-4)


@pytest.mark.parametrize(("apart", "overlap"), [(0.68, True), (0.71, False)])
def test_the_bars_of_a_card_overlap_exactly_while_the_change_can_be_chance(
    apart: float, overlap: bool
) -> None:
    # 1.96 x 0.25 x root 2 = 0.693
    before = dict.fromkeys(Attribute, replace(result(2), score=2.0))
    after = dict.fromkeys(Attribute, replace(result(2), score=2.0 + apart))
    html = compare_cards_html(ENGLISH, before, after)
    bars = re.findall(r'class="sn-range[^"]*" style="left:([\d.]+)%;width:([\d.]+)%"', html)
    (start, width), (later, _) = bars[0], bars[1]
    assert (float(start) + float(width) > float(later)) is overlap
    assert ('data-change="same"' in html) is overlap


def test_a_card_tells_both_grades_and_the_change_in_one_sentence() -> None:
    before = dict.fromkeys(Attribute, result(3))
    after = dict.fromkeys(Attribute, result(1))
    html = compare_cards_html(ENGLISH, before, after)
    assert html.count("sn-change") == 1 + 5
    assert 'data-attribute="wrinkle" data-change="improved"' in html
    assert (
        "Wrinkle: Improved. Before, grade 3, Marked, score 3.0; after, grade 1, Slight, score 1.0."
        in html
    )
    assert 'data-attribute="hydration" data-change="look"' in html


def test_a_card_says_up_to_where_a_change_can_be_chance() -> None:
    same = dict.fromkeys(Attribute, result(3))
    html = compare_cards_html(ENGLISH, same, same)
    assert html.count("Up to 0.7 can be chance") == 5
    assert html.count('data-change="same"') == 5


def test_a_visitor_logs_in_first(tabs: Any) -> None:
    assert tabs.open("compare").title[0].value == KOREAN.login.promise


@pytest.mark.parametrize("count", [0, 1])
def test_with_fewer_than_two_checks_there_is_an_invitation(
    minas: Any, shared: Services, mina: User, count: int
) -> None:
    for day in range(count):
        save_visit(shared, mina, day=day)
    page = minas.open("compare")
    assert not page.exception
    assert (KOREAN.compare.one_check if count else KOREAN.history.empty) in minas.text(page)
    assert page.button(key="start")
    assert not page.selectbox


def test_the_last_two_checks_are_compared_until_others_are_chosen(
    minas: Any, shared: Services, mina: User
) -> None:
    first, second, third = (save_visit(shared, mina, day=day, grade=day) for day in range(3))
    page = minas.open("compare")
    assert chosen(page) == (second.id, third.id)
    assert minas.text(page).count("sn-change ") + minas.text(page).count('sn-change"') == 5

    page.selectbox(key="compare_a").set_value(first.id).run()
    assert chosen(page) == (first.id, third.id)
    assert page.query_params["a"] == first.id
    assert page.query_params["b"] == third.id


def test_the_address_names_the_two_checks_in_either_order(
    minas: Any, shared: Services, mina: User
) -> None:
    first, _, third = (save_visit(shared, mina, day=day) for day in range(3))
    for query in ({"a": first.id, "b": third.id}, {"a": third.id, "b": first.id}):
        assert chosen(minas.open("compare", **query)) == (first.id, third.id)


def test_one_check_in_the_address_is_compared_with_the_one_beside_it(
    minas: Any, shared: Services, mina: User
) -> None:
    first, second, third = (save_visit(shared, mina, day=day) for day in range(3))
    assert chosen(minas.open("compare", a=first.id)) == (first.id, third.id)
    assert chosen(minas.open("compare", b=second.id)) == (first.id, second.id)
    assert chosen(minas.open("compare", b=first.id)) == (first.id, second.id)
    assert chosen(minas.open("compare", a=third.id)) == (second.id, third.id)


def test_a_check_is_not_compared_with_itself(minas: Any, shared: Services, mina: User) -> None:
    first, _ = (save_visit(shared, mina, day=day) for day in range(2))
    page = minas.open("compare", a=first.id, b=first.id)
    assert KOREAN.compare.same_date in minas.text(page)
    assert "sn-changes" not in minas.text(page)


def test_another_persons_check_cannot_be_told_from_one_that_does_not_exist(
    minas: Any, shared: Services, mina: User
) -> None:
    stranger = shared.accounts.sign_up("stranger", "winter moon boat")
    theirs = save_visit(shared, stranger, grade=4)
    first, second = (save_visit(shared, mina, day=day, grade=1) for day in range(2))
    pages = [minas.open("compare", a=asked) for asked in (theirs.id, "nothing", "<b>x</b>")]
    for page in pages:
        assert not page.exception
        assert chosen(page) == (first.id, second.id)
        assert KOREAN.compare.not_found in minas.text(page)
    assert len({minas.text(page) for page in pages}) == 1


def test_a_deleted_check_cannot_be_chosen(minas: Any, shared: Services, mina: User) -> None:
    first, second, third = (save_visit(shared, mina, day=day) for day in range(3))
    shared.repository.delete_visit(mina.id, second.id)
    page = minas.open("compare", a=second.id)
    assert chosen(page) == (first.id, third.id)
    assert len(page.selectbox(key="compare_a").options) == 2


def test_nothing_is_called_a_change_between_two_photos_that_should_be_taken_again(
    minas: Any, shared: Services, mina: User
) -> None:
    first = save_visit(shared, mina, day=0, grade=1)
    usable = save_visit(shared, mina, day=1, grade=3, verdict=Verdict.USABLE)
    poor, poor_again = (
        save_visit(shared, mina, day=day, grade=grade, verdict=Verdict.RETAKE)
        for day, grade in ((2, 1), (3, 3))
    )

    told = minas.text(minas.open("compare", a=first.id, b=usable.id))
    assert 'data-verdict="comparable"' in told
    assert told.count('data-change="improved"') == 1
    assert KOREAN.comparable.fine in told

    told = minas.text(minas.open("compare", a=poor.id, b=poor_again.id))
    assert 'data-verdict="not_comparable"' in told
    assert told.count('data-change="not_comparable"') == len(Attribute)
    assert KOREAN.comparable.reasons[Reason.POOR_PHOTO] in told


def test_a_turned_head_and_another_version_ask_for_care(
    minas: Any, shared: Services, mina: User
) -> None:
    save_visit(shared, mina, day=0, grade=1)
    turned = replace(FACING, yaw=FACING.yaw + LIMITS["yaw"].care + 1)
    save_visit(shared, mina, day=1, grade=3, version="2026.12.0", circumstances=turned)
    told = minas.text(minas.open("compare"))
    assert 'data-verdict="with_care"' in told
    assert told.index('data-reason="pose"') < told.index('data-reason="model"')
    assert told.count('data-change="improved"') == 1
    assert KOREAN.comparable.advice in told


def test_two_checks_of_one_day_are_told_apart_by_as_much_of_the_time_as_it_takes(
    minas: Any, shared: Services, mina: User
) -> None:
    save_visit(shared, mina, day=7)
    morning = save_visit(shared, mina, day=0)
    later = {
        "evening": timedelta(hours=12),
        "again": timedelta(hours=12, seconds=20),
        "doubled": timedelta(hours=12, seconds=20, microseconds=1),
    }
    for key, after in later.items():
        shared.repository.save_visit(
            mina.id,
            NewVisit(
                taken_at=morning.taken_at + after,
                source=morning.source,
                model_version=morning.model_version,
                quality_verdict=morning.quality_verdict,
                quality_score=morning.quality_score,
                results=morning.results,
                request_key=key,
            ),
        )
    options = minas.open("compare").selectbox(key="compare_a").options
    assert options == [
        "2026.07.03",
        "2026.06.26 21:03:20 · 2",
        "2026.06.26 21:03:20 · 3",
        "2026.06.26 21:03:00",
        "2026.06.26 09:03",
    ]


def test_kept_pictures_of_both_dates_stand_side_by_side(
    minas: Any, shared: Services, mina: User
) -> None:
    shared.kept_photos.switch(mina.id, True)
    pictures = Pictures(parse_analysis(analysis_answer()))
    first, second = (save_visit(shared, mina, day=day) for day in range(2))
    shared.kept_photos.keep(mina.id, first.id, pictures)
    page = minas.open("compare")
    assert minas.text(page).count('data-map="oil"') == 1
    assert KOREAN.compare.no_picture in minas.text(page)

    shared.kept_photos.keep(mina.id, second.id, pictures)
    page.segmented_control(key="compare_map").select("wrinkle").run()
    assert minas.text(page).count('data-map="wrinkle"') == 2

    page.segmented_control(key="compare_map").select("photo").run()
    assert minas.text(page).count('data-map=""') == 2


def test_the_faces_can_lie_over_each_other_where_both_are_there(
    minas: Any, shared: Services, mina: User
) -> None:
    shared.kept_photos.switch(mina.id, True)
    pictures = Pictures(parse_analysis(analysis_answer()))
    first, second = (save_visit(shared, mina, day=day) for day in range(2))
    shared.kept_photos.keep(mina.id, first.id, pictures)
    alone = minas.open("compare")
    assert [control.key for control in alone.segmented_control] == ["compare_map"]
    assert "sn-changed-places" not in minas.text(alone)

    shared.kept_photos.keep(mina.id, second.id, pictures)
    page = minas.open("compare")
    assert KOREAN.differences.none in minas.text(page)
    page.segmented_control(key="compare_view").select("slider").run()
    assert not page.exception
    assert 'data-map="oil"' not in minas.text(page)
    assert KOREAN.differences.aligned in minas.text(page)
    assert "sn-legend" in minas.text(page)

    page.segmented_control(key="compare_map").select("photo").run()
    assert "sn-legend" not in minas.text(page)
    assert "sn-changed-places" not in minas.text(page)


def test_without_kept_pictures_the_page_says_where_to_switch_them_on(
    minas: Any, shared: Services, mina: User
) -> None:
    for day in range(2):
        save_visit(shared, mina, day=day)
    page = minas.open("compare")
    assert KOREAN.compare.no_pictures in minas.text(page)
    assert "data:image" not in minas.text(page)
