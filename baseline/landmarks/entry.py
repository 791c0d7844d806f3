"""The landmark network of a models folder, and what its manifest says of it."""

from __future__ import annotations

import hashlib
import json
import shutil
from pathlib import Path
from typing import Any

from backend.vision import landmarks
from baseline.model_card import load_manifest


def of_summary(models: Path, summary: Path) -> dict[str, Any]:
    """The entry of a network that `baseline.landmarks.export` wrote into a models folder.

    Args:
        models: the folder.
        summary: what that command measured.
    """
    told = json.loads(summary.read_text(encoding="utf-8"))
    file = str(told["file"])
    return {
        "file": file,
        "sha256": hashlib.sha256((models / file).read_bytes()).hexdigest(),
        "architecture": landmarks.ARCHITECTURE,
        "input_px": landmarks.INPUT_PX,
        "points": landmarks.POINT_COUNT,
        "metrics": told["metrics"],
        "seed": told["seed"],
    }


def taken_over(source: Path, models: Path) -> dict[str, Any]:
    """Copy the network of another models folder, and return its entry there.

    Args:
        source: the other folder.
        models: where to; made when missing.
    """
    entry: dict[str, Any] = load_manifest(source)["landmarks"]
    models.mkdir(parents=True, exist_ok=True)
    shutil.copy(source / entry["file"], models / entry["file"])
    return entry
