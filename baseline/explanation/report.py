"""The figures of every method as Markdown, one table per attribute."""

from __future__ import annotations

import math
from collections.abc import Mapping
from pathlib import Path

from backend.vocabulary import Attribute
from baseline.explanation.checks import Checked
from baseline.explanation.figures import Figure, Localised
from baseline.explanation.methods import Method

_COLUMNS = (
    "method", "pointing", "energy", "IoU", "beside skin", "follows", "empty", "mirrored", "dimmed",
    "JPEG", "other weights", "erased", "ROAD", "ms",
)  # fmt: skip
_EXPLAINED = """\
Photos with grade 2 or more of the sign (for hydration: of dryness). **Pointing**: share whose
highest cell lies on the painted sign; **energy**: share of the map's mass on it; **IoU**: overlap
above the threshold that was best on validation people; in brackets 95 % intervals over people. The
sign is the mask from a quarter of the strongest paint on, widened by 2 % of the crop's side;
between flakes and between freckles gaps up to 8 % are closed. **Beside skin**: share of the mass,
lips being skin for hydration alone; **ours** is Grad-CAM without what its cells spill over the
edges of the skin.
**Follows**: Spearman of mass and severity over all grades; **empty**: mass at grade 0 over that at
grade 4. On fewer photos (in brackets how many show a clear sign): what the map has in common with
that of the **mirrored** (and the least of any photo), **dimmed** (80 %) and **JPEG** (quality 40)
photo, over what either has; rank correlation, on the skin, with the map of **other weights**,
random ones that are shown on a scale of their own;
**erased**: share of faces whose score falls more when the top tenth of the evidence is inpainted
than when as much random skin is (holes filled by ROAD's noisy linear imputation, lips left alone);
**ROAD**: least over most relevant pixels removed, logits. **ms**: per map, beyond grading."""


def write_report(
    path: Path,
    localised: Mapping[Method, Mapping[Attribute, Localised]],
    checked: Mapping[Method, Mapping[Attribute, Checked]],
    *,
    how: str,
) -> None:
    """Write the tables; called again after each method.

    Args:
        path: the Markdown file.
        localised: figures of each method that was run.
        checked: those of the checks, of the same methods.
        how: on what data and weights; stands above the tables.
    """
    lines = ["# Heat maps against the painted truth", "", how, "", _EXPLAINED]
    for attribute in Attribute:
        lines += ["", f"## {attribute.value.capitalize()}", ""]
        lines += [_row(_COLUMNS), _row(["---"] * len(_COLUMNS))]
        lines += [
            _row(_cells(method, its[attribute], checked[method].get(attribute)))
            for method, its in localised.items()
        ]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def _row(cells: tuple[str, ...] | list[str]) -> str:
    return "| " + " | ".join(cells) + " |"


def _cells(method: Method, its: Localised, stood: Checked | None) -> list[str]:
    cells = [
        method.value,
        _with_interval(its.pointing),
        _with_interval(its.energy),
        f"{_with_interval(its.overlap)} at {its.threshold:g}",
        f"{its.outside_skin:.2f}",
        f"{its.follows:.2f}",
        f"{its.empty:.2f}",
    ]
    if stood is None:
        cells += ["-"] * 6
    else:
        cells += [
            f"{stood.mirrored:.2f} ({stood.least_mirrored:.2f})",
            f"{stood.dimmed:.2f}",
            f"{stood.compressed:.2f}",
            "-" if math.isnan(stood.random_weights) else f"{stood.random_weights:.2f}",
            f"{stood.erased:.2f} ({stood.photos})",
            f"{stood.road:.2f}",
        ]
    return [*cells, f"{its.milliseconds:.1f}"]


def _with_interval(figure: Figure) -> str:
    return f"{figure.value:.2f} ({figure.low:.2f}-{figure.high:.2f})"
