"""How well the pose of a head is read from a photo: heads turned by known angles, then measured.

`python -m baseline.landmarks.evaluate_pose --faces FOLDER`

The photos' people look straight ahead, more or less; how much less cannot be known. So two errors
are told: against the angle that the picture was turned by, and against that angle added to what is
read from the same person's photo as taken. The figures go into the manifest and the model card.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import numpy as np

from backend.vision.engines.reference import load_locator
from backend.vision.face import FaceFinder
from backend.vision.landmarks import LandmarkLocator
from backend.vision.manifest import read_manifest
from backend.vision.pose import Pose
from baseline.faces.changes import seen
from baseline.faces.photos import LabelledPhoto, load_photos
from baseline.faces.view import HeadView
from baseline.model_card import record
from baseline.splits import Split, people

TURNS: Final = (
    *((yaw, 0.0) for yaw in (-25.0, -15.0, 15.0, 25.0)),
    *((0.0, pitch) for pitch in (-15.0, 15.0)),
)
"""Yaw and pitch, degrees."""


def pose_errors(
    locator: LandmarkLocator, photos: Sequence[LabelledPhoto]
) -> dict[str, dict[str, float]]:
    """Mean size of the error of yaw and pitch, degrees.

    Args:
        locator: with a trained network.
        photos: of people who look straight ahead.

    Returns:
        By angle: `from_zero`, against the turn alone; `from_own`, against the turn added to the
        person's own posture as it was read; `own`, the mean size of that posture.
    """
    finder = FaceFinder(locator)
    own = np.array([_angles(finder.find(photo.pixels).pose) for photo in photos])
    off = []
    for yaw, pitch in TURNS:
        view = HeadView(yaw_deg=yaw, pitch_deg=pitch)
        read = [_angles(finder.find(seen(photo, view).pixels).pose) for photo in photos]
        off.append(np.array(read) - (yaw, pitch))
    against_own = np.array(off) - own
    return {
        name: {
            "from_zero": round(float(np.abs(off)[..., axis].mean()), 2),
            "from_own": round(float(np.abs(against_own)[..., axis].mean()), 2),
            "own": round(float(np.abs(own)[:, axis].mean()), 2),
        }
        for axis, name in enumerate(("yaw", "pitch"))
    }


def _angles(pose: Pose) -> tuple[float, float]:
    return pose.yaw_deg, pose.pitch_deg


def main() -> None:
    """Read the command line, print the errors as JSON and write them into the manifest."""
    parser = argparse.ArgumentParser(
        prog="python -m baseline.landmarks.evaluate_pose",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--faces", type=Path, required=True, help="folder of the London Set")
    parser.add_argument("--models", type=Path, default=Path("models"))
    arguments = parser.parse_args()
    locator = load_locator(arguments.models / read_manifest(arguments.models).landmarks.file)
    photos = load_photos(arguments.faces, people(Split.TEST))
    errors = pose_errors(locator, photos)
    print(json.dumps(errors, indent=2))
    record(arguments.models, "pose", errors)


if __name__ == "__main__":
    main()
