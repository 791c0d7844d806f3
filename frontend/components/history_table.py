"""The table of past checks: five cells a row, each a shape, a number and a sentence."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape

from frontend.components.score_card import status_html
from frontend.grading import Status, status_of
from frontend.i18n import Words
from frontend.store import AttributeResult
from frontend.vocabulary import Attribute


def header_html(words: Words) -> str:
    """The names above the columns; the cells repeat them for screen readers."""
    names = "".join(f"<span>{escape(words.attributes[key].short)}</span>" for key in Attribute)
    return (
        f'<div class="sn-table-head" aria-hidden="true"><span>{escape(words.history.date)}</span>'
        f'<div class="sn-cells">{names}</div><span class="sn-more"></span></div>'
    )


def row_html(words: Words, results: Mapping[Attribute, AttributeResult]) -> str:
    """The five cells of one check."""
    return (
        f'<div class="sn-cells">{"".join(_cell(words, key, results[key]) for key in Attribute)}'
        "</div>"
    )


def note_html(words: Words, note: str) -> str:
    """The note on a check, below its row; nothing for none."""
    if not note:
        return ""
    return (
        f'<p class="sn-row-note"><i class="sn-note-mark" role="img" '
        f'aria-label="{escape(words.visit.note)}"></i><span>{escape(note)}</span></p>'
    )


def legend_html(words: Words) -> str:
    """What the shapes mean."""
    statuses = "".join(status_html(status, words.statuses[status]) for status in Status)
    return f'<p class="sn-keys">{statuses}</p>'


def _cell(words: Words, attribute: Attribute, result: AttributeResult) -> str:
    spoken = words.attributes[attribute]
    status = status_of(attribute, result.grade)
    sentence = words.history.cell.format(
        name=spoken.name,
        grade=result.grade,
        word=spoken.grades[result.grade],
        status=words.statuses[status],
    )
    return (
        f'<span class="sn-cell sn-status sn-{status}" role="img" data-attribute="{attribute}" '
        f'aria-label="{escape(sentence)}"><i class="sn-shape"></i>{result.grade}</span>'
    )
