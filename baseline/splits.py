"""Which person is in which split: one list for landmarks, grades, heat maps and every test.

The people are those of the Face Research Lab London Set by the first three digits of the file
name. A picture made of several people belongs to a split only if all of them do.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Final

SPLITS_FILE: Final = Path(__file__).with_name("splits.csv")


class Split(StrEnum):
    """What a person's photos may be used for."""

    TRAIN = "train"
    VALIDATION = "validation"
    CALIBRATION = "calibration"
    TEST = "test"


@cache
def _split_by_person() -> dict[str, Split]:
    with SPLITS_FILE.open(newline="", encoding="utf-8") as file:
        return {row["person"]: Split(row["split"]) for row in csv.DictReader(file)}


def people(split: Split) -> tuple[str, ...]:
    """The ids of a split's people, ascending.

    >>> len(people(Split.TRAIN)), people(Split.TRAIN)[:2]
    (52, ('002', '003'))
    """
    return tuple(sorted(one for one, its in _split_by_person().items() if its is split))


def split_of(persons: Iterable[str]) -> Split | None:
    """The split of a picture made of these people.

    Args:
        persons: ids such as `002`; one for a photo, several for a morph.

    Returns:
        The split that all of them are in, or None if they are in different ones.

    Raises:
        KeyError: an id is in no split.
        ValueError: no id was given.

    >>> split_of(["002"]), split_of(["001", "002"])
    (<Split.TRAIN: 'train'>, None)
    """
    splits = {_split_by_person()[person] for person in persons}
    if not splits:
        raise ValueError("expected at least one person, got none")
    return splits.pop() if len(splits) == 1 else None
