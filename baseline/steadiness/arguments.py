"""What both commands of this package are told."""

from __future__ import annotations

import argparse
from pathlib import Path

from backend.vision.engines.base import Device
from backend.vision.engines.choice import EngineWish
from backend.vision.prediction import Analyser
from baseline.splits import Split


def parse(prog: str, description: str | None) -> tuple[Analyser, argparse.Namespace]:
    """Read the command line and load the graders.

    Args:
        prog: how the command is called.
        description: what it does.

    Returns:
        What grades, and `models`, `faces` and `split` as they were given.
    """
    parser = argparse.ArgumentParser(
        prog=prog,
        description=description,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--models", type=Path, default=Path("models"))
    parser.add_argument("--faces", type=Path, required=True, help="folder of faces with landmarks")
    parser.add_argument("--split", type=Split, choices=list(Split), default=Split.TEST,
                        help="whose faces; those of test people may be recorded")  # fmt: skip
    parser.add_argument("--device", type=Device, choices=list(Device),
                        help="by default a GPU when there is one")  # fmt: skip
    given = parser.parse_args()
    return Analyser.load(given.models, EngineWish(device=given.device)), given
