"""How the steadiness of scores is counted."""

from __future__ import annotations

from pathlib import Path

import pytest

from backend.vision.prediction import Analyser
from backend.vocabulary import Attribute
from baseline.model_card import load_manifest, record, write_manifest
from baseline.steadiness import FaceScores, figures, measure

MODELS = Path(__file__).resolve().parents[3] / "models"


def _all(score: float) -> dict[Attribute, float]:
    return dict.fromkeys(Attribute, score)


def test_the_deviation_is_within_faces_and_not_between_them() -> None:
    faces = [
        FaceScores([_all(1.0), _all(1.2)], _all(1.0), _all(1.3)),
        FaceScores([_all(3.0), _all(3.2)], _all(3.0), _all(2.9)),
    ]
    found = figures(faces, Attribute.OIL)
    assert found["deviation"] == pytest.approx(0.1414, abs=1e-4)
    assert found["smile"] == pytest.approx(0.1)
    assert found["smile_size"] == pytest.approx(0.2)
    assert found["photos"] == 4


def test_a_pair_with_a_lost_photo_says_nothing_of_smiles() -> None:
    lost = FaceScores([_all(1.0), _all(1.0)], None, _all(4.0))
    kept = FaceScores([_all(1.0), _all(1.0)], _all(1.0), _all(1.5))
    assert figures([lost, kept], Attribute.OIL)["smile"] == pytest.approx(0.5)


def test_a_face_is_photographed_several_times_and_smiling(faces_folder: Path) -> None:
    analyser = Analyser.load(MODELS)
    found = measure(analyser, faces_folder, ["002"], photos=3, side_px=320)
    assert len(found) == 1
    assert len(found[0].changed) in (2, 3)
    assert len({scores[Attribute.OIL] for scores in found[0].changed}) > 1


def test_a_check_of_graders_that_nobody_has_evaluated_yet_is_kept_without_a_card(
    tmp_path: Path,
) -> None:
    write_manifest(tmp_path, {"model_version": "1.2.3"})
    record(tmp_path, "steadiness", {"oil": {"deviation": 0.2}})
    assert load_manifest(tmp_path)["steadiness"] == {"oil": {"deviation": 0.2}}
    assert [path.name for path in tmp_path.iterdir()] == ["manifest.json"]
