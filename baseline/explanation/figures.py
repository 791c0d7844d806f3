"""What one method's maps of one attribute are worth, with intervals over people."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from backend.vision.grad_cam import Heatmap
from backend.vocabulary import GRADES, Attribute
from baseline.explanation.scores import energy_inside, overlap, pointing
from baseline.explanation.subjects import Subject
from baseline.metrics.bootstrap import Rows, Shown, over_people
from baseline.second_painter.agreement import rank_correlation

CLEAR_SIGN: Final = 2
"""From this grade of the sign on a map has to show where it is."""
THRESHOLDS: Final = (0.0, 0.01, 0.02, 0.03, 0.05, 0.075, *(round(0.1 * n, 1) for n in range(1, 10)))
"""Those among which the one for the overlap is chosen, on photos of other people."""


@dataclass(frozen=True, slots=True)
class Figure:
    """A mean over photos and its 95 % interval over people."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Localised:
    """How right one method's maps of one attribute are.

    Attributes:
        pointing: share of the photos with a clear sign whose highest cell lies on it.
        energy: mean share of such a map's mass that lies on the sign.
        overlap: mean intersection over union at the threshold, of the same.
        threshold: chosen on other people.
        outside_skin: mean share of the mass of the same that lies beside the skin; for hydration
            lips count as skin, for they are painted dry as well.
        follows: Spearman of the map's mass and the sign's strength, over all photos.
        empty: mean mass at grade 0 of the sign, as a share of that at grade 4.
        milliseconds: median time of one map beyond the grading.
        photos: how many have a clear sign.
    """

    pointing: Figure
    energy: Figure
    overlap: Figure
    threshold: float
    outside_skin: float
    follows: float
    empty: float
    milliseconds: float
    photos: int


def clear(subjects: Sequence[Subject], attribute: Attribute) -> list[int]:
    """Which photos show a clear sign of an attribute: grade 2 of it or more."""
    return [row for row, one in enumerate(subjects) if one.grades[attribute] >= CLEAR_SIGN]


def best_threshold(
    subjects: Sequence[Subject], maps: Sequence[Heatmap], attribute: Attribute
) -> float:
    """The threshold of the greatest mean overlap over photos with a clear sign.

    Args:
        subjects: of people that nothing is reported on, N.
        maps: theirs, float32 (128, 128) each.
        attribute: whose.

    Raises:
        ValueError: no photo shows a clear sign.
    """
    rows = clear(subjects, attribute)
    if not rows:
        raise ValueError(f"expected photos with a clear sign of {attribute.value}, got none")

    def mean_overlap(threshold: float) -> float:
        return float(
            np.mean(
                [
                    overlap(maps[row], subjects[row].regions[attribute], threshold=threshold)
                    for row in rows
                ]
            )
        )

    return max(THRESHOLDS, key=mean_overlap)


def localised(
    subjects: Sequence[Subject],
    maps: Sequence[Heatmap],
    attribute: Attribute,
    *,
    threshold: float,
    milliseconds: Sequence[float],
) -> Localised:
    """Hold one method's maps of one attribute against the truth.

    Args:
        subjects: the photos, N.
        maps: of each, float32 (128, 128) in [0, 1].
        attribute: whose.
        threshold: for the overlap.
        milliseconds: time of each photo's map.

    Raises:
        ValueError: no photo shows a clear sign, or none has grade 0 or none grade 4 of it.
    """
    rows = clear(subjects, attribute)
    if not rows:
        raise ValueError(f"expected photos with a clear sign of {attribute.value}, got none")
    truth = [subjects[row].regions[attribute] for row in rows]
    found = [maps[row] for row in rows]
    people = [subjects[row].people for row in rows]
    pairs = list(zip(found, truth, strict=True))
    mass = np.array([float(one.mean()) for one in maps])
    grades = np.array([one.grades[attribute] for one in subjects])
    if not {GRADES[0], GRADES[-1]} <= set(grades.tolist()):
        raise ValueError(f"expected photos of grade 0 and 4 of {attribute.value}'s sign")
    heaviest = float(mass[grades == GRADES[-1]].mean())
    return Localised(
        pointing=_figure([pointing(*pair) for pair in pairs], people),
        energy=_figure([energy_inside(*pair) for pair in pairs], people),
        overlap=_figure([overlap(*pair, threshold=threshold) for pair in pairs], people),
        threshold=threshold,
        outside_skin=float(
            np.mean(
                [1 - _share_on(maps[row], subjects[row].layout.where(attribute)) for row in rows]
            )
        ),
        follows=rank_correlation([one.strengths[attribute] for one in subjects], mass.tolist()),
        empty=float(mass[grades == GRADES[0]].mean()) / heaviest if heaviest > 0 else 0.0,
        milliseconds=float(np.median(milliseconds)),
        photos=len(rows),
    )


def _share_on(heatmap: Heatmap, skin: Heatmap) -> float:
    total = float(heatmap.sum())
    return float((heatmap * skin).sum()) / total if total > 0 else 1.0


def _figure(values: Sequence[float], people: Sequence[Shown]) -> Figure:
    each = np.asarray(values, dtype=np.float64)

    def mean(rows: Rows) -> list[float]:
        return [float(each[rows].mean())]

    low, high = over_people(mean, people)[0]
    return Figure(float(each.mean()), float(low), float(high))
