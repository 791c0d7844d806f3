"""What the report says of answers that are known."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest

from backend.vision.quality import Verdict
from backend.vocabulary import Attribute
from baseline.dataset import LabelInvalidError, Labelled
from baseline.evaluation.__main__ import lightness_figures
from baseline.evaluation.answers import Answers, PhotoFacts
from baseline.evaluation.report import write_report
from baseline.evaluation.slices import LIGHTNESSES, Person, read_people, slices

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
    return Answers(samples, facts, everything, dict.fromkeys(Attribute, np.eye(5)[predicted]), 2)


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
