"""Writes `models/MODEL_CARD.md` from the manifest, so that its numbers are the measured ones."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from backend.vision.manifest import MANIFEST_NAME
from backend.vocabulary import GRADES, Attribute
from baseline.evaluation.slices import FEWEST, LIGHTNESSES
from baseline.steadiness_section import steadiness_section

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
wrinkles as furrows that the lamps shade, pigmentation as melanin, sensitivity as haemoglobin, oil
as lamps mirrored by a film that follows the face's form, whole or in glints, low hydration as fine
lines, scales, dullness and cracked lips. Lamps, colours, background, pose, distance, expression,
make-up, stubble, moles, hair, glasses, shadows, glare and camera change from photo to photo. The
folds of a smile count as wrinkles; nothing else of that list counts for a grade. Three training
faces of ten have one sign at most.
"""

_LIMITS: Final = """\
## What these networks cannot do

- **No grade was ever compared with a dermatologist's or with a measuring device.** Every
  attribute's evidence is `simulated`: the figures say how well the networks read the simulator's
  signs on people they have not seen, not how well they read real skin.
- A photo tells little about **hydration** and **oil**: both are measured on the skin with an
  instrument. The networks see flakes and shine, and light can imitate either.
- Smiling raises the wrinkle grade, as its folds are wrinkles that can be seen. Make-up, beauty
  filters, stubble, glasses, hair and strong side light were simulated; real ones vary more.
- The people behind the faces are 102 adults of 18 to 54 years, mostly white, in studio light;
  darker skin was widened by simulation. Children and older people were not seen.
- The heat maps are 16 x 16 cells enlarged and kept to the skin. They show which area spoke for the
  grade, not the outline of a sign; `baseline/results/explanations.md` says how far they agree with
  the painted signs.

## Training again

`make train FACES=/path/to/faces` repeats everything: simulate, landmarks, joint network, five
graders, their later passes on more photos, export, calibration, evaluation. Weights made so differ
a little from these, because sums are rounded differently on another machine. On photos with real
grades, write a label file beside each image (README, "Training") and give the folders to
`python -m baseline.training`.

## Licence and credit

Weights: {licence}. Faces: DeBruine, L., and Jones, B. (2017), Face Research Lab London Set,
doi:10.6084/m9.figshare.5047666.v5, CC BY 4.0. First weights: EfficientNet-Lite0 trained on
ImageNet.
"""


def load_manifest(models: Path) -> dict[str, Any]:
    """The decoded manifest of a models folder."""
    manifest: dict[str, Any] = json.loads((models / MANIFEST_NAME).read_text(encoding="utf-8"))
    return manifest


def write_manifest(models: Path, manifest: Mapping[str, Any]) -> None:
    """Write `manifest.json`, one value a line, so that a change of it can be read as a diff."""
    text = json.dumps(manifest, indent=2, ensure_ascii=False) + "\n"
    (models / MANIFEST_NAME).write_text(text, encoding="utf-8")


def record(models: Path, check: str, figures: Mapping[str, Any]) -> None:
    """Put a check's figures into the manifest and, once the grades were measured, into the card.

    Args:
        models: the folder.
        check: `steadiness`, `second_painter` or `pose`.
        figures: what was measured, by attribute or angle.
    """
    manifest = {**load_manifest(models), check: figures}
    # The card begins with the grades, and `baseline.evaluation` writes all of it.
    write = save_manifest if "evaluated_on" in manifest else write_manifest
    write(models, manifest)


def save_manifest(models: Path, manifest: Mapping[str, Any]) -> None:
    """Write the manifest and the card that is made from it.

    Args:
        models: the folder.
        manifest: with `calibrated_on`, `evaluated_on` and each attribute's metrics;
            `steadiness`, `second_painter` and `pose` where they were measured.
    """
    write_manifest(models, manifest)
    attributes = manifest["attributes"]
    versions = sorted({attributes[name.value]["data_version"] for name in Attribute})
    parts = [
        _INTRODUCTION.format(
            version=manifest["model_version"],
            trained_on=manifest["trained_on"],
            data_versions=", ".join(f"`{version}`" for version in versions),
        ),
        _grades_section(manifest),
        *([steadiness_section(manifest["steadiness"])] if "steadiness" in manifest else []),
        *([_painter_section(manifest["second_painter"])] if "second_painter" in manifest else []),
        _landmarks_section(manifest["landmarks"]),
        *([_pose_section(manifest["pose"])] if "pose" in manifest else []),
        _LIMITS.format(licence=manifest["licence"]),
    ]
    (models / CARD_NAME).write_text("\n".join(parts), encoding="utf-8")


def _grades_section(manifest: Mapping[str, Any]) -> str:
    tested = manifest["evaluated_on"]
    nuisances = ", ".join(name.replace("_", " ") for name in tested["nuisances"])
    lines = [
        "## How right the grades are, on simulated photos of unseen people",
        "",
        f"{tested['count']} simulated photos of the {tested['split']} people and their morphs, "
        f"severities `{tested['severities']}`, none left out near a threshold, data version "
        f"`{tested['data_version']}`, seed {tested['seed']}; every nuisance of the simulator "
        f"switched on ({nuisances}); "
        f"{tested['photos_lost']} of them had no face that the server could use. Each went the "
        "server's whole way from the file's bytes. Intervals: 95 %, 1000 bootstrap draws over "
        "faces. P-Recall: credit 1, .5, -.5, -1, -1.5 by distance, averaged per true grade, then "
        "over the grades. Kappa is Cohen's with squared distances. Error, Spearman and slope are "
        "those of the score against the severity.",
        "",
        "| attribute | P-Recall | 95 % | exact | within one | kappa | mean error | Spearman "
        "| slope |",
        "|---|---|---|---|---|---|---|---|---|",
    ]
    for attribute in Attribute:
        m = manifest["attributes"][attribute.value]["metrics"]
        low, high = m["p_recall_95"]
        lines.append(
            f"| {attribute.value} | {m['p_recall']:.3f} | {low:.3f}-{high:.3f} | {m['exact']:.3f} "
            f"| {m['within_one']:.3f} | {m['quadratic_kappa']:.3f} "
            f"| {m['mean_absolute_error']:.2f} | {m['spearman']:.3f} "
            f"| {m['slope']:.2f} |"
        )
    lines += ["", "P-Recall by true grade:", "", "| attribute | 0 | 1 | 2 | 3 | 4 |",
              "|---|---|---|---|---|---|"]  # fmt: skip
    for attribute in Attribute:
        by_grade = manifest["attributes"][attribute.value]["metrics"]["p_recall_by_grade"]
        cells = (f"{by_grade[str(g)]:.3f}" if str(g) in by_grade else "none" for g in GRADES)
        lines.append(f"| {attribute.value} | {' | '.join(cells)} |")
    lines += ["", *_lightness_lines(manifest), "", *_certainty_lines(manifest)]
    lines += [
        "",
        "Made by: `python -m baseline.synthetic runs/data/test --faces FACES --split "
        f"{tested['split']} --count {tested['count']} --seed {tested['seed']} "
        f"--severities {tested['severities']}` and `python -m baseline.evaluation "
        "--models models --data runs/data/test`.",
        "",
    ]
    return "\n".join(lines)


def _lightness_lines(manifest: Mapping[str, Any]) -> list[str]:
    lines = [
        "P-Recall with its 95 % interval, and mean of score less severity, in thirds of the photos "
        "by the lightness of the skin in them (median CIELAB L* of the face's middle, so light and "
        f"exposure count too; none: fewer than {FEWEST} photos):",
        "",
        f"| attribute | {' | '.join(LIGHTNESSES)} |",
        f"|---{'|---' * len(LIGHTNESSES)}|",
    ]
    for attribute in Attribute:
        found = manifest["attributes"][attribute.value]["metrics"]["by_skin_lightness"]
        cells = (_lightness_cell(found.get(name)) for name in LIGHTNESSES)
        lines.append(f"| {attribute.value} | {' | '.join(cells)} |")
    return lines


def _lightness_cell(figures: Mapping[str, Any] | None) -> str:
    if figures is None:
        return "none"
    low, high = figures["p_recall_95"]
    return f"{figures['p_recall']:.3f} ({low:.3f}-{high:.3f}), {figures['bias']:+.2f}"


def _certainty_lines(manifest: Mapping[str, Any]) -> list[str]:
    chosen = manifest["calibrated_on"]
    lines = [
        "How honest the probabilities are: temperature, expected calibration error (Guo et al. "
        "2017, 15 steps), what it would be on as many photos by chance alone if every probability "
        "were right, and how often the interval of neighbouring grades holds the true one. "
        f"Temperatures and intervals were set on {chosen['photos']} photos of "
        f"{chosen['people']} people (`python -m baseline.calibration`), those on whom passes were "
        "chosen among them; from the others nothing else was learned or chosen. The intervals are "
        "so wide that they hold with at least the wanted probability for somebody new, of whom few "
        "people tell little (hierarchical conformal prediction, Lee et al. 2023).",
        "",
        "| attribute | temperature | calibration error | 95 % | by chance | wanted "
        "| interval holds the truth | 95 % |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for attribute in Attribute:
        entry = manifest["attributes"][attribute.value]
        m = entry["metrics"]
        (low, high), (least, most) = m["calibration_error_95"], m["interval_coverage_95"]
        lines.append(
            f"| {attribute.value} | {entry['temperature']:.2f} | {m['calibration_error']:.3f} "
            f"| {low:.3f}-{high:.3f} | {m['calibration_error_by_chance']:.3f} "
            f"| {entry['interval']['coverage']:.2f} "
            f"| {m['interval_coverage']:.3f} | {least:.3f}-{most:.3f} |"
        )
    return lines


def _painter_section(table: Mapping[str, Any]) -> str:
    lines = [
        "## Signs painted by other means",
        "",
        "`baseline/second_painter` paints one sign at strengths 0 to 4 on the studio photos of the "
        "test people, which keep all signs of their own: a forehead that shines there counts as "
        "matte. Spearman of score and strength over all photos; of strength and what the paint "
        "added to the person's own score, over all painted photos; within one person, median over "
        "people; mean score at strengths 0, 1, 2, 3, 4. For hydration dryness is painted. Made by "
        "`python -m baseline.second_painter` and `python -m baseline.second_painter.agreement`.",
        "",
        "| attribute | Spearman | of what was added | within one person | mean scores | photos |",
        "|---|---|---|---|---|---|",
    ]
    for attribute in Attribute:
        row = table[attribute.value]
        means = ", ".join(f"{mean:.2f}" for mean in row["mean_scores"])
        lines.append(
            f"| {attribute.value} | {row['spearman']:.3f} | {row['added']:.3f} "
            f"| {row['within_person']:.3f} | {means} | {row['photos']} |"
        )
    return "\n".join([*lines, ""])


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


def _pose_section(table: Mapping[str, Any]) -> str:
    lines = [
        "## How right the head's pose is",
        "",
        "The test people's photos turned by known angles (yaw 15 and 25 degrees to either side, "
        "pitch 15 up and down): mean size of the error in degrees, against the turn added to what "
        "is read from the person's photo as taken, and against the turn alone, which counts the "
        "person's own posture as an error too. Made by "
        "`python -m baseline.landmarks.evaluate_pose`.",
        "",
        "| angle | against own posture | against the turn alone | own posture, mean size |",
        "|---|---|---|---|",
    ]
    for angle, row in table.items():
        lines.append(
            f"| {angle} | {row['from_own']:.1f} | {row['from_zero']:.1f} | {row['own']:.1f} |"
        )
    return "\n".join([*lines, ""])
