"""Replays a table of the original, or compares input sizes, on photos with labels.

`python -m baseline.experiments losses --data runs/shares/train --validation runs/shares/validation
    --test runs/shares/test --out baseline/results --runs runs/experiments`

A row that was trained before is read, not trained again; the table is written after each.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from baseline.dataset import read_folder
from baseline.experiments.report import write_table
from baseline.experiments.runs import run_row
from baseline.experiments.tables import Experiment, chosen, rows
from baseline.training.plan import Plan


def main() -> None:
    """Read the command line and replay."""
    parser = argparse.ArgumentParser(
        prog="python -m baseline.experiments",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("experiment", type=Experiment, choices=list(Experiment))
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--validation", type=Path, required=True)
    parser.add_argument("--test", type=Path, required=True)
    parser.add_argument("--out", type=Path, default=Path("baseline/results"))
    parser.add_argument("--runs", type=Path, default=Path("runs/experiments"))
    parser.add_argument("--input-px", type=int, default=160,
                        help="of every row, but for the table of sizes")  # fmt: skip
    parser.add_argument("--epochs", type=int, default=3)
    parser.add_argument("--batch", type=int, default=32)
    parser.add_argument("--seeds", type=int, nargs="+", default=[42])
    parser.add_argument("--learning-rates", type=float, nargs="+", default=[1e-3],
                        help="of several the best is chosen on the validation photos")  # fmt: skip
    parser.add_argument("--severities", action="store_true",
                        help="learn severities where labels tell them; else, as the original's "
                        "photos had them, whole grades alone")  # fmt: skip
    parser.add_argument("--rows", nargs="+", metavar="NAME", help="these rows alone")
    given = parser.parse_args()
    base = Plan(
        given.data, given.validation,
        input_px=given.input_px, epochs=given.epochs, batch=given.batch,
        severities=given.severities,
    )  # fmt: skip
    try:
        wanted = chosen(rows(given.experiment, base), given.rows)
    except ValueError as error:
        parser.error(str(error))
    photos = [len(read_folder(folder)) for folder in (given.data, given.validation, given.test)]
    rates = ", ".join(f"{rate:g}" for rate in given.learning_rates)
    size = "" if given.experiment is Experiment.SIZES else f" at {given.input_px} px"
    how = (
        f"{'Severities' if given.severities else 'Whole grades'} of {photos[0]} training, "
        f"{photos[1]} validation and {photos[2]} test photos; {given.epochs} epochs{size}; "
        f"seeds {', '.join(map(str, given.seeds))}; learning rate "
        + (f"the best of {rates} on the validation photos." if "," in rates else f"{rates}.")
    )
    done = {}
    for row in wanted:
        folder = given.runs / given.experiment.value / row.name.replace(" ", "_").replace(",", "")
        said = run_row(row, folder, test=given.test, seeds=given.seeds, rates=given.learning_rates)
        done[row.name] = (row, said)
        path = write_table(given.experiment, done, given.out, how=how)
        print(f"{row.name}: see {path}", flush=True)


if __name__ == "__main__":
    main()
