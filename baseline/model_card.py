"""Writes `models/MODEL_CARD.md` from the manifest, so that its numbers are the measured ones."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from backend.vocabulary import GRADES, Attribute

CARD_NAME: Final = "MODEL_CARD.md"

_INTRODUCTION: Final = """\
# Model card: Skin XAI graders {version}

Five EfficientNet-B0, one per attribute, each giving one of the grades 0-4, and a landmark network
that finds 189 points of a face. This card is written by `python -m baseline.evaluation` from
`manifest.json`; the grades were measured by that command, the landmarks by
`python -m baseline.landmarks.export`.

## Intended use

A person follows the look of their own facial skin over time on their own machine. **Not a medical
device: not for diagnosis or treatment**, not for judging other people, not for hiring, insurance
or advertising.

## Training data

{trained_on} The signs were painted by `baseline/synthetic` ({data_versions}):
wrinkles as shaded furrows, pigmentation as melanin, sensitivity as haemoglobin, oil as mirrored
light, low hydration as flakes, fine lines, dullness and cracked lips. Lamp, white balance,
background, framing, blur, noise and JPEG quality vary; head turns, expressions, make-up, beards
and glasses do not vary yet.
"""

_LIMITS: Final = """\
## What these networks cannot do

- **No grade was ever compared with a dermatologist's or with a measuring device.** Every
  attribute's evidence is `simulated`: the figures say how well the networks read the simulator's
  signs on people they have not seen, not how well they read real skin.
- A photo tells little about **hydration** and **oil**: both are measured on the skin with an
  instrument. The networks see flakes and shine, and light can imitate either.
- Smiling deepens folds and may raise the wrinkle grade. Make-up, beauty filters, beards, glasses,
  hair on the face and strong side light were not in the training data.
- The people behind the faces are 102 adults of 18 to 54 years, mostly white, in studio light;
  darker skin was widened by simulation. Children and older people were not seen.
- The heat maps are 8 x 8 cells enlarged. They show which area spoke for the grade, not the outline
  of a sign, and how well they agree with the painted signs is not measured yet.

## Training again

`make train FACES=/path/to/faces` repeats everything: simulate, landmarks, joint network, five
graders, export, evaluation. Weights made so differ a little from these, because sums are rounded
differently on another machine. On photos with real grades, write a label file beside each image
(README, "Training") and give the folders to `python -m baseline.train`.

## Licence and credit

Weights: {licence}. Faces: DeBruine, L., and Jones, B. (2017), Face Research Lab London Set,
doi:10.6084/m9.figshare.5047666.v5, CC BY 4.0. First weights: EfficientNet-Lite0 trained on
ImageNet.
"""


def write_model_card(models: Path, manifest: Mapping[str, Any]) -> None:
    """Write the card into the models folder.

    Args:
        models: the folder.
        manifest: the decoded manifest with `evaluated_on` and each attribute's metrics.
    """
    attributes = manifest["attributes"]
    versions = sorted({attributes[name.value]["data_version"] for name in Attribute})
    parts = [
        _INTRODUCTION.format(
            version=manifest["model_version"],
            trained_on=manifest["trained_on"],
            data_versions=", ".join(f"`{version}`" for version in versions),
        ),
        _grades_section(manifest),
        _landmarks_section(manifest["landmarks"]),
        _LIMITS.format(licence=manifest["licence"]),
    ]
    (models / CARD_NAME).write_text("\n".join(parts), encoding="utf-8")


def _grades_section(manifest: Mapping[str, Any]) -> str:
    tested = manifest["evaluated_on"]
    kind = "balanced grades" if tested["balanced"] else "the original's class shares"
    lines = [
        "## How right the grades are, on simulated photos of unseen people",
        "",
        f"{tested['count']} simulated photos of the {tested['split']} people and their morphs, "
        f"{kind}, data version `{tested['data_version']}`, seed {tested['seed']}; "
        f"{tested['photos_lost']} of them had no face that the server could use. Each went the "
        "server's whole way from the file's bytes. Intervals: 95 %, 1000 bootstrap draws over "
        "faces. P-Recall: credit 1, .5, -.5, -1, -1.5 by distance, averaged per true grade, then "
        "over the grades.",
        "",
        "| attribute | P-Recall | 95 % | exact | within one | mean absolute error | Spearman |",
        "|---|---|---|---|---|---|---|",
    ]
    for attribute in Attribute:
        m = manifest["attributes"][attribute.value]["metrics"]
        low, high = m["p_recall_95"]
        lines.append(
            f"| {attribute.value} | {m['p_recall']:.3f} | {low:.3f}-{high:.3f} | {m['exact']:.3f} "
            f"| {m['within_one']:.3f} | {m['mean_absolute_error']:.2f} | {m['spearman']:.3f} |"
        )
    lines += ["", "P-Recall by true grade:", "", "| attribute | 0 | 1 | 2 | 3 | 4 |",
              "|---|---|---|---|---|---|"]  # fmt: skip
    for attribute in Attribute:
        by_grade = manifest["attributes"][attribute.value]["metrics"]["p_recall_by_grade"]
        cells = (f"{by_grade[str(g)]:.3f}" if str(g) in by_grade else "none" for g in GRADES)
        lines.append(f"| {attribute.value} | {' | '.join(cells)} |")
    lines += [
        "",
        "Made by: `python -m baseline.synthetic runs/data/test --faces FACES --split "
        f"{tested['split']} --count {tested['count']} --seed {tested['seed']} "
        f"{'--balanced' if tested['balanced'] else ''}` and `python -m baseline.evaluation "
        "--models models --data runs/data/test`.",
        "",
        "Each simulated grade's severities lie within .35 of it, so borderline cases are missing "
        "and real photos are harder.",
        "",
    ]
    return "\n".join(lines)


def _landmarks_section(entry: Mapping[str, Any]) -> str:
    lines = [
        "## How right the landmarks are",
        "",
        "Mean distance to the hand-placed points, in per cent of the distance between the eyes, "
        "under the detector's own boxes, on the studio photos and on changed copies of them.",
        "",
        "| people | photos | brows, eyes, nose, lips, folds | with outline and hairline "
        "| all 189 points | eye centres | worst eye centre | not detected |",
        "|---|---|---|---|---|---|---|---|",
    ]
    columns = ("inner_face", "whole_face", "all_points", "eye_centres", "worst_eye")
    for split, conditions in entry["metrics"].items():
        for condition, measured in conditions.items():
            errors = " | ".join(f"{measured[column]:.2f}" for column in columns)
            lines.append(
                f"| {split} ({measured['photos']}) | {condition} | {errors} "
                f"| {measured['not_detected']} |"
            )
    return "\n".join([*lines, ""])
