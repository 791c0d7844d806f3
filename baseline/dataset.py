"""Reads a folder of photos and label files."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from backend.errors import PhotoError, SkinXaiError
from backend.vision.geometry import Photo
from backend.vision.photo import DRAFT_SIDE_PX, decode_sized
from backend.vocabulary import GRADES, Attribute

DATA_CARD_NAME: Final = "data_card.json"
NOT_RATED: Final = -1
"""The grade of an attribute that nobody rated on an image; losses and metrics leave it out."""


class LabelInvalidError(SkinXaiError):
    """A label file or its image is broken; the message names the file and what is wrong."""


@dataclass(frozen=True, slots=True)
class Labelled:
    """One photo with its grades.

    Attributes:
        path: the image.
        part: 0 the whole face, 1-3 a region.
        grades: one of 0-4 per rated attribute; an attribute that was not rated is absent.
        severities: the continuous amounts behind the grades, empty where the label has none.
        eyes: eye centres ((x, y), (x, y)) in photo pixels, or None where the label has none.
        parents: the people in the picture, empty where the label does not say.
    """

    path: Path
    part: int
    grades: Mapping[Attribute, int]
    severities: Mapping[Attribute, float]
    eyes: tuple[tuple[float, float], tuple[float, float]] | None
    parents: tuple[str, ...]


def read_photo(path: Path, *, least_side_px: int = DRAFT_SIDE_PX) -> Photo:
    """A labelled photo as the server reads it, RGB uint8 (H, W, 3), upright.

    Args:
        path: the image.
        least_side_px: see `decode_sized`; `MAX_SIDE_PX` for the file's own pixels.

    Raises:
        LabelInvalidError: it cannot be read, or the server would refuse it.
    """
    try:
        return decode_sized(path.read_bytes(), least_side_px=least_side_px).pixels
    except (OSError, PhotoError) as error:
        raise LabelInvalidError(f"{path} is not a readable picture: {error}") from error


def read_label(path: Path) -> Labelled:
    """Read one label file.

    Raises:
        LabelInvalidError: it is not JSON of the format, or the image beside it is missing.
    """
    try:
        label: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        image = path.parent / str(label["file_name"])
        part = int(label["part"])
        rated = {attribute: int(label[attribute.label_key]) for attribute in Attribute}
        amounts = label.get("severity", {})
        severities = {a: float(amounts[a.label_key]) for a in Attribute if amounts}
        eyes = label.get("eyes")
        pairs = None if eyes is None else tuple((float(x), float(y)) for x, y in eyes)
    except (json.JSONDecodeError, KeyError, TypeError, ValueError) as error:
        raise LabelInvalidError(
            f"{path}: expected a label file with file_name, part and the five grades; {error!r}"
        ) from error
    wrong = {name.label_key: grade for name, grade in rated.items() if grade > max(GRADES)}
    if wrong:
        raise LabelInvalidError(f"{path}: expected grades up to 4, got {wrong}")
    if not image.is_file():
        raise LabelInvalidError(f"{path}: its image {image.name} is missing")
    if pairs is not None and len(pairs) != 2:
        raise LabelInvalidError(f"{path}: expected two eye centres, got {len(pairs)}")
    return Labelled(
        path=image,
        part=part,
        grades={name: grade for name, grade in rated.items() if grade >= 0},
        severities=severities,
        eyes=None if pairs is None else (pairs[0], pairs[1]),
        parents=tuple(str(parent) for parent in label.get("parents", ())),
    )


def read_folder(folder: Path) -> list[Labelled]:
    """Every labelled photo of a folder, by file name.

    Raises:
        LabelInvalidError: a label file is broken, or there is none.
    """
    labels = [path for path in sorted(folder.glob("*.json")) if path.name != DATA_CARD_NAME]
    if not labels:
        raise LabelInvalidError(f"{folder}: expected label files (*.json) beside their images")
    return [read_label(path) for path in labels]


def keep_apart(learned: Sequence[Labelled], held_out: Sequence[Labelled]) -> None:
    """See that nobody is in both of two sets of photos, also not as part of a morph.

    Photos whose label names no parents cannot be checked.

    Raises:
        LabelInvalidError: somebody is; names up to five and a photo of one.
    """
    known = {person: sample.path for sample in learned for person in sample.parents}
    both = sorted({person for sample in held_out for person in sample.parents} & known.keys())
    if both:
        raise LabelInvalidError(
            f"{', '.join(both[:5])} ({len(both)} in all) are learned from, in {known[both[0]]}, "
            "and held out too; a person must be in one folder alone"
        )
