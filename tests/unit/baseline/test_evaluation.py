"""What the report says of answers that are known."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from unittest.mock import Mock

import cv2
import numpy as np
import pytest

from backend.errors import FaceNotFoundError
from backend.vision.quality import Verdict
from backend.vocabulary import Attribute
from baseline.dataset import LabelInvalidError, Labelled, read_folder
from baseline.evaluation.__main__ import evaluate, lightness_figures
from baseline.evaluation.answers import Answers, PhotoFacts, grade_all
from baseline.evaluation.report import write_report
from baseline.evaluation.slices import LIGHTNESSES, Person, read_people, slices
from baseline.metrics.figures import Grades
from baseline.model_card import CARD_NAME
from tests.support.models import SHIPPED

PHOTOS = 60


@pytest.fixture
def answers(tmp_path: Path) -> Answers:
    """Oil graded right on light faces and one too high on dark ones; nothing else was rated."""
    picture = tmp_path / "a.png"
    cv2.imwrite(str(picture), np.full((40, 40, 3), 200, np.uint8))
    truth = [number % 4 for number in range(PHOTOS)]
    dark = [number % 3 == 0 for number in range(PHOTOS)]
    predicted = np.array([grade + one for grade, one in zip(truth, dark, strict=True)])
    samples = [
        Labelled(picture, 0, {Attribute.OIL: grade}, {}, None, (f"{number % 20:03}",))
        for number, grade in enumerate(truth)
    ]
    facts = [
        PhotoFacts(400, Verdict.GOOD, 30.0 if one else 70.0 + number / 10, 60.0 + number / 10)
        for number, one in enumerate(dark)
    ]
    everything = dict.fromkeys(Attribute, predicted)
    return Answers(
        samples, facts, everything, dict.fromkeys(Attribute, np.eye(5)[predicted]),
        dict.fromkeys(Attribute, _one_wide(predicted)), 2,
    )  # fmt: skip


def _one_wide(grades: Grades) -> Grades:
    """Intervals that hold the decided grade alone."""
    return np.stack([grades, grades], axis=1)


def test_a_broken_photo_is_named_and_photos_without_a_face_are_not_evaluated(
    answers: Answers,
) -> None:
    analyser = Mock()
    analyser.analyse.side_effect = FaceNotFoundError
    with pytest.raises(LabelInvalidError, match="a whole face, found none in 2"):
        grade_all(analyser, answers.samples[:2])
    answers.samples[0].path.write_bytes(b"no photo")
    with pytest.raises(LabelInvalidError, match=r"a\.png is not a readable picture"):
        grade_all(analyser, answers.samples[:2])


def test_slices_show_where_the_grades_are_worse(answers: Answers) -> None:
    found = {(one.kind, one.name): one for one in slices(answers, Attribute.OIL)}
    dark, light = found["skin lightness", "dark"], found["skin lightness", "light"]
    assert (dark.photos, dark.p_recall, dark.bias) == (20, 0.5, 1.0)
    assert (light.photos, light.p_recall, light.bias) == (20, 1.0, 0.0)
    assert light.interval == (1.0, 1.0)
    figures = lightness_figures(answers, Attribute.OIL)
    assert set(figures) == set(LIGHTNESSES)
    assert figures["dark"] == {
        "photos": 20, "p_recall": 0.5, "p_recall_95": [0.5, 0.5], "bias": 1.0
    }  # fmt: skip


def test_slices_by_people_need_a_table_of_them(answers: Answers, tmp_path: Path) -> None:
    path = tmp_path / "people.csv"
    rows = [
        f"{number:03},{20 + number},{'female' if number < 10 else 'male'}" for number in range(20)
    ]
    path.write_text("\n".join(["face_id,face_age,face_gender", *rows]))
    found = {(one.kind, one.name): one.photos
             for one in slices(answers, Attribute.OIL, people=read_people(path))}  # fmt: skip
    assert found["sex", "female"] == 30
    assert found["age", "25-34"] == 30
    assert not any(one.kind == "sex" for one in slices(answers, Attribute.OIL))


def test_a_table_of_people_without_ages_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "people.csv"
    path.write_text("face_id,face_gender\n001,female\n")
    with pytest.raises(LabelInvalidError, match="face_age"):
        read_people(path)


def test_an_age_or_sex_that_is_not_known_is_none_and_a_wrong_one_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "people.csv"
    path.write_text("face_id,face_age,face_gender\n031,NA,male\n032,,NA\n")
    assert read_people(path) == {"031": Person(None, "male"), "032": Person(None, None)}
    path.write_text("face_id,face_age,face_gender\n031,forty,male\n")
    with pytest.raises(LabelInvalidError, match="forty"):
        read_people(path)


def test_a_report_holds_tables_plots_and_the_worst(answers: Answers, tmp_path: Path) -> None:
    text = write_report(answers, tmp_path / "report").read_text()
    assert "60 photos; 2 more had no face" in text
    assert "| oil | 60 | 0.833 (" in text
    assert "| wrinkle | 0 | none |" in text
    assert "| skin lightness | dark | 20 | 0.500 (0.500 to 0.500) | +1.00 |" in text
    for name in ("confusion_oil.png", "reliability_oil.png", "worst/oil.jpg"):
        assert cv2.imread(str(tmp_path / "report" / name)) is not None
    assert not (tmp_path / "report" / "confusion_wrinkle.png").exists()


@pytest.fixture
def graded_by_people(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Ten photos of five people with a label file each and no data card, all graded right."""
    folder = tmp_path / "mine"
    folder.mkdir()
    for number in range(10):
        cv2.imwrite(str(folder / f"{number}.png"), np.full((40, 40, 3), 200, np.uint8))
        label = {"file_name": f"{number}.png", "part": 0, "parents": [f"somebody {number % 5}"],
                 **{attribute.label_key: number % 5 for attribute in Attribute}}  # fmt: skip
        (folder / f"{number}.json").write_text(json.dumps(label), encoding="utf-8")
    samples = read_folder(folder)
    grades = np.array([sample.grades[Attribute.OIL] for sample in samples])
    facts = [PhotoFacts(400, Verdict.GOOD, float(number), 60.0) for number in range(10)]
    said = Answers(
        samples, facts, dict.fromkeys(Attribute, grades),
        dict.fromkeys(Attribute, np.eye(5)[grades]), dict.fromkeys(Attribute, _one_wide(grades)), 0,
    )  # fmt: skip
    monkeypatch.setattr("baseline.evaluation.__main__.grade_all", lambda *_: said)
    return folder


def test_photos_that_people_graded_need_no_card_and_are_called_real(
    graded_by_people: Path, tmp_path: Path
) -> None:
    models = shutil.copytree(SHIPPED, tmp_path / "models")
    evaluate(models, graded_by_people)
    manifest = json.loads((models / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["evaluated_on"] == {"data_version": "unnamed", "photos": 10, "photos_lost": 0}
    assert {entry["evidence"] for entry in manifest["attributes"].values()} == {"real"}
    card = (models / CARD_NAME).read_text(encoding="utf-8")
    assert "10 photos with grades given by people" in card
    assert "No grade was ever compared" not in card


def test_an_attribute_that_nobody_rated_is_told_before_anything_is_graded(
    graded_by_people: Path,
) -> None:
    for path in graded_by_people.glob("*.json"):
        label = json.loads(path.read_text(encoding="utf-8"))
        path.write_text(json.dumps({**label, Attribute.OIL.label_key: -2}), encoding="utf-8")
    with pytest.raises(LabelInvalidError, match="expected grades of oil"):
        evaluate(SHIPPED, graded_by_people)
