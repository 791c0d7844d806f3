"""What the history's address says: attribute, period and page, so that Back returns to them.

| parameter    | values                                    | without it          |
|--------------|-------------------------------------------|---------------------|
| `attribute`  | a word of `Attribute`, or `all`           | oil                 |
| `period`     | `month`, `quarter`, `year` or `custom`    | all checks          |
| `from`, `to` | days of a custom period, as 2026-11-28    | see `History.days`  |
| `page`       | of the table, from 1                      | 1                   |

An address is typed, cut and passed on, so whatever it says that nobody knows counts as not said.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from frontend.vocabulary import Attribute

ALL: Final = "all"
CUSTOM: Final = "custom"
ANY_TIME: Final = "any"
PERIOD_DAYS: Final = {"month": 31, "quarter": 92, "year": 366}

_MOST_DIGITS: Final = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryChoice:
    """What is shown of a history.

    Attributes:
        attribute: An attribute's word, or `ALL`.
        period: A key of `PERIOD_DAYS`, `ANY_TIME` or `CUSTOM`.
        days: First and last day of a custom period, or the first alone; () for none named.
        page: Of the table, from 1; may lie beyond the last one.
    """

    attribute: str = Attribute.OIL
    period: str = ANY_TIME
    days: tuple[date, ...] = ()
    page: int = 1


def read_choice(query: Mapping[str, str], *, today: date) -> HistoryChoice:
    """What an address asks for.

    Args:
        query: Its parameters.
        today: Where the reader is; no period reaches beyond it.

    >>> read_choice({"attribute": "wrinkle", "page": "4", "period": "era"}, today=date.max)
    HistoryChoice(attribute='wrinkle', period='any', days=(), page=4)
    """
    attribute, period = query.get("attribute", ""), query.get("period", "")
    page = query.get("page", "")
    is_number = page.isascii() and page.isdigit() and len(page) <= _MOST_DIGITS
    return HistoryChoice(
        attribute=attribute if attribute in {ALL, *Attribute} else Attribute.OIL,
        period=period if period in {CUSTOM, *PERIOD_DAYS} else ANY_TIME,
        days=_days(query, today) if period == CUSTOM else (),
        page=max(1, int(page)) if is_number else 1,
    )


def write_choice(choice: HistoryChoice) -> dict[str, str]:
    """The parameters that say this; what goes without saying is left out.

    >>> write_choice(HistoryChoice(period="custom", days=(date(2026, 3, 1),), page=2))
    {'period': 'custom', 'from': '2026-03-01', 'page': '2'}
    """
    said = {}
    if choice.attribute != Attribute.OIL:
        said["attribute"] = str(choice.attribute)
    if choice.period != ANY_TIME:
        said["period"] = choice.period
    said |= dict(zip(("from", "to"), (day.isoformat() for day in choice.days), strict=False))
    if choice.page > 1:
        said["page"] = str(choice.page)
    return said


def _days(query: Mapping[str, str], today: date) -> tuple[date, ...]:
    since, until = (_day(query.get(name, "")) for name in ("from", "to"))
    if since is None or since > today:
        return ()
    return (since,) if until is None or not since <= until <= today else (since, until)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
