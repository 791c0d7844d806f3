"""The landmark network of a models folder, and what its manifest says of it."""

from __future__ import annotations

import hashlib
import json
import shutil
from pathlib import Path
from typing import Any, Final

from backend.vision import landmarks
from baseline.model_card import load_manifest

READABLE_BY_ALL: Final = 0o644
"""Mode of files of weights: safetensors writes for the owner alone, and the server may run as
somebody else."""


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
    copy = models / entry["file"]
    shutil.copyfile(source / entry["file"], copy)
    copy.chmod(READABLE_BY_ALL)
    return entry
