"""Landmark training: mirror images, deformations, metric, and a few real steps."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest
import torch
from skimage.data import astronaut

from backend.vision.landmark_network import MAP_CELLS, LandmarkNetwork, Located
from backend.vision.landmarks import CROP_EYE_DISTANCE, LandmarkLocator, crop_eyes
from backend.vision.pose import head_pose
from backend.vision.regions import FACE, WHOLE_FACE
from baseline.faces.folder import FaceFile, FacesUnusableError
from baseline.faces.mouth import LOWER_INNER_LIP, UPPER_INNER_LIP, MouthOpening
from baseline.faces.photos import LabelledPhoto, load_photo
from baseline.faces.view import HeadView
from baseline.faces.warp import (
    Bump,
    Deformation,
    FaceChange,
    random_change,
    random_deformation,
)
from baseline.landmarks.dataset import (
    AugmentedFaces,
    fixed_samples,
    mirrored,
    on_level_face,
    place_crop,
    sources_of,
)
from baseline.landmarks.evaluate import seen, small, smiling, tilted, with_glasses
from baseline.landmarks.evaluate_pose import pose_errors
from baseline.landmarks.export import export_weights, load_averaged
from baseline.landmarks.metric import (
    landmark_loss,
    map_loss,
    normalised_errors,
    place_loss,
    point_weights,
    summarise,
)
from baseline.landmarks.points import (
    eye_distance,
    mean_shape,
    mirror_permutation,
    nearest_pairs,
)
from baseline.landmarks.pose import fit_pose
from baseline.landmarks.train import Trainer, TrainingOptions
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
    landmarks = FaceFile("a", tmp_path / "a.jpg", path).read_landmarks()
    assert landmarks.shape == (189, 2)
    assert landmarks[188].tolist() == [188.0, 376.5]


def test_a_file_with_another_number_of_points_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.tem"
    path.write_text("2\n1.0\t2.0\n3.0\t4.0\n")
    with pytest.raises(FacesUnusableError, match="expected 189 points"):
        FaceFile("a", tmp_path / "a.jpg", path).read_landmarks()


def test_a_missing_photo_is_named(tmp_path: Path) -> None:
    (tmp_path / "photos").mkdir()
    (tmp_path / "photos" / "002_03.tem").write_text("189\n")
    (tmp_path / "photos" / "002_03.jpg").write_bytes(b"")
    with pytest.raises(FacesUnusableError, match="no photo of 001"):
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


def test_a_crop_without_jitter_shows_the_mean_shape_where_it_belongs(
    photo: LabelledPhoto, shape: np.ndarray
) -> None:
    placed = place_crop(photo.landmarks, shape=shape, change=FaceChange(), jitter=NO_JITTER)
    np.testing.assert_allclose(placed.points, shape, atol=1e-6)
    # The crop's middle column at eye height comes from between the eyes.
    np.testing.assert_allclose(placed.to_source[54, 64], [225.0, 101.7], atol=0.1)


def test_points_follow_the_picture_through_every_deformation(
    photo: LabelledPhoto, shape: np.ndarray
) -> None:
    generator = np.random.default_rng(3)
    for _ in range(20):
        placed = place_crop(
            photo.landmarks,
            shape=shape,
            change=random_change(generator, on_level_face(shape)),
            jitter=np.array([[1.1, -0.2, 0.1], [0.2, 1.1, -0.1]]),
        )
        for point in (0, 1, 54, 129):
            x, y = placed.points[point] * 128
            came_from = placed.to_source[round(y), round(x)]
            assert np.hypot(*(came_from - photo.landmarks[point])) < 2.5


def test_samples_are_repeatable_by_seed(photo: LabelledPhoto, shape: np.ndarray) -> None:
    permutation = mirror_permutation(shape).tolist()
    sources = sources_of([photo], morphs=0, seed=1)
    first, second, other = (
        next(iter(AugmentedFaces(sources, shape=shape, permutation=permutation, seed=seed)))
        for seed in (1, 1, 2)
    )
    assert torch.equal(first[0], second[0])
    assert torch.equal(first[1], second[1])
    assert not torch.equal(first[1], other[1])


def test_a_face_between_two_people_lies_between_their_points(photo: LabelledPhoto) -> None:
    other = LabelledPhoto("002", photo.pixels, photo.landmarks + 10.0)
    *people_themselves, between = sources_of([photo, other], morphs=1, seed=1)
    assert [len(people_themselves), between.pixels.dtype] == [2, np.uint8]
    share = (between.landmarks - photo.landmarks) / 10.0
    assert share.min() == pytest.approx(share.max())
    assert 0.3 <= share.min() <= 0.7


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


def test_point_weights_have_mean_one_and_favour_the_eye_centres() -> None:
    weights = point_weights()
    assert float(weights.mean()) == pytest.approx(1.0)
    assert float(weights[0] / weights[175]) == pytest.approx(4.0)


def test_the_loss_of_a_tenth_of_an_eye_distance_along_x_is_0_045() -> None:
    truth = torch.zeros(1, 189, 2)
    predicted = truth.clone()
    predicted[..., 0] = 0.1 * CROP_EYE_DISTANCE
    # Smooth L1 at 0.1 with beta 0.02 is 0.1 - 0.01 = 0.09, and y adds nothing: the mean is half.
    assert float(place_loss(predicted, truth, torch.ones(189))) == pytest.approx(0.045)


def test_an_even_map_is_log_1024_minus_the_gaussians_entropy_from_a_gaussian() -> None:
    maps = torch.full((1, 189, MAP_CELLS, MAP_CELLS), 1 / 1024)
    truth = torch.full((1, 189, 2), 0.5)
    # log 1024 = 6.9315; a Gaussian one cell wide has 1 + log(2 pi) = 2.8379 nats.
    assert float(map_loss(maps, truth, torch.ones(189))) == pytest.approx(4.0936, abs=1e-3)


def test_the_whole_loss_is_that_of_the_places_and_a_fiftieth_of_the_maps() -> None:
    maps = torch.full((1, 189, MAP_CELLS, MAP_CELLS), 1 / 1024)
    truth = torch.full((1, 189, 2), 0.5)
    located = Located(points=truth.clone(), maps=maps)
    loss = landmark_loss(located, truth, torch.ones(189))
    assert float(loss) == pytest.approx(0.02 * 4.0936, abs=1e-4)


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


def test_a_few_steps_lower_the_loss_and_resuming_goes_on(
    photo: LabelledPhoto, shape: np.ndarray, tmp_path: Path
) -> None:
    permutation = mirror_permutation(shape).tolist()
    crops, truth = fixed_samples([photo], shape=shape, permutation=permutation, seed=1)
    truth = truth + 0.1
    options = TrainingOptions(steps=10, batch=2, learning_rate=1e-3)
    trainer = Trainer(options, shape, torch.device("cpu"))
    losses = [trainer.learn(crops, truth) for _ in range(8)]
    assert losses[-1] < 0.85 * losses[0]
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


def test_turned_heads_are_read_within_a_few_degrees_of_their_turn(faces_folder: Path) -> None:
    locator = LandmarkLocator.load(ROOT / "models" / "landmarks.safetensors")
    errors = pose_errors(locator, [load_photo(faces_folder, "002", side_px=512)])
    assert errors["yaw"]["from_own"] < 4
    assert errors["pitch"]["from_own"] < 5
    for row in errors.values():
        # What the person's own posture adds is at most that posture.
        assert abs(row["from_zero"] - row["from_own"]) <= row["own"] + 0.01
