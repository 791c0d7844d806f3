"""Paints a folder of test photos: every person, every sign, five strengths.

`python -m baseline.second_painter --faces data/faces --out runs/painted`

Beside each photo lies a label in the project's format: the painted attribute has the grade that a
clear face painted so strongly deserves, the others are not rated. It also names the person, the
strength, and the file of the mask.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import cv2
from tqdm import tqdm

from backend.vision.geometry import Photo
from backend.vision.landmarks import LEFT_EYE, RIGHT_EYE
from backend.vocabulary import GRADES, Attribute
from baseline.dataset import NOT_RATED
from baseline.faces.photos import LabelledPhoto, load_photo
from baseline.second_painter.painter import Painted, grade_of, paint
from baseline.second_painter.portrait import Portrait
from baseline.splits import Split, people

MASKS: Final = "masks"
"""Subfolder of the masks, PNG, 255 where the painter changed a pixel."""
_JPEG_QUALITY: Final = 95
_COLOUR_IN_FULL: Final = (
    cv2.IMWRITE_JPEG_SAMPLING_FACTOR, cv2.IMWRITE_JPEG_SAMPLING_FACTOR_444,
)  # fmt: skip


def paint_folder(
    faces: Path, out: Path, persons: Sequence[str], *, seed: int, side_px: int | None = None
) -> int:
    """Paint every sign at every whole strength on every person.

    Args:
        faces: the folder of the London Set, which holds `photos/`.
        out: where photos, labels and masks go; made if it is not there.
        persons: ids such as `001`.
        seed: with the person and the attribute, what a pattern is drawn from; the five strengths
            of one person and attribute are one pattern.
        side_px: shrink the photo's longer side to this first; None keeps it.

    Returns:
        How many photos were written.

    Raises:
        FacesUnusableError: a person's photo is missing.
        OSError: a file cannot be written.
    """
    (out / MASKS).mkdir(parents=True, exist_ok=True)
    total = len(persons) * len(Attribute) * len(GRADES)
    with tqdm(total=total, desc="painting", unit="photo") as progress:
        for person in persons:
            photo = load_photo(faces, person, side_px=side_px)
            portrait = Portrait.of(photo.pixels, photo.landmarks)
            for number, attribute in enumerate(Attribute):
                for strength in GRADES:
                    seeds = (seed, int(person), number)
                    painted = paint(portrait, attribute, strength=strength, seed=seeds)
                    _write(out, photo, attribute, strength, painted)
                    progress.update()
    return total


def label_of(photo: LabelledPhoto, attribute: Attribute, strength: int) -> dict[str, Any]:
    """What the label file of a painted photo says."""
    stem = f"{photo.person}_{attribute.value}_{strength}"
    grades = {other.label_key: NOT_RATED for other in Attribute}
    grades[attribute.label_key] = int(grade_of(attribute, strength))
    return {
        "file_name": f"{stem}.jpg",
        "part": 0,
        **grades,
        "person": photo.person,
        "parents": [photo.person],
        "attribute": attribute.value,
        "strength": strength,
        "mask": f"{MASKS}/{stem}.png",
        "eyes": photo.landmarks[[LEFT_EYE, RIGHT_EYE]].round(2).tolist(),
    }


def _write(
    out: Path, photo: LabelledPhoto, attribute: Attribute, strength: int, painted: Painted
) -> None:
    label = label_of(photo, attribute, strength)
    image = out / label["file_name"]
    options = (cv2.IMWRITE_JPEG_QUALITY, _JPEG_QUALITY, *_COLOUR_IN_FULL)
    _write_picture(image, painted.pixels[..., ::-1], options)
    _write_picture(out / label["mask"], painted.mask.astype("uint8") * 255, ())
    text = json.dumps(label, indent=1)
    image.with_suffix(".json").write_text(text + "\n", encoding="utf-8")


def _write_picture(path: Path, pixels: Photo, options: Sequence[int]) -> None:
    if not cv2.imwrite(str(path), pixels, list(options)):
        raise OSError(f"could not write {path}")


def main() -> None:
    """Read the command line and paint."""
    parser = argparse.ArgumentParser(
        prog="python -m baseline.second_painter",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--faces", type=Path, required=True, help="folder of the London Set")
    parser.add_argument("--out", type=Path, required=True, help="folder to write")
    parser.add_argument("--people", type=Split, default=Split.TEST, choices=list(Split))
    parser.add_argument("--count", type=int, help="only the first so many people")
    parser.add_argument("--seed", type=int, default=0)
    given = parser.parse_args()
    persons = people(given.people)[: given.count]
    written = paint_folder(given.faces, given.out, persons, seed=given.seed)
    print(f"{written} photos of {len(persons)} people in {given.out}")


if __name__ == "__main__":
    main()
