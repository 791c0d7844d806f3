"""Export a trained landmark network with its figures.

`python -m baseline.landmarks.export --faces FOLDER --run FOLDER --out models/landmarks.safetensors`
"""

from __future__ import annotations

import argparse
import json
import logging
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import torch

from backend.vision.engines.reference import load_locator
from backend.vision.landmark_network import LandmarkNetwork
from backend.vision.landmarks import ARCHITECTURE, INPUT_PX, POINT_COUNT
from baseline.export import save_float16
from baseline.faces.photos import load_photos
from baseline.landmarks.evaluate import report
from baseline.landmarks.train import CHECKPOINT
from baseline.splits import Split, people

SUMMARY: Final = "summary.json"


def load_averaged(checkpoint: Path) -> tuple[LandmarkNetwork, Mapping[str, Any]]:
    """The averaged network of a training and the state it was in: `options` and `step`."""
    state: Mapping[str, Any] = torch.load(checkpoint, map_location="cpu", weights_only=True)
    network = LandmarkNetwork()
    network.load_state_dict(state["averaged"])
    return network.eval(), state


def main() -> None:
    """Read the command line, export, measure what was exported, write the summary."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--faces", type=Path, required=True, help="folder of the London Set")
    parser.add_argument("--run", type=Path, default=Path("runs/landmarks"), help="run folder")
    parser.add_argument("--out", type=Path, default=Path("models/landmarks.safetensors"))
    arguments = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    trained, state = load_averaged(arguments.run / CHECKPOINT)
    digest = save_float16(trained, arguments.out)
    locator = load_locator(arguments.out)
    metrics = {
        str(split): report(locator, load_photos(arguments.faces, people(split)))
        for split in (Split.VALIDATION, Split.TEST)
    }
    options = state["options"]
    summary = {
        "file": arguments.out.name,
        "sha256": digest,
        "architecture": ARCHITECTURE,
        "input_px": INPUT_PX,
        "points": POINT_COUNT,
        "unit": "per cent of the eye distance",
        "metrics": metrics,
        "seed": options["seed"],
        "options": options,
        "step": state["step"],
        "command": (
            "python -m baseline.landmarks.train --faces FACES --run runs/landmarks "
            f"--seed {options['seed']} --steps {options['steps']} --batch {options['batch']}"
        ),
    }
    text = json.dumps(summary, indent=2) + "\n"
    (arguments.run / SUMMARY).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
