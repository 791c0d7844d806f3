"""The card that says whether two checks can be compared, and what speaks against it."""

from __future__ import annotations

from html import escape
from typing import Final

from frontend.comparable import Comparability, Comparison
from frontend.components.score_card import status_html
from frontend.grading import Status
from frontend.i18n import Words

_SHAPES: Final = {
    Comparability.COMPARABLE: Status.GOOD,
    Comparability.WITH_CARE: Status.BETWEEN,
    Comparability.NOT_COMPARABLE: Status.LOOK,
}


def comparable_html(words: Words, comparison: Comparison) -> str:
    """The verdict, its reasons, and what to do for the next check."""
    spoken = words.comparable
    reasons = [
        f'<li data-reason="{reason}">{escape(spoken.reasons[reason])}</li>'
        for reason in comparison.reasons
    ]
    told = (
        f"<ul>{''.join(reasons)}</ul><p>{escape(spoken.advice)}</p>"
        if reasons
        else f"<p>{escape(spoken.fine)}</p>"
    )
    verdict = status_html(_SHAPES[comparison.verdict], spoken.verdicts[comparison.verdict])
    return (
        f'<section class="sn-card sn-comparable" data-verdict="{comparison.verdict}">'
        f"{verdict}{told}</section>"
    )
