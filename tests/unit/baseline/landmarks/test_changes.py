"""Mirror images and changes of a face: deformations, views, an open mouth."""

from __future__ import annotations

import numpy as np
import pytest

from backend.vision.pose import head_pose
from backend.vision.regions import FACE
from baseline.faces.mouth import LOWER_INNER_LIP, UPPER_INNER_LIP, MouthOpening
from baseline.faces.photos import LabelledPhoto
from baseline.faces.view import HeadView
from baseline.faces.warp import (
    Bump,
    Deformation,
    random_deformation,
)
from baseline.landmarks.dataset import (
    mirrored,
    on_level_face,
)
from baseline.landmarks.points import (
    mean_shape,
    mirror_permutation,
    nearest_pairs,
)
from baseline.landmarks.pose import fit_pose


def test_mean_shape_of_one_face_puts_its_eyes_in_place(shape: np.ndarray) -> None:
    placed = mean_shape([shape * 700.0 + 3.0])
    np.testing.assert_allclose(placed[:2], [[0.36, 0.42], [0.64, 0.42]], atol=1e-9)


def test_mirroring_twice_renames_no_point(shape: np.ndarray) -> None:
    permutation = mirror_permutation(shape)
    assert np.array_equal(permutation[permutation], np.arange(189))


@pytest.mark.parametrize(
    ("point", "partner"),
    [
        (0, 1),  # eye centres
        (18, 27),  # outer corners of the eyes
        (22, 23),  # inner corners
        (71, 82),  # outer ends of the brows
        (87, 93),  # corners of the mouth
        (94, 98),  # upper inner lip stays upper
        (99, 103),  # lower inner lip stays lower
        (90, 90),  # middle of the upper lip
        (129, 129),  # tip of the chin
        (134, 144),  # where hair meets the temples
        (158, 161),  # nasolabial folds
    ],
)
def test_mirror_partners(shape: np.ndarray, point: int, partner: int) -> None:
    assert mirror_permutation(shape)[point] == partner


def test_nearest_pairs_keep_close_neighbours_apart() -> None:
    points = [(0.10, 0.5), (0.12, 0.5), (0.89, 0.5), (0.87, 0.5)]
    assert nearest_pairs(points).tolist() == [2, 3, 0, 1]


def test_a_mirrored_picture_has_its_left_eye_left(photo: LabelledPhoto, shape: np.ndarray) -> None:
    mask = np.zeros(photo.pixels.shape[:2], np.uint8)
    source = mirrored(photo.pixels, mask, photo.landmarks, mirror_permutation(shape))
    # The eyes at 204 and 246 of 512 columns become 511 - 246 = 265 and 511 - 204 = 307.
    np.testing.assert_allclose(source.landmarks[:2, 0], [265.0, 307.0], atol=0.05)


def test_a_deformation_and_its_inverse_cancel_on_200_random_faces(shape: np.ndarray) -> None:
    generator = np.random.default_rng(1)
    face = on_level_face(shape)
    worst = 0.0
    for _ in range(200):
        deformation = random_deformation(generator)
        there_and_back = deformation.to_source(deformation.from_source(face))
        worst = max(worst, float(np.abs(there_and_back - face).max()))
    assert worst < 0.01


def test_a_yaw_moves_the_nose_right_by_depth_times_sine() -> None:
    view = HeadView(yaw_deg=30.0, distance=1e9)
    x, y = view.from_source([(0.0, 0.6)])[0]
    # The studio's own perspective takes 2 % off the places, but x is 0; the tip is 0.5 deep.
    assert x == pytest.approx(0.5 * 0.5, abs=0.005)
    assert y == pytest.approx(0.6 * (25 - 0.5) / 25, abs=0.005)


def test_a_camera_at_30_cm_shows_the_nose_larger_and_the_ears_narrower() -> None:
    view = HeadView(distance=4.8)
    (nose, _), (ear, _) = view.from_source([(0.2, 0.6), (1.25, 0.3)])
    assert nose > 0.2
    # 0.70 behind the eyes: 1.25 * (25.7 / 25) * 4.8 / 5.5 = 1.121.
    assert ear == pytest.approx(1.121, abs=0.01)


@pytest.mark.parametrize(
    "view",
    [HeadView(yaw_deg=15.0), HeadView(pitch_deg=-20.0), HeadView(distance=4.2)],
    ids=["yaw", "pitch", "near"],
)
def test_a_view_and_its_inverse_cancel_within_half_a_per_cent(
    view: HeadView, shape: np.ndarray
) -> None:
    inner = on_level_face(shape)[list(FACE)]
    there_and_back = view.to_source(view.from_source(inner))
    assert float(np.abs(there_and_back - inner).max()) < 0.005


@pytest.mark.parametrize(("yaw_deg", "pitch_deg"), [(20.0, 0.0), (-20.0, 0.0), (0.0, 15.0)])
def test_the_turn_of_a_head_is_learned_from_turned_faces(
    shape: np.ndarray, yaw_deg: float, pitch_deg: float
) -> None:
    face = on_level_face(shape)
    weights = fit_pose([face] * 20, mean_face=face, seed=1)
    seen = HeadView(yaw_deg=yaw_deg, pitch_deg=pitch_deg).from_source(face)
    pose = head_pose(seen * 80.0 + 200.0, mean_face=face, weights=weights)
    assert pose.yaw_deg == pytest.approx(yaw_deg, abs=2.5)
    assert pose.pitch_deg == pytest.approx(pitch_deg, abs=2.5)


def test_an_opened_mouth_parts_the_lips_by_what_was_asked(shape: np.ndarray) -> None:
    face = on_level_face(shape)
    mouth = MouthOpening.of(face, up=0.05, down=0.15)
    moved = mouth.from_source(face)
    upper, lower = UPPER_INNER_LIP[2], LOWER_INNER_LIP[2]
    closed = face[lower, 1] - face[upper, 1]
    # At the middle the gap is 0.05 + 0.15; the drawn lips' own distance may be hidden in it.
    assert moved[lower, 1] - moved[upper, 1] == pytest.approx(0.2, abs=abs(closed) + 0.01)
    np.testing.assert_allclose(moved[0], face[0], atol=0.01)


def test_only_the_gap_between_opened_lips_is_to_be_painted(shape: np.ndarray) -> None:
    face = on_level_face(shape)
    mouth = MouthOpening.of(face, up=0.05, down=0.15)
    line = float(np.polyval(mouth.line, mouth.middle))
    places = [(mouth.middle, line + off) for off in (-0.06, -0.05 + 0.05, 0.1, 0.16)]
    depths = mouth.depth_in_gap(places)
    assert np.isnan(depths[[0, 3]]).all()
    np.testing.assert_allclose(depths[[1, 2]], [0.25, 0.75])


def test_a_bump_shifts_its_centre_in_full_and_one_radius_away_by_exp_minus_half() -> None:
    deformation = Deformation(bumps=(Bump((0.0, 0.0), 0.5, (0.1, 0.0)),))
    moved = deformation.to_source([(0.0, 0.0), (0.0, 0.5)])
    np.testing.assert_allclose(moved, [[0.1, 0.0], [0.06065, 0.5]], atol=1e-5)
