"""Is the grade of a burst steadier than that of one photo?

`python -m baseline.steadiness.bursts --models models --faces FOLDER`

The photos of `python -m baseline.steadiness`, each taken three times within one moment: lamps,
background, hair and camera stay; head and hand move a little, and the sensor's noise is another
one. The server averages the probabilities of such a burst. Printed are, of each attribute, the
deviation of one photo's score over the moments of a face, that of the burst's, and that of the
single frames within one moment, which is all that averaging can lessen.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from backend.errors import FaceError
from backend.vision.burst import Frame, best_first
from backend.vision.photo import MAX_PIXELS
from backend.vision.prediction import Analyser
from backend.vision.stopwatch import Stopwatch
from backend.vocabulary import Attribute
from baseline.metrics.repeatability import pooled_deviation
from baseline.splits import people
from baseline.steadiness.arguments import parse
from baseline.steadiness.faces import (
    PHOTOS_OF_A_FACE,
    SIDE_PX,
    GradedFace,
    GradedPhoto,
    Skin,
    as_file,
    graded_photo,
    skins,
)
from baseline.steadiness.figures import VERDICTS, print_figures, within

FRAMES: Final = 3
"""As many as the app's camera takes."""


@dataclass(frozen=True, slots=True)
class Moment:
    """What the server says of three photos taken at once.

    Attributes:
        frames: of each alone, but those in which no whole face is found.
        burst: of all together; its verdict is that of the best.
    """

    frames: Sequence[GradedPhoto]
    burst: GradedPhoto


@dataclass(frozen=True, slots=True)
class FaceInMoments:
    """One face at several moments.

    Attributes:
        severities: what was painted, 0.0 to 4.0.
        moments: but those in which nothing could be graded.
    """

    severities: Mapping[Attribute, float]
    moments: Sequence[Moment]

    @property
    def by_first_frame(self) -> GradedFace:
        """As if one photo had been taken of each moment."""
        return self._as([moment.frames[0] for moment in self.moments])

    @property
    def by_burst(self) -> GradedFace:
        """With the bursts in the place of photos."""
        return self._as([moment.burst for moment in self.moments])

    def _as(self, photos: Sequence[GradedPhoto]) -> GradedFace:
        return GradedFace(self.severities, photos, neutral=None, smiling=None)


def measure_bursts(
    analyser: Analyser,
    faces_folder: Path,
    persons: Sequence[str],
    *,
    moments: int = PHOTOS_OF_A_FACE,
    side_px: int = SIDE_PX,
) -> list[FaceInMoments]:
    """Paint, photograph and grade each person's face; see `measure`.

    Args:
        analyser: grades.
        faces_folder: the folder of faces with landmarks.
        persons: whose.
        moments: how many of each face.
        side_px: side of the largest photo.
    """
    found = []
    for skin in skins(faces_folder, persons, photos=moments, side_px=side_px):
        graded = [_moment(analyser, skin, shot) for shot in skin.shots]
        found.append(FaceInMoments(skin.severities, [one for one in graded if one is not None]))
    return found


def _moment(analyser: Analyser, skin: Skin, shot: int) -> Moment | None:
    frames = []
    for frame in range(FRAMES):
        file = as_file(skin.photographed(shot, frame=frame))
        try:
            portrait = analyser.read(file, max_pixels=MAX_PIXELS, stopwatch=Stopwatch())
        except FaceError:
            continue
        frames.append(Frame.measured(portrait))
    if not frames:
        return None
    burst = best_first(frames)
    return Moment(
        frames=[graded_photo(analyser.analyse_face(frame.aligned)) for frame in frames],
        burst=graded_photo(analyser.analyse_face(burst.best.aligned, beside=burst.beside)),
    )


def burst_figures(faces: Sequence[FaceInMoments], attribute: Attribute) -> dict[str, Any]:
    """What a burst is worth.

    Returns:
        photo, burst: see `figures`, of the verdicts in `VERDICTS`; within_a_moment: standard
        deviation of the frames' scores of one moment, root mean square over the moments.
    """
    ways = {
        "photo": [face.by_first_frame for face in faces],
        "burst": [face.by_burst for face in faces],
    }
    told: dict[str, Any] = {
        f"{way} {name}": within(graded, attribute, verdicts)
        for name, verdicts in VERDICTS.items()
        for way, graded in ways.items()
    }
    several = [
        [frame.scores[attribute] for frame in moment.frames]
        for face in faces
        for moment in face.moments
        if len(moment.frames) > 1
    ]
    return {**told, "within_a_moment": round(pooled_deviation(several), 4)}


def main() -> None:
    """Read the command line, measure, print the figures."""
    analyser, given = parse("python -m baseline.steadiness.bursts", __doc__)
    faces = measure_bursts(analyser, given.faces, people(given.split))
    for attribute in Attribute:
        print_figures(attribute.value, burst_figures(faces, attribute))


if __name__ == "__main__":
    main()
