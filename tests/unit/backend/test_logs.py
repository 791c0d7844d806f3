"""Log lines: one JSON object each."""

from __future__ import annotations

import json
import logging
import sys

from asgi_correlation_id import correlation_id

from backend.logs import FIELDS, JsonFormatter


def record(message: str, *args: object, **fields: object) -> logging.LogRecord:
    """A record as a logger makes it."""
    made = logging.LogRecord("backend.x", logging.INFO, "x.py", 1, message, args, None)
    if fields:
        setattr(made, FIELDS, fields)
    return made


def test_a_record_becomes_one_line_of_json() -> None:
    made = record("loaded %s", "oil", ms=3.5)
    made.created = 1_763_888_400.25
    line = JsonFormatter().format(made)
    assert "\n" not in line
    assert json.loads(line) == {
        "at": "2025-11-23T09:00:00.250+00:00",
        "level": "INFO",
        "logger": "backend.x",
        "event": "loaded oil",
        "ms": 3.5,
    }


def test_the_request_s_id_is_added() -> None:
    token = correlation_id.set("abc")
    try:
        assert json.loads(JsonFormatter().format(record("x")))["request_id"] == "abc"
    finally:
        correlation_id.reset(token)


def test_a_line_break_in_a_message_cannot_forge_a_second_line() -> None:
    assert JsonFormatter().format(record("a\n{}")).count("\n") == 0


def test_an_exception_brings_its_traceback() -> None:
    made = record("failed")
    try:
        int("x")
    except ValueError:
        made.exc_info = sys.exc_info()
    assert "ValueError" in json.loads(JsonFormatter().format(made))["traceback"]
