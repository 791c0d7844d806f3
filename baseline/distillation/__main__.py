"""Five graders on first stages that all have in common, taught to say what graders said before.

`python -m baseline.distillation --teachers runs/teachers --data runs/data/fourteenth
    --models models --version 2026.11.28`

A server computes once what graders have in common.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from baseline.distillation.models_folder import STAGES, distil


def main() -> None:
    """Read the command line and teach."""
    parser = argparse.ArgumentParser(
        prog="python -m baseline.distillation",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--teachers", type=Path, required=True, help="models folder to follow")
    parser.add_argument("--data", type=Path, nargs="+", required=True, help="folders of photos")
    parser.add_argument("--models", type=Path, default=Path("models"), help="folder to write")
    parser.add_argument("--validation", type=Path, default=Path("runs/data/validation"))
    parser.add_argument("--version", required=True)
    parser.add_argument("--stages", type=int, choices=range(8), default=STAGES,
                        help="of blocks that all have in common, beside the stem")  # fmt: skip
    parser.add_argument("--epochs", type=int, default=1)
    parser.add_argument("--graphs", type=Path, default=Path("runs/graphs"))
    parser.add_argument("--workers", type=int, default=1, help="processes that prepare crops")
    given = parser.parse_args()
    distil(
        given.teachers,
        given.data,
        given.models,
        validation=given.validation,
        version=given.version,
        stages=given.stages,
        epochs=given.epochs,
        graphs=given.graphs,
        workers=given.workers,
    )


if __name__ == "__main__":
    main()
