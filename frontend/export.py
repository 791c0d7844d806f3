"""The history in files that other programs read: CSV and JSON.

The columns of the CSV, one row per check, newest first; later versions may add columns at the
end, and never rename or move one:

| column                                | holds                                                  |
|---------------------------------------|--------------------------------------------------------|
| visit_id                              | 32 hexadecimal characters                              |
| taken_at, saved_at                    | moments in UTC, ISO 8601; taken_at is noon, where the  |
|                                       | person was, if they named an earlier day               |
| source                                | upload, webcam or sample                               |
| model_version                         | of the networks                                        |
| quality_verdict, quality_score        | good, usable or retake; 0 to 100                       |
| note                                  | as the person wrote it                                 |
| <a>_grade                             | 0 to 4; <a> is oil, hydration, wrinkle, pigmentation   |
|                                       | and sensitivity, each with the columns that follow     |
| <a>_score                             | expected grade, 0 to 4                                 |
| <a>_likely_low, <a>_likely_high       | the likely range of the score                          |
| <a>_evidence                          | real or simulated                                      |
| <a>_p0 ... <a>_p4                     | probability of each grade                              |
| <a>_standard_error                    | of the score, see `frontend.trends`; empty where       |
|                                       | unknown; these five are the last columns               |

It is UTF-8 with a byte-order mark, which Excel needs to read Hangul. A text that a spreadsheet
would run as a formula begins with an apostrophe there; the JSON has every text as it is.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from frontend.grading import likely_range
from frontend.moments import as_utc
from frontend.store import AttributeResult, Visit
from frontend.vocabulary import GRADES, Attribute

JSON_FORMAT: Final = "skin-notes-history"
JSON_VERSION: Final = 1
_RUN_BY_SPREADSHEETS: Final = tuple("=+-@\t\r\n|%\uff1d\uff0b\uff0d\uff20")
"""First characters of formulas; the last four are their wide forms."""
_BYTE_ORDER_MARK: Final = "\ufeff"


def history_csv(visits: Sequence[Visit]) -> bytes:
    """The visits as CSV, see the module."""
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer)
    writer.writerow(CSV_COLUMNS)
    for visit in visits:
        writer.writerow([safe_cell(value) for value in _values(visit)])
    return (_BYTE_ORDER_MARK + buffer.getvalue()).encode()


def history_json(visits: Sequence[Visit], *, login_id: str, made_at: datetime) -> bytes:
    """The visits as JSON.

    Args:
        visits: All of one person.
        login_id: That person's ID.
        made_at: The present moment.

    Returns:
        UTF-8 of an object with `format`, `version`, `made_at`, `login_id` and `visits`.
    """
    content = {
        "format": JSON_FORMAT,
        "version": JSON_VERSION,
        "made_at": as_utc(made_at).isoformat(),
        "login_id": login_id,
        "visits": [_object(visit) for visit in visits],
    }
    return json.dumps(content, ensure_ascii=False, indent=2).encode()


def safe_cell(value: object) -> object:
    """A value that no spreadsheet takes for a formula.

    >>> safe_cell("=1+1"), safe_cell("new cream"), safe_cell(-1)
    ("'=1+1", 'new cream', -1)
    """
    # Spreadsheets overlook spaces before a formula.
    if isinstance(value, str) and value.lstrip(" \u3000\xa0").startswith(_RUN_BY_SPREADSHEETS):
        return f"'{value}"
    return value


def _columns() -> Iterator[str]:
    yield from ("visit_id", "taken_at", "saved_at", "source", "model_version")
    yield from ("quality_verdict", "quality_score", "note")
    for attribute in Attribute:
        for part in ("grade", "score", "likely_low", "likely_high", "evidence"):
            yield f"{attribute}_{part}"
        yield from (f"{attribute}_p{grade}" for grade in GRADES)
    yield from (f"{attribute}_standard_error" for attribute in Attribute)


CSV_COLUMNS: Final = tuple(_columns())
"""The names in the first row of the CSV."""


def _values(visit: Visit) -> Iterator[object]:
    yield from (visit.id, visit.taken_at.isoformat(), visit.saved_at.isoformat())
    yield from (visit.source.value, visit.model_version)
    yield from (visit.quality_verdict.value, visit.quality_score, visit.note)
    for attribute in Attribute:
        result = visit.results[attribute]
        yield from (result.grade, result.score, *likely_range(result.probabilities))
        yield result.evidence.value
        yield from result.probabilities
    yield from (visit.results[attribute].standard_error for attribute in Attribute)


def _object(visit: Visit) -> dict[str, Any]:
    return {
        "visit_id": visit.id,
        "taken_at": visit.taken_at.isoformat(),
        "saved_at": visit.saved_at.isoformat(),
        "source": visit.source.value,
        "model_version": visit.model_version,
        "quality": {"verdict": visit.quality_verdict.value, "score": visit.quality_score},
        "note": visit.note,
        "attributes": _results(visit.results),
        "circumstances": None if visit.circumstances is None else visit.circumstances.written(),
        "graded_before": [
            {"model_version": each.model_version, "attributes": _results(each.results)}
            for each in visit.graded_before
        ],
    }


def _results(results: Mapping[Attribute, AttributeResult]) -> dict[str, Any]:
    return {
        attribute.value: {
            "grade": result.grade,
            "score": result.score,
            "standard_error": result.standard_error,
            "likely_range": list(likely_range(result.probabilities)),
            "probabilities": list(result.probabilities),
            "evidence": result.evidence.value,
        }
        for attribute, result in results.items()
    }
