"""The questions of the notebook, asked of labels that are known, and the notebook itself."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import cv2
import numpy as np
import pytest

from backend.vocabulary import Attribute
from baseline.dataset import LabelInvalidError
from baseline.exploration import class_shares, correlations, describe, overlay, read_lesions

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Four grey photos: oil 0 0 1 4, wrinkle its opposite, hydration never rated."""
    for number, oil in enumerate((0, 0, 1, 4)):
        picture = np.full((60, 80, 3), 60 * (number + 1), np.uint8)
        cv2.imwrite(str(tmp_path / f"{number}.png"), picture)
        grades = {"oil": oil, "wrinkle": 4 - oil, "pigmentation": 2, "sensitive": oil}
        label = {"file_name": f"{number}.png", "part": number // 3, "hydration": -2, **grades}
        (tmp_path / f"{number}.json").write_text(json.dumps(label))
    return tmp_path


def test_shares_are_those_of_the_rated_photos(folder: Path) -> None:
    shares = class_shares(describe(folder))
    assert shares.loc["oil"].tolist() == [50.0, 25.0, 0.0, 0.0, 25.0]
    assert shares.loc["hydration"].tolist() == [0.0] * 5
    assert class_shares(describe(folder), part=1).loc["oil"].tolist() == [0, 0, 0, 0, 100]


def test_opposite_grades_correlate_by_minus_1(folder: Path) -> None:
    found = correlations(describe(folder), part=0)
    assert found.loc["oil", "wrinkle"] == pytest.approx(-1)
    assert found.loc["oil", "sensitivity"] == pytest.approx(1)
    assert np.isnan(found.loc["oil", "pigmentation"])


def test_photos_are_described_by_size_and_tone(folder: Path) -> None:
    photos = describe(folder)
    assert photos[["width", "height"]].iloc[0].tolist() == [80, 60]
    assert photos["lightness"].is_monotonic_increasing
    assert len(photos) == 4
    assert photos[Attribute.HYDRATION.value].isna().all()


def _coco(**changes: object) -> dict[str, object]:
    return {
        "images": [{"id": 7, "file_name": "a.jpg"}],
        "categories": [{"id": 1, "name": "acne"}],
        "annotations": [
            {"image_id": 7, "category_id": 1, "bbox": [10, 20, 5, 5],
             "segmentation": [[10, 20, 15, 20, 15, 25]]},
            {"image_id": 7, "category_id": 1, "bbox": [30, 30, 4, 6], "iscrowd": 1,
             "segmentation": {"counts": [1], "size": [40, 40]}},
        ],
        **changes,
    }  # fmt: skip


def test_lesions_are_read_and_outlined(tmp_path: Path) -> None:
    path = tmp_path / "lesions.json"
    path.write_text(json.dumps(_coco()))
    lesions = read_lesions(path)
    assert [(one.file_name, one.category, len(one.polygons)) for one in lesions] == [
        ("a.jpg", "acne", 1), ("a.jpg", "acne", 0),
    ]  # fmt: skip
    photo = np.zeros((40, 40, 3), np.uint8)
    drawn = overlay(photo, lesions)
    assert photo.max() == 0
    for row, column in ((20, 12), (30, 32)):
        red, green, _ = drawn[row, column].tolist()
        assert red > 3 * green > 0
    assert drawn[33, 32].tolist() == [0, 0, 0]


def test_an_annotation_of_a_missing_photo_is_refused_by_name(tmp_path: Path) -> None:
    path = tmp_path / "lesions.json"
    path.write_text(json.dumps(_coco(images=[])))
    with pytest.raises(LabelInvalidError, match=r"lesions\.json.*7"):
        read_lesions(path)


def test_the_notebook_runs_on_any_folder_of_labels(photos: Path, tmp_path: Path) -> None:
    # A process of its own: notebook and kernel talk through sockets.
    done = subprocess.run(
        [sys.executable, "-m", "jupyter", "execute", "--output", str(tmp_path / "ran.ipynb"),
         str(ROOT / "EDA" / "EDA.ipynb")],
        env={**os.environ, "SKINXAI_PHOTOS": str(photos / "train"), "PYTHONPATH": str(ROOT)},
        capture_output=True, text=True, timeout=300, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    said = (tmp_path / "ran.ipynb").read_text()
    assert "4 photos" in said
    assert '"image/png"' in said


def test_the_shipped_notebook_was_executed_without_an_error() -> None:
    notebook = json.loads((ROOT / "EDA" / "EDA.ipynb").read_text())
    cells = [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]
    assert all(cell["execution_count"] for cell in cells)
    outputs = [output for cell in cells for output in cell["outputs"]]
    assert sum("image/png" in output.get("data", {}) for output in outputs) >= 5
    assert not any(output["output_type"] == "error" for output in outputs)
