"""The photos that maps are measured on: crop, skin, and the truth about every sign."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tqdm import tqdm

from backend.errors import FaceError
from backend.vision.geometry import Photo
from backend.vision.map_summary import FaceLayout
from backend.vision.prediction import Analyser
from backend.vocabulary import GRADES, Attribute
from baseline.dataset import Labelled, read_photo
from baseline.evaluation.answers import people_of
from baseline.explanation.truth import Region, sign_region
from baseline.masks import painted_on_crop
from baseline.metrics.bootstrap import Shown


@dataclass(frozen=True, slots=True)
class Subject:
    """One photo.

    Attributes:
        crop: RGB uint8 (S, S, 3), what the server's networks look at.
        layout: which cells of the maps are which part of the face.
        regions: per attribute, where its sign was painted, bool (128, 128).
        strengths: per attribute, how strong its sign is, 0.0 to 4.0; for hydration of dryness.
        grades: per attribute, the same as a grade 0 to 4.
        people: who is on it.
    """

    crop: Photo
    layout: FaceLayout
    regions: Mapping[Attribute, Region]
    strengths: Mapping[Attribute, float]
    grades: Mapping[Attribute, int]
    people: Shown


def sign_strength(attribute: Attribute, amount: float) -> float:
    """How strong the sign of an attribute is: the amount itself, but dryness where it is hydration.

    >>> sign_strength(Attribute.OIL, 3.0), sign_strength(Attribute.HYDRATION, 3.0)
    (3.0, 1.0)
    """
    return GRADES[-1] - amount if attribute is Attribute.HYDRATION else amount


def read_subjects(analyser: Analyser, samples: Sequence[Labelled]) -> list[Subject]:
    """Find and align every face as the server does; photos without a usable face are left out.

    Raises:
        LabelInvalidError: an image is broken.
        MaskMissingError: a photo has no masks.
    """
    found = []
    for sample in tqdm(samples, desc="aligning", unit="photo"):
        try:
            analysis = analyser.analyse(read_photo(sample.path))
        except FaceError:
            continue
        crop = analysis.crop
        regions = {
            attribute: sign_region(
                painted_on_crop(
                    sample.path, attribute, crop.to_photo, side_px=crop.pixels.shape[0]
                ),
                attribute,
            )
            for attribute in Attribute
        }
        found.append(
            Subject(
                crop=analysis.graded,
                layout=analysis.layout,
                regions=regions,
                strengths={a: sign_strength(a, sample.severities[a]) for a in Attribute},
                grades={a: int(sign_strength(a, sample.grades[a])) for a in Attribute},
                people=people_of(sample),
            )
        )
    return found
