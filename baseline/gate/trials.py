"""Photographs unseen people well, makes each photo worse, and has the server's way grade both."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np

from backend.errors import FaceError
from backend.vision.capture import Capture
from backend.vision.prediction import Analyser, Analysis
from backend.vision.regions import WHOLE_FACE
from backend.vocabulary import Attribute
from baseline.evaluation.answers import skin_tone
from baseline.faces.photos import LabelledPhoto
from baseline.gate.degradations import Degradation, degrade
from baseline.landmarks.metric import normalised_errors
from baseline.synthetic.canvas import Canvas, CanvasMaker
from baseline.synthetic.nuisance import EVERY_NUISANCE, Circumstances, Nuisance
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
VISITS: Final[Mapping[str, frozenset[Nuisance]]] = {
    "careful": GOOD - {Nuisance.MOLES},
    "everyday": EVERY_NUISANCE
    - {Nuisance.EXPRESSION, Nuisance.MAKE_UP, Nuisance.STUBBLE, Nuisance.MOLES},
}
"""What differs between visits of somebody who follows the advice, and of somebody who does not; the
skin shows the same, and a mole stays where it is."""


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
        scores: the grade of each attribute, fractional; none where the server refuses the photo.
        moved: how far the score that moved most is from the good photo's, grades; NaN there.
        landmark_error: mean over the face's points, shares of the eye distance; NaN there.
    """

    person: str
    photo: int
    kind: Degradation | None
    strength: float
    lightness: float
    capture: Capture | None
    scores: Mapping[Attribute, float]
    moved: float
    landmark_error: float


def trials_of(
    analyser: Analyser,
    canvases: CanvasMaker,
    person: str,
    *,
    photos: int,
    strengths: int,
    retakes: int = 0,
    allowed: Collection[Nuisance] = GOOD,
) -> Iterator[Trial]:
    """Every trial of one person, each good photo first.

    Args:
        analyser: the server's way from a photo to its grades.
        canvases: holds that person's face.
        person: whose face.
        photos: good photos, each of a skin of its own.
        strengths: how often each degradation is tried on each photo, at strengths spread evenly.
        retakes: how often each skin is photographed again; that is a trial of no kind.
        allowed: what may differ between photos of one skin before they are made worse.
    """
    for number in range(photos):
        rng = np.random.default_rng([SEED, int(person), number])
        skin = _Skin.draw(canvases, person, rng)
        photo = skin.photographed(int(rng.integers(2**62)), allowed)
        good = _analysed(analyser, photo)
        if good is None:
            continue
        yield _trial(photo, number, None, 0.0, good, good)
        shots = np.random.default_rng([SEED, int(person), number, 1])
        for shot in shots.integers(2**62, size=retakes):
            again = skin.photographed(int(shot), allowed)
            yield _trial(again, number, None, 0.0, _analysed(analyser, again), good)
        for kind in Degradation:
            steps = (np.arange(strengths) + rng.random(strengths)) / strengths
            for strength in steps.tolist():
                worse = degrade(photo, kind, strength, rng)
                yield _trial(worse, number, kind, strength, _analysed(analyser, worse), good)


@dataclass(frozen=True, slots=True)
class _Skin:
    """One person's skin with signs painted on it."""

    canvas: Canvas
    person: str
    severities: Mapping[Attribute, float]
    signs: int

    @classmethod
    def draw(cls, canvases: CanvasMaker, person: str, rng: np.random.Generator) -> _Skin:
        canvas = canvases.make_from([person], weights=[1.0], rng=rng)
        severities = draw_severities(Severities.UNIFORM, rng)
        return cls(canvas, person, severities, signs=int(rng.integers(2**62)))

    def photographed(self, shot: int, allowed: Collection[Nuisance]) -> LabelledPhoto:
        circumstances = Circumstances(shot, allowed)
        taken = photograph(self.canvas, self.severities, self.signs, circumstances)
        return LabelledPhoto(self.person, taken.photo, taken.landmarks)


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
    scores: dict[Attribute, float] = {}
    if found is not None:
        scores = {one: result.score for one, result in found.attributes.items()}
        capture = found.capture
        moved = max(abs(score - good.attributes[one].score) for one, score in scores.items())
        errors = normalised_errors(found.face.landmarks, photo.landmarks)
        error = float(errors[list(WHOLE_FACE)].mean())
    lightness, _ = skin_tone(good.crop.pixels)
    return Trial(photo.person, number, kind, strength, lightness, capture, scores, moved, error)
