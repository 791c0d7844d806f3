"""Photographs unseen people well, makes each photo worse, and has the server's way grade both."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np

from backend.errors import FaceError
from backend.vision.capture import AlignedFace, Capture
from backend.vision.prediction import Analyser, Analysis
from backend.vision.regions import WHOLE_FACE
from baseline.evaluation.answers import skin_tone
from baseline.faces.photos import LabelledPhoto
from baseline.gate.degradations import Degradation, degrade
from baseline.landmarks.metric import normalised_errors
from baseline.synthetic.canvas import CanvasMaker
from baseline.synthetic.nuisance import Circumstances, Nuisance
from baseline.synthetic.severity import Severities, draw_severities
from baseline.synthetic.simulator import photograph

SEED: Final = 106
SIDE_PX: Final = 768
"""Of the photos; the eyes are a quarter of it apart, as far as on the crop."""
GOOD: Final = frozenset(
    {
        Nuisance.BACKGROUND,
        Nuisance.LIGHT_COLOUR,
        Nuisance.EXPOSURE,
        Nuisance.FRAMING,
        Nuisance.SHEEN,
        Nuisance.MOLES,
        Nuisance.CAMERA_NOISE,
    }
)
"""What differs between the good photos: no lamp from one side, no turn, no blur, no glasses."""


@dataclass(frozen=True, slots=True)
class Trial:
    """One photo, made worse or not.

    Attributes:
        person: whose face.
        photo: number of the good photo that it was made from.
        kind: what was done to it; None to the good photo itself.
        strength: how much, 0 to 1.
        lightness: CIE L* of the good photo's skin, 0 to 100.
        capture: what is measured of it; None where the server refuses the photo.
        moved: how far the score that moved most is from the good photo's, grades; NaN there.
        landmark_error: mean over the face's points, shares of the eye distance; NaN there.
    """

    person: str
    photo: int
    kind: Degradation | None
    strength: float
    lightness: float
    capture: Capture | None
    moved: float
    landmark_error: float


def trials_of(
    analyser: Analyser, canvases: CanvasMaker, person: str, *, photos: int, strengths: int
) -> Iterator[Trial]:
    """Every trial of one person, each good photo first.

    Args:
        analyser: the server's way from a photo to its grades.
        canvases: holds that person's face.
        person: whose face.
        photos: good photos.
        strengths: how often each degradation is tried on each photo, at strengths spread evenly.
    """
    for number in range(photos):
        rng = np.random.default_rng([SEED, int(person), number])
        photo = _good_photo(canvases, person, rng)
        good = _analysed(analyser, photo)
        if good is None:
            continue
        yield _trial(photo, number, None, 0.0, good, good)
        for kind in Degradation:
            steps = (np.arange(strengths) + rng.random(strengths)) / strengths
            for strength in steps.tolist():
                worse = degrade(photo, kind, strength, rng)
                yield _trial(worse, number, kind, strength, _analysed(analyser, worse), good)


def _good_photo(canvases: CanvasMaker, person: str, rng: np.random.Generator) -> LabelledPhoto:
    canvas = canvases.make_from([person], weights=[1.0], rng=rng)
    severities = draw_severities(Severities.UNIFORM, rng)
    signs, shot = (int(seed) for seed in rng.integers(2**62, size=2))
    taken = photograph(canvas, severities, signs, Circumstances(shot, GOOD))
    return LabelledPhoto(person, taken.photo, taken.landmarks)


def _analysed(analyser: Analyser, photo: LabelledPhoto) -> Analysis | None:
    try:
        return analyser.analyse(photo.pixels)
    except FaceError:
        return None


def _trial(
    photo: LabelledPhoto,
    number: int,
    kind: Degradation | None,
    strength: float,
    found: Analysis | None,
    good: Analysis,
) -> Trial:
    capture, moved, error = None, math.nan, math.nan
    if found is not None:
        moved = max(
            abs(result.score - good.attributes[one].score)
            for one, result in found.attributes.items()
        )
        errors = normalised_errors(found.face.landmarks, photo.landmarks)
        error = float(errors[list(WHOLE_FACE)].mean())
        capture = AlignedFace.of(photo.pixels, found.face).capture
    lightness, _ = skin_tone(good.crop.pixels)
    return Trial(photo.person, number, kind, strength, lightness, capture, moved, error)
