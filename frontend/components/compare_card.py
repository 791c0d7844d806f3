"""The cards of a comparison: one attribute at two dates, and whether the change counts."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape

from frontend.components.score_card import status_html
from frontend.components.trend_words import SHAPES
from frontend.grading import (
    HIGHEST_GRADE,
    Change,
    change_of,
    direction_of,
    good_zone,
    status_of,
)
from frontend.i18n import Words
from frontend.store import AttributeResult
from frontend.trends import band, known_error, minimal_detectable_change
from frontend.vocabulary import Attribute


def compare_cards_html(
    words: Words,
    before: Mapping[Attribute, AttributeResult],
    after: Mapping[Attribute, AttributeResult],
    *,
    can_be_compared: bool = True,
) -> str:
    """The five cards, in the order of the attributes.

    Args:
        words: The language.
        before: Earlier results.
        after: Later ones.
        can_be_compared: If not, no difference is called a change.
    """
    cards = (_card(words, key, before[key], after[key], can_be_compared) for key in Attribute)
    return f'<div class="sn-cards sn-changes">{"".join(cards)}</div>'


def change_between(attribute: Attribute, before: AttributeResult, after: AttributeResult) -> Change:
    """How an attribute moved from one result to a later one."""
    return change_of(
        attribute,
        score_before=before.score,
        score_after=after.score,
        chance=chance_between(before, after),
    )


def chance_between(before: AttributeResult, after: AttributeResult) -> float:
    """How far two results of one attribute may lie apart by chance, grades."""
    return minimal_detectable_change(
        known_error(before.standard_error), known_error(after.standard_error)
    )


def _card(
    words: Words,
    attribute: Attribute,
    before: AttributeResult,
    after: AttributeResult,
    can_be_compared: bool,
) -> str:
    spoken = words.attributes[attribute]
    change = change_between(attribute, before, after) if can_be_compared else Change.NOT_COMPARABLE
    told = {
        "name": spoken.name,
        "change": words.compare.changes[change],
        "grade_before": before.grade,
        "word_before": spoken.grades[before.grade],
        "score_before": f"{before.score:.1f}",
        "grade_after": after.grade,
        "word_after": spoken.grades[after.grade],
        "score_after": f"{after.score:.1f}",
        "direction": words.directions[direction_of(attribute)],
    }
    chance = chance_between(before, after)
    why = (
        words.compare.by_chance.format(chance=f"{chance:.1f}")
        if change is Change.SAME
        else words.directions[direction_of(attribute)]
    )
    # Drawn by half of it to either side, the two overlap exactly while the change can be chance.
    bands = [band(result.score, chance / 2) for result in (before, after)]
    return (
        f'<section class="sn-card sn-change" data-attribute="{attribute}" data-change="{change}">'
        f'<div class="sn-row"><h2 class="sn-name">{escape(spoken.name)}</h2>'
        f"{status_html(SHAPES[change], words.compare.changes[change])}</div>"
        f'<div class="sn-row sn-note"><span>{escape(words.compare.moved.format(**told))}</span>'
        f"<span>{escape(why)}</span></div>"
        f'<div class="sn-track" role="img" '
        f'aria-label="{escape(words.compare.sentence.format(**told))}">'
        f'<div class="sn-zone" style="{_span(*good_zone(attribute))}"></div>'
        f'<div class="sn-range sn-range-before" '
        f'style="{_span(*bands[0])}"></div>'
        f'<div class="sn-range" style="{_span(*bands[1])}"></div>'
        f'<div class="sn-before" style="left:{_place(before.score)}"></div>'
        f'<div class="sn-dot sn-{status_of(attribute, after.grade)}" '
        f'style="left:{_place(after.score)}"><i class="sn-shape"></i></div></div>'
        f'<div class="sn-scale" aria-hidden="true"><span style="left:0%">0 {escape(spoken.lowest)}'
        f'</span><span style="left:100%">{escape(spoken.highest)} {HIGHEST_GRADE}</span></div>'
        "</section>"
    )


def _place(score: float) -> str:
    return f"{100 * score / HIGHEST_GRADE:.1f}%"


def _span(low: float, high: float) -> str:
    return f"left:{_place(low)};width:{_place(high - low)}"
