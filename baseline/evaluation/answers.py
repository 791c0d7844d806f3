"""What the graders say of labelled photos, and what kind of photos these are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
import numpy.typing as npt
from tqdm import tqdm

from backend.errors import FaceError
from backend.vision.geometry import Photo
from backend.vision.prediction import Analyser
from backend.vision.quality import Verdict
from backend.vocabulary import Attribute
from baseline.dataset import LabelInvalidError, Labelled, read_photo
from baseline.metrics.bootstrap import Shown
from baseline.metrics.figures import Graded, Grades, Reals

_MIDDLE_OF_FACE: Final = ((0.35, 0.75), (0.3, 0.7))
"""Rows and columns of the crop, shares of its side, that are skin for the most part."""


@dataclass(frozen=True, slots=True)
class PhotoFacts:
    """What slices are cut by.

    Attributes:
        side_px: the photo's longer side.
        verdict: of its quality.
        lightness: CIELAB L* of the face's middle, 0 to 100, median.
        hue_deg: CIELAB hue angle of the same, degrees: about 45 reddish, 75 yellowish.
    """

    side_px: int
    verdict: Verdict
    lightness: float
    hue_deg: float


@dataclass(frozen=True, slots=True)
class Answers:
    """Photos that were graded, N of them.

    Attributes:
        samples: the photos in which the one face was found.
        facts: of each photo.
        predicted: decided grades per attribute, int64 (N,).
        probabilities: per attribute, float64 (N, 5).
        intervals: per attribute, int64 (N, 2), lowest and highest grade.
        lost: how many photos had no usable face.
    """

    samples: Sequence[Labelled]
    facts: Sequence[PhotoFacts]
    predicted: Mapping[Attribute, Grades]
    probabilities: Mapping[Attribute, Reals]
    intervals: Mapping[Attribute, Grades]
    lost: int

    def rated(self, attribute: Attribute) -> npt.NDArray[np.intp]:
        """Which photos have a grade of this attribute, row numbers."""
        rows = [row for row, sample in enumerate(self.samples) if attribute in sample.grades]
        return np.array(rows, dtype=np.intp)

    def graded(self, attribute: Attribute) -> Graded:
        """The rated photos of one attribute, in the order of `rated`."""
        rows = self.rated(attribute)
        samples = [self.samples[row] for row in rows]
        grades = np.array([sample.grades[attribute] for sample in samples], dtype=np.int64)
        amounts = [s.severities.get(attribute, float(s.grades[attribute])) for s in samples]
        return Graded(
            truth=grades,
            severities=np.array(amounts, dtype=np.float64),
            predicted=self.predicted[attribute][rows],
            probabilities=self.probabilities[attribute][rows],
            people=[people_of(sample) for sample in samples],
        )


def people_of(sample: Labelled) -> Shown:
    """Who is on it; photos whose label does not say count as a person each."""
    return sample.parents or (str(sample.path),)


def grade_all(analyser: Analyser, samples: Sequence[Labelled]) -> Answers:
    """Grade every photo from its bytes; photos without a usable face are counted as lost.

    Raises:
        LabelInvalidError: an image is broken, or in none of the photos a whole face was found.
    """
    kept: list[Labelled] = []
    facts: list[PhotoFacts] = []
    predicted: dict[Attribute, list[int]] = {attribute: [] for attribute in Attribute}
    probabilities: dict[Attribute, list[tuple[float, ...]]] = {a: [] for a in Attribute}
    intervals: dict[Attribute, list[tuple[int, int]]] = {a: [] for a in Attribute}
    for sample in tqdm(samples, desc="grading", unit="photo"):
        photo = read_photo(sample.path)
        try:
            analysis = analyser.analyse(photo)
        except FaceError:
            continue
        kept.append(sample)
        lightness, hue = skin_tone(analysis.crop.pixels)
        facts.append(PhotoFacts(max(photo.shape[:2]), analysis.quality.verdict, lightness, hue))
        for attribute, result in analysis.attributes.items():
            predicted[attribute].append(result.grade)
            probabilities[attribute].append(result.probabilities)
            intervals[attribute].append(result.interval)
    if not kept:
        raise LabelInvalidError(f"expected a photo of a whole face, found none in {len(samples)}")
    return Answers(
        samples=kept,
        facts=facts,
        predicted={a: np.array(values, dtype=np.int64) for a, values in predicted.items()},
        probabilities={
            a: np.array(values, dtype=np.float64).reshape(-1, 5)
            for a, values in probabilities.items()
        },
        intervals={
            a: np.array(values, dtype=np.int64).reshape(-1, 2) for a, values in intervals.items()
        },
        lost=len(samples) - len(kept),
    )


def skin_tone(crop: Photo) -> tuple[float, float]:
    """Lightness L* (0 to 100) and hue angle (degrees) of the middle of a face, medians.

    Args:
        crop: RGB uint8 (S, S, 3), the aligned crop.

    >>> lightness, hue = skin_tone(np.full((100, 100, 3), (200, 150, 120), np.uint8))
    >>> round(lightness), round(hue)
    (66, 58)
    """
    rows, columns = (
        slice(int(low * crop.shape[0]), int(high * crop.shape[0])) for low, high in _MIDDLE_OF_FACE
    )
    pixels = np.ascontiguousarray(crop[rows, columns]).astype(np.float32) / np.float32(255)
    lab = np.median(cv2.cvtColor(pixels, cv2.COLOR_RGB2LAB).reshape(-1, 3), axis=0)
    return float(lab[0]), float(np.degrees(np.arctan2(lab[2], lab[1])))
