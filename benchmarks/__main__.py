"""The speed of the model server beside what a user would serve instead, as a table and a plot.

    python -m benchmarks

writes `benchmarks/results/speed.md` and `speed.png`; it takes up to half an hour, during which the
machine should do nothing else.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from benchmarks import growth, load, plots, request
from benchmarks.places import ROOT
from benchmarks.reporting import describe_run

LARGER_PX: Final = 512
"""Side of an input as large as the crop, with which one request is measured too."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure a request, load and growth, and write what came out."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--repeats", type=int, default=20, help="requests to each server")
    parser.add_argument("--seconds", type=float, default=20.0, help="of each number of clients")
    parser.add_argument("--out", type=Path, default=ROOT / "benchmarks/results", help="folder")
    options = parser.parse_args(arguments)
    command = f"python -m benchmarks --repeats {options.repeats} --seconds {options.seconds:g}"
    where = describe_run(command)
    comparison = request.compare(options.repeats)
    larger = request.compare(options.repeats, input_px=LARGER_PX)
    under_load = load.measure(options.seconds)
    grown = growth.measure(seconds=options.seconds, repeats=options.repeats)
    options.out.mkdir(parents=True, exist_ok=True)
    plots.draw(options.out / "speed.png", comparison, under_load, grown)
    sections = {
        "One request": comparison.table(),
        f"One request with an input of {LARGER_PX} px": larger.table(),
        "Under load": under_load.table(),
        "How the cost grows": grown.table(),
    }
    text = "".join(f"\n## {title}\n\n{table}\n" for title, table in sections.items())
    (options.out / "speed.md").write_text(
        f"# Speed\n\n{where}\n{text}\n![The same as plots](speed.png)\n", encoding="utf-8"
    )
    print(text)
    return 0


if __name__ == "__main__":
    sys.exit(main())
