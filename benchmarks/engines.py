"""What other engines and numbers change: scores, maps and decisions beside the reference's.

    python -m benchmarks.engines --data runs/data/test

The reference is PyTorch on the CPU in float32. Photos are aligned once, by the reference.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

import numpy as np
from platformdirs import user_cache_path
from tqdm import tqdm

from backend.vision.engines.base import EngineName
from backend.vision.engines.choice import EngineWish
from backend.vision.prediction import Analyser
from backend.vocabulary import Attribute
from baseline.dataset import read_folder
from baseline.explanation.subjects import read_subjects
from benchmarks.places import MODELS
from benchmarks.precisions import precisions_here
from benchmarks.reporting import describe_setup

_GRAPHS: Final = user_cache_path("skin-xai") / "graphs"
_OTHERS: Final = {
    f"OpenVINO, {precision}": EngineWish(
        EngineName.OPENVINO, precision=precision, graphs_dir=_GRAPHS
    )
    for precision in precisions_here()
}

Gaps = Mapping[str, Mapping[Attribute, Sequence[tuple[bool, float, float]]]]
"""By engine and attribute, of each photo: whether the decision is another, how far the scores are
apart, and the maps where they differ most."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Compare and print one Markdown table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--data", type=Path, required=True, help="folder of labelled photos")
    parser.add_argument("--photos", type=int, help="only so many of them")
    parser.add_argument("--models", type=Path, default=MODELS)
    options = parser.parse_args(arguments)
    gaps = gaps_of(_OTHERS, options.models, options.data, photos=options.photos)
    print(f"Measured on {describe_setup()}, photos of {options.data}.\n")
    report_gaps(gaps)
    return 0


def gaps_of(
    wishes: Mapping[str, EngineWish], models: Path, data: Path, *, photos: int | None
) -> Gaps:
    """Grade the same crops by the reference and by each of several engines."""
    reference = Analyser.load(models)
    subjects = read_subjects(reference, read_folder(data)[:photos])
    others = {name: Analyser.load(models, wish) for name, wish in wishes.items()}
    gaps: dict[str, dict[Attribute, list[tuple[bool, float, float]]]] = {
        name: {attribute: [] for attribute in Attribute} for name in others
    }
    for subject in tqdm(subjects, unit="photo"):
        expected = reference.grade(subject.crop)
        for name, analyser in others.items():
            found = analyser.grade(subject.crop)
            for attribute in Attribute:
                one, other = expected[attribute], found[attribute]
                gaps[name][attribute].append(
                    (
                        one.grade != other.grade,
                        abs(one.score - other.score),
                        float(np.abs(one.heatmap - other.heatmap).max()),
                    )
                )
    return gaps


def report_gaps(gaps: Gaps) -> None:
    """Print one Markdown table."""
    print("| Engine | Attribute | Other decisions | Score, mean | Score, at most | Map, at most |")
    print("|---|---|---|---|---|---|")
    for name, of_each in gaps.items():
        rows = {attribute.value: np.array(each) for attribute, each in of_each.items()}
        for label, each in {**rows, "all": np.concatenate(list(rows.values()))}.items():
            changed, scores, maps = each.T
            print(
                f"| {name} | {label} | {changed.mean():.2%} | {scores.mean():.5f} "
                f"| {scores.max():.5f} | {maps.max():.5f} |"
            )
    photos = {len(each) for of_each in gaps.values() for each in of_each.values()}
    print(f"\n{max(photos)} photos.")


if __name__ == "__main__":
    sys.exit(main())
