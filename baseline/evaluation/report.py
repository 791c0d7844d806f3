"""A folder that says how right the grades are: tables, plots, slices, worst mistakes."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import cv2
import matplotlib as mpl
import numpy as np
from matplotlib.figure import Figure

from backend.vocabulary import GRADES, Attribute
from baseline.dataset import read_photo
from baseline.evaluation.answers import Answers
from baseline.evaluation.slices import Person, read_people, slices
from baseline.metrics.figures import CONFIDENCE_BINS, Graded, confusion, with_intervals

REPORT_NAME: Final = "report.md"
_COLUMNS: Final = (
    "p_recall", "macro_recall", "exact", "within_one", "quadratic_kappa", "calibration_error",
    "mean_absolute_error", "spearman", "slope",
)  # fmt: skip
_WORST: Final = 12
_TILE_PX: Final = 224


def write_report(answers: Answers, folder: Path, *, people: Path | None = None) -> Path:
    """Write everything about some answers; what lies there already is overwritten.

    Args:
        answers: what the graders said.
        folder: gets `report.md`, two plots per attribute, and `worst/`, whose sheets show people
            and stay out of any repository.
        people: CSV with ages and sexes, see `read_people`.

    Returns:
        The report's path.
    """
    known = read_people(people) if people is not None else {}
    (folder / "worst").mkdir(parents=True, exist_ok=True)
    parts = [
        "# How right the grades are",
        "",
        f"{len(answers.samples)} photos; {answers.lost} more had no face that could be used. "
        "In brackets: 95 % intervals by the bootstrap over people.",
        "",
        *_overview(answers),
    ]
    for attribute in Attribute:
        graded = answers.graded(attribute)
        if not len(graded.truth):
            continue
        _draw_confusion(graded, attribute, folder / f"confusion_{attribute}.png")
        _draw_reliability(graded, attribute, folder / f"reliability_{attribute}.png")
        _draw_worst(answers, attribute, folder / "worst" / f"{attribute}.jpg")
        parts += _section(answers, attribute, known)
    path = folder / REPORT_NAME
    path.write_text("\n".join(parts) + "\n", encoding="utf-8")
    return path


def _overview(answers: Answers) -> list[str]:
    names = [name.replace("_", " ") for name in _COLUMNS]
    lines = [f"| attribute | photos | {' | '.join(names)} |", "|---" * (len(names) + 2) + "|"]
    for attribute in Attribute:
        graded = answers.graded(attribute)
        if not len(graded.truth):
            lines.append(f"| {attribute} | 0 |{' none |' * len(names)}")
            continue
        found = with_intervals(graded)
        cells = [_cell(found, name) for name in _COLUMNS]
        lines.append(f"| {attribute} | {found['photos']} | {' | '.join(cells)} |")
    return lines


def _cell(found: Mapping[str, Any], name: str) -> str:
    ends = found.get(f"{name}_95")
    interval = "" if ends is None else f" ({ends[0]:.3f} to {ends[1]:.3f})"
    return "none" if found[name] is None else f"{found[name]:.3f}{interval}"


def _section(answers: Answers, attribute: Attribute, people: Mapping[str, Person]) -> list[str]:
    lines = [
        "",
        f"## {attribute.value.capitalize()}",
        "",
        f"![Confusion](confusion_{attribute}.png) ![Reliability](reliability_{attribute}.png)",
        "",
        "| photos by | which | photos | P-Recall | bias of the score |",
        "|---|---|---|---|---|",
    ]
    for one in slices(answers, attribute, people=people):
        low, high = one.interval
        lines.append(
            f"| {one.kind} | {one.name} | {one.photos} "
            f"| {one.p_recall:.3f} ({low:.3f} to {high:.3f}) | {one.bias:+.2f} |"
        )
    return lines


def _draw_confusion(graded: Graded, attribute: Attribute, path: Path) -> None:
    counts = np.array(confusion(graded))
    shares = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
    figure = Figure(figsize=(4, 4), layout="constrained")
    axes = figure.subplots()
    axes.imshow(shares, cmap="Blues", vmin=0, vmax=1)
    for (row, column), count in np.ndenumerate(counts):
        colour = "white" if shares[row, column] > 0.6 else "black"
        axes.text(column, row, str(count), ha="center", va="center", color=colour)
    axes.set(title=attribute.value, xlabel="predicted grade", ylabel="true grade",
             xticks=GRADES, yticks=GRADES)  # fmt: skip
    _save(figure, path)


def _draw_reliability(graded: Graded, attribute: Attribute, path: Path) -> None:
    confidence = graded.probabilities.max(axis=1)
    right = graded.probabilities.argmax(axis=1) == graded.truth
    bins = np.minimum((confidence * CONFIDENCE_BINS).astype(int), CONFIDENCE_BINS - 1)
    used = np.unique(bins)
    figure = Figure(figsize=(4, 4), layout="constrained")
    axes = figure.subplots()
    axes.plot([0, 1], [0, 1], color="grey", linewidth=1, linestyle="--")
    axes.scatter(
        [confidence[bins == one].mean() for one in used],
        [right[bins == one].mean() for one in used],
        s=[400 * (bins == one).mean() for one in used],
    )
    axes.set(title=attribute.value, xlabel="highest probability", ylabel="share that was right",
             xlim=(0, 1), ylim=(0, 1))  # fmt: skip
    _save(figure, path)


def _save(figure: Figure, path: Path) -> None:
    # Without a date in the file the same figures give the same bytes.
    with mpl.rc_context({"savefig.dpi": 100}):
        figure.savefig(path, metadata={"Software": None})


def _draw_worst(answers: Answers, attribute: Attribute, path: Path) -> None:
    graded, rows = answers.graded(attribute), answers.rated(attribute)
    off = graded.scores - graded.severities
    tiles = []
    for index in np.argsort(-np.abs(off))[:_WORST]:
        photo = read_photo(answers.samples[rows[index]].path)
        scale = _TILE_PX / max(photo.shape[:2])
        size = (round(photo.shape[1] * scale), round(photo.shape[0] * scale))
        tile = np.zeros((_TILE_PX, _TILE_PX, 3), np.uint8)
        tile[: size[1], : size[0]] = cv2.resize(photo, size, interpolation=cv2.INTER_AREA)
        text = f"{graded.severities[index]:.1f} taken for {graded.scores[index]:.1f}"
        cv2.putText(tile, text, (6, _TILE_PX - 8), cv2.FONT_HERSHEY_SIMPLEX, 0.5, (255, 255, 0))
        tiles.append(tile)
    columns = 4
    tiles += [np.zeros_like(tiles[0])] * (-len(tiles) % columns)
    sheet = np.vstack([np.hstack(tiles[i : i + columns]) for i in range(0, len(tiles), columns)])
    if not cv2.imwrite(str(path), sheet[..., ::-1]):
        raise OSError(f"could not write {path}")
