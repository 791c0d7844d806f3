"""What is in a folder of labelled photos: the questions that `EDA/EDA.ipynb` asks."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import cv2
import numpy as np
import numpy.typing as npt
import pandas as pd
from PIL import Image

from backend.vision.geometry import Photo
from backend.vocabulary import GRADES, Attribute
from baseline.crops import canonical_crop
from baseline.dataset import LabelInvalidError, Labelled, read_folder
from baseline.evaluation.answers import skin_tone

LESIONS: Final = ("acne", "smallacne", "troub")
"""Categories of the original's COCO files."""
_COLOURS: Final = ((230, 60, 60), (240, 160, 40), (90, 90, 230))
NAMES: Final = [attribute.value for attribute in Attribute]


@dataclass(frozen=True, slots=True)
class Lesion:
    """One annotated lesion.

    Attributes:
        file_name: of its photo.
        category: one of `LESIONS` or another name of the file.
        box: left, top, width, height, photo pixels.
        polygons: its outlines, each float64 (N, 2), photo pixels; empty where it has a box alone.
    """

    file_name: str
    category: str
    box: tuple[float, float, float, float]
    polygons: tuple[npt.NDArray[np.float64], ...]


def describe(folder: Path) -> pd.DataFrame:
    """One row per photo: file, part, the five grades, width and height, lightness and hue of skin.

    A grade that nobody gave is missing (NA). Tones are those of the middle of an aligned crop, or
    of the middle of a region's picture, CIELAB.

    Raises:
        LabelInvalidError: a label or an image is broken, or there is none.
    """
    return pd.DataFrame([_row(sample) for sample in read_folder(folder)]).convert_dtypes()


def class_shares(photos: pd.DataFrame, *, part: int | None = None) -> pd.DataFrame:
    """Per cent of each grade among the rated photos, a row per attribute.

    Args:
        photos: of `describe`.
        part: only photos of this part; None for all.
    """
    chosen = photos if part is None else photos[photos["part"] == part]
    shares = {
        name: chosen[name].value_counts(normalize=True).reindex(list(GRADES), fill_value=0.0)
        for name in NAMES
    }
    return (pd.DataFrame(shares).T * 100).astype(float).round(1)


def correlations(photos: pd.DataFrame, *, part: int) -> pd.DataFrame:
    """Spearman's rank correlation between the grades of one part's photos, 5 x 5.

    Pairs of which one is not rated are left out; missing where nothing varies.
    """
    grades = photos.loc[photos["part"] == part, NAMES].astype("Float64")
    return grades.corr(method="spearman").astype(float)


def read_lesions(path: Path) -> list[Lesion]:
    """The lesions of a COCO file (Lin et al. 2014, arXiv:1405.0312).

    Raises:
        LabelInvalidError: it is not a COCO file, or an annotation names a photo or category that
            the file does not have.
    """
    try:
        coco: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        files = {image["id"]: str(image["file_name"]) for image in coco["images"]}
        categories = {one["id"]: str(one["name"]) for one in coco["categories"]}
        return [
            Lesion(
                file_name=files[one["image_id"]],
                category=categories[one["category_id"]],
                box=_box(one["bbox"]),
                polygons=_polygons(one.get("segmentation", [])),
            )
            for one in coco["annotations"]
        ]
    except (json.JSONDecodeError, KeyError, TypeError, ValueError) as error:
        raise LabelInvalidError(
            f"{path}: expected a COCO file with images, categories and annotations; {error!r}"
        ) from error


def overlay(photo: Photo, lesions: Sequence[Lesion]) -> Photo:
    """A copy of a photo with its lesions outlined, RGB uint8 (H, W, 3), a colour per category."""
    drawn = photo.copy()
    names = sorted({lesion.category for lesion in lesions} - set(LESIONS))
    colours = dict(zip([*LESIONS, *names], _COLOURS * (len(names) + 1), strict=False))
    thickness = max(1, round(max(photo.shape[:2]) / 300))
    for lesion in lesions:
        left, top, width, height = lesion.box
        corners = np.array([[left, top], [left + width, top], [left + width, top + height],
                            [left, top + height]])  # fmt: skip
        for outline in lesion.polygons or (corners,):
            points = np.round(outline).astype(np.int32)
            cv2.polylines(drawn, [points], True, colours[lesion.category], thickness, cv2.LINE_AA)
    return drawn


def _row(sample: Labelled) -> dict[str, Any]:
    lightness, hue = skin_tone(canonical_crop(sample))
    with Image.open(sample.path) as picture:
        width, height = picture.size
    return {
        "file": sample.path.name,
        "part": sample.part,
        **{one.value: sample.grades.get(one, pd.NA) for one in Attribute},
        "width": width,
        "height": height,
        "lightness": lightness,
        "hue_deg": hue,
    }


def _box(values: Sequence[float]) -> tuple[float, float, float, float]:
    left, top, width, height = (float(value) for value in values)
    return left, top, width, height


def _polygons(segmentation: Any) -> tuple[npt.NDArray[np.float64], ...]:
    # Crowds are run lengths instead of outlines; their box is drawn.
    if not isinstance(segmentation, list):
        return ()
    return tuple(np.asarray(flat, dtype=np.float64).reshape(-1, 2) for flat in segmentation)
