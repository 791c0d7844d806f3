"""On which day a file's photo was taken: the field that asks, and what is said of a wrong day."""

from __future__ import annotations

from datetime import date

import streamlit as st

from frontend.components.notice import problem_html
from frontend.errors import DayOutsideError
from frontend.i18n import Words, problem_text, write_day


def ask_for_day(words: Words, *, value: date, key: str) -> date:
    """Draw the field.

    Args:
        words: The language.
        value: The day that stands in it at first.
        key: Of the field.

    Returns:
        Any day: `frontend.taken` tells whether a photo can be of it.
    """
    return st.date_input(
        words.check.taken_on,
        value=value,
        # Of limits that it is given Streamlit speaks English alone, and a day beyond them it keeps
        # to itself: the one before would be saved.
        min_value=date.min,
        max_value=date.max,
        key=key,
        format="YYYY.MM.DD",
    )


def day_problem_html(words: Words, error: DayOutsideError) -> str:
    """A card that says which days there are."""
    days = {
        name: write_day(words, date.fromisoformat(str(day))) for name, day in error.params.items()
    }
    return problem_html(problem_text(words, error.code, days), code=error.code)
