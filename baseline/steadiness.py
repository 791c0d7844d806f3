"""How much a score moves when the skin stays and only the photo changes.

`python -m baseline.steadiness --models models --faces FOLDER`

Each test person's face is painted with severities drawn by lot and photographed ten times: other
lamps, colours, background, pose, make-up, hair, glasses, camera. Then it is photographed twice
more, alike but for a smile. Expressions are left out of the ten, because the folds of a smile are
wrinkles that can be seen. Every photo goes the server's whole way from its file's bytes. The
figures go into the manifest and the model card.
"""

from __future__ import annotations

import argparse
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import cv2
import numpy as np
import numpy.typing as npt
from tqdm import tqdm

from backend.errors import FaceError
from backend.vision.engines.base import Device
from backend.vision.engines.choice import EngineWish
from backend.vision.geometry import Photo
from backend.vision.photo import decode_photo
from backend.vision.prediction import Analyser
from backend.vocabulary import Attribute
from baseline.faces.folder import list_faces
from baseline.metrics.agreement import intraclass_correlation
from baseline.model_card import record
from baseline.splits import Split, people
from baseline.synthetic.canvas import CanvasMaker
from baseline.synthetic.nuisance import EVERY_NUISANCE, Circumstances, Nuisance
from baseline.synthetic.severity import Severities, draw_severities
from baseline.synthetic.simulator import photograph

SEED: Final = 104
PHOTOS_OF_A_FACE: Final = 10
SIDE_PX: Final = 512
Scores = Mapping[Attribute, float]


@dataclass(frozen=True, slots=True)
class FaceScores:
    """What the graders say of one face.

    Attributes:
        changed: scores of its photos under changing circumstances.
        neutral: scores of one photo without an expression.
        smiling: scores of the same photo with a smile.
    """

    changed: Sequence[Scores]
    neutral: Scores | None
    smiling: Scores | None


def measure(
    analyser: Analyser,
    faces_folder: Path,
    persons: Sequence[str],
    *,
    photos: int = PHOTOS_OF_A_FACE,
    side_px: int = SIDE_PX,
) -> list[FaceScores]:
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
        changed = [
            _scores(
                analyser, photograph(canvas, severities, signs, Circumstances(shot, calm)).photo
            )
            for shot in shots
        ]
        smile = next(seed for seed in range(shots[0], shots[0] + 100) if _smiles(seed))
        pair = [
            _scores(analyser, photograph(canvas, severities, signs, Circumstances(smile, on)).photo)
            for on in (calm, EVERY_NUISANCE)
        ]
        usable = [scores for scores in changed if scores is not None]
        found.append(FaceScores(usable, neutral=pair[0], smiling=pair[1]))
    return found


def _smiles(seed: int) -> bool:
    return Circumstances(seed).draw(Nuisance.EXPRESSION) is not None


def _scores(analyser: Analyser, photo: Photo) -> Scores | None:
    _, file = cv2.imencode(".png", photo[..., ::-1])
    try:
        analysis = analyser.analyse(decode_photo(file.tobytes()))
    except FaceError:
        return None
    return {name: result.score for name, result in analysis.attributes.items()}


def figures(faces: Sequence[FaceScores], attribute: Attribute) -> dict[str, Any]:
    """How steady one attribute's score is.

    Returns:
        deviation: standard deviation of a face's score over its photos, root mean square over the
        faces; intraclass: share of the scores' variance that lies between faces (see
        `intraclass_correlation`); smile: mean change of the score by the smile, and smile_size,
        its mean size; photos.
    """
    groups = [[scores[attribute] for scores in face.changed] for face in faces]
    several = [group for group in groups if len(group) > 1]
    moves = np.array(
        [
            face.smiling[attribute] - face.neutral[attribute]
            for face in faces
            if face.smiling is not None and face.neutral is not None
        ]
    )
    return {
        "deviation": round(_pooled_deviation(several), 4),
        "intraclass": round(intraclass_correlation(several), 4),
        "smile": round(float(moves.mean()), 4),
        "smile_size": round(float(np.abs(moves).mean()), 4),
        "photos": sum(len(group) for group in groups),
    }


def _pooled_deviation(groups: Sequence[Sequence[float]]) -> float:
    variances: npt.NDArray[np.float64] = np.array([np.var(group, ddof=1) for group in groups])
    return float(np.sqrt(variances.mean()))


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
        print(f"{name:<13}", "  ".join(f"{key} {value}" for key, value in row.items()))
    if given.split is Split.TEST:
        record(given.models, "steadiness", table)


if __name__ == "__main__":
    main()
