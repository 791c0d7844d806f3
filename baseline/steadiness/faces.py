"""Each person's face painted, photographed and graded several times."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import cv2
import numpy as np
from tqdm import tqdm

from backend.errors import FaceError
from backend.vision.geometry import Photo
from backend.vision.grad_cam import Heatmap, to_grey
from backend.vision.photo import decode_photo
from backend.vision.prediction import Analyser, Analysis
from backend.vision.quality import Verdict
from backend.vision.regions import Region
from backend.vocabulary import Attribute
from baseline.faces.folder import list_faces
from baseline.synthetic.canvas import Canvas, CanvasMaker
from baseline.synthetic.nuisance import EVERY_NUISANCE, Circumstances, Nuisance
from baseline.synthetic.severity import Severities, draw_severities
from baseline.synthetic.simulator import photograph

SEED: Final = 104
PHOTOS_OF_A_FACE: Final = 10
SIDE_PX: Final = 512
CALM: Final = EVERY_NUISANCE - {Nuisance.EXPRESSION}


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
class Skin:
    """One person's skin with signs painted on it, and the photos to be taken of it.

    Attributes:
        canvas: the face.
        severities: what is painted, 0.0 to 4.0.
        signs: seed of where the signs lie, and of what the face brings along.
        shots: seeds of its photos' circumstances.
    """

    canvas: Canvas
    severities: Mapping[Attribute, float]
    signs: int
    shots: Sequence[int]

    def photographed(
        self, shot: int, allowed: Collection[Nuisance] = CALM, *, frame: int = 0
    ) -> Photo:
        """A photo, RGB uint8 (S, S, 3).

        Args:
            shot: seed of its circumstances.
            allowed: the nuisances that are switched on; by default all but expressions.
            frame: which photo of one moment.
        """
        circumstances = Circumstances(shot, allowed, worn=self.signs, frame=frame)
        return photograph(self.canvas, self.severities, self.signs, circumstances).photo


def skins(
    faces_folder: Path, persons: Sequence[str], *, photos: int, side_px: int
) -> Iterator[Skin]:
    """Each person's, the same at every call; see `measure`."""
    faces = [face for face in list_faces(faces_folder) if face.person in persons]
    canvases = CanvasMaker(faces, side_px=side_px)
    for number, person in enumerate(tqdm(persons, desc="faces", unit="face")):
        rng = np.random.default_rng([SEED, number])
        canvas = canvases.make_from([person], weights=[1.0], rng=rng)
        severities = draw_severities(Severities.UNIFORM, rng)
        signs, *shots = (int(seed) for seed in rng.integers(2**62, size=photos + 1))
        yield Skin(canvas, severities, signs, shots)


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
    found = []
    for skin in skins(faces_folder, persons, photos=photos, side_px=side_px):
        first = skin.shots[0]
        smile = next(seed for seed in range(first, first + 100) if _smiles(seed))
        changed = [grade(analyser, skin.photographed(shot)) for shot in skin.shots]
        pair = [grade(analyser, skin.photographed(smile, on)) for on in (CALM, EVERY_NUISANCE)]
        graded = [photo for photo in changed if photo is not None]
        found.append(GradedFace(skin.severities, graded, neutral=pair[0], smiling=pair[1]))
    return found


def _smiles(seed: int) -> bool:
    return Circumstances(seed).draw(Nuisance.EXPRESSION) is not None


def grade(analyser: Analyser, photo: Photo) -> GradedPhoto | None:
    """What the server says of a photo, RGB uint8 (H, W, 3); None where it finds no whole face."""
    try:
        analysis = analyser.analyse(decode_photo(as_file(photo)))
    except FaceError:
        return None
    return graded_photo(analysis)


def as_file(photo: Photo) -> bytes:
    """A file of the photo that loses nothing."""
    _, file = cv2.imencode(".png", photo[..., ::-1])
    return file.tobytes()


def graded_photo(analysis: Analysis) -> GradedPhoto:
    """What counts of an analysis."""
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
