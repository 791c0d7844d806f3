"""Writes `models/MODEL_CARD.md` from the manifest, so that its numbers are the measured ones."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from backend.vision.manifest import MANIFEST_NAME, Evidence
from backend.vocabulary import GRADES, Attribute
from baseline.card_frame import introduction, limits
from baseline.data_card import evidence_of
from baseline.evaluation.slices import FEWEST, LIGHTNESSES
from baseline.steadiness.card_section import steadiness_section

CARD_NAME: Final = "MODEL_CARD.md"


def load_manifest(models: Path) -> dict[str, Any]:
    """The decoded manifest of a models folder."""
    manifest: dict[str, Any] = json.loads((models / MANIFEST_NAME).read_text(encoding="utf-8"))
    return manifest


def write_manifest(models: Path, manifest: Mapping[str, Any]) -> None:
    """Write `manifest.json`, one value a line, so that a change of it can be read as a diff."""
    text = json.dumps(manifest, indent=2, ensure_ascii=False, allow_nan=False) + "\n"
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
    parts = [
        introduction(manifest),
        _grades_section(manifest),
        *([steadiness_section(manifest["steadiness"])] if "steadiness" in manifest else []),
        *([_painter_section(manifest["second_painter"])] if "second_painter" in manifest else []),
        _landmarks_section(manifest["landmarks"]),
        *([_pose_section(manifest["pose"])] if "pose" in manifest else []),
        limits(manifest),
    ]
    (models / CARD_NAME).write_text("\n".join(parts), encoding="utf-8")


def _grades_section(manifest: Mapping[str, Any]) -> str:
    tested = manifest["evaluated_on"]
    simulated = evidence_of(tested) is Evidence.SIMULATED
    lines = [
        f"## How right the grades are, on {'simulated ' if simulated else ''}photos of unseen "
        "people",
        "",
        f"{_simulated_photos(tested) if simulated else _rated_photos(tested)} "
        f"{tested['photos_lost']} of them had no face that the server could use. Each went the "
        "server's whole way from the file's bytes. Intervals: 95 %, 1000 bootstrap draws over "
        "people; a morph counts as often as the product of how often its people were drawn (Owen "
        "2007). P-Recall: credit 1, .5, -.5, -1, -1.5 by distance, averaged per true grade, then "
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
            f"| {m['mean_absolute_error']:.2f} | {_figure(m['spearman'], 3)} "
            f"| {_figure(m['slope'], 2)} |"
        )
    lines += ["", "P-Recall by true grade:", "", "| attribute | 0 | 1 | 2 | 3 | 4 |",
              "|---|---|---|---|---|---|"]  # fmt: skip
    for attribute in Attribute:
        by_grade = manifest["attributes"][attribute.value]["metrics"]["p_recall_by_grade"]
        cells = (f"{by_grade[str(g)]:.3f}" if str(g) in by_grade else "none" for g in GRADES)
        lines.append(f"| {attribute.value} | {' | '.join(cells)} |")
    lines += ["", *_lightness_lines(manifest), "", *_certainty_lines(manifest)]
    return "\n".join([*lines, "", _made_by(tested, simulated=simulated), ""])


def _figure(value: float | None, digits: int) -> str:
    return "none" if value is None else f"{value:.{digits}f}"


def _simulated_photos(tested: Mapping[str, Any]) -> str:
    nuisances = ", ".join(name.replace("_", " ") for name in tested["nuisances"])
    return (
        f"{tested['count']} simulated photos of the {tested['split']} people and their morphs, "
        f"severities `{tested['severities']}`, none left out near a threshold, data version "
        f"`{tested['data_version']}`, seed {tested['seed']}; every nuisance of the simulator "
        f"switched on ({nuisances});"
    )


def _rated_photos(tested: Mapping[str, Any]) -> str:
    return (
        f"{tested['photos'] + tested['photos_lost']} photos with grades given by people, data "
        f"version `{tested['data_version']}`;"
    )


def _made_by(tested: Mapping[str, Any], *, simulated: bool) -> str:
    if not simulated:
        return "Made by: `python -m baseline.evaluation`."
    return (
        "Made by: `python -m baseline.synthetic runs/data/test --faces FACES --split "
        f"{tested['split']} --count {tested['count']} --seed {tested['seed']} "
        f"--severities {tested['severities']}` and `python -m baseline.evaluation "
        "--models models --data runs/data/test`."
    )


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
        "How honest the probabilities are: temperature and biases of grades 0 to 4 "
        "(bias-corrected temperature scaling, Alexandari et al. 2020; where they serve people whom "
        "they were not set on), expected calibration error "
        "(Guo et al. 2017, 15 steps), what it would be on as many photos by chance alone if every "
        "probability were right, and how often the interval of neighbouring grades holds the true "
        "one. "
        f"Temperatures, biases and intervals were set on {chosen['photos']} photos of "
        f"{chosen['people']} people (`python -m baseline.calibration`) that no network learned "
        "from, those on whom passes were chosen among them. The intervals are "
        "so wide that they hold with at least the wanted probability for somebody new, of whom few "
        "people tell little (hierarchical conformal prediction, Lee et al. 2023).",
        "",
        "| attribute | temperature | biases | calibration error | by chance | wanted "
        "| interval holds the truth | 95 % |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for attribute in Attribute:
        entry = manifest["attributes"][attribute.value]
        m = entry["metrics"]
        least, most = m["interval_coverage_95"]
        lines.append(
            f"| {attribute.value} | {entry['temperature']:.2f} "
            f"| {' '.join(f'{one:+.2f}' for one in entry['bias'])} | {m['calibration_error']:.3f} "
            f"| {m['calibration_error_by_chance']:.3f} "
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
