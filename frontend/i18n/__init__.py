"""The screen's languages: one catalogue each, chosen by the browser and changeable."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from enum import StrEnum
from typing import Final

from frontend.i18n.english import ENGLISH
from frontend.i18n.korean import KOREAN
from frontend.i18n.words import Problem, Words

__all__ = [
    "Language",
    "Problem",
    "Words",
    "catalogue",
    "language_of",
    "problem_text",
    "write_day",
    "write_day_and_time",
    "write_short_day",
]


class Language(StrEnum):
    """A language of the screen, by its tag."""

    KOREAN = "ko"
    ENGLISH = "en"


_CATALOGUES: Final[Mapping[Language, Words]] = {
    Language.KOREAN: KOREAN,
    Language.ENGLISH: ENGLISH,
}


def catalogue(language: Language) -> Words:
    """All sentences of a language.

    >>> catalogue(Language.KOREAN).app
    '살결 노트'
    """
    return _CATALOGUES[language]


def language_of(locale: str | None) -> Language:
    """The language for a browser's locale: Korean for Korean, English for all others.

    >>> language_of("ko-KR").value, language_of("fr").value, language_of(None).value
    ('ko', 'en', 'en')
    """
    tag = (locale or "").replace("_", "-").split("-")[0].lower()
    return Language.KOREAN if tag == Language.KOREAN.value else Language.ENGLISH


def problem_text(words: Words, code: str, params: Mapping[str, str | int | float]) -> Problem:
    """The sentences for an error's code, filled in.

    Args:
        words: The language.
        code: Code of an error of the server, the accounts or the app.
        params: Its parameters; `reason` chooses between sentences where a code has several.

    Returns:
        What happened and what to do. A code that no catalogue knows is named in the sentence.

    >>> problem_text(catalogue(Language.ENGLISH), "photo_too_large", {"max_mb": 20.0}).do
    'Choose one of up to 20 MB.'
    """
    template = words.problems.get(f"{code}.{params.get('reason')}") or words.problems.get(code)
    filled = {
        name: f"{value:g}" if isinstance(value, float) else str(value)
        for name, value in params.items()
    }
    try:
        if template is not None:
            return Problem(what=template.what.format_map(filled), do=template.do.format_map(filled))
    except KeyError:
        # A server of another version may leave a number out; the code still says what happened.
        pass
    unknown = words.problems["unknown"]
    return Problem(what=unknown.what.format(code=code), do=unknown.do)


def write_day(words: Words, day: date) -> str:
    """A day as the language writes it.

    >>> write_day(catalogue(Language.ENGLISH), date(2026, 3, 4))
    '4 Mar 2026'
    >>> write_day(catalogue(Language.KOREAN), date(2026, 3, 4))
    '2026.03.04'
    """
    return _write(words, words.day, day)


def write_day_and_time(words: Words, moment: datetime) -> str:
    """A day with hour and minute, in the moment's own time zone.

    >>> write_day_and_time(catalogue(Language.ENGLISH), datetime(2026, 3, 4, 9, 3))
    '4 Mar 2026 09:03'
    """
    return f"{_write(words, words.day, moment)} {moment:%H:%M}"


def write_short_day(words: Words, day: date) -> str:
    """A day without its year, for axes.

    >>> write_short_day(catalogue(Language.KOREAN), date(2026, 3, 4))
    '03.04'
    """
    return _write(words, words.short_day, day)


def _write(words: Words, pattern: str, day: date) -> str:
    return pattern.format(
        year=day.year, month=day.month, day=day.day, name=words.months[day.month - 1]
    )
