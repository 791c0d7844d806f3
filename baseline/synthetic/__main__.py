"""Writes a data set of simulated photos: `python -m baseline.synthetic --help`."""

from __future__ import annotations

import argparse
from pathlib import Path

from baseline.splits import Split
from baseline.synthetic.generate import DataSetPlan, generate
from baseline.synthetic.nuisance import EVERY_NUISANCE, Nuisance
from baseline.synthetic.severity import Severities


def _share(text: str) -> float:
    share = float(text)
    if not 0 <= share <= 1:
        raise argparse.ArgumentTypeError(f"expected a share from 0 to 1, got {text}")
    return share


def main() -> None:
    """Read the command line and write the data set."""
    parser = argparse.ArgumentParser(prog="python -m baseline.synthetic", description=__doc__)
    parser.add_argument("out", type=Path, help="folder to write; what is there already is kept")
    parser.add_argument("--faces", type=Path, required=True, help="folder of faces with landmarks")
    parser.add_argument(
        "--split",
        type=Split,
        choices=list(Split),
        help="whose faces of the London Set; without it, every face in the folder",
    )
    parser.add_argument("--count", type=int, required=True, help="photos to write")
    parser.add_argument("--seed", type=int, required=True, help="the same seed, the same photos")
    parser.add_argument("--side-px", type=int, default=512, help="side of each square photo")
    parser.add_argument(
        "--severities", type=Severities, choices=list(Severities), default=Severities.SHARES,
        help="grades as in the original's photos, each equally often, severities evenly, or "
        "evenly with many faces that have one sign alone",
    )  # fmt: skip
    parser.add_argument(
        "--without", type=Nuisance, choices=list(Nuisance), nargs="*", default=[],
        help="nuisances to switch off",
    )  # fmt: skip
    parser.add_argument("--graders", type=int, default=0, help="panel of erring graders; 0: none")
    parser.add_argument("--unrated", type=_share, default=0.0, help="share of grades left out")
    parser.add_argument("--parts", action="store_true", help="photos of parts of the face too")
    parser.add_argument("--no-masks", action="store_true", help="leave the masks out")
    parser.add_argument("--own-shine", type=_share, default=0.0,
                        help="up to this share of each face's own shine is left on it, 0 to 1; "
                        "it counts for no grade of oil")  # fmt: skip
    parser.add_argument("--own-shine-on", type=_share, default=1.0,
                        help="share of the photos on which any of it is left")  # fmt: skip
    parser.add_argument("--workers", type=int, default=2, help="processes to paint with")
    arguments = parser.parse_args()
    plan = DataSetPlan(
        faces=arguments.faces,
        split=arguments.split,
        count=arguments.count,
        seed=arguments.seed,
        side_px=arguments.side_px,
        severities=arguments.severities,
        nuisances=EVERY_NUISANCE - set(arguments.without),
        graders=arguments.graders,
        unrated=arguments.unrated,
        parts=arguments.parts,
        masks=not arguments.no_masks,
        own_shine=arguments.own_shine,
        own_shine_on=arguments.own_shine_on,
    )
    generate(arguments.out, plan, workers=arguments.workers)


if __name__ == "__main__":
    main()
