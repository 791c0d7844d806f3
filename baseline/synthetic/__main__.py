"""Writes a data set of simulated photos: `python -m baseline.synthetic --help`."""

from __future__ import annotations

import argparse
from pathlib import Path

from baseline.splits import Split
from baseline.synthetic.generate import DataSetPlan, generate


def main() -> None:
    """Read the command line and write the data set."""
    parser = argparse.ArgumentParser(prog="python -m baseline.synthetic", description=__doc__)
    parser.add_argument("out", type=Path, help="folder to write; what is there already is kept")
    parser.add_argument("--faces", type=Path, required=True, help="folder of faces with landmarks")
    parser.add_argument(
        "--split", type=Split, choices=list(Split), required=True, help="whose faces"
    )
    parser.add_argument("--count", type=int, required=True, help="photos to write")
    parser.add_argument("--seed", type=int, required=True, help="the same seed, the same photos")
    parser.add_argument("--side-px", type=int, default=512, help="side of each square photo")
    parser.add_argument("--balanced", action="store_true", help="every grade equally often")
    parser.add_argument("--no-masks", action="store_true", help="leave the masks out")
    parser.add_argument("--workers", type=int, default=2, help="processes to paint with")
    arguments = parser.parse_args()
    plan = DataSetPlan(
        faces=arguments.faces,
        split=arguments.split,
        count=arguments.count,
        seed=arguments.seed,
        side_px=arguments.side_px,
        balanced=arguments.balanced,
        masks=not arguments.no_masks,
    )
    generate(arguments.out, plan, workers=arguments.workers)


if __name__ == "__main__":
    main()
