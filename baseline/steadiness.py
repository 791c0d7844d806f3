"""How much a score moves when the skin stays and only the photo changes.

`python -m baseline.steadiness --models models --faces FOLDER`

Each test person's face is painted with severities drawn by lot and photographed ten times: other
lamps, colours, background, pose, hair, glasses, camera. Moles, stubble and make-up stay, for no
photo changes them. Then it is photographed twice more, alike but for a smile. Expressions are left
out of the ten, because the folds of a smile are wrinkles that can be seen. Every photo goes the
server's whole way from its file's bytes, and its quality is judged as the server does: the figures
are told of all photos, of those that are good or usable, and of the good ones. They go into the
manifest and the model card.
"""

from __future__ import annotations

import argparse
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import cv2
import numpy as np
from tqdm import tqdm

from backend.errors import FaceError
from backend.vision.engines.base import Device
from backend.vision.engines.choice import EngineWish
from backend.vision.geometry import Photo
from backend.vision.grad_cam import Heatmap, to_grey
from backend.vision.photo import decode_photo
from backend.vision.prediction import Analyser
from backend.vision.quality import Verdict
from backend.vision.regions import Region
from backend.vocabulary import Attribute
from baseline.faces.folder import list_faces
from baseline.metrics.repeatability import pooled_deviation, repeatability
from baseline.model_card import record
from baseline.splits import Split, people
from baseline.synthetic.canvas import Canvas, CanvasMaker
from baseline.synthetic.nuisance import EVERY_NUISANCE, Circumstances, Nuisance
from baseline.synthetic.severity import Severities, draw_severities
from baseline.synthetic.simulator import photograph

SEED: Final = 104
PHOTOS_OF_A_FACE: Final = 10
SIDE_PX: Final = 512
VERDICTS: Final[Mapping[str, Collection[Verdict]]] = {
    "good": {Verdict.GOOD},
    "good_or_usable": {Verdict.GOOD, Verdict.USABLE},
}
_DIGITS: Final = 4
_AMOUNT_DIGITS: Final = 6
"""Amounts are small: a map of a clear sign has a mean of about a tenth, in nine regions."""


@dataclass(frozen=True, slots=True)
class GradedPhoto:
    """What the server says of one photo.

    Attributes:
        scores: expected grades, 0.0 to 4.0.
        amounts: of each attribute, how much evidence each region holds, see `region_amounts`.
        verdict: what follows from the photo's quality.
    """

    scores: Mapping[Attribute, float]
    amounts: Mapping[Attribute, Mapping[Region, float]]
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class GradedFace:
    """What the server says of one face.

    Attributes:
        severities: what was painted, 0.0 to 4.0.
        changed: its photos under changing circumstances, but those that could not be graded.
        neutral: one photo without an expression; None where it could not be graded.
        smiling: the same photo with a smile.
    """

    severities: Mapping[Attribute, float]
    changed: Sequence[GradedPhoto]
    neutral: GradedPhoto | None
    smiling: GradedPhoto | None


@dataclass(frozen=True, slots=True)
class _Skin:
    """One person's skin with signs painted on it."""

    canvas: Canvas
    severities: Mapping[Attribute, float]
    signs: int

    def photographed(self, shot: int, allowed: Collection[Nuisance]) -> Photo:
        circumstances = Circumstances(shot, allowed, worn=self.signs)
        return photograph(self.canvas, self.severities, self.signs, circumstances).photo


def measure(
    analyser: Analyser,
    faces_folder: Path,
    persons: Sequence[str],
    *,
    photos: int = PHOTOS_OF_A_FACE,
    side_px: int = SIDE_PX,
) -> list[GradedFace]:
    """Paint, photograph and grade each person's face.

    Args:
        analyser: grades.
        faces_folder: the folder of faces with landmarks.
        persons: whose.
        photos: how many of each face, beside the two without and with a smile.
        side_px: side of the largest photo.
    """
    faces = [face for face in list_faces(faces_folder) if face.person in persons]
    canvases = CanvasMaker(faces, side_px=side_px)
    found = []
    for number, person in enumerate(tqdm(persons, desc="faces", unit="face")):
        rng = np.random.default_rng([SEED, number])
        canvas = canvases.make_from([person], weights=[1.0], rng=rng)
        severities = draw_severities(Severities.UNIFORM, rng)
        signs, *shots = (int(seed) for seed in rng.integers(2**62, size=photos + 1))
        calm = EVERY_NUISANCE - {Nuisance.EXPRESSION}
        smile = next(seed for seed in range(shots[0], shots[0] + 100) if _smiles(seed))
        skin = _Skin(canvas, severities, signs)
        changed = [_grade(analyser, skin.photographed(shot, calm)) for shot in shots]
        pair = [_grade(analyser, skin.photographed(smile, on)) for on in (calm, EVERY_NUISANCE)]
        graded = [photo for photo in changed if photo is not None]
        found.append(GradedFace(severities, graded, neutral=pair[0], smiling=pair[1]))
    return found


def _smiles(seed: int) -> bool:
    return Circumstances(seed).draw(Nuisance.EXPRESSION) is not None


def _grade(analyser: Analyser, photo: Photo) -> GradedPhoto | None:
    _, file = cv2.imencode(".png", photo[..., ::-1])
    try:
        analysis = analyser.analyse(decode_photo(file.tobytes()))
    except FaceError:
        return None
    return GradedPhoto(
        scores={name: result.score for name, result in analysis.attributes.items()},
        amounts={
            name: region_amounts(result.heatmap, analysis.maps[name].regions)
            for name, result in analysis.attributes.items()
        },
        verdict=analysis.quality.verdict,
    )


def region_amounts(heatmap: Heatmap, shares: Mapping[Region, float]) -> dict[Region, float]:
    """How much evidence each region holds, as a client can tell from what it is sent.

    Args:
        heatmap: float32 (H, W) in [0, 1], as it is shown.
        shares: of the map's evidence in each region, rounded as they are sent.

    Returns:
        The share times the map's mean, 0 to 1.

    >>> region_amounts(np.full((2, 2), 0.4, np.float32), {Region.NOSE: 0.25})[Region.NOSE]
    0.1
    """
    mean = float(to_grey(heatmap).mean()) / 255
    return {region: share * mean for region, share in shares.items()}


def figures(faces: Sequence[GradedFace], attribute: Attribute) -> dict[str, Any]:
    """How steady one attribute's score is, and its map.

    Returns:
        deviation: standard deviation of a face's score over its photos, root mean square over the
        faces; intraclass: share of the scores' variance that lies between faces (see
        `intraclass_correlation`); smile: mean change of the score by the smile, and smile_size,
        its mean size; photos; detectable_change and slope, see `Repeatability`; for each name in
        `VERDICTS` the same of the photos of those verdicts, of faces with two of them or more,
        None where there were fewer than two such faces; regions: standard deviation of each
        region's amount, root mean square over the faces.
    """
    overall = repeatability(
        [[photo.scores[attribute] for photo in face.changed] for face in faces],
        [face.severities[attribute] for face in faces],
    )
    moves = np.array(
        [
            face.smiling.scores[attribute] - face.neutral.scores[attribute]
            for face in faces
            if face.smiling is not None and face.neutral is not None
        ]
    )
    return {
        "deviation": round(overall.deviation, _DIGITS),
        "intraclass": round(overall.intraclass, _DIGITS),
        "smile": round(float(moves.mean()), _DIGITS),
        "smile_size": round(float(np.abs(moves).mean()), _DIGITS),
        "photos": sum(len(face.changed) for face in faces),
        "detectable_change": round(overall.detectable_change, _DIGITS),
        "slope": round(overall.slope, _DIGITS),
        **{name: _within(faces, attribute, verdicts) for name, verdicts in VERDICTS.items()},
        "regions": _regions(faces, attribute),
    }


def _within(
    faces: Sequence[GradedFace], attribute: Attribute, verdicts: Collection[Verdict]
) -> dict[str, Any] | None:
    groups = [
        [photo.scores[attribute] for photo in face.changed if photo.verdict in verdicts]
        for face in faces
    ]
    if sum(len(group) > 1 for group in groups) < 2:
        return None
    found = repeatability(groups, [face.severities[attribute] for face in faces])
    return {
        "deviation": round(found.deviation, _DIGITS),
        "intraclass": round(found.intraclass, _DIGITS),
        "detectable_change": round(found.detectable_change, _DIGITS),
        "slope": round(found.slope, _DIGITS),
        "faces": found.things,
        "photos": found.measurements,
    }


def _regions(faces: Sequence[GradedFace], attribute: Attribute) -> dict[str, float]:
    several = [face.changed for face in faces if len(face.changed) > 1]
    return {
        region.value: round(
            pooled_deviation(
                [[photo.amounts[attribute][region] for photo in photos] for photos in several]
            ),
            _AMOUNT_DIGITS,
        )
        for region in Region
    }


def main() -> None:
    """Read the command line, measure, print the figures."""
    parser = argparse.ArgumentParser(
        prog="python -m baseline.steadiness",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--models", type=Path, default=Path("models"))
    parser.add_argument("--faces", type=Path, required=True, help="folder of faces with landmarks")
    parser.add_argument("--split", type=Split, choices=list(Split), default=Split.TEST,
                        help="whose faces; only test people's figures are recorded")  # fmt: skip
    parser.add_argument("--device", type=Device, choices=list(Device),
                        help="by default a GPU when there is one")  # fmt: skip
    given = parser.parse_args()
    analyser = Analyser.load(given.models, EngineWish(device=given.device))
    faces = measure(analyser, given.faces, people(given.split))
    table = {attribute.value: figures(faces, attribute) for attribute in Attribute}
    for name, row in table.items():
        print(name)
        for key, value in row.items():
            print(f"    {key:<17} {_in_words(value)}")
    if given.split is Split.TEST:
        record(given.models, "steadiness", table)


def _in_words(value: object) -> str:
    if isinstance(value, Mapping):
        return "  ".join(f"{key} {its}" for key, its in value.items())
    return str(value)


if __name__ == "__main__":
    main()
