"""Landmark training: mirror images, deformations, metric, and a few real steps."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest
import torch
from skimage.data import astronaut

from backend.vision.landmarks import CROP_EYE_DISTANCE, LandmarkNetwork, crop_eyes
from baseline.landmarks.dataset import AugmentedFaces, fixed_samples, mirrored, place_crop
from baseline.landmarks.evaluate import small, tilted, turned
from baseline.landmarks.export import export_weights, load_averaged
from baseline.landmarks.metric import (
    landmark_loss,
    normalised_errors,
    point_weights,
    summarise,
)
from baseline.landmarks.photos import LabelledPhoto, load_photo
from baseline.landmarks.points import (
    eye_distance,
    mean_shape,
    mirror_permutation,
    nearest_pairs,
    read_landmarks,
)
from baseline.landmarks.train import Trainer, TrainingOptions
from baseline.landmarks.warp import Bump, Deformation, random_deformation, turned_head
from baseline.splits import Split, people, split_of

ROOT = Path(__file__).resolve().parents[3]
NO_JITTER = np.array([[1.0, 0.0, 0.0], [0.0, 1.0, 0.0]])


@pytest.fixture(scope="module")
def shape() -> np.ndarray:
    """The mean shape that the shipped network carries, float64 (189, 2)."""
    network = LandmarkNetwork.load(ROOT / "models" / "landmarks.safetensors")
    return network.mean_shape.double().numpy()


@pytest.fixture(scope="module")
def photo(shape: np.ndarray) -> LabelledPhoto:
    """The astronaut with the mean shape laid over her eyes."""
    scale = 42.0 / CROP_EYE_DISTANCE
    landmarks = (shape - crop_eyes().mean(axis=0)) * scale + np.array([225.0, 101.5])
    pixels = np.asarray(astronaut(), dtype=np.uint8)  # type: ignore[no-untyped-call]
    return LabelledPhoto("001", pixels, landmarks)


def test_the_split_has_52_10_10_and_30_people() -> None:
    assert [len(people(split)) for split in Split] == [52, 10, 10, 30]


def test_no_person_is_in_two_splits() -> None:
    everyone = [person for split in Split for person in people(split)]
    assert len(everyone) == len(set(everyone)) == 102


def test_a_morph_of_train_and_test_people_is_in_no_split() -> None:
    train, test = people(Split.TRAIN), people(Split.TEST)
    assert split_of([train[0], train[1]]) is Split.TRAIN
    assert split_of([train[0], test[0]]) is None


def test_an_unknown_person_is_refused() -> None:
    with pytest.raises(KeyError):
        split_of(["999"])


def test_a_file_of_points_is_read_as_pixels(tmp_path: Path) -> None:
    path = tmp_path / "a.tem"
    path.write_text("189\n" + "".join(f"{i}.0\t{2 * i}.5\n" for i in range(189)) + "3\n0 1 2\n")
    landmarks = read_landmarks(path)
    assert landmarks.shape == (189, 2)
    assert landmarks[188].tolist() == [188.0, 376.5]


def test_a_file_with_another_number_of_points_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.tem"
    path.write_text("2\n1.0\t2.0\n3.0\t4.0\n")
    with pytest.raises(ValueError, match="expected 189 points"):
        read_landmarks(path)


def test_a_missing_photo_is_named(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="001_03"):
        load_photo(tmp_path, "001")


def test_a_photo_shrunk_to_half_has_its_points_at_half(tmp_path: Path, shape: np.ndarray) -> None:
    (tmp_path / "photos").mkdir()
    pixels = np.zeros((80, 100, 3), np.uint8)
    cv2.imwrite(str(tmp_path / "photos" / "001_03.jpg"), pixels)
    rows = "".join("10.5\t20.5\n" for _ in range(189))
    (tmp_path / "photos" / "001_03.tem").write_text("189\n" + rows)
    shrunk = load_photo(tmp_path, "001", side_px=50)
    assert shrunk.pixels.shape == (40, 50, 3)
    # Centres lie at whole numbers: (10.5 + 0.5) / 2 - 0.5 = 5.
    assert shrunk.landmarks[0].tolist() == [5.0, 10.0]


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
    face = (shape - crop_eyes().mean(axis=0)) / CROP_EYE_DISTANCE
    worst = 0.0
    for _ in range(200):
        deformation = random_deformation(generator)
        there_and_back = deformation.to_source(deformation.from_source(face))
        worst = max(worst, float(np.abs(there_and_back - face).max()))
    assert worst < 0.01


def test_a_positive_yaw_moves_the_nose_right_by_depth_times_tangent() -> None:
    deformation = Deformation(bumps=turned_head(np.arctan(0.1), 0.0))
    nose = deformation.from_source([(0.0, 0.75)])[0]
    # The head is 0.85 deep (0.83 at the nose, 0.25 from its centre), the nose adds 0.16.
    assert nose[0] == pytest.approx(0.1 * 0.98, abs=0.005)
    assert nose[1] == pytest.approx(0.75)


def test_a_bump_shifts_its_centre_in_full_and_one_radius_away_by_exp_minus_half() -> None:
    deformation = Deformation(bumps=(Bump((0.0, 0.0), 0.5, (0.1, 0.0)),))
    moved = deformation.to_source([(0.0, 0.0), (0.0, 0.5)])
    np.testing.assert_allclose(moved, [[0.1, 0.0], [0.06065, 0.5]], atol=1e-5)


def test_a_crop_without_jitter_shows_the_mean_shape_where_it_belongs(
    photo: LabelledPhoto, shape: np.ndarray
) -> None:
    to_source, points = place_crop(
        photo.landmarks, shape=shape, deformation=Deformation(), jitter=NO_JITTER
    )
    np.testing.assert_allclose(points, shape, atol=1e-6)
    # The crop's middle column at eye height comes from between the eyes.
    np.testing.assert_allclose(to_source[54, 64], [225.0, 101.7], atol=0.1)


def test_points_follow_the_picture_through_every_deformation(
    photo: LabelledPhoto, shape: np.ndarray
) -> None:
    generator = np.random.default_rng(3)
    to_source, points = place_crop(
        photo.landmarks,
        shape=shape,
        deformation=random_deformation(generator),
        jitter=np.array([[0.9, -0.2, 0.1], [0.2, 0.9, -0.1]]),
    )
    for point in (0, 1, 54, 90, 129):
        x, y = points[point] * 128
        came_from = to_source[round(y), round(x)]
        assert np.hypot(*(came_from - photo.landmarks[point])) < 2.0


def test_samples_are_repeatable_by_seed(photo: LabelledPhoto, shape: np.ndarray) -> None:
    permutation = mirror_permutation(shape).tolist()
    first, second, other = (
        next(iter(AugmentedFaces([photo], shape=shape, permutation=permutation, seed=seed)))
        for seed in (1, 1, 2)
    )
    assert torch.equal(first[0], second[0])
    assert torch.equal(first[1], second[1])
    assert not torch.equal(first[1], other[1])


def test_fixed_samples_hold_each_photo_and_its_mirror_image(
    photo: LabelledPhoto, shape: np.ndarray
) -> None:
    permutation = mirror_permutation(shape).tolist()
    crops, points = fixed_samples([photo], shape=shape, permutation=permutation, seed=1)
    assert crops.shape == (2, 3, 128, 128)
    assert points.shape == (2, 189, 2)
    assert (points[:, 0, 0] < points[:, 1, 0]).all()


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
    assert summary.eye_centres == 1.0  # 4 % on one of four eye centres
    assert summary.worst_eye == 4.0
    assert summary.all_points == pytest.approx((4.0 + 18.9) / 378, abs=0.001)
    assert summary.photos == 2


def test_a_summary_of_no_photo_is_refused() -> None:
    with pytest.raises(ValueError, match="expected errors"):
        summarise([])


def test_point_weights_have_mean_one_and_favour_the_eye_centres() -> None:
    weights = point_weights()
    assert float(weights.mean()) == pytest.approx(1.0)
    assert float(weights[0] / weights[175]) == pytest.approx(12.0)


def test_the_loss_of_a_tenth_of_an_eye_distance_along_x_is_0_045() -> None:
    truth = torch.zeros(1, 189, 2)
    predicted = truth.clone()
    predicted[..., 0] = 0.1 * CROP_EYE_DISTANCE
    # Smooth L1 at 0.1 with beta 0.02 is 0.1 - 0.01 = 0.09, and y adds nothing: the mean is half.
    assert float(landmark_loss(predicted, truth, torch.ones(189))) == pytest.approx(0.045)


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
    moved = turned(photo, 15.0).landmarks - photo.landmarks
    assert moved[54, 0] > moved[129, 0] > 0


def test_a_few_steps_lower_the_loss_and_resuming_goes_on(
    photo: LabelledPhoto, shape: np.ndarray, tmp_path: Path
) -> None:
    permutation = mirror_permutation(shape).tolist()
    crops, truth = fixed_samples([photo], shape=shape, permutation=permutation, seed=1)
    truth = truth + 0.1
    options = TrainingOptions(steps=10, batch=2, learning_rate=2e-4)
    trainer = Trainer(options, shape, torch.device("cpu"))
    losses = [trainer.learn(crops, truth) for _ in range(8)]
    assert losses[-1] < 0.7 * losses[0]
    trainer.save(tmp_path / "checkpoint.pt")
    resumed = Trainer(options, shape, torch.device("cpu"))
    resumed.load(tmp_path / "checkpoint.pt")
    assert resumed.step == 8
    assert resumed.learn(crops, truth) == pytest.approx(trainer.learn(crops, truth), rel=1e-4)


def test_a_checkpoint_of_other_options_is_refused(shape: np.ndarray, tmp_path: Path) -> None:
    Trainer(TrainingOptions(steps=10), shape, torch.device("cpu")).save(tmp_path / "c.pt")
    other = Trainer(TrainingOptions(steps=20), shape, torch.device("cpu"))
    with pytest.raises(ValueError, match="choose another --run folder"):
        other.load(tmp_path / "c.pt")


def test_an_exported_network_loads_with_the_checkpoints_weights(
    shape: np.ndarray, tmp_path: Path
) -> None:
    Trainer(TrainingOptions(), shape, torch.device("cpu")).save(tmp_path / "c.pt")
    trained, state = load_averaged(tmp_path / "c.pt")
    digest = export_weights(trained, tmp_path / "landmarks.safetensors")
    loaded = LandmarkNetwork.load(tmp_path / "landmarks.safetensors")
    assert state["step"] == 0
    assert len(digest) == 64
    torch.testing.assert_close(loaded.mean_shape, trained.mean_shape, atol=5e-4, rtol=0)
