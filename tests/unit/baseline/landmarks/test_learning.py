"""What the landmark network learns from, its loss, and a few real steps."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch

from backend.vision.landmark_network import MAP_CELLS, LandmarkNetwork, Located
from backend.vision.landmarks import CROP_EYE_DISTANCE
from baseline.export import save_float16
from baseline.faces.photos import LabelledPhoto
from baseline.faces.warp import (
    FaceChange,
    random_change,
)
from baseline.landmarks.dataset import (
    AugmentedFaces,
    fixed_samples,
    on_level_face,
    place_crop,
    sources_of,
)
from baseline.landmarks.export import load_averaged
from baseline.landmarks.metric import (
    landmark_loss,
    map_loss,
    place_loss,
    point_weights,
)
from baseline.landmarks.points import (
    mirror_permutation,
)
from baseline.landmarks.train import Trainer, TrainingOptions

NO_JITTER = np.array([[1.0, 0.0, 0.0], [0.0, 1.0, 0.0]])


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
    digest = save_float16(trained, tmp_path / "landmarks.safetensors")
    assert (tmp_path / "landmarks.safetensors").stat().st_mode & 0o777 == 0o644
    loaded = LandmarkNetwork.load(tmp_path / "landmarks.safetensors")
    assert state["step"] == 0
    assert len(digest) == 64
    torch.testing.assert_close(loaded.mean_shape, trained.mean_shape, atol=5e-4, rtol=0)
