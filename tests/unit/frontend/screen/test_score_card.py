from __future__ import annotations

from frontend.components.history_table import header_html, row_html
from frontend.components.notice import problem_html, quality_html
from frontend.components.score_card import (
    score_card_html,
    score_cards_html,
    summary_html,
    track_sentence,
)
from frontend.i18n import Language, Problem, catalogue
from frontend.vocabulary import Attribute, Verdict
from tests.support.visits import result

KOREAN = catalogue(Language.KOREAN)
ENGLISH = catalogue(Language.ENGLISH)


def test_a_card_tells_grade_word_direction_and_status() -> None:
    card = score_card_html(KOREAN, Attribute.HYDRATION, result(1), score_before=None)

    assert 'data-attribute="hydration" data-grade="1"' in card
    assert "1 · 건조" in card
    assert "높을수록 좋아요" in card
    assert "살펴보기" in card
    assert "실험 단계" in card


def test_shapes_lie_on_the_track_where_the_scores_are() -> None:
    card = score_card_html(KOREAN, Attribute.OIL, result(3), score_before=1.0)

    # Of 0 to 4: score 3 at 75 %, the one before at 25 %, good from 1.5 (37.5 %) for 1 (25 %),
    # likely from 2.6 (65 %) for 0.8 (20 %).
    assert '<div class="sn-dot sn-between" style="left:75.0%">' in card
    assert '<div class="sn-before" style="left:25.0%">' in card
    assert '<div class="sn-zone" style="left:37.5%;width:25.0%">' in card
    assert '<div class="sn-range" style="left:65.0%;width:20.0%">' in card


def test_the_first_check_has_no_dot_of_one_before() -> None:
    assert "sn-before" not in score_card_html(KOREAN, Attribute.OIL, result(), score_before=None)


def test_a_track_is_one_sentence_to_a_screen_reader() -> None:
    assert track_sentence(ENGLISH, Attribute.WRINKLE, result(1), score_before=2.0) == (
        "Wrinkle: grade 1, Slight. Better low. In a good range. "
        "Score 1.0, likely range 0.6–1.4. Previous score 2.0."
    )


def test_cards_come_in_the_order_of_the_attributes() -> None:
    html = score_cards_html(ENGLISH, dict.fromkeys(reversed(Attribute), result()), None)

    places = [html.index(f'data-attribute="{attribute}"') for attribute in Attribute]
    assert places == sorted(places)


def test_the_summary_groups_attributes_by_status_and_leaves_out_empty_groups() -> None:
    html = summary_html(ENGLISH, dict.fromkeys(Attribute, result(1)))

    # Grade 1 is good for three, in between for oil, and worth a look for hydration.
    assert "Wrinkle, Pigmentation, Sensitivity" in html
    assert html.index("In a good range") < html.index("In between") < html.index("Worth a look")
    assert "In between" not in summary_html(ENGLISH, {Attribute.OIL: result(2)})


def test_each_cell_of_the_history_is_a_sentence() -> None:
    row = row_html(KOREAN, dict.fromkeys(Attribute, result(0)))

    assert row.count('role="img"') == 5
    assert 'aria-label="주름 0등급, 거의 없음, 좋은 편"' in row
    assert 'aria-hidden="true"' in header_html(KOREAN)


def test_what_a_person_or_a_server_wrote_cannot_become_markup() -> None:
    problem = Problem(what="<script>alert(1)</script>", do="<b>")

    html = problem_html(problem, code='"><script>')

    assert "<script>" not in html
    assert "<b>" not in html


def test_advice_is_given_once_and_an_unknown_piece_is_left_out() -> None:
    keys = ["hold_still", "hold_still", "stand_on_one_leg"]

    html = quality_html(ENGLISH, Verdict.RETAKE, keys)

    assert html.count("<li>") == 1
    assert "Wipe the lens and hold still." in html
    assert "Better taken again" in html
