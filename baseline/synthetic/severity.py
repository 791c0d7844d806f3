"""How severities are drawn, what grade a severity is, and how people would have graded it."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

import numpy as np

from backend.vocabulary import GRADES, Attribute
from baseline.synthetic.signs.painting import MAX_SEVERITY

THRESHOLDS: Final = (0.5, 1.5, 2.5, 3.5)
"""Severities from which on the next grade is given."""

GRADE_SHARES: Final[Mapping[Attribute, tuple[float, ...]]] = {
    Attribute.OIL: (1, 27, 55, 15, 1),
    Attribute.SENSITIVITY: (40.2, 45.7, 12.4, 1.3, 0.4),
    Attribute.WRINKLE: (36.4, 39.7, 20.1, 3.2, 0.6),
    Attribute.PIGMENTATION: (21.3, 43.9, 25.5, 7.0, 2.3),
    Attribute.HYDRATION: (5.9, 26.8, 41.1, 19.6, 6.6),
}
"""Per cent of each grade 0-4 in the original's private photos."""


class Severities(StrEnum):
    """How often each severity is drawn."""

    SHARES = "shares"
    """Grades as often as in the original's photos, evenly within each."""
    BALANCED = "balanced"
    """Each grade equally often, evenly within it."""
    UNIFORM = "uniform"
    """Every severity from 0 to 4 equally often, so the outer grades half as often."""
    MIXED = "mixed"
    """Balanced, but in three photos of ten one attribute alone, as on most faces."""


CLEAR: Final = 0.45
"""A face without a sign has up to this much of it; people would grade it 0."""
_ALONE: Final = 0.3


def draw_severities(severities: Severities, rng: np.random.Generator) -> dict[Attribute, float]:
    """A severity from 0 to 4 for each attribute; none is left out, also none near a threshold."""
    drawn = {attribute: _draw(attribute, severities, rng) for attribute in Attribute}
    if severities is Severities.MIXED and rng.random() < _ALONE:
        shown = list(Attribute)[int(rng.integers(len(Attribute)))]
        for attribute in Attribute:
            if attribute is not shown:
                drawn[attribute] = clear(attribute, float(rng.uniform(0, CLEAR)))
    return drawn


def clear(attribute: Attribute, amount: float = 0.0) -> float:
    """The severity of a face with hardly a sign; for hydration the sign is dryness.

    >>> clear(Attribute.OIL, 0.1), clear(Attribute.HYDRATION, 0.1)
    (0.1, 3.9)
    """
    return MAX_SEVERITY - amount if attribute is Attribute.HYDRATION else amount


def _draw(attribute: Attribute, severities: Severities, rng: np.random.Generator) -> float:
    if severities is Severities.UNIFORM:
        return float(rng.uniform(0, MAX_SEVERITY))
    shares = np.ones(len(GRADES))
    if severities is Severities.SHARES:
        shares = np.asarray(GRADE_SHARES[attribute])
    grade = int(rng.choice(GRADES, p=shares / shares.sum()))
    edges = (0.0, *THRESHOLDS, MAX_SEVERITY)
    return float(rng.uniform(edges[grade], edges[grade + 1]))


def grade_of(severity: float) -> int:
    """The grade of a severity.

    >>> [grade_of(severity) for severity in (0.0, 0.49, 0.5, 2.2, 4.0)]
    [0, 0, 1, 2, 4]
    """
    return int(np.searchsorted(THRESHOLDS, severity, side="right"))


def graded_by_people(severity: float, *, graders: int, rng: np.random.Generator) -> int:
    """The median grade of a panel.

    Each grader sees the severity with an error of their own (standard deviation .45) and a habit
    of grading high or low (.25).

    Args:
        severity: 0 to 4.
        graders: how many; 0 gives the true grade.
        rng: of their errors.
    """
    if graders == 0:
        return grade_of(severity)
    seen = severity + rng.normal(0, 0.45, graders) + rng.normal(0, 0.25, graders)
    return int(np.median([grade_of(float(one)) for one in seen]))
