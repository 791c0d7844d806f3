"""What is told of the graded photos of each face: how far its scores lie apart."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any, Final

import numpy as np

from backend.vision.quality import Verdict
from backend.vision.regions import Region
from backend.vocabulary import Attribute
from baseline.metrics.repeatability import pooled_deviation, repeatability
from baseline.steadiness.faces import GradedFace

VERDICTS: Final[Mapping[str, Collection[Verdict]]] = {
    "good": {Verdict.GOOD},
    "good_or_usable": {Verdict.GOOD, Verdict.USABLE},
}
_DIGITS: Final = 4
_AMOUNT_DIGITS: Final = 6
"""Amounts are small: a map of a clear sign has a mean of about a tenth, in nine regions."""


def figures(faces: Sequence[GradedFace], attribute: Attribute) -> dict[str, Any]:
    """How steady one attribute's score is, and its map.

    Returns:
        deviation: standard deviation of a face's score over its photos, root mean square over the
        faces; intraclass: share of the scores' variance that lies between faces (see
        `intraclass_correlation`); smile: mean change of the score by the smile, and smile_size,
        its mean size; photos; detectable_change and slope, see `Repeatability`; for each name in
        `VERDICTS` the same of the photos of those verdicts, of faces with two of them or more,
        None where there were fewer than two such faces; regions: standard deviation of each
        region's amount, root mean square over the faces.
    """
    overall = repeatability(
        [[photo.scores[attribute] for photo in face.changed] for face in faces],
        [face.severities[attribute] for face in faces],
    )
    moves = np.array(
        [
            face.smiling.scores[attribute] - face.neutral.scores[attribute]
            for face in faces
            if face.smiling is not None and face.neutral is not None
        ]
    )
    return {
        "deviation": round(overall.deviation, _DIGITS),
        "intraclass": round(overall.intraclass, _DIGITS),
        "smile": round(float(moves.mean()), _DIGITS),
        "smile_size": round(float(np.abs(moves).mean()), _DIGITS),
        "photos": sum(len(face.changed) for face in faces),
        "detectable_change": round(overall.detectable_change, _DIGITS),
        "slope": round(overall.slope, _DIGITS),
        **{name: within(faces, attribute, verdicts) for name, verdicts in VERDICTS.items()},
        "regions": _regions(faces, attribute),
    }


def within(
    faces: Sequence[GradedFace], attribute: Attribute, verdicts: Collection[Verdict]
) -> dict[str, Any] | None:
    """The figures of the photos of some verdicts; None of fewer than two faces with two of them."""
    groups = [
        [photo.scores[attribute] for photo in face.changed if photo.verdict in verdicts]
        for face in faces
    ]
    if sum(len(group) > 1 for group in groups) < 2:
        return None
    found = repeatability(groups, [face.severities[attribute] for face in faces])
    return {
        "deviation": round(found.deviation, _DIGITS),
        "intraclass": round(found.intraclass, _DIGITS),
        "detectable_change": round(found.detectable_change, _DIGITS),
        "slope": round(found.slope, _DIGITS),
        "faces": found.things,
        "photos": found.measurements,
    }


def _regions(faces: Sequence[GradedFace], attribute: Attribute) -> dict[str, float]:
    several = [face.changed for face in faces if len(face.changed) > 1]
    return {
        region.value: round(
            pooled_deviation(
                [[photo.amounts[attribute][region] for photo in photos] for photos in several]
            ),
            _AMOUNT_DIGITS,
        )
        for region in Region
    }


def print_figures(title: str, row: Mapping[str, Any]) -> None:
    """Print one attribute's figures, a line each."""
    print(title)
    for key, value in row.items():
        print(f"    {key:<21} {_in_words(value)}")


def _in_words(value: object) -> str:
    if isinstance(value, Mapping):
        return "  ".join(f"{key} {its}" for key, its in value.items())
    return str(value)
