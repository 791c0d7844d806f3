"""What a trend says in words: the sentences of page, picture texts and report."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from typing import Final

from frontend.components.score_card import status_html
from frontend.grading import Change, Status, change_of
from frontend.i18n import Words, write_day
from frontend.trend_points import Trend
from frontend.trends import Course
from frontend.vocabulary import Attribute

SHAPES: Final = {
    Change.IMPROVED: Status.GOOD,
    Change.GOOD: Status.GOOD,
    Change.SAME: Status.BETWEEN,
    Change.LOOK: Status.LOOK,
    Change.NOT_COMPARABLE: Status.BETWEEN,
}
"""The shape beside what a change is called."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What a trend says.

    Attributes:
        sentence: Where it went, and how much of it can be chance.
        short: The same without its beginning, for a line beside the attribute's name.
        change: Whether that is better; `Change.SAME` where there is none.
    """

    sentence: str
    short: str
    change: Change

    def spoken(self, words: Words) -> str:
        """The sentence, and whether that is better."""
        if self.change is Change.SAME:
            return self.sentence
        return f"{self.sentence} {words.compare.changes[self.change]}."


def told_of(words: Words, attribute: Attribute, trend: Trend) -> Told:
    """What a trend says, in the words of a language."""
    line = trend.line
    if line is None:
        text = _why_no_line(words, trend)
        return Told(sentence=text, short=text, change=Change.SAME)
    sentence, short = {
        Course.STEADY: (words.trend.steady, words.trend.steady_short),
        Course.RISEN: (words.trend.risen, words.trend.risen_short),
        Course.FALLEN: (words.trend.fallen, words.trend.fallen_short),
    }[line.course]
    change, chance = _apart(abs(line.change), line.chance)
    told = {
        "first": write_day(words, trend.fit[0].taken_at),
        "change": change,
        "chance": chance,
    }
    return Told(
        sentence=sentence.format(**told),
        short=short.format(**told),
        change=change_of(
            attribute, score_before=line.first, score_after=line.last, chance=line.chance
        ),
    )


def since_of(words: Words, trend: Trend) -> str:
    """The day from which a trend is told, or an empty text where it has no line."""
    if trend.line is None:
        return ""
    return words.trend.since.format(first=write_day(words, trend.fit[0].taken_at))


def alternative_of(words: Words, attribute: Attribute, trend: Trend) -> str:
    """A trend for those who do not see its chart."""
    return words.trend.alternative.format(
        name=words.attributes[attribute].name,
        count=len(trend.points),
        first=write_day(words, trend.points[0].taken_at),
        last=write_day(words, trend.points[-1].taken_at),
        score=f"{trend.points[-1].score:.1f}",
        told=told_of(words, attribute, trend).spoken(words),
    )


def told_html(words: Words, told: Told) -> str:
    """The sentence of one trend, and as a shape with its words whether that is better."""
    return (
        f'<p class="sn-told" data-change="{told.change}"><span>{escape(told.sentence)}</span>'
        f"{_judged(words, told)}</p>"
    )


def all_told_html(words: Words, trends: dict[Attribute, Trend]) -> str:
    """The short sentences of several trends, one in a line."""
    lines = []
    for attribute, trend in trends.items():
        told = told_of(words, attribute, trend)
        lines.append(
            f'<li data-attribute="{attribute}" data-change="{told.change}">'
            f"<b>{escape(words.attributes[attribute].short)}</b>"
            f"<div><span>{escape(told.short)}</span>{_judged(words, told)}</div></li>"
        )
    return f'<ul class="sn-all-told">{"".join(lines)}</ul>'


def keys_html(words: Words, trends: dict[Attribute, Trend]) -> str:
    """What is drawn in the chart, and the rule that decides."""
    keys = [("sn-key-zone", words.trend.good_zone)]
    if any(trend.points[0].taken_at != trend.points[-1].taken_at for trend in trends.values()):
        # At one moment alone the band has no width.
        keys.append(("sn-key-range", words.trend.margin))
    if any(trend.line is not None for trend in trends.values()):
        keys.append(("sn-key-line", words.trend.line))
    if any(trend.baseline is not None for trend in trends.values()):
        keys.append(("sn-key-baseline", words.trend.baseline))
    points = [point for trend in trends.values() for point in trend.points]
    if any(point.is_poor for point in points):
        keys.append(("sn-key-poor", words.trend.poor))
    if any(point.note for point in points):
        keys.append(("sn-note-mark", words.visit.note_key))
    entries = (f'<span><i class="{sign}"></i>{escape(text)}</span>' for sign, text in keys)
    notes = [words.trend.rule]
    if not all(trend.of_one_version for trend in trends.values()):
        notes.append(words.trend.other_model)
    return f'<p class="sn-keys">{"".join(entries)}</p>' + "".join(
        f'<p class="sn-note">{escape(note)}</p>' for note in notes
    )


def _why_no_line(words: Words, trend: Trend) -> str:
    if len(trend.points) == 1:
        return words.trend.one_more
    days = {point.taken_at.date() for point in trend.points}
    if len(trend.fit) > 1 and len(days) == 1:
        return words.trend.no_line
    return words.trend.too_few_fit


def _judged(words: Words, told: Told) -> str:
    if told.change is Change.SAME:
        return ""
    return status_html(SHAPES[told.change], words.compare.changes[told.change])


def _apart(change: float, chance: float) -> tuple[str, str]:
    """Both with one digit after the point, with more where a change would look like chance.

    >>> _apart(1.24, 0.61), _apart(0.64, 0.61), _apart(0.604, 0.61)
    (('1.2', '0.6'), ('0.64', '0.61'), ('0.6', '0.6'))
    """
    digits = 1
    while change > chance and f"{change:.{digits}f}" == f"{chance:.{digits}f}" and digits < 4:
        digits += 1
    return f"{change:.{digits}f}", f"{chance:.{digits}f}"
