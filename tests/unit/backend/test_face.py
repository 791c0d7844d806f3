"""Finding the one face: what is found, what is refused, and with which error."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import cv2
import dlib
import numpy as np
import pytest
import torch
from skimage.data import astronaut

from backend.errors import (
    FaceCutOffError,
    FaceNotFoundError,
    FaceSeveralError,
    FaceTooSmallError,
    WeightsUnusableError,
)
from backend.vision.engines.reference import load_locator
from backend.vision.face import (
    Detection,
    Face,
    FaceDetector,
    FaceFinder,
    is_cut_off,
    the_one_face,
)
from backend.vision.geometry import Photo, transform_points
from backend.vision.landmark_network import (
    MAP_CELLS,
    LandmarkNetwork,
    cell_centres,
    centres_of_mass,
)
from backend.vision.landmarks import (
    INPUT_PX,
    LEFT_EYE,
    POINT_COUNT,
    RIGHT_EYE,
    cut_crop,
    eyes_in_box,
    fit_similarity,
)
from backend.vision.network import load_weights
from backend.vision.pose import Pose

WEIGHTS = Path(__file__).resolve().parents[3] / "models" / "landmarks.safetensors"

ASTRONAUT_EYES = np.array([[203.0, 100.5], [246.5, 102.5]])
"""The pupils in the picture, read off an enlargement by eye."""


@pytest.fixture(scope="module")
def finder() -> FaceFinder:
    return FaceFinder(load_locator(WEIGHTS))


@pytest.fixture(scope="module")
def photo() -> Photo:
    return np.asarray(astronaut(), dtype=np.uint8)  # type: ignore[no-untyped-call]


@pytest.fixture(scope="module")
def portrait(photo: Photo) -> Photo:
    """The astronaut's head at four times its size: RGB uint8 (880, 760, 3)."""
    head = photo[20:240, 130:320]
    return np.asarray(cv2.resize(head, None, fx=4, fy=4), dtype=np.uint8)


def _turned(photo: Photo, degrees: float) -> tuple[Photo, np.ndarray]:
    height, width = photo.shape[:2]
    transform = cv2.getRotationMatrix2D((width / 2, height / 2), degrees, 1.0)
    pixels = cv2.warpAffine(photo, transform, (width, height), borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(pixels, dtype=np.uint8), np.asarray(transform, dtype=np.float64)


def _flat_face(landmarks: np.ndarray) -> Face:
    return Face(
        box=(0.0, 0.0, 1.0, 1.0),
        landmarks=landmarks.astype(np.float32),
        pose=Pose(yaw_deg=0.0, pitch_deg=0.0, roll_deg=0.0),
    )


def test_the_astronauts_eyes_are_found_within_a_twentieth_of_their_distance(
    finder: FaceFinder, photo: Photo
) -> None:
    face = finder.find(photo)
    found = np.stack([face.left_eye, face.right_eye])
    assert np.abs(found - ASTRONAUT_EYES).max() < 2.2


def test_landmarks_are_189_points_in_float32(finder: FaceFinder, photo: Photo) -> None:
    landmarks = finder.find(photo).landmarks
    assert landmarks.shape == (189, 2)
    assert landmarks.dtype == np.float32


def test_eyes_follow_a_head_tilted_by_20_degrees(finder: FaceFinder, portrait: Photo) -> None:
    upright = finder.find(portrait)
    tilted, transform = _turned(portrait, 20.0)
    face = finder.find(tilted)
    expected = transform_points(upright.landmarks[[LEFT_EYE, RIGHT_EYE]], transform)
    found = face.landmarks[[LEFT_EYE, RIGHT_EYE]]
    assert np.abs(found - expected).max() < 0.06 * upright.eye_distance_px


def test_eyes_stay_in_place_at_a_quarter_of_the_light(finder: FaceFinder, portrait: Photo) -> None:
    bright, dark = finder.find(portrait), finder.find((portrait * 0.25).astype(np.uint8))
    off = dark.landmarks[[LEFT_EYE, RIGHT_EYE]] - bright.landmarks[[LEFT_EYE, RIGHT_EYE]]
    assert np.abs(off).max() < 0.06 * bright.eye_distance_px


def test_eyes_agree_between_a_photo_and_one_twice_as_large(
    finder: FaceFinder, photo: Photo
) -> None:
    face = finder.find(photo)
    double = finder.find(np.asarray(cv2.resize(photo, None, fx=2, fy=2), dtype=np.uint8))
    assert double.eye_distance_px == pytest.approx(2 * face.eye_distance_px, rel=0.06)


def test_a_photo_of_twelve_megapixels_gives_the_same_landmarks_and_box(
    finder: FaceFinder, portrait: Photo
) -> None:
    large = np.asarray(cv2.resize(portrait, (3040, 3520)), dtype=np.uint8)
    face, larger = finder.find(portrait), finder.find(large)
    factor = 4.0
    expected = (face.landmarks + 0.5) * factor - 0.5
    assert np.abs(larger.landmarks - expected).max() < 0.02 * larger.eye_distance_px
    assert larger.box == pytest.approx([factor * value for value in face.box], rel=0.03, abs=8.0)


def test_an_even_grey_photo_has_no_face(finder: FaceFinder) -> None:
    with pytest.raises(FaceNotFoundError):
        finder.find(np.full((480, 640, 3), 128, np.uint8))


def test_noise_has_no_face(finder: FaceFinder) -> None:
    noise = np.random.default_rng(7).integers(0, 256, (480, 640, 3), dtype=np.uint8)
    with pytest.raises(FaceNotFoundError):
        finder.find(noise)


def test_two_astronauts_side_by_side_are_two_faces(finder: FaceFinder, photo: Photo) -> None:
    with pytest.raises(FaceSeveralError) as caught:
        finder.find(np.hstack([photo, photo]))
    assert caught.value.params == {"count": 2}


@pytest.mark.parametrize("scale", [0.75, 0.5, 0.4])
def test_a_shrunk_astronaut_is_too_small_and_not_missed(
    finder: FaceFinder, photo: Photo, scale: float
) -> None:
    shrunk = cv2.resize(photo, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    with pytest.raises(FaceTooSmallError) as caught:
        finder.find(np.asarray(shrunk, dtype=np.uint8))
    eye_distance_px = float(caught.value.params["eye_distance_px"])
    assert eye_distance_px == pytest.approx(44 * scale, rel=0.1)
    assert caught.value.params["min_eye_distance_px"] == 40.0


def test_a_face_of_20_pixels_is_too_small_and_not_missed(finder: FaceFinder, photo: Photo) -> None:
    thumbnail = cv2.resize(photo, (115, 115), interpolation=cv2.INTER_AREA)
    with pytest.raises(FaceTooSmallError) as caught:
        finder.find(np.asarray(thumbnail, dtype=np.uint8))
    assert float(caught.value.params["eye_distance_px"]) == pytest.approx(10, abs=1.5)


@pytest.mark.parametrize("quarter_turns", [1, 2, 3])
def test_a_face_that_lies_on_its_side_or_stands_on_its_head_is_not_found(
    finder: FaceFinder, portrait: Photo, quarter_turns: int
) -> None:
    with pytest.raises(FaceNotFoundError, match="Hold the camera upright"):
        finder.find(np.ascontiguousarray(np.rot90(portrait, quarter_turns)))


@pytest.mark.parametrize(
    ("rows", "columns"),
    [
        pytest.param(slice(None, 560), slice(None), id="chin"),
        pytest.param(slice(None), slice(320, None), id="left eye"),
        pytest.param(slice(None), slice(None, 430), id="right eye"),
        pytest.param(slice(250, None), slice(None), id="forehead"),
    ],
)
def test_a_face_that_the_frame_cuts_is_refused(
    finder: FaceFinder, portrait: Photo, rows: slice, columns: slice
) -> None:
    with pytest.raises(FaceCutOffError):
        finder.find(np.ascontiguousarray(portrait[rows, columns]))


def test_a_face_whose_hair_alone_is_cut_is_accepted(finder: FaceFinder, portrait: Photo) -> None:
    assert finder.find(np.ascontiguousarray(portrait[180:])).eye_distance_px > 150


def _face_with_eyes_at(*eyes: tuple[float, float]) -> np.ndarray:
    """Landmarks float64 (189, 2): the eyes where they are said to be, all else between them."""
    landmarks = np.full((POINT_COUNT, 2), np.mean(eyes, axis=0))
    landmarks[LEFT_EYE], landmarks[RIGHT_EYE] = eyes
    return landmarks


def test_a_brow_just_outside_is_cut_off_and_an_ear_is_not() -> None:
    # The crop is 111 px wide and begins 6 px to the left of the photo.
    landmarks = _face_with_eyes_at((30.0, 100.0), (70.0, 100.0))
    ear, brow = landmarks.copy(), landmarks.copy()
    ear[117] = (-30.0, 100.0)
    # The eyes are 40 px apart, so 2 px outside are within the network's own error and 3 are not.
    brow[71] = (-3.0, 100.0)
    assert not is_cut_off(_flat_face(ear), width_px=200, height_px=200)
    assert is_cut_off(_flat_face(brow), width_px=200, height_px=200)


def test_a_chin_on_the_last_row_is_inside_and_three_rows_below_is_not() -> None:
    landmarks = _face_with_eyes_at((80.0, 140.0), (120.0, 140.0))
    landmarks[129] = (100.0, 199.0)
    assert not is_cut_off(_flat_face(landmarks), width_px=200, height_px=200)
    landmarks[129] = (100.0, 202.0)
    assert is_cut_off(_flat_face(landmarks), width_px=200, height_px=200)


def test_a_long_chin_may_end_below_a_photo_that_holds_the_whole_crop() -> None:
    # Eyes 40 px apart make a crop of 111 px, of which .58 lie below them: 64 px.
    landmarks = _face_with_eyes_at((80.0, 135.0), (120.0, 135.0))
    landmarks[129] = (100.0, 230.0)
    assert not is_cut_off(_flat_face(landmarks), width_px=200, height_px=200)
    assert is_cut_off(_flat_face(landmarks), width_px=200, height_px=196)


def test_half_a_forehead_is_enough_and_less_is_cut_off() -> None:
    # The middle of the forehead lies .26 of 111 px above the eyes: 29 px.
    inside = _face_with_eyes_at((80.0, 29.0), (120.0, 29.0))
    outside = _face_with_eyes_at((80.0, 26.0), (120.0, 26.0))
    assert not is_cut_off(_flat_face(inside), width_px=200, height_px=200)
    assert is_cut_off(_flat_face(outside), width_px=200, height_px=200)


def test_a_chance_pattern_beside_a_face_does_not_count() -> None:
    face = Detection(box=(200.0, 70.0, 100.0, 100.0), score=0.82)
    pattern = Detection(box=(86.0, 295.0, 100.0, 100.0), score=0.45)
    assert the_one_face([face, pattern]) is face


def test_two_doubtful_faces_of_equal_score_are_several() -> None:
    left = Detection(box=(0.0, 0.0, 100.0, 100.0), score=0.2)
    right = Detection(box=(300.0, 0.0, 100.0, 100.0), score=0.2)
    with pytest.raises(FaceSeveralError):
        the_one_face([left, right])


def test_someone_half_as_wide_counts_and_someone_smaller_does_not() -> None:
    near = Detection(box=(0.0, 0.0, 100.0, 100.0), score=2.0)
    half = Detection(box=(300.0, 0.0, 50.0, 50.0), score=2.0)
    far = Detection(box=(300.0, 0.0, 49.0, 49.0), score=2.0)
    assert the_one_face([near, far]) is near
    with pytest.raises(FaceSeveralError):
        the_one_face([near, half])


def test_one_finder_gives_four_threads_the_same_landmarks(finder: FaceFinder, photo: Photo) -> None:
    alone = finder.find(photo).landmarks
    with ThreadPoolExecutor(max_workers=4) as pool:
        together = list(pool.map(lambda _: finder.find(photo).landmarks, range(8)))
    for landmarks in together:
        np.testing.assert_allclose(landmarks, alone, atol=0.01)


def test_threads_that_end_leave_their_detector_to_the_next(
    photo: Photo, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[object] = []
    make = dlib.get_frontal_face_detector

    def counted() -> object:
        made.append(detector := make())
        return detector

    monkeypatch.setattr(dlib, "get_frontal_face_detector", counted)
    detector = FaceDetector()
    for _ in range(3):
        # A server's idle threads end after a while, and others take their place.
        with ThreadPoolExecutor(max_workers=1) as pool:
            assert pool.submit(detector.detect, photo).result().detections
    assert len(made) == 1


def test_the_shipped_network_fits_into_5_mb() -> None:
    assert WEIGHTS.stat().st_size < 5_000_000


def test_a_network_without_weights_cannot_be_loaded(tmp_path: Path) -> None:
    with pytest.raises(WeightsUnusableError, match=r"nothing\.safetensors"):
        LandmarkNetwork.load(tmp_path / "nothing.safetensors")


def test_a_network_gives_each_point_a_map_that_sums_to_one_and_its_centre_of_mass() -> None:
    torch.manual_seed(1)
    network = LandmarkNetwork().eval()
    with torch.inference_mode():
        points, maps = network(torch.zeros(2, 3, INPUT_PX, INPUT_PX))
    assert points.shape == (2, 189, 2)
    assert maps.shape == (2, 189, 32, 32)
    torch.testing.assert_close(maps.sum(dim=(2, 3)), torch.ones(2, 189))
    torch.testing.assert_close(points, centres_of_mass(maps))


def test_a_loaded_network_says_what_it_said_before_its_norms_were_folded() -> None:
    folded, plain = LandmarkNetwork.load(WEIGHTS), LandmarkNetwork()
    load_weights(plain, WEIGHTS)
    crops = torch.rand(2, 3, INPUT_PX, INPUT_PX, generator=torch.Generator().manual_seed(2)) * 2 - 1
    with torch.inference_mode():
        torch.testing.assert_close(folded(crops).points, plain.eval()(crops).points)
    assert not any(isinstance(module, torch.nn.BatchNorm2d) for module in folded.modules())


def test_a_map_with_all_its_mass_in_one_cell_lies_at_that_cells_centre() -> None:
    maps = torch.zeros(1, 1, MAP_CELLS, MAP_CELLS)
    maps[0, 0, 5, 20] = 1.0
    # Column 20: 0.5 + ((20 + 0.5) / 32 - 0.5) * 1.1 = 0.6546875; row 5: 0.1390625.
    assert centres_of_mass(maps)[0, 0].tolist() == pytest.approx([0.6546875, 0.1390625])
    assert float(cell_centres()[20]) == pytest.approx(0.6546875)


def test_a_crop_puts_the_eyes_at_36_and_64_per_cent_and_back(photo: Photo) -> None:
    crop, to_photo = cut_crop(photo, ASTRONAUT_EYES)
    assert crop.shape == (128, 128, 3)
    eyes = np.array([[0.36, 0.42], [0.64, 0.42]]) * 128
    np.testing.assert_allclose(transform_points(eyes, to_photo), ASTRONAUT_EYES, atol=1e-9)


def test_eyes_in_a_box_scale_with_its_width() -> None:
    np.testing.assert_allclose(
        eyes_in_box((0.0, 0.0, 1000.0, 1000.0)), [[292.5, 275.0], [715.5, 275.0]]
    )


def test_fit_similarity_recovers_a_turn_a_scale_and_a_shift() -> None:
    source = np.array([[0.0, 0.0], [2.0, 0.0], [0.0, 1.0]])
    quarter_turn = np.array([[0.0, -3.0, 10.0], [3.0, 0.0, 20.0]])
    target = transform_points(source, quarter_turn)
    np.testing.assert_allclose(fit_similarity(source, target), quarter_turn, atol=1e-12)


def test_fit_similarity_of_equal_points_is_refused() -> None:
    with pytest.raises(ValueError, match="distinct points"):
        fit_similarity([(1, 1), (1, 1)], [(0, 0), (1, 1)])
