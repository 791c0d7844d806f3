"""How often a trend is told right where every score comes from a photo of a known skin.

    python -m benchmarks.trends_of_photos --faces path/to/faces

The faces of the test people are painted and photographed twelve times under changing lamps, poses
and cameras, as by `baseline.steadiness`, and graded the server's whole way: once with the skin as
it is, and once while each attribute moves evenly by 1 to 2.5 grades, up or down. The noise is then
the networks' own, larger on some faces than on others, where `benchmarks.trends` makes it up.

Thirty flat histories are few to count one in twenty by. While the skin stays, no photo is the
first by right, so each is also judged in a hundred other orders, chosen by lot.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Final

import cv2
import numpy as np
from tqdm import tqdm

from backend.errors import FaceError
from backend.vision.geometry import Photo
from backend.vision.photo import decode_photo
from backend.vision.prediction import Analyser
from backend.vision.quality import Verdict
from backend.vocabulary import Attribute
from baseline.faces.folder import list_faces
from baseline.splits import Split, people
from baseline.synthetic.canvas import Canvas, CanvasMaker
from baseline.synthetic.nuisance import EVERY_NUISANCE, Circumstances, Nuisance
from baseline.synthetic.simulator import photograph
from benchmarks.reporting import describe_setup
from benchmarks.trends import BEGAN, CHANGES, VISITS, standard_errors
from frontend.trends import Course, Reading, trend_line
from frontend.vocabulary import GRADES
from frontend.vocabulary import Attribute as Named

SEED: Final = 106
ORDERS: Final = 100
_SIDE_PX: Final = 512
_CALM: Final = EVERY_NUISANCE - {Nuisance.EXPRESSION}
_WEEK: Final = timedelta(days=7)


@dataclass(frozen=True, slots=True, kw_only=True)
class PhotographedHistory:
    """One attribute of one face over time.

    Attributes:
        attribute: Which.
        went: The true change from the first photo to the last, grades; 0 of a flat history.
        scores: Week of each photo that counts and what the network said, first photo first.
    """

    attribute: Attribute
    went: float
    scores: Sequence[tuple[int, float]]

    def course(self, error: float) -> Course | None:
        """What the app's rule says, given the standard error of a score; None of too few photos."""
        line = trend_line(
            [
                Reading(taken_at=BEGAN + week * _WEEK, score=score, error=error)
                for week, score in self.scores
            ]
        )
        return None if line is None else line.course

    def reordered(self, rng: np.random.Generator) -> PhotographedHistory:
        """The same scores in an order chosen by lot."""
        weeks = [week for week, _ in self.scores]
        scores = rng.permutation([score for _, score in self.scores]).tolist()
        return replace(self, scores=tuple(zip(weeks, scores, strict=True)))

    @property
    def expected(self) -> Course:
        """What the rule should say."""
        if self.went == 0:
            return Course.STEADY
        return Course.RISEN if self.went > 0 else Course.FALLEN


def photograph_histories(
    analyser: Analyser, canvas: Canvas, rng: np.random.Generator, *, retakes: bool
) -> list[PhotographedHistory]:
    """Two histories of each attribute of one face: a flat one and one with a change.

    Args:
        analyser: Grades the photos.
        canvas: The face.
        rng: The chance.
        retakes: Whether photos that should have been taken again count; in the app they do not.
    """
    still = {attribute: float(rng.uniform(0, GRADES[-1])) for attribute in Attribute}
    moves = {attribute: _move(rng) for attribute in Attribute}
    paths = [
        {attribute: (level, level) for attribute, level in still.items()},
        moves,
    ]
    signs = int(rng.integers(2**62))
    histories = []
    for path in paths:
        shots = [int(seed) for seed in rng.integers(2**62, size=VISITS)]
        scores: dict[Attribute, list[tuple[int, float]]] = {each: [] for each in Attribute}
        for week, shot in enumerate(shots):
            severities = {
                attribute: first + (last - first) * week / (VISITS - 1)
                for attribute, (first, last) in path.items()
            }
            circumstances = Circumstances(shot, _CALM, worn=signs)
            photo = photograph(canvas, severities, signs, circumstances).photo
            for attribute, score in _scores(analyser, photo, retakes=retakes).items():
                scores[attribute].append((week, score))
        histories += [
            PhotographedHistory(
                attribute=attribute, went=last - first, scores=tuple(scores[attribute])
            )
            for attribute, (first, last) in path.items()
        ]
    return histories


def _move(rng: np.random.Generator) -> tuple[float, float]:
    size = rng.uniform(*CHANGES)
    low = rng.uniform(0, GRADES[-1] - size)
    return (low, low + size) if rng.random() < 0.5 else (low + size, low)


def _scores(analyser: Analyser, photo: Photo, *, retakes: bool) -> Mapping[Attribute, float]:
    _, file = cv2.imencode(".png", photo[..., ::-1])
    try:
        analysis = analyser.analyse(decode_photo(file.tobytes()))
    except FaceError:
        return {}
    if analysis.quality.verdict is Verdict.RETAKE and not retakes:
        return {}
    return {attribute: result.score for attribute, result in analysis.attributes.items()}


def main(arguments: Sequence[str] | None = None) -> int:
    """Photograph, grade, judge, and print one Markdown table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--models", type=Path, default=Path("models"))
    parser.add_argument("--faces", type=Path, required=True, help="folder of faces with landmarks")
    parser.add_argument("--retakes", action="store_true",
                        help="count photos too that should have been taken again")  # fmt: skip
    given = parser.parse_args(arguments)
    analyser = Analyser.load(given.models)
    persons = people(Split.TEST)
    faces = [face for face in list_faces(given.faces) if face.person in persons]
    canvases = CanvasMaker(faces, side_px=_SIDE_PX)
    histories: list[PhotographedHistory] = []
    for number, person in enumerate(tqdm(persons, desc="faces", unit="face")):
        rng = np.random.default_rng([SEED, number])
        canvas = canvases.make_from([person], weights=[1.0], rng=rng)
        histories += photograph_histories(analyser, canvas, rng, retakes=given.retakes)
    print(describe_setup())
    version = analyser.manifest.model_version
    print(f"Weights {version}; {len(persons)} test people, {VISITS} photos a history, seed {SEED}.")
    print()
    print("\n".join(table(histories, standard_errors(given.models))))
    return 0


def table(histories: Sequence[PhotographedHistory], errors: Mapping[Named, float]) -> list[str]:
    """What the app's rule says of the histories: the lines of a Markdown table.

    Args:
        histories: Those with too few photos for a line are left out.
        errors: Standard error of each attribute's score.
    """
    rng = np.random.default_rng(SEED)
    lines = [
        "| attribute | flat, told to have changed | in other orders | told the way it went |",
        "|---|---|---|---|",
    ]
    for name, error in errors.items():
        of_it = [
            each
            for each in histories
            if each.attribute is Attribute(name.value) and each.course(error) is not None
        ]
        flat = [each for each in of_it if each.went == 0]
        moved = [each for each in of_it if each.went != 0]
        wrong = sum(each.course(error) is not Course.STEADY for each in flat)
        right = sum(each.course(error) is each.expected for each in moved)
        reordered = [each.reordered(rng).course(error) for each in flat for _ in range(ORDERS)]
        share = sum(course is not Course.STEADY for course in reordered) / len(reordered)
        lines.append(
            f"| {name} | {wrong} of {len(flat)} | {100 * share:.1f} % | {right} of {len(moved)} |"
        )
    return lines


if __name__ == "__main__":
    sys.exit(main())
