from __future__ import annotations

import json
from pathlib import Path

import cv2
import numpy as np
import pytest

from backend.vocabulary import Attribute
from baseline.dataset import read_folder
from baseline.splits import Split
from baseline.synthetic.canvas import Canvas, CanvasMaker
from baseline.synthetic.faces import FacesUnusableError, list_faces
from baseline.synthetic.generate import DataSetPlan, OtherDataSetError, generate
from baseline.synthetic.morph import morph
from baseline.synthetic.optics import HAEMOGLOBIN, MELANIN, absorb, to_linear, to_srgb
from baseline.synthetic.simulator import PAINTERS, Simulator, paint_all

CLEAR = {attribute: 4.0 if attribute is Attribute.HYDRATION else 0.0 for attribute in Attribute}


def _sign_strength(attribute: Attribute, grade: float) -> float:
    """The severity that paints a sign of this strength; dryness is low hydration."""
    return 4.0 - grade if attribute is Attribute.HYDRATION else grade


def test_light_passing_one_unit_of_melanin_keeps_e_to_the_minus_absorbance() -> None:
    light = np.ones((1, 1, 3), np.float32)
    seen = absorb(light, np.ones((1, 1), np.float32), MELANIN)
    np.testing.assert_allclose(seen[0, 0], np.exp([-0.43, -0.64, -0.83]), rtol=1e-5)


def test_blood_takes_more_green_than_red_and_melanin_most_of_the_blue() -> None:
    assert HAEMOGLOBIN[1] > 5 * HAEMOGLOBIN[0]
    assert MELANIN.argmax() == 2


def test_srgb_survives_the_way_to_linear_light_and_back() -> None:
    levels = np.arange(256, dtype=np.uint8).reshape(16, 16, 1).repeat(3, axis=2)
    np.testing.assert_array_equal(to_srgb(to_linear(levels)), levels)


@pytest.mark.parametrize("attribute", list(Attribute))
def test_a_clear_face_has_an_empty_mask(canvas: Canvas, attribute: Attribute) -> None:
    painting = PAINTERS[attribute](canvas, CLEAR[attribute], np.random.default_rng(1))
    assert painting.mask.max() == 0


@pytest.mark.parametrize("attribute", list(Attribute))
def test_a_stronger_sign_changes_more_of_the_face(canvas: Canvas, attribute: Attribute) -> None:
    changes, masses = [], []
    for strength in (0.0, 1.0, 2.0, 3.0, 4.0):
        severity = _sign_strength(attribute, strength)
        painting = PAINTERS[attribute](canvas, severity, np.random.default_rng(3))
        changes.append(float(np.abs(painting.light - canvas.light).mean()))
        masses.append(float(painting.mask.mean()))
    assert masses == sorted(masses)
    assert masses[0] == 0 < masses[1]
    assert changes[4] > changes[2] > changes[0]


@pytest.mark.parametrize("attribute", [Attribute.PIGMENTATION, Attribute.SENSITIVITY])
def test_pigments_only_darken(canvas: Canvas, attribute: Attribute) -> None:
    painted = PAINTERS[attribute](canvas, 2.0, np.random.default_rng(1)).light
    # Papules carry a small highlight; everything else of a pigment takes light away.
    darker = (painted <= canvas.light + 1e-6).mean()
    assert darker > 0.98


def test_what_is_painted_lies_on_the_skin_and_the_lips(canvas: Canvas) -> None:
    strongest = {a: _sign_strength(a, 4.0) for a in Attribute}
    masks = paint_all(canvas, strongest, np.random.default_rng(2)).masks
    outside = (canvas.skin == 0) & (canvas.lips == 0)
    for mask in masks.values():
        assert mask[outside].max() < 0.01


def test_a_severity_beyond_four_is_refused(canvas: Canvas) -> None:
    with pytest.raises(ValueError, match="from 0 to 4"):
        PAINTERS[Attribute.OIL](canvas, 4.5, np.random.default_rng(0))


def test_the_same_seed_draws_the_same_photo_and_another_seed_another(faces_folder: Path) -> None:
    simulator = Simulator(CanvasMaker(list_faces(faces_folder)[:2], side_px=256), balanced=True)
    first, again, other = (simulator.draw(np.random.default_rng(seed)) for seed in (5, 5, 6))
    np.testing.assert_array_equal(first.photo, again.photo)
    assert first.severities == again.severities
    assert not np.array_equal(first.photo, other.photo)


def test_a_morph_of_a_face_with_itself_is_that_face(canvas: Canvas) -> None:
    portrait = (canvas.light, canvas.anatomy.points)
    light, points = morph([portrait, portrait], [0.5, 0.5])
    np.testing.assert_allclose(points, canvas.anatomy.points)
    assert np.abs(light - canvas.light).mean() < 0.005


def test_labels_have_the_originals_keys_and_the_people(faces_folder: Path, tmp_path: Path) -> None:
    plan = DataSetPlan(faces_folder, Split.TRAIN, count=2, seed=1, side_px=256, balanced=True)
    generate(tmp_path, plan, workers=1)
    label = json.loads((tmp_path / "000000.json").read_text())
    keys = {"file_name", "part", "oil", "sensitive", "pigmentation", "wrinkle", "hydration"}
    assert keys <= set(label)
    assert set(label["parents"]) <= {"002", "003"}
    assert label["person"] == "+".join(label["parents"])
    for key, severity in label["severity"].items():
        assert abs(severity - label[key]) <= 0.35
    mask = cv2.imread(str(tmp_path / "masks/000000.oil.png"), cv2.IMREAD_UNCHANGED)
    assert mask is not None
    assert mask.shape == (256, 256)
    assert (tmp_path / "sheets/photos.jpg").exists()
    assert len(read_folder(tmp_path)) == 2


def test_a_data_set_goes_on_where_it_stopped(faces_folder: Path, tmp_path: Path) -> None:
    few = DataSetPlan(faces_folder, Split.TRAIN, count=1, seed=1, side_px=256, masks=False)
    more = DataSetPlan(faces_folder, Split.TRAIN, count=2, seed=1, side_px=256, masks=False)
    generate(tmp_path, few, workers=1)
    written = (tmp_path / "000000.jpg").stat().st_mtime_ns
    generate(tmp_path, more, workers=1)
    assert (tmp_path / "000000.jpg").stat().st_mtime_ns == written
    assert (tmp_path / "000001.json").exists()


def test_another_plan_in_the_same_folder_is_refused(faces_folder: Path, tmp_path: Path) -> None:
    (tmp_path / "data_card.json").write_text(json.dumps({"seed": 9}))
    plan = DataSetPlan(faces_folder, Split.TRAIN, count=1, seed=1, side_px=256)
    with pytest.raises(OtherDataSetError, match="choose an empty folder"):
        generate(tmp_path, plan, workers=1)


def test_a_folder_without_faces_is_named(tmp_path: Path) -> None:
    with pytest.raises(FacesUnusableError, match=str(tmp_path)):
        list_faces(tmp_path)
