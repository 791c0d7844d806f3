"""The table of what the gate was measured to do."""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from backend.vision.capture import Capture
from backend.vision.quality_limits import LIMITS, Check, Preset
from baseline.gate.as_taken import section
from baseline.gate.figures import (
    LOST,
    MOVED,
    TELLS,
    good_values,
    limits_at,
    refused_by_tone,
    separation,
)
from baseline.gate.trials import Trial

SHARES: Final = (0.05, 0.1, 0.25, 0.5, 0.75)
"""Of photos that are unfit, at whose values limits may lie."""


def write_report(path: Path, trials: Sequence[Trial], own: Sequence[Capture], *, how: str) -> None:
    """Write what was measured as Markdown.

    Args:
        path: the file.
        trials: every trial.
        own: what was measured of the people's own photos.
        how: what they were made of.
    """
    lines = [
        "# The photo gate on photos made worse on purpose",
        "",
        how,
        "",
        f"A photo is **unfit** when what was done to it moves a score by more than {MOVED} grades "
        f"or the",
        f"landmarks by more than {100 * LOST:.0f} % of the eye distance in the mean. **Area**: "
        "under the curve of hits and",
        "false alarms of the check's value, unfit against fit photos of its degradation and good "
        "ones, with its",
        "95 % interval over people; - with fewer than five unfit photos. **By strength**: the "
        "area of the",
        "degradation's true strength, which knows nothing of the face. **Refused**: photos that "
        "the server",
        "refuses without looking at quality (no face, cut off); they are not among the others.",
        "",
        "| check | degradation | photos | refused | unfit | area | 95 % interval | by strength |",
        "| --- | --- | --- | --- | --- | --- | --- | --- |",
    ]
    lines += [_separation_row(trials, check) for check in Check]
    lines += [
        "",
        "## Fit photos by skin lightness",
        "",
        "Of the photos that are not unfit, degraded mildly or not at all, by thirds of the good "
        "photos' lightness:",
        "",
        "| preset | skin | photos | retake | good |",
        "| --- | --- | --- | --- | --- |",
    ]
    lines += [
        f"| {preset.value} | {its.group} | {its.photos} | {its.retake:.3f} | {its.good:.3f} |"
        for preset in Preset
        for its in refused_by_tone(trials, preset)
    ]
    lines += ["", *section(own)]
    lines += [
        "",
        "## Limits",
        "",
        "Where this share of the photos is unfit, by logistic regression, beside the values of "
        "good photos (2 %, half,",
        "98 % lie below) and the limits in use (normal).",
        "",
        f"| check | {' | '.join(f'{share:.0%}' for share in SHARES)} | good photos | warning | "
        "serious |",
        f"|{' --- |' * (len(SHARES) + 4)}",
    ]
    lines += [_limits_row(trials, check) for check in Check]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def _separation_row(trials: Sequence[Trial], check: Check) -> str:
    its = separation(trials, check)
    area, interval, strength = "-", "-", "-"
    if not math.isnan(its.area):
        area, strength = f"{its.area:.3f}", f"{its.by_strength:.3f}"
        interval = f"{its.interval[0]:.3f}-{its.interval[1]:.3f}"
    return (
        f"| {check.value} | {TELLS[check].value} | {its.photos} | {its.refused} | {its.unfit} "
        f"| {area} | {interval} | {strength} |"
    )


def _limits_row(trials: Sequence[Trial], check: Check) -> str:
    found = limits_at(trials, check, SHARES)
    cells = ["-" if math.isnan(value) else f"{value:.3g}" for value in found]
    good = ", ".join(f"{value:.3g}" for value in good_values(trials, check))
    used = LIMITS[Preset.NORMAL][check]
    return f"| {check.value} | {' | '.join(cells)} | {good} | {used.warning:g} | {used.serious:g} |"
