"""The tables of which two photos of one skin can be compared."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

import numpy as np

from backend.vision.manifest import Manifest
from backend.vision.quality import Verdict
from backend.vocabulary import Attribute
from baseline.gate.figures import MOVED
from baseline.gate.pair_figures import (
    SHARES,
    false_alarms,
    outcomes,
    pair_separation,
    values_of,
)
from baseline.gate.pairs import DIFFERENCES, LIMITS, MAKES, Comparable, Pair, comparable, pairs_of
from baseline.gate.trials import Trial

_CHANCE_Z: Final = 1.96
_HOW: Final = f"""\
Two photos of one skin **differ** when a score differs by more than {MOVED} grades in any attribute:
a comparison would then show a change where there is none. Two visits are called comparable, with
care or not comparable by the worst of their differences: **care** and **not** are the limits, in
the units of the server's `capture`; ratios are natural logarithms. A photo that the gate wants
taken again asks for care, and of two such there is no comparison."""
_DIFFERENCES: Final = """\
## The differences

Of a photo that the gate calls good and another, made to differ in that: **area** under the curve of
hits and false alarms, with its 95 % interval over people; the values at which this share of the
pairs differs, by logistic regression on their logarithm (- with fewer than five); the limits in
use; and of the pairs up to the first, between both and beyond, how many differ. **Careful
visits**: half and 98 % of the pairs of good photos of one skin lie below."""
_VERDICTS: Final = """\
## The verdicts

Pairs by what the app says of them. **One way**: a good photo and what it became in one way,
at any two strengths. **Two ways**: each made worse in a way of its own. **Careful**: taken again,
well, with the lamp's colour, the exposure, the framing and the background of another day.
**Everyday**: taken again without care, also with a lamp from the side, a turned head, blur,
glasses, hair, filters and compression. Each **attribute**: share of the pairs in which its score
differs by more than its minimal detectable change, 1.96 times the root of two standard errors in
squares."""
_GATE: Final = """\
## Photos to be taken again

Why such photos count: share of the pairs that differ, and in brackets how many pairs, by what their
differences alone would allow and by how many of their two photos the gate wants taken again
(normal):"""
_ALARMS: Final = """\
## False alarms by skin lightness

Of the pairs whose scores agree and whose photos the gate calls good both (normal), by thirds of the
good photos' lightness:"""


def chance_of(manifest: Manifest) -> dict[Attribute, float]:
    """The minimal detectable change of each attribute whose steadiness was measured, grades."""
    errors = {one: manifest.standard_error(one) for one in Attribute}
    return {
        one: _CHANCE_Z * math.sqrt(2) * error for one, error in errors.items() if error is not None
    }


def write_pair_report(
    path: Path,
    trials: Sequence[Trial],
    visits: Mapping[str, Sequence[Trial]],
    chance: Mapping[Attribute, float],
    *,
    how: str,
) -> None:
    """Write what was measured as Markdown.

    Args:
        path: the file.
        trials: good photos, each followed by what it became.
        visits: photos of one skin taken again, carefully and otherwise.
        chance: the minimal detectable change of each attribute, grades.
        how: what they were made of.
    """
    pairs = list(pairs_of(trials))
    sets = {
        "one way": [pair for pair in pairs if len(pair.kinds) == 1],
        "two ways": [pair for pair in pairs if len(pair.kinds) == 2],
        **{name: list(pairs_of(again)) for name, again in visits.items()},
    }
    shares = " | ".join(f"{share:.0%}" for share in SHARES)
    careful = sets["careful"]
    lines = [
        "# Which two photos can be compared",
        "",
        how,
        "",
        *_HOW.splitlines(),
        "",
        *_DIFFERENCES.splitlines(),
        "",
        f"| difference | made | pairs | differ | area | 95 % interval | {shares} | care | not "
        "| up to | between | beyond | careful visits |",
        f"|{' --- |' * (len(SHARES) + 12)}",
        *(_difference_row(pairs, careful, name) for name in DIFFERENCES),
        "",
        *_VERDICTS.splitlines(),
        "",
        f"| pairs | verdict | number | share | differ | 95 % interval "
        f"| {' | '.join(f'{one.value} (> {most:.2f})' for one, most in chance.items())} |",
        f"|{' --- |' * (len(chance) + 6)}",
        *(row for name, some in sets.items() for row in _verdict_rows(name, some, chance)),
        "",
        *_GATE.splitlines(),
        "",
        f"| pairs | to be taken again | {' | '.join(verdict.value for verdict in Comparable)} |",
        "| --- | --- | --- | --- | --- |",
        *(_gate_row(name, some, count) for name, some in sets.items() for count in range(3)),
        "",
        *_ALARMS.splitlines(),
        "",
        "| pairs | skin | number | with care | not comparable |",
        "| --- | --- | --- | --- | --- |",
        *(
            f"| {name} | {its.group} | {its.pairs} | {_number(its.with_care)} "
            f"| {_number(its.never)} |"
            for name, some in sets.items()
            for its in false_alarms(some)
        ),
    ]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def _difference_row(pairs: Sequence[Pair], careful: Sequence[Pair], name: str) -> str:
    its = pair_separation(pairs, name)
    care, never = LIMITS[name]
    usual = np.quantile(values_of(careful, DIFFERENCES[name]), (0.5, 0.98))
    cells = [
        name,
        ", ".join(sorted(MAKES[name])),
        str(its.pairs),
        str(its.differ),
        _number(its.area),
        "-" if math.isnan(its.area) else f"{its.interval[0]:.3f}-{its.interval[1]:.3f}",
        *("-" if math.isnan(value) else f"{value:.3g}" for value in its.at),
        f"{care:g}",
        f"{never:g}",
        *(_number(share) for share in its.within),
        ", ".join(f"{value:.3g}" for value in usual),
    ]
    return f"| {' | '.join(cells)} |"


def _verdict_rows(name: str, pairs: Sequence[Pair], chance: Mapping[Attribute, float]) -> list[str]:
    rows = []
    for verdict, its in outcomes(pairs, chance).items():
        cells = [
            name,
            verdict.value,
            str(its.pairs),
            _number(its.share),
            _number(its.differ),
            "-" if not its.pairs else f"{its.interval[0]:.3f}-{its.interval[1]:.3f}",
            *(_number(share) for share in its.beyond_chance.values()),
        ]
        rows.append(f"| {' | '.join(cells)} |")
    return rows


def _gate_row(name: str, pairs: Sequence[Pair], count: int) -> str:
    some = [pair for pair in pairs if pair.verdicts.count(Verdict.RETAKE) == count]
    found = outcomes(some, {}, verdict_of=lambda pair: comparable(*pair.captures))
    cells = [f"{_number(its.differ)} ({its.pairs})" for its in found.values()]
    return f"| {name} | {count} | {' | '.join(cells)} |"


def _number(value: float) -> str:
    return "-" if math.isnan(value) else f"{value:.3f}"
