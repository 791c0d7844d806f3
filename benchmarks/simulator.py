"""How many photos the simulator paints a second.

    python -m benchmarks.simulator --photos 40

The faces are copies of the sample face, so that nobody's photos are needed; morphing, painting,
lighting and photographing cost the same.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from baseline.splits import Split
from baseline.synthetic.examples import write_faces
from baseline.synthetic.generate import DataSetPlan, generate
from benchmarks.reporting import describe_setup


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print one Markdown table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--photos", type=int, default=40, help="photos to paint each time")
    options = parser.parse_args(arguments)
    print(f"Measured on {describe_setup()} with `python -m benchmarks.simulator", end="")
    print(f" --photos {options.photos}`; starting the processes left out.\n")
    print("| Photos a second, 512 px, with masks | Value |\n|---|---|")
    for workers in (1, 2):
        print(f"| {workers} process{'es' * (workers > 1)} | {rate(options.photos, workers):.1f} |")
    return 0


def rate(count: int, workers: int) -> float:
    """Photos a second of so many processes, between the first photos and the last."""
    with tempfile.TemporaryDirectory() as name:
        faces = write_faces(Path(name) / "faces", ["002", "003", "007"])

        def seconds(photos: int) -> float:
            plan = DataSetPlan(faces, Split.TRAIN, photos, seed=1)
            began = time.perf_counter()
            generate(Path(name) / str(photos), plan, workers=workers)
            return time.perf_counter() - began

        # Two runs of different length: their difference holds no start of a process.
        few = 4 * workers
        return count / (seconds(few + count) - seconds(few))


if __name__ == "__main__":
    sys.exit(main())
