"""Score cards: one attribute's grade in words and numbers, on a track that shows which way is good.

Everything is `div`s, because Streamlit takes SVG out of HTML. Each track is one picture to a
screen reader, with a whole sentence for its text.
"""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from typing import Final

from frontend.certainty import Certainty, belief_of
from frontend.grading import (
    HIGHEST_GRADE,
    Status,
    direction_of,
    good_zone,
    likely_range,
    status_of,
)
from frontend.i18n import Words
from frontend.store import AttributeResult
from frontend.vocabulary import GRADES, Attribute, Evidence

_STATUS_ORDER: Final = (Status.GOOD, Status.BETWEEN, Status.LOOK)


def status_html(status: Status, text: str) -> str:
    """A status as shape and word, so that colour is never alone.

    >>> status_html(Status.GOOD, "In a good range")
    '<span class="sn-status sn-good"><i class="sn-shape"></i>In a good range</span>'
    """
    return f'<span class="sn-status sn-{status}"><i class="sn-shape"></i>{escape(text)}</span>'


def summary_html(words: Words, results: Mapping[Attribute, AttributeResult]) -> str:
    """One line per status that occurs: its shape and word, and the attributes that have it."""
    lines = []
    for status in _STATUS_ORDER:
        names = [
            words.attributes[attribute].name
            for attribute, result in results.items()
            if status_of(attribute, result.grade) is status
        ]
        if names:
            lines.append(
                f'<span class="sn-summary-item">{status_html(status, words.statuses[status])} '
                f"{escape(', '.join(names))}</span>"
            )
    return f'<p class="sn-summary">{"".join(lines)}</p>'


def score_cards_html(
    words: Words,
    results: Mapping[Attribute, AttributeResult],
    before: Mapping[Attribute, AttributeResult] | None,
) -> str:
    """The five cards, in the order of the attributes.

    Args:
        words: The language.
        results: What this check said.
        before: What the check before it said, shown as hollow dots, or None.
    """
    cards = (
        score_card_html(
            words,
            attribute,
            results[attribute],
            score_before=None if before is None else before[attribute].score,
        )
        for attribute in Attribute
    )
    return f'<div class="sn-cards">{"".join(cards)}</div>'


def score_card_html(
    words: Words, attribute: Attribute, result: AttributeResult, *, score_before: float | None
) -> str:
    """One card.

    Args:
        words: The language.
        attribute: Which attribute.
        result: What this check said about it.
        score_before: The score of the check before, or None.
    """
    spoken = words.attributes[attribute]
    status = status_of(attribute, result.grade)
    experimental = (
        f' · <span class="sn-tag">{escape(words.evidence[Evidence.SIMULATED])}</span>'
        if result.evidence is Evidence.SIMULATED
        else ""
    )
    return (
        f'<section class="sn-card sn-score" data-attribute="{attribute}" '
        f'data-grade="{result.grade}">'
        f'<div class="sn-row"><h2 class="sn-name">{escape(spoken.name)}</h2>'
        f'<strong class="sn-grade">{result.grade} · {escape(spoken.grades[result.grade])}</strong>'
        "</div>"
        f'<div class="sn-row sn-note"><span>{escape(words.directions[direction_of(attribute)])}'
        f"{experimental}</span>{status_html(status, words.statuses[status])}</div>"
        f'<p class="sn-meaning">{escape(words.meaning.grades[attribute][result.grade])}</p>'
        f"{_track(words, attribute, result, status=status, score_before=score_before)}"
        f"{_scale(spoken.lowest, spoken.highest, result.grade)}"
        f'<p class="sn-sure sn-note">{escape(certainty_sentence(words, result))}</p></section>'
    )


def certainty_sentence(words: Words, result: AttributeResult) -> str:
    """How sure the network is of the grade."""
    belief = belief_of(result.probabilities, grade=result.grade)
    sentences = {
        Certainty.SURE: words.meaning.sure,
        Certainty.BETWEEN: words.meaning.between,
        Certainty.UNSURE: words.meaning.unsure,
    }
    return sentences[belief.certainty].format(low=belief.low, high=belief.high)


def track_sentence(
    words: Words, attribute: Attribute, result: AttributeResult, *, score_before: float | None
) -> str:
    """What a track shows, as a sentence."""
    low, high = likely_range(result.probabilities)
    spoken = words.attributes[attribute]
    sentence = words.result.track.format(
        name=spoken.name,
        grade=result.grade,
        word=spoken.grades[result.grade],
        direction=words.directions[direction_of(attribute)],
        status=words.statuses[status_of(attribute, result.grade)],
        score=f"{result.score:.1f}",
        low=f"{low:.1f}",
        high=f"{high:.1f}",
    )
    if score_before is None:
        return sentence
    return f"{sentence} {words.result.track_before.format(before=f'{score_before:.1f}')}"


def _track(
    words: Words,
    attribute: Attribute,
    result: AttributeResult,
    *,
    status: Status,
    score_before: float | None,
) -> str:
    sentence = track_sentence(words, attribute, result, score_before=score_before)
    hollow = (
        ""
        if score_before is None
        else f'<div class="sn-before" style="left:{_place(score_before)}"></div>'
    )
    return (
        f'<div class="sn-track" role="img" aria-label="{escape(sentence)}">'
        f'<div class="sn-zone" style="{_span(*good_zone(attribute))}"></div>'
        f'<div class="sn-range" style="{_span(*likely_range(result.probabilities))}"></div>'
        f'{hollow}<div class="sn-dot sn-{status}" style="left:{_place(result.score)}">'
        '<i class="sn-shape"></i></div></div>'
    )


def _scale(lowest: str, highest: str, grade: int) -> str:
    labels = []
    for tick in GRADES:
        text = str(tick)
        if tick == GRADES[0]:
            text = f"{tick} {lowest}"
        elif tick == HIGHEST_GRADE:
            text = f"{highest} {tick}"
        current = ' class="sn-current"' if tick == grade else ""
        labels.append(f'<span{current} style="left:{_place(tick)}">{escape(text)}</span>')
    return f'<div class="sn-scale" aria-hidden="true">{"".join(labels)}</div>'


def _place(score: float) -> str:
    return f"{100 * score / HIGHEST_GRADE:.1f}%"


def _span(low: float, high: float) -> str:
    return f"left:{_place(low)};width:{_place(high - low)}"
