"""Whether the graders' scores follow the second painter's strengths.

`python -m baseline.second_painter.agreement --models models --data runs/painted`

Each photo goes the server's whole way from its file's bytes. Four questions are answered per
painted attribute: does the score rise with the strength over all people (Spearman), although the
faces shine and are freckled before anything is painted; does what the paint adds to each person's
own score (the same of the score's change); does it within each person (the median of Spearman over
people); and what do the other scores do when only this sign is painted (cross-talk, in grades).
The figures go into the manifest and the model card.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
from scipy.stats import spearmanr

from backend.vision.decision import expected_grade
from backend.vision.engines.base import Device
from backend.vision.engines.choice import EngineWish
from backend.vision.prediction import Analyser
from backend.vocabulary import Attribute
from baseline.dataset import read_folder
from baseline.evaluation.answers import Answers, grade_all
from baseline.model_card import record
from baseline.second_painter.painter import STRONGEST, grade_of


@dataclass(frozen=True, slots=True)
class Score:
    """What the graders say of one painted photo.

    Attributes:
        person: whose photo it is.
        painted: which attribute was painted.
        strength: how strongly, 0 to 4; for hydration of dryness.
        scores: expected grade, 0.0 to 4.0, per attribute.
    """

    person: str
    painted: Attribute
    strength: float
    scores: Mapping[Attribute, float]


@dataclass(frozen=True, slots=True)
class Agreement:
    """How the graders answer one painted attribute.

    Attributes:
        spearman: of score and deserved grade, over all photos.
        added: of the score's change since the same person's photo of strength 0 and the deserved
            grade, over all painted photos of people whose photo of strength 0 was graded.
        within_person: median over people of the same, over each one's five photos; a person
            whose score does not change at all counts 0.
        mean_scores: mean score of the painted attribute at each strength, lowest first.
        moved: per attribute, mean change of its score from strength 0 to 4, grades.
        moved_most: per attribute, the largest change of any person, grades, without sign.
        photos: how many photos were graded.
    """

    spearman: float
    added: float
    within_person: float
    mean_scores: tuple[float, ...]
    moved: Mapping[Attribute, float]
    moved_most: Mapping[Attribute, float]
    photos: int


def rank_correlation(truth: Sequence[float], scores: Sequence[float]) -> float:
    """Spearman's rank correlation; 0 where all scores are equal, for they say nothing.

    >>> round(rank_correlation([0, 1, 2], [0.1, 0.5, 0.4]), 3), rank_correlation([0, 1], [2, 2])
    (0.5, 0.0)
    """
    if len(set(scores)) < 2:
        return 0.0
    return float(spearmanr(truth, scores).statistic)


def agree(scores: Iterable[Score], attribute: Attribute) -> Agreement:
    """Compare scores and strengths of one painted attribute.

    Raises:
        ValueError: no photo of this attribute was graded.
    """
    rows = [row for row in scores if row.painted is attribute]
    if not rows:
        raise ValueError(f"expected photos with painted {attribute.value}, got none")
    by_person: dict[str, list[Score]] = {}
    for row in rows:
        by_person.setdefault(row.person, []).append(row)
    strengths = sorted({row.strength for row in rows})
    moved = _moved(by_person.values())
    return Agreement(
        spearman=_spearman(rows, attribute),
        added=_added(by_person.values(), attribute),
        within_person=float(np.median([_spearman(own, attribute) for own in by_person.values()])),
        mean_scores=tuple(
            float(np.mean([row.scores[attribute] for row in rows if row.strength == strength]))
            for strength in strengths
        ),
        moved={one: float(np.mean(moved[one])) for one in Attribute},
        moved_most={one: float(np.abs(moved[one]).max()) for one in Attribute},
        photos=len(rows),
    )


def _spearman(rows: Sequence[Score], attribute: Attribute) -> float:
    deserved = [grade_of(attribute, row.strength) for row in rows]
    return rank_correlation(deserved, [row.scores[attribute] for row in rows])


def _added(people: Iterable[Sequence[Score]], attribute: Attribute) -> float:
    deserved, changes = [], []
    for own in people:
        clear = [row.scores[attribute] for row in own if row.strength == 0]
        painted = [row for row in own if row.strength > 0 and clear]
        deserved += [grade_of(attribute, row.strength) for row in painted]
        changes += [row.scores[attribute] - clear[0] for row in painted]
    return rank_correlation(deserved, changes)


def _moved(people: Iterable[Sequence[Score]]) -> dict[Attribute, npt.NDArray[np.float64]]:
    changes = []
    for own in people:
        at = {row.strength: row.scores for row in own}
        # A person whose clear or heaviest photo shows no usable face cannot be compared.
        if 0.0 in at and STRONGEST in at:
            changes.append([at[STRONGEST][one] - at[0.0][one] for one in Attribute])
    if not changes:
        raise ValueError("expected a person with photos of strength 0 and 4, got none")
    table = np.array(changes, dtype=np.float64)
    return {one: table[:, column] for column, one in enumerate(Attribute)}


def scores_of(answers: Answers) -> list[Score]:
    """Join the scores with what the label files say of person, attribute and strength.

    Raises:
        KeyError: a label was not written by the second painter.
    """
    rows = []
    for index, sample in enumerate(answers.samples):
        label = json.loads(sample.path.with_suffix(".json").read_text(encoding="utf-8"))
        own = {one: expected_grade(answers.probabilities[one][index]) for one in Attribute}
        painted = Attribute(label["attribute"])
        rows.append(Score(label["person"], painted, float(label["strength"]), own))
    return rows


def table(agreements: Mapping[Attribute, Agreement]) -> str:
    """The figures as lines of text."""
    names = " ".join(f"{one.value[:12]:>13}" for one in Attribute)
    lines = [f"{'painted':<13} spearman   added  within  mean score at strength 0 to 4     photos"]
    for one, its in agreements.items():
        means = "  ".join(f"{mean:.2f}" for mean in its.mean_scores)
        ranks = f"{its.spearman:8.3f} {its.added:7.3f} {its.within_person:7.3f}"
        lines.append(f"{one.value:<13} {ranks}  {means:<33} {its.photos}")
    lines += ["", "change of each score from strength 0 to 4, mean (largest of a person)"]
    lines.append(f"{'painted':<13} {names}")
    for one, its in agreements.items():
        moved = " ".join(f"{its.moved[a]:+.2f} ({its.moved_most[a]:.2f})" for a in Attribute)
        lines.append(f"{one.value:<13}   {moved}")
    return "\n".join(lines)


def main() -> None:
    """Read the command line, grade, print the figures and write them into the manifest."""
    parser = argparse.ArgumentParser(
        prog="python -m baseline.second_painter.agreement",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--models", type=Path, default=Path("models"))
    parser.add_argument("--data", type=Path, default=Path("runs/painted"))
    parser.add_argument("--device", type=Device, choices=list(Device),
                        help="by default a GPU when there is one")  # fmt: skip
    given = parser.parse_args()
    analyser = Analyser.load(given.models, EngineWish(device=given.device))
    answers = grade_all(analyser, read_folder(given.data))
    rows = scores_of(answers)
    agreements = {attribute: agree(rows, attribute) for attribute in Attribute}
    print(table(agreements))
    print(f"photos without a usable face: {answers.lost}")
    figures = {one.value: asdict(its) for one, its in agreements.items()}
    record(given.models, "second_painter", figures)


if __name__ == "__main__":
    main()
