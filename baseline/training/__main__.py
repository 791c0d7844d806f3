"""Trains graders: one joint network first, then each attribute's own from it.

`python -m baseline.training --data runs/data/train --validation runs/data/validation
    --recipe ours --out runs/joint`
`... --out runs/oil --attribute oil --from runs/joint`

Options go before what the recipe says. A run that was stopped goes on from its last whole epoch
when it is started again. On several GPUs: `torchrun --nproc-per-node 2 -m baseline.training ...`
"""

from __future__ import annotations

import argparse
from dataclasses import replace
from pathlib import Path

import torch

from backend.vocabulary import Attribute
from baseline.augmentation import Augmentation
from baseline.losses.registry import LossName
from baseline.networks.start import Start
from baseline.precision import TrainingPrecision
from baseline.training.loop import train
from baseline.training.plan import ATTRIBUTES, Plan, Schedule, recipe_names
from baseline.training.trackers import Tracker


def main() -> None:
    """Read the command line and train."""
    given = vars(_parser().parse_args())
    run, recipe, trackers = given.pop("out"), given.pop("recipe"), given.pop("track")
    cpu, workers = given.pop("cpu"), given.pop("workers")
    if "augmentations" in given:
        given["augmentations"] = tuple(given["augmentations"])
    # Only what was said on the command line is in `given`.
    plan = Plan(
        data=given.pop("data"), validation=given.pop("validation"),
        attribute=given.pop("attribute"), earlier=tuple(given.pop("earlier")),
    )  # fmt: skip
    if recipe is not None:
        plan = plan.following(recipe)
    train(replace(plan, **given), run, cpu=cpu, workers=workers, trackers=trackers)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m baseline.training",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        # So that a plan's value is only given where it was said.
        argument_default=argparse.SUPPRESS,
    )
    parser.add_argument("--data", type=Path, required=True, help="folder of training photos")
    parser.add_argument("--validation", type=Path, required=True, help="folder to choose by")
    parser.add_argument("--out", type=Path, required=True, help="folder for all that is left")
    parser.add_argument("--attribute", type=Attribute, choices=ATTRIBUTES, default=None,
                        help="without it all five are trained jointly")  # fmt: skip
    parser.add_argument("--from", dest="earlier", type=Path, nargs="+", default=(),
                        help="runs whose mean to start from: joint, or its own")  # fmt: skip
    parser.add_argument("--recipe", choices=recipe_names(), default=None)
    parser.add_argument("--track", type=Tracker, nargs="*", choices=list(Tracker),
                        default=[Tracker.TENSORBOARD])  # fmt: skip
    parser.add_argument("--workers", type=int, default=1, help="processes that prepare crops")
    parser.add_argument("--cpu", action="store_true", default=not torch.cuda.is_available())
    parser.add_argument("--architecture", help="a name that timm knows")
    parser.add_argument("--first-weights", dest="start", type=Start, choices=list(Start))
    parser.add_argument("--loss", type=LossName, choices=list(LossName))
    parser.add_argument("--severities", action=argparse.BooleanOptionalAction,
                        help="learn severities where labels tell them, or grades")  # fmt: skip
    parser.add_argument("--sampler", action=argparse.BooleanOptionalAction)
    parser.add_argument("--augmentations", type=Augmentation, nargs="*",
                        choices=list(Augmentation))  # fmt: skip
    parser.add_argument("--schedule", type=Schedule, choices=list(Schedule))
    parser.add_argument("--precision", type=TrainingPrecision, choices=list(TrainingPrecision))
    for name in (
        "input-px",
        "output-stride",
        "epochs",
        "batch",
        "frozen-stages",
        "patience",
        "seed",
    ):
        parser.add_argument(f"--{name}", type=int)
    for name in (
        "learning-rate",
        "weight-decay",
        "drop-rate",
        "ema-decay",
        "map-weight",
        "erasing-weight",
    ):
        parser.add_argument(f"--{name}", type=float)
    return parser


if __name__ == "__main__":
    main()
