"""How often a trend is told right: made-up histories of twelve visits whose change is known.

    python -m benchmarks.trends

Each history is the true score of a skin and, upon it, noise of the size that `models/manifest.json`
tells of one photo (`steadiness`, measured on simulated faces), cut off at the ends of the scale.
The app's own rule says whether it rose, fell or neither. A change is drawn evenly from 1 to 2.5
grades, up or down, wherever the scale has room for it.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt

from benchmarks.places import MODELS
from benchmarks.reporting import describe_setup
from frontend.trends import Course, Reading, trend_line
from frontend.vocabulary import GRADES, Attribute

SEED: Final = 105
VISITS: Final = 12
HISTORIES: Final = 2000
CHANGES: Final = (1.0, 2.5)
PUBLISHED: Final = "Published: direction of the trend right in 87.8 % in a study of acne."
BEGAN: Final = datetime(2026, 1, 5, 9, tzinfo=UTC)
_SPAN_S: Final = 11 * 7 * 24 * 3600
_FEWEST_VISITS_OF_A_STEP: Final = 3
"""On either side of it; what fewer show could be odd photos."""
_DEGREES_OF_FREEDOM: Final = 4

_Numbers = npt.NDArray[np.float64]


class Shape(StrEnum):
    """How the true score goes."""

    FLAT = "flat"
    LINEAR = "linear"
    STEP = "step"


class Days(StrEnum):
    """When the visits are, in eleven weeks."""

    WEEKLY = "weekly"
    IRREGULAR = "irregular"


class Noise(StrEnum):
    """How one photo deviates, always with the same standard deviation."""

    NORMAL = "normal"
    HEAVY = "heavy"


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """What kind of histories are made up.

    Attributes:
        shape: How the true score goes.
        days: When the visits are.
        noise: How one photo deviates: normal, or Student's t with four degrees of freedom.
    """

    shape: Shape
    days: Days = Days.WEEKLY
    noise: Noise = Noise.NORMAL


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What was told of the histories of one scenario.

    Attributes:
        histories: How many there were.
        changed: Told to have risen or fallen.
        right: Told to have gone the way they went; of flat ones those told to be steady.
        leaning: Those whose line leans the way they went, whatever is told of it.
    """

    histories: int
    changed: int
    right: int
    leaning: int

    @property
    def changed_share(self) -> float:
        """Share told to have changed."""
        return self.changed / self.histories

    @property
    def right_share(self) -> float:
        """Share told right."""
        return self.right / self.histories


def standard_errors(models: Path = MODELS) -> dict[Attribute, float]:
    """Of each attribute's score, by the manifest of a models folder."""
    steadiness = json.loads((models / "manifest.json").read_bytes())["steadiness"]
    return {attribute: float(steadiness[attribute.value]["deviation"]) for attribute in Attribute}


def try_out(
    scenario: Scenario,
    *,
    error: float,
    histories: int,
    rng: np.random.Generator,
    visits: int = VISITS,
    larger: float = 1.0,
) -> Outcome:
    """Make histories up and have the app's rule judge them.

    Args:
        scenario: What kind.
        error: Standard error of one photo's score that the rule is told, grades; at least 0.
        histories: How many.
        rng: The chance.
        visits: Of each history, at least two.
        larger: How many times that the scores really deviate.
    """
    changed = right = leaning = 0
    for _ in range(histories):
        seconds = _visit_seconds(scenario.days, visits, rng)
        truth = _true_scores(scenario.shape, seconds, rng)
        off = larger * error * _deviations(scenario.noise, visits, rng)
        shown = np.clip(truth + off, 0, GRADES[-1])
        line = trend_line(
            [
                Reading(taken_at=BEGAN + timedelta(seconds=second), score=score, error=error)
                for second, score in zip(seconds.tolist(), shown.tolist(), strict=True)
            ]
        )
        assert line is not None
        went = float(truth[-1] - truth[0])
        expected = Course.STEADY if went == 0 else Course.RISEN if went > 0 else Course.FALLEN
        changed += line.course is not Course.STEADY
        right += line.course is expected
        leaning += line.change * went > 0
    return Outcome(histories=histories, changed=changed, right=right, leaning=leaning)


def _visit_seconds(days: Days, visits: int, rng: np.random.Generator) -> _Numbers:
    if days is Days.WEEKLY:
        return np.linspace(0, _SPAN_S, visits).round()
    between = np.sort(rng.uniform(0, _SPAN_S, visits - 2)).round()
    return np.concatenate([[0.0], between, [float(_SPAN_S)]])


def _true_scores(shape: Shape, seconds: _Numbers, rng: np.random.Generator) -> _Numbers:
    if shape is Shape.FLAT:
        return np.full(len(seconds), rng.uniform(0, GRADES[-1]))
    size = rng.uniform(*CHANGES)
    low = rng.uniform(0, GRADES[-1] - size)
    if shape is Shape.LINEAR:
        risen = size * seconds / seconds[-1]
    else:
        first_after = rng.integers(
            _FEWEST_VISITS_OF_A_STEP, len(seconds) - _FEWEST_VISITS_OF_A_STEP, endpoint=True
        )
        risen = size * (np.arange(len(seconds)) >= first_after)
    truth: _Numbers = low + (risen if rng.random() < 0.5 else size - risen)
    return truth


def _deviations(noise: Noise, visits: int, rng: np.random.Generator) -> _Numbers:
    """With standard deviation 1."""
    if noise is Noise.NORMAL:
        return rng.normal(size=visits)
    variance = _DEGREES_OF_FREEDOM / (_DEGREES_OF_FREEDOM - 2)
    heavy: _Numbers = rng.standard_t(_DEGREES_OF_FREEDOM, size=visits) / np.sqrt(variance)
    return heavy


def main(arguments: Sequence[str] | None = None) -> int:
    """Try every scenario and print one Markdown table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--histories", type=int, default=HISTORIES, help="of each cell")
    parser.add_argument("--larger", type=float, default=1.0,
                        help="times that scores deviate as much as the rule is told")  # fmt: skip
    given = parser.parse_args(arguments)
    errors = standard_errors()
    print(describe_setup())
    print(f"{VISITS} visits, {given.histories:,} histories a cell, seed {SEED}. {PUBLISHED}")
    print(f"Scores deviate {given.larger:g} times as much as the rule is told.")
    print("Flat: told to have changed. Others: told to have gone the way they went.")
    print()
    print(f"| histories | {' | '.join(errors)} |")
    print(f"|---|{'---|' * len(errors)}")
    print(f"| deviation of one photo | {' | '.join(f'{each:.3f}' for each in errors.values())} |")
    for scenario in every_scenario():
        print(_row(scenario, errors, histories=given.histories, larger=given.larger))
    return 0


def every_scenario() -> list[Scenario]:
    """All combinations."""
    return [
        Scenario(shape=shape, days=days, noise=noise)
        for shape in Shape
        for days in Days
        for noise in Noise
    ]


def _row(
    scenario: Scenario, errors: Mapping[Attribute, float], *, histories: int, larger: float
) -> str:
    cells = []
    for number, error in enumerate(errors.values()):
        rng = np.random.default_rng([SEED, number])
        told = try_out(scenario, error=error, histories=histories, rng=rng, larger=larger)
        flat = scenario.shape is Shape.FLAT
        cells.append(f"{100 * (told.changed_share if flat else told.right_share):.1f} %")
    return f"| {scenario.shape}, {scenario.days}, {scenario.noise} noise | {' | '.join(cells)} |"


if __name__ == "__main__":
    sys.exit(main())
