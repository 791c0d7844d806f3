"""Whether the grades are as right for every kind of person and photo."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt

from backend.vocabulary import Attribute
from baseline.dataset import LabelInvalidError
from baseline.evaluation.answers import Answers
from baseline.metrics.bootstrap import over_people
from baseline.metrics.figures import Graded
from baseline.metrics.penalty_recall import penalty_recall

FEWEST: Final = 20
"""Slices of fewer photos are not shown: their figures would be chance."""
SKIN_LIGHTNESS: Final = "skin lightness"
LIGHTNESSES: Final = ("dark", "middle", "light")
"""Thirds of the photos by how light the skin is in them."""
_AGES: Final = (25, 35, 45)
_UNKNOWN: Final = ("", "NA")


@dataclass(frozen=True, slots=True)
class Slice:
    """One attribute's grades in one kind of photo.

    Attributes:
        kind: what the photos were sorted by.
        name: which of them these are.
        photos: how many.
        p_recall: of these alone; only the true grades that occur are averaged.
        interval: its 95 % interval over people.
        bias: mean of score less severity, grades.
    """

    kind: str
    name: str
    photos: int
    p_recall: float
    interval: tuple[float, float]
    bias: float


@dataclass(frozen=True, slots=True)
class Person:
    """What is known of a photographed person: age in years and sex, None where it is not."""

    age: int | None
    sex: str | None


def read_people(path: Path) -> dict[str, Person]:
    """Read a CSV with the columns face_id, face_age and face_gender; NA or nothing is not known.

    Raises:
        LabelInvalidError: a column is missing, or an age is no number.
    """
    with path.open(newline="", encoding="utf-8") as file:
        rows = csv.DictReader(file)
        missing = {"face_id", "face_age", "face_gender"} - set(rows.fieldnames or ())
        if missing:
            raise LabelInvalidError(f"{path}: expected the columns {', '.join(sorted(missing))}")
        try:
            return {
                row["face_id"]: Person(
                    age=None if row["face_age"] in _UNKNOWN else int(float(row["face_age"])),
                    sex=None if row["face_gender"] in _UNKNOWN else row["face_gender"],
                )
                for row in rows
            }
        except ValueError as error:
            raise LabelInvalidError(f"{path}: expected ages in years or NA; {error}") from error


def slices(
    answers: Answers, attribute: Attribute, *, people: Mapping[str, Person] | None = None
) -> Iterator[Slice]:
    """Every slice of one attribute with at least `FEWEST` photos.

    Args:
        answers: what the graders said.
        attribute: of which.
        people: gives ages and sexes; a morph has one only where all its parents share it.
    """
    graded, rows = answers.graded(attribute), answers.rated(attribute)
    off = graded.scores - graded.severities
    for kind, names in _kinds(answers, people or {}).items():
        own = np.array(names)[rows]
        for name in sorted(set(own) - {""}):
            inside = np.flatnonzero(own == name)
            if len(inside) < FEWEST:
                continue

            yield _measured(kind, str(name), graded.rows(inside), bias=float(off[inside].mean()))


def _measured(kind: str, name: str, graded: Graded, *, bias: float) -> Slice:
    def p_recall(rows: npt.NDArray[np.intp]) -> list[float]:
        return [penalty_recall(graded.truth[rows], graded.predicted[rows]).value]

    low, high = over_people(p_recall, graded.people)[0]
    return Slice(
        kind=kind,
        name=name,
        photos=len(graded.truth),
        p_recall=penalty_recall(graded.truth, graded.predicted).value,
        interval=(float(low), float(high)),
        bias=bias,
    )


def _kinds(answers: Answers, people: Mapping[str, Person]) -> dict[str, list[str]]:
    facts = answers.facts
    parents = [[people.get(one, Person(None, None)) for one in s.parents] for s in answers.samples]
    return {
        SKIN_LIGHTNESS: _thirds([fact.lightness for fact in facts], LIGHTNESSES),
        "skin hue": _thirds([fact.hue_deg for fact in facts], ("reddish", "middle", "yellowish")),
        "photo size": _thirds([fact.side_px for fact in facts], ("small", "middle", "large")),
        "photo quality": [fact.verdict.value for fact in facts],
        "sex": [_shared([person.sex for person in own]) for own in parents],
        "age": [_shared([_age_group(person.age) for person in own]) for own in parents],
    }


def _thirds(values: Sequence[float], names: Sequence[str]) -> list[str]:
    edges = np.quantile(values, [1 / 3, 2 / 3])
    return [names[int(np.searchsorted(edges, value, side="left"))] for value in values]


def _age_group(age: int | None) -> str | None:
    if age is None:
        return None
    edges = (0, *_AGES)
    low = max(edge for edge in edges if edge <= age)
    later = [edge for edge in _AGES if edge > low]
    return f"{low}-{later[0] - 1}" if later else f"{low} and more"


def _shared(values: Sequence[str | None]) -> str:
    return values[0] or "" if len(set(values)) == 1 else ""
