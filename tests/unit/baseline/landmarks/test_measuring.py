"""How errors of landmarks and pose are measured, and the photos they are measured on."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest

from backend.vision.engines.reference import load_locator
from backend.vision.regions import FACE, WHOLE_FACE
from baseline.faces.changes import seen, tilted
from baseline.faces.photos import LabelledPhoto, load_photo
from baseline.faces.view import HeadView
from baseline.landmarks.evaluate import small, smiling, with_glasses
from baseline.landmarks.evaluate_pose import pose_errors
from baseline.landmarks.metric import (
    normalised_errors,
    summarise,
)
from baseline.landmarks.points import (
    eye_distance,
)

ROOT = Path(__file__).resolve().parents[4]


def test_an_error_is_measured_in_true_eye_distances() -> None:
    truth = np.zeros((189, 2))
    truth[1] = (50.0, 0.0)
    predicted = truth.copy()
    predicted[5] = (3.0, 4.0)
    errors = normalised_errors(predicted, truth)
    assert errors[5] == pytest.approx(0.1)
    assert errors.sum() == pytest.approx(0.1)


def test_a_summary_averages_eyes_and_all_points_apart() -> None:
    errors = np.zeros((2, 189))
    errors[0, 0] = 0.04
    errors[1, 5] = 0.189
    summary = summarise(errors)
    # Point 5, inside an eye, is of neither group; 4 % on one of the inner points of two photos.
    assert summary.inner_face == pytest.approx(4.0 / (2 * len(FACE)), abs=0.001)
    assert summary.whole_face == pytest.approx(4.0 / (2 * len(WHOLE_FACE)), abs=0.001)
    assert summary.eye_centres == 1.0  # 4 % on one of four eye centres
    assert summary.worst_eye == 4.0
    assert summary.all_points == pytest.approx((4.0 + 18.9) / 378, abs=0.001)
    assert summary.photos == 2


def test_a_summary_of_no_photo_is_refused() -> None:
    with pytest.raises(ValueError, match="expected errors"):
        summarise([])


def test_a_tilted_photo_turns_its_points_about_the_centre() -> None:
    landmarks = np.full((189, 2), 50.0)
    landmarks[0] = (60.0, 50.0)
    turned_photo = tilted(LabelledPhoto("1", np.zeros((100, 100, 3), np.uint8), landmarks), 90.0)
    # Clockwise on the screen: what lay right of the centre lies below it.
    np.testing.assert_allclose(turned_photo.landmarks[0], [50.0, 60.0], atol=1e-6)


def test_a_small_photo_has_its_eyes_45_px_apart(photo: LabelledPhoto) -> None:
    double = LabelledPhoto(
        "001", np.asarray(cv2.resize(photo.pixels, None, fx=2, fy=2)), photo.landmarks * 2
    )
    assert eye_distance(small(double).landmarks) == pytest.approx(45.0, rel=0.01)


def test_a_turned_photo_moves_the_nose_more_than_the_chin(photo: LabelledPhoto) -> None:
    moved = seen(photo, HeadView(yaw_deg=15.0)).landmarks - photo.landmarks
    assert moved[54, 0] > moved[129, 0] > 0


def test_a_smile_draws_the_corners_of_the_mouth_apart_and_up(photo: LabelledPhoto) -> None:
    left, right = smiling(photo).landmarks[[87, 93]] - photo.landmarks[[87, 93]]
    assert left[0] < 0 < right[0]
    assert max(left[1], right[1]) < 0


def test_glasses_change_the_picture_about_the_eyes_and_no_point(photo: LabelledPhoto) -> None:
    worn = with_glasses(photo)
    assert np.array_equal(worn.landmarks, photo.landmarks)
    changed = (worn.pixels != photo.pixels).any(axis=2)
    top, bottom = photo.landmarks[80, 1] - 20, photo.landmarks[90, 1]
    rows = np.flatnonzero(changed.any(axis=1))
    assert len(rows) > 0
    assert top < rows.min()
    assert rows.max() < bottom


def test_turned_heads_are_read_within_a_few_degrees_of_their_turn(faces_folder: Path) -> None:
    locator = load_locator(ROOT / "models" / "landmarks.safetensors")
    errors = pose_errors(locator, [load_photo(faces_folder, "002", side_px=512)])
    assert errors["yaw"]["from_own"] < 4
    assert errors["pitch"]["from_own"] < 5
    for row in errors.values():
        # What the person's own posture adds is at most that posture.
        assert abs(row["from_zero"] - row["from_own"]) <= row["own"] + 0.01
