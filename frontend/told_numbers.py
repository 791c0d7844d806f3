"""Numbers that the model server told, taken from decoded JSON."""

from __future__ import annotations

import math


def read_number(name: str, told: object) -> float:
    """A finite number.

    Raises:
        ValueError: it is none.
    """
    if not isinstance(told, int | float) or isinstance(told, bool) or not math.isfinite(told):
        raise unexpected(name, "a number", told)
    return float(told)


def read_pair(name: str, told: object) -> tuple[float, float]:
    """Two finite numbers.

    Raises:
        ValueError: they are none.
    """
    if not isinstance(told, list | tuple) or len(told) != 2:
        raise unexpected(name, "two numbers", told)
    return read_number(name, told[0]), read_number(name, told[1])


def unexpected(name: str, expected: str, got: object) -> ValueError:
    """The error that says what was expected and what came instead."""
    return ValueError(f"{name}: expected {expected}, got {str(got)[:40]!r}")
