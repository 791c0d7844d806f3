"""A replayed table as Markdown and a plot, beside the original's numbers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt
from matplotlib.figure import Figure

from backend.vocabulary import Attribute
from baseline.experiments.runs import Said
from baseline.experiments.tables import Experiment, Row, title
from baseline.metrics.bootstrap import over_people
from baseline.metrics.penalty_recall import penalty_recall

_COSTLY: Final = (Experiment.MODELS, Experiment.SIZES)
"""Tables whose rows differ in what they cost."""


@dataclass(frozen=True, slots=True)
class Measured:
    """P-Recall of a row, averaged over seeds, with its 95 % interval over people."""

    value: float
    low: float
    high: float


def measured(said: Sequence[Said], attribute: Attribute) -> Measured:
    """P-Recall of one attribute, averaged over the networks that grade it.

    Raises:
        ValueError: none of them does.
    """
    runs = [one for one in said if attribute in one.predicted]
    if not runs:
        raise ValueError(f"expected a network that grades {attribute}, got none")
    truth = np.array(runs[0].truth[attribute])
    rated = np.flatnonzero(truth >= 0)
    guesses = [np.array(one.predicted[attribute])[rated] for one in runs]
    people = [runs[0].people[row] for row in rated]

    def p_recall(rows: npt.NDArray[np.intp]) -> list[float]:
        true = truth[rated][rows]
        return [float(np.mean([penalty_recall(true, guess[rows]).value for guess in guesses]))]

    low, high = over_people(p_recall, people)[0]
    return Measured(p_recall(np.arange(len(rated)))[0], float(low), float(high))


def write_table(
    experiment: Experiment, done: Mapping[str, tuple[Row, list[Said]]], folder: Path, *, how: str
) -> Path:
    """Write `<experiment>.md` and `<experiment>.png`; called again after each row.

    Args:
        experiment: which table.
        done: the rows that have been run, in order, with what their networks said.
        folder: where to write.
        how: on what data, at what size and for how long; stands above the table.
    """
    folder.mkdir(parents=True, exist_ok=True)
    figures = {
        name: {attribute: measured(said, attribute) for attribute in Attribute}
        for name, (_, said) in done.items()
    }
    compared = any(row.original for row, _ in done.values())
    lines = [
        f"# {title(experiment)}",
        "",
        how,
        "",
        "P-Recall on the test photos by the most probable grade, averaged over seeds; in brackets "
        "its 95 % interval over people"
        + ("; after the stroke the original's figure on its private photos." if compared else "."),
        "",
        _header(experiment),
    ]
    for name, (row, said) in done.items():
        lines.append(_line(experiment, row, said, figures[name]))
    path = folder / f"{experiment}.md"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    _draw(experiment, figures, folder / f"{experiment}.png")
    return path


def _header(experiment: Experiment) -> str:
    names = [attribute.value for attribute in Attribute]
    names.append("mean")
    if experiment in _COSTLY:
        names += ["parameters", "training"]
    return "\n".join([f"| {title(experiment)} | {' | '.join(names)} |",
                      "|---" * (len(names) + 1) + "|"])  # fmt: skip


def _line(
    experiment: Experiment,
    row: Row,
    said: Sequence[Said],
    figures: Mapping[Attribute, Measured],
) -> str:
    cells = [_cell(figures[attribute], row.original.get(attribute)) for attribute in Attribute]
    mean = float(np.mean([one.value for one in figures.values()]))
    known = [row.original[one] for one in Attribute if one in row.original]
    theirs = row.original.get("mean", float(np.mean(known)) if known else None)
    cells.append(f"{mean:.3f}" + (f" / {theirs:.3f}" if theirs is not None else ""))
    if experiment in _COSTLY:
        seconds = float(np.mean([one.seconds for one in said]))
        cells.append(
            _beside(f"{said[0].parameters / 1e6:.1f} M", row.original, "parameters_m", " M")
        )
        cells.append(_beside(f"{seconds:.0f} s", row.original, "seconds", " s"))
    return f"| {row.name} | {' | '.join(cells)} |"


def _cell(ours: Measured, theirs: float | None) -> str:
    text = f"{ours.value:.3f} ({ours.low:.3f} to {ours.high:.3f})"
    return text if theirs is None else f"{text} / {theirs:.3f}"


def _beside(ours: str, original: Mapping[str, float], key: str, unit: str) -> str:
    return f"{ours} / {original[key]:g}{unit}" if key in original else ours


def _draw(
    experiment: Experiment, figures: Mapping[str, Mapping[Attribute, Measured]], path: Path
) -> None:
    figure = Figure(figsize=(10, 1.2 + 0.35 * len(figures)), layout="constrained")
    panels = figure.subplots(1, len(Attribute), sharey=True, squeeze=False)[0]
    places = np.arange(len(figures))
    for panel, attribute in zip(panels, Attribute, strict=True):
        own = [row[attribute] for row in figures.values()]
        values = np.array([one.value for one in own])
        ends = np.array([[one.value - one.low, one.high - one.value] for one in own]).T
        panel.errorbar(values, places, xerr=np.maximum(ends, 0), fmt="o", capsize=3)
        panel.set(title=attribute.value, xlabel="P-Recall")
    panels[0].set_yticks(places, list(figures))
    panels[0].invert_yaxis()
    figure.savefig(path)
