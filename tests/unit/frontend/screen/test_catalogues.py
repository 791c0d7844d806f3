from __future__ import annotations

import dataclasses
import re
import string
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from frontend import errors
from frontend.grading import Direction, Status
from frontend.i18n import (
    Language,
    Words,
    catalogue,
    language_of,
    problem_text,
    write_day,
    write_day_and_time,
    write_short_day,
)
from frontend.vocabulary import Attribute, Evidence, Verdict

KOREAN = catalogue(Language.KOREAN)
ENGLISH = catalogue(Language.ENGLISH)


def _texts(value: object, path: str = "") -> Iterator[tuple[str, str]]:
    """Every text of a catalogue with its place in it."""
    if isinstance(value, str):
        yield path.removeprefix("."), value
    elif dataclasses.is_dataclass(value):
        for field in dataclasses.fields(value):
            yield from _texts(getattr(value, field.name), f"{path}.{field.name}")
    elif isinstance(value, Mapping):
        for key, item in value.items():
            yield from _texts(item, f"{path}.{key}")
    elif isinstance(value, tuple):
        for index, item in enumerate(value):
            yield from _texts(item, f"{path}.{index}")


def _braces(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


def test_both_languages_have_the_same_texts() -> None:
    assert {place for place, _ in _texts(KOREAN)} == {place for place, _ in _texts(ENGLISH)}


def _fields(value: Any, path: str = "") -> Iterator[tuple[str, str]]:
    """The place and the name of every field of a catalogue."""
    for field in dataclasses.fields(value):
        inside, place = getattr(value, field.name), f"{path}.{field.name}".removeprefix(".")
        yield place, field.name
        if dataclasses.is_dataclass(inside):
            yield from _fields(inside, place)


def test_every_text_is_asked_for_somewhere() -> None:
    frontend = Path(errors.__file__).parent
    files = [path for path in frontend.rglob("*.py") if "sections" not in path.parts]
    asked = set(re.findall(r"\.(\w+)\b", "".join(path.read_text("utf-8") for path in files)))

    # The widget that takes a photo is handed all of its sentences at once.
    places = [(place, name) for place, name in _fields(KOREAN) if not place.startswith("capture.")]
    assert [place for place, name in places if name not in asked] == []


def test_no_text_is_empty() -> None:
    assert [place for place, text in (*_texts(KOREAN), *_texts(ENGLISH)) if not text.strip()] == []


def test_the_typeface_has_every_letter_of_every_text() -> None:
    (sheet,) = (Path(errors.__file__).parent / "static").glob("pretendard-*/*.css")
    ranges = re.findall(r"U\+([0-9a-f]+)(?:-([0-9a-f]+))?", sheet.read_text(encoding="utf-8"))
    there = {
        code for first, last in ranges for code in range(int(first, 16), int(last or first, 16) + 1)
    }
    written = {letter for _, text in (*_texts(KOREAN), *_texts(ENGLISH)) for letter in text}
    missing = {letter for letter in written if ord(letter) not in there and letter.isprintable()}
    assert missing == set()


def test_each_text_has_the_same_braces_in_both_languages() -> None:
    korean, english = dict(_texts(KOREAN)), dict(_texts(ENGLISH))
    dates = {"day", "short_day"}

    differing = {
        place
        for place in korean
        if place not in dates and _braces(korean[place]) != _braces(english[place])
    }

    assert differing == set()


def test_english_has_no_hangul_but_the_other_languages_name() -> None:
    hangul = {
        place for place, text in _texts(ENGLISH) if any("가" <= letter <= "힣" for letter in text)
    }

    assert hangul == set()


@pytest.mark.parametrize("words", [KOREAN, ENGLISH], ids=["ko", "en"])
def test_every_word_of_the_vocabulary_is_translated(words: Words) -> None:
    assert set(words.attributes) == set(Attribute)
    assert set(words.directions) == set(Direction)
    assert set(words.statuses) == set(Status)
    assert set(words.verdicts) == set(Verdict)
    assert set(words.evidence) == set(Evidence)


@pytest.mark.parametrize("words", [KOREAN, ENGLISH], ids=["ko", "en"])
def test_every_error_of_the_app_a_person_can_meet_has_its_sentences(words: Words) -> None:
    met: list[type[errors.SkinNotesError]] = [
        *errors.AccountError.__subclasses__(),
        errors.TicketUnusableError,
    ]
    params: dict[str, str | int | float] = {
        "minimum": 3,
        "maximum": 32,
        "minutes": 15,
        "reason": "too_short",
    }

    for error in met:
        problem = problem_text(words, error.code, params)
        assert error.code not in problem.what, error.code


@pytest.mark.parametrize("words", [KOREAN, ENGLISH], ids=["ko", "en"])
@pytest.mark.parametrize("reason", ["missing", "folder", "away", "not_kept"])
def test_a_store_of_photos_that_cannot_be_used_is_told_why(words: Words, reason: str) -> None:
    problem = problem_text(words, errors.PhotoStoreUnusableError.code, {"reason": reason})

    assert problem == words.problems[f"photo_store_unusable.{reason}"]
    assert "SKINXAI_PHOTO_STORE" in problem.do


@pytest.mark.parametrize("reason", ["too_short", "too_long", "same_as_login_id"])
def test_a_weak_password_is_told_why(reason: str) -> None:
    params: dict[str, str | int | float] = {"minimum": 8, "maximum": 256, "reason": reason}

    problem = problem_text(ENGLISH, "password_weak", params)

    assert problem == problem_text(ENGLISH, f"password_weak.{reason}", params)


def test_numbers_are_filled_in_without_needless_decimals() -> None:
    assert problem_text(KOREAN, "photo_too_large", {"max_mb": 20.0}).do == (
        "20MB 이하 사진을 골라 주세요."
    )


def test_an_unknown_code_is_named_instead_of_hidden() -> None:
    assert "face_painted" in problem_text(ENGLISH, "face_painted", {}).what


def test_a_sentence_that_lacks_its_number_names_the_code() -> None:
    assert "photo_too_large" in problem_text(ENGLISH, "photo_too_large", {}).what


@pytest.mark.parametrize(
    ("locale", "language"),
    [
        ("ko-KR", Language.KOREAN),
        ("ko", Language.KOREAN),
        ("KO_kr", Language.KOREAN),
        ("kok-IN", Language.ENGLISH),
        ("en-GB", Language.ENGLISH),
        ("ja", Language.ENGLISH),
        ("", Language.ENGLISH),
        (None, Language.ENGLISH),
    ],
)
def test_korean_browsers_get_korean_and_all_others_english(
    locale: str | None, language: Language
) -> None:
    assert language_of(locale) is language


def test_days_are_written_as_each_language_writes_them() -> None:
    moment = datetime(2026, 3, 4, 9, 3, tzinfo=UTC)

    assert write_day(KOREAN, moment) == "2026.03.04"
    assert write_day(ENGLISH, moment) == "4 Mar 2026"
    assert write_day_and_time(KOREAN, moment) == "2026.03.04 09:03"
    assert write_day_and_time(ENGLISH, moment) == "4 Mar 2026 09:03"
    assert write_short_day(KOREAN, moment) == "03.04"
    assert write_short_day(ENGLISH, moment) == "4 Mar"
