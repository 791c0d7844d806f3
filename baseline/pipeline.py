"""Everything that `make train` does, in order; what a stopped run has finished is not redone.

`python -m baseline.pipeline --faces FOLDER`
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from backend.vocabulary import Attribute
from baseline.splits import Split

RECIPE: Final = "ours"
SECOND_RECIPE: Final = "ours_second_pass"
THIRD_RECIPE: Final = "ours_third_pass"
MODEL_VERSION: Final = "2026.11.6"

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
class Photos:
    """A folder of simulated photos, painted on the people of one split."""

    folder: str
    split: Split
    count: int
    seed: int


PHOTOS: Final = (
    Photos("train", Split.TRAIN, 4500, seed=101),
    # Each later pass learns from photos that those before it have not seen.
    Photos("train_more", Split.TRAIN, 3000, seed=106),
    Photos("train_again", Split.TRAIN, 6000, seed=107),
    Photos("validation", Split.VALIDATION, 300, seed=102),
    Photos("calibration", Split.CALIBRATION, 600, seed=105),
    Photos("test", Split.TEST, 600, seed=103),
)


def commands(faces: Path, runs: Path, models: Path) -> Iterator[Command]:
    """Every step as the module and arguments that `python -m` runs."""
    data = runs / "data"
    for photos in PHOTOS:
        yield [
            "baseline.synthetic", str(data / photos.folder), "--faces", str(faces),
            "--split", photos.split, "--count", str(photos.count), "--seed", str(photos.seed),
            "--severities", "mixed" if photos.split is Split.TRAIN else "balanced",
            *([] if photos.split is Split.TEST else ["--no-masks"]),
        ]  # fmt: skip
    landmarks = ["--faces", str(faces), "--run", str(runs / "landmarks")]
    yield ["baseline.landmarks.train", *landmarks]
    yield ["baseline.landmarks.export", *landmarks, "--out", str(models / "landmarks.safetensors")]
    learning = ["baseline.training", "--validation", str(data / "validation")]
    joint = ["--data", str(data / "train"), "--recipe", RECIPE, "--out", str(runs / "joint")]
    yield [*learning, *joint]
    for attribute in Attribute:
        passes = (
            ("train", RECIPE, runs / "first"),
            ("train_more", SECOND_RECIPE, runs / "second"),
            ("train_again", THIRD_RECIPE, runs),
        )
        before = runs / "joint"
        for folder, recipe, out in passes:
            own = ["--attribute", attribute.value, "--data", str(data / folder)]
            after = out / attribute.value
            yield [*learning, *own, "--recipe", recipe, "--from", str(before), "--out", str(after)]
            before = after
    yield [
        "baseline.export", "--runs", str(runs), "--models", str(models),
        "--validation", str(data / "validation"),
        "--landmarks-summary", str(runs / "landmarks" / "summary.json"),
        "--version", MODEL_VERSION,
    ]  # fmt: skip
    yield [
        "baseline.calibration", "--models", str(models), "--data", str(data / "calibration"),
    ]  # fmt: skip
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
    given.models.mkdir(parents=True, exist_ok=True)
    for command in commands(given.faces, given.runs, given.models):
        print("python -m", *command, flush=True)
        subprocess.run(
            [sys.executable, "-m", *command], check=True, env={**os.environ, **_ENVIRONMENT}
        )


if __name__ == "__main__":
    main()
