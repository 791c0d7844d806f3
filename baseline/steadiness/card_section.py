"""The model card's section on how steady scores and maps are."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from backend.vision.manifest import LEAST_REGION_ERROR
from backend.vision.regions import Region
from backend.vocabulary import Attribute

_WANTED: Final[tuple[tuple[str, str, Callable[[float], bool]], ...]] = (
    ("deviation", "a deviation of at most 0.15 grades", lambda value: value <= 0.15),
    ("intraclass", "an intraclass correlation of at least 0.9", lambda value: value >= 0.9),
    ("slope", "a slope of at least 0.8", lambda value: value >= 0.8),
)
"""Figure, what is wanted of it, and whether a value is that."""


def steadiness_section(table: Mapping[str, Any]) -> str:
    """The section, from what `baseline.steadiness` recorded of each attribute."""
    lines = [
        "## How steady the scores are",
        "",
        "Each test person's face with severities drawn by lot, photographed ten times with every "
        "nuisance but expressions, its moles, stubble and make-up staying: standard deviation of "
        "its scores, in grades, and their intraclass correlation (Shrout and Fleiss 1979, "
        "ICC(1,1)). Then the same photo without and with a simulated smile: mean change of the "
        "score, and mean size of the change. Made by `python -m baseline.steadiness`.",
        "",
        "| attribute | deviation | intraclass | smile | size of the smile's change | photos |",
        "|---|---|---|---|---|---|",
    ]
    for attribute in Attribute:
        row = table[attribute.value]
        lines.append(
            f"| {attribute.value} | {row['deviation']:.2f} | {row['intraclass']:.3f} "
            f"| {row['smile']:+.2f} "
            f"| {row['smile_size']:.2f} | {row['photos']} |"
        )
    if "regions" in table[next(iter(Attribute)).value]:
        lines += ["", *_verdict_lines(table), "", *_region_lines(table)]
    return "\n".join([*lines, ""])


def _verdict_lines(table: Mapping[str, Any]) -> list[str]:
    lines = [
        "The same of all photos, of those that the gate calls good or usable, and of the good ones "
        "alone, each of the faces with two or more of them: deviation, which is the standard error "
        "of measurement; intraclass correlation; minimal detectable change, 1.96 times the root of "
        "2 times the deviation (Weir 2005), up to which two scores of the same skin differ in 95 "
        "of 100 cases; and slope of a face's mean score on its true severity. An answer's "
        "`standard_error` is the deviation over all photos, whatever its own photo's verdict.",
        "",
        "| attribute | verdict | deviation | intraclass | detectable change | slope | photos |",
        "|---|---|---|---|---|---|---|",
    ]
    for attribute in Attribute:
        row = table[attribute.value]
        lines += [
            f"| {attribute.value} | {words} | {its['deviation']:.3f} | {its['intraclass']:.3f} "
            f"| {its['detectable_change']:.2f} | {its['slope']:.2f} | {its['photos']} |"
            for words, its in _by_verdict(row)
        ]
    return [*lines, "", *_wanted_lines(table)]


def _by_verdict(row: Mapping[str, Any]) -> list[tuple[str, Mapping[str, Any]]]:
    named = {"all": row, "good or usable": row["good_or_usable"], "good": row["good"]}
    return [(words, its) for words, its in named.items() if its is not None]


def _wanted_lines(table: Mapping[str, Any]) -> list[str]:
    lines = []
    for key, sentence, reaches in _WANTED:
        reached = [
            one.value
            for one in Attribute
            if table[one.value]["good"] is not None and reaches(table[one.value]["good"][key])
        ]
        missed = [one.value for one in Attribute if one.value not in reached]
        lines.append(
            f"- Wanted within good photos: {sentence}. Reached by: {', '.join(reached) or 'none'}. "
            f"Not reached by: {', '.join(missed) or 'none'}."
        )
    return lines


def _region_lines(table: Mapping[str, Any]) -> list[str]:
    lines = [
        "How steady the maps are: standard deviation of each region's amount of evidence over all "
        "photos of a face, in thousandths. The amount is the region's share of the map times the "
        "mean of the map, which is 0 to 1, both as an answer tells them; an answer's "
        f"`region_errors` are these, but at least {LEAST_REGION_ERROR}.",
        "",
        f"| attribute | {' | '.join(region.value.replace('_', ' ') for region in Region)} |",
        f"|---{'|---' * len(Region)}|",
    ]
    for attribute in Attribute:
        own = table[attribute.value]["regions"]
        cells = (f"{1000 * own[region.value]:.2f}" for region in Region)
        lines.append(f"| {attribute.value} | {' | '.join(cells)} |")
    return lines
