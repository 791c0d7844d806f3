"""Everything that `make train` does, in order; what a stopped run has finished is not redone.

`python -m baseline.pipeline --faces FOLDER`
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from backend.vocabulary import Attribute
from baseline.splits import Split

MODEL_VERSION: Final = "2026.11.28"

_ENVIRONMENT: Final = {
    # albumentations asks a registry for its newest version on import unless told not to.
    "NO_ALBUMENTATIONS_UPDATE": "1",
    # glibc hands every large buffer back to the system and asks for it again at the next step;
    # keeping them makes a training step a quarter faster.
    "MALLOC_MMAP_THRESHOLD_": str(4 << 30),
    "MALLOC_TRIM_THRESHOLD_": str(16 << 30),
}

Command = list[str]


@dataclass(frozen=True, slots=True)
class HeldOut:
    """Simulated photos of the people of one split, each severity drawn equally often."""

    split: Split
    count: int
    seed: int


HELD_OUT: Final = (
    HeldOut(Split.VALIDATION, 300, seed=102),
    HeldOut(Split.CALIBRATION, 600, seed=105),
    HeldOut(Split.TEST, 600, seed=103),
)
_MASKED: Final = (Split.VALIDATION, Split.TEST)
"""Heat maps are held against the masks of these."""


@dataclass(frozen=True, slots=True)
class Photos:
    """Simulated photos to learn from, in a folder of their name.

    Attributes:
        name: of the folder.
        count: of the photos.
        seed: of the photos.
        masked: they have masks, for maps are taught.
        own_shine: up to this share of the faces' own shine is left on the photos.
        own_shine_on: share of the photos on which any of it is left.
    """

    name: str
    count: int
    seed: int = field(kw_only=True)
    masked: bool = field(default=False, kw_only=True)
    own_shine: float = field(default=0.0, kw_only=True)
    own_shine_on: float = field(default=1.0, kw_only=True)


@dataclass(frozen=True, slots=True)
class Pass(Photos):
    """One pass of some graders over photos of its own, in folders of their name.

    Attributes:
        recipe: what is learned how.
        mean_of: it starts from the mean of so many passes before it.
        attributes: whose graders take part.
    """

    recipe: str = field(kw_only=True)
    mean_of: int = field(default=1, kw_only=True)
    attributes: tuple[Attribute, ...] = field(default=tuple(Attribute), kw_only=True)


PASSES: Final = (
    Pass("first", 4500, recipe="ours", seed=101),
    Pass("second", 3000, recipe="ours_second_pass", seed=106),
    Pass("third", 6000, recipe="ours_third_pass", seed=107),
    Pass("fourth", 4500, recipe="ours_last_passes", seed=108),
    Pass("fifth", 4000, recipe="ours_last_passes", seed=109),
    Pass("sixth", 4000, recipe="ours_last_passes", seed=110),
    Pass("seventh", 4000, recipe="ours_map_pass", seed=111, masked=True),
    Pass("eighth", 3000, recipe="ours_last_map_pass", seed=112, masked=True),
    Pass(
        "ninth", 4000, recipe="ours_sharp_map_pass", seed=113, masked=True, mean_of=2,
        attributes=(Attribute.OIL, Attribute.WRINKLE, Attribute.SENSITIVITY),
    ),
    Pass(
        "tenth", 4000, recipe="ours_sharp_map_pass", seed=114, masked=True, mean_of=3,
        attributes=(Attribute.OIL,), own_shine=0.8,
    ),
    Pass(
        "eleventh", 4500, recipe="ours_sharp_map_pass", seed=115, masked=True,
        attributes=(Attribute.OIL,), own_shine=1.0, own_shine_on=0.5,
    ),
    Pass(
        "twelfth", 2800, recipe="ours_erasing_pass", seed=115, masked=True, mean_of=2,
        attributes=(Attribute.OIL,), own_shine=1.0, own_shine_on=0.5,
    ),
    Pass(
        "thirteenth", 3180, recipe="ours_erasing_pass", seed=116, masked=True,
        attributes=(Attribute.OIL,), own_shine=1.0, own_shine_on=0.5,
    ),
)  # fmt: skip
FOLLOWED: Final = (
    Photos("fourteenth", 3000, seed=117, own_shine=1.0, own_shine_on=0.5),
    Photos("fifteenth", 4500, seed=118, own_shine=1.0, own_shine_on=0.5),
)
"""On these the graders that ship follow those that the passes made, on first stages in common."""
FOLLOWED_EPOCHS: Final = 4
TEACHERS: Final = "teachers"
"""Folder of what the passes made."""
AVERAGED: Final = 7
"""Of so many last passes the weights are averaged, as far as a grader took part: all of them taught
maps."""
AVERAGED_OF: Final[Mapping[Attribute, int]] = {Attribute.OIL: 2, Attribute.WRINKLE: 1}
"""Of so many only. Of wrinkle the last, since the mean's maps peak beside the lines more often (on
validation photos in 6 % instead of 2). Of oil the last two: the second painter's film is followed
best by them, and the passes before the last four never met a face's own shine and take it for oil
(see `baseline/results/comparisons.md`)."""


def commands(faces: Path, runs: Path, models: Path) -> Iterator[Command]:
    """Every step as the module and arguments that `python -m` runs."""
    data = runs / "data"
    painting = ["baseline.synthetic", "--faces", str(faces)]
    for one in (*PASSES, *FOLLOWED):
        own = ["--split", Split.TRAIN, "--count", str(one.count), "--seed", str(one.seed)]
        options = [] if one.masked else ["--no-masks"]
        options += ["--own-shine", str(one.own_shine)] if one.own_shine else []
        options += ["--own-shine-on", str(one.own_shine_on)] if one.own_shine_on < 1 else []
        yield [*painting, *own, "--severities", "mixed", *options, str(data / one.name)]
    for held in HELD_OUT:
        own = ["--split", held.split, "--count", str(held.count), "--seed", str(held.seed)]
        masks = [] if held.split in _MASKED else ["--no-masks"]
        yield [*painting, *own, "--severities", "balanced", *masks, str(data / held.split)]
    landmarks = ["--faces", str(faces), "--run", str(runs / "landmarks")]
    yield ["baseline.landmarks.train", *landmarks]
    teachers = runs / TEACHERS
    out = str(teachers / "landmarks.safetensors")
    yield ["baseline.landmarks.export", *landmarks, "--out", out]
    learning = ["baseline.training", "--validation", str(data / "validation")]
    first = PASSES[0]
    joint = ["--data", str(data / first.name), "--recipe", first.recipe]
    yield [*learning, *joint, "--out", str(runs / "joint")]
    for attribute in Attribute:
        before = [runs / "joint"]
        for one in (one for one in PASSES if attribute in one.attributes):
            after = runs / one.name / attribute.value
            own = ["--attribute", attribute.value, "--data", str(data / one.name)]
            own += ["--recipe", one.recipe, "--out", str(after)]
            yield [*learning, *own, "--from", *map(str, before[-one.mean_of :])]
            before.append(after)
    yield [
        "baseline.export", "--runs", *(str(runs / one.name) for one in PASSES[-AVERAGED:]),
        "--models", str(teachers),
        "--validation", str(data / "validation"),
        "--landmarks-summary", str(runs / "landmarks" / "summary.json"),
        "--version", MODEL_VERSION,
        "--last", *(f"{attribute.value}={count}" for attribute, count in AVERAGED_OF.items()),
    ]  # fmt: skip
    calibration = ["--data", str(data / "calibration"), "--also", str(data / "validation")]
    yield ["baseline.calibration", "--models", str(teachers), *calibration]
    yield [
        "baseline.distillation", "--teachers", str(teachers),
        "--data", *(str(data / one.name) for one in FOLLOWED), "--epochs", str(FOLLOWED_EPOCHS),
        "--models", str(models), "--validation", str(data / "validation"),
        "--graphs", str(runs / "graphs"), "--version", MODEL_VERSION,
    ]  # fmt: skip
    yield ["baseline.calibration", "--models", str(models), *calibration]
    yield ["baseline.evaluation", "--models", str(models), "--data", str(data / "test"),
           "--report", str(runs / "report")]  # fmt: skip
    yield ["baseline.steadiness", "--models", str(models), "--faces", str(faces)]
    yield ["baseline.landmarks.evaluate_pose", "--models", str(models), "--faces", str(faces)]
    painted = str(runs / "painted")
    yield ["baseline.second_painter", "--faces", str(faces), "--out", painted]
    yield ["baseline.second_painter.agreement", "--models", str(models), "--data", painted]


def main() -> None:
    """Read the command line and run every step; stops at the first that fails."""
    parser = argparse.ArgumentParser(prog="python -m baseline.pipeline", description=__doc__)
    parser.add_argument("--faces", type=Path, required=True, help="folder of faces with landmarks")
    parser.add_argument("--runs", type=Path, default=Path("runs"), help="everything on the way")
    parser.add_argument("--models", type=Path, default=Path("models"), help="what is shipped")
    given = parser.parse_args()
    (given.runs / TEACHERS).mkdir(parents=True, exist_ok=True)
    for command in commands(given.faces, given.runs, given.models):
        print("python -m", *command, flush=True)
        subprocess.run(
            [sys.executable, "-m", *command], check=True, env={**os.environ, **_ENVIRONMENT}
        )


if __name__ == "__main__":
    main()
