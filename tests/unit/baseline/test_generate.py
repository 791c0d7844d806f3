"""Data sets on disk: labels, masks, data cards."""

from __future__ import annotations

import json
from pathlib import Path

import cv2
import pytest

from baseline.dataset import read_folder
from baseline.splits import Split
from baseline.synthetic.generate import DataSetPlan, OtherDataSetError, generate
from baseline.synthetic.nuisance import EVERY_NUISANCE, Nuisance
from baseline.synthetic.severity import Severities, grade_of


def test_labels_have_the_originals_keys_and_the_people(faces_folder: Path, tmp_path: Path) -> None:
    without_size = EVERY_NUISANCE - {Nuisance.PHOTO_SIZE}
    plan = DataSetPlan(
        faces_folder, Split.TRAIN, count=2, seed=1, side_px=256, nuisances=without_size,
        severities=Severities.BALANCED,
    )  # fmt: skip
    generate(tmp_path, plan, workers=1)
    label = json.loads((tmp_path / "000000.json").read_text())
    keys = {"file_name", "part", "oil", "sensitive", "pigmentation", "wrinkle", "hydration"}
    assert keys <= set(label)
    assert set(label["parents"]) <= {"002", "003"}
    assert label["person"] == "+".join(label["parents"])
    for key, severity in label["severity"].items():
        assert grade_of(severity) == label[key]
    mask = cv2.imread(str(tmp_path / "masks/000000.oil.png"), cv2.IMREAD_UNCHANGED)
    assert mask is not None
    assert mask.shape == (256, 256)
    assert (tmp_path / "sheets/photos.jpg").exists()
    assert len(read_folder(tmp_path)) == 2


def test_the_card_lists_what_may_disturb_a_photo(faces_folder: Path, tmp_path: Path) -> None:
    plan = DataSetPlan(
        faces_folder, Split.TRAIN, count=1, seed=1, side_px=192, masks=False,
        nuisances=frozenset({Nuisance.BLUR}), graders=3,
    )  # fmt: skip
    generate(tmp_path, plan, workers=1)
    card = json.loads((tmp_path / "data_card.json").read_text())
    assert list(card["nuisances"]) == ["blur"]
    assert card["graders"] == 3
    assert card["severities"] == "shares"
    assert "faces" not in card


def test_parts_and_missing_ratings_are_drawn_when_asked_for(
    faces_folder: Path, tmp_path: Path
) -> None:
    plan = DataSetPlan(
        faces_folder, Split.TRAIN, count=8, seed=2, side_px=192, masks=False, parts=True,
        unrated=0.5,
    )  # fmt: skip
    generate(tmp_path, plan, workers=1)
    labels = [json.loads((tmp_path / f"{index:06d}.json").read_text()) for index in range(8)]
    assert len({label["part"] for label in labels}) > 1
    assert all(("eyes" in label) == (label["part"] == 0) for label in labels)
    rated = sum(len(sample.grades) for sample in read_folder(tmp_path))
    assert 0 < rated < 8 * 5


def test_faces_of_nobody_in_the_splits_can_be_the_canvas(
    faces_folder: Path, tmp_path: Path
) -> None:
    photos = tmp_path / "mine" / "photos"
    photos.mkdir(parents=True)
    for suffix in (".jpg", ".tem"):
        source = faces_folder / f"photos/002_03{suffix}"
        (photos / f"somebody{suffix}").write_bytes(source.read_bytes())
    plan = DataSetPlan(tmp_path / "mine", None, count=1, seed=1, side_px=192, masks=False)
    generate(tmp_path / "out", plan, workers=1)
    label = json.loads((tmp_path / "out/000000.json").read_text())
    assert label["parents"] == ["somebody"]


def test_a_data_set_goes_on_where_it_stopped(faces_folder: Path, tmp_path: Path) -> None:
    few = DataSetPlan(faces_folder, Split.TRAIN, count=1, seed=1, side_px=192, masks=False)
    more = DataSetPlan(faces_folder, Split.TRAIN, count=2, seed=1, side_px=192, masks=False)
    generate(tmp_path, few, workers=1)
    written = (tmp_path / "000000.jpg").stat().st_mtime_ns
    generate(tmp_path, more, workers=1)
    assert (tmp_path / "000000.jpg").stat().st_mtime_ns == written
    assert (tmp_path / "000001.json").exists()


def test_another_plan_in_the_same_folder_is_refused(faces_folder: Path, tmp_path: Path) -> None:
    (tmp_path / "data_card.json").write_text(json.dumps({"seed": 9}))
    plan = DataSetPlan(faces_folder, Split.TRAIN, count=1, seed=1, side_px=192)
    with pytest.raises(OtherDataSetError, match="choose an empty folder"):
        generate(tmp_path, plan, workers=1)
