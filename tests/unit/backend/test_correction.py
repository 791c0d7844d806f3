"""Light unlike any that was learned is evened out; usual light, red skin and dark skin are not."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from backend.vision.aligned_face import AlignedFace
from backend.vision.correction import LightCorrection
from backend.vision.face import Face, FaceFinder
from backend.vision.landmarks import LandmarkLocator
from backend.vision.light import FaceLight
from backend.vision.prediction import Analyser
from backend.vision.regions import EYE_RINGS
from tests.support.photos import Pixels, face_photo

MODELS = Path(__file__).resolve().parents[3] / "models"
USUAL = FaceLight(
    brightness=130.0,
    eye_white=150.0,
    eyes_open=1.0,
    shading=np.zeros((128, 128), np.float32),
    brighter=(0.2, -0.1),
    of_skin=(0.05, 0.05),
    of_eyes=(0.02, 0.04),
)


@pytest.fixture(scope="module")
def finder(locator: LandmarkLocator) -> FaceFinder:
    return FaceFinder(locator)


@pytest.fixture(scope="module")
def face(finder: FaceFinder) -> Face:
    return finder.find(face_photo())


@pytest.fixture(scope="module")
def analyser() -> Analyser:
    return Analyser.load(MODELS)


def in_light(photo: Pixels, gains: object) -> Pixels:
    """The same photo in other light: factors of linear light, for each pixel or channel."""
    lit = (photo / 255.0) ** 2.2 * np.asarray(gains)
    return np.asarray(np.rint(255 * np.clip(lit, 0, 1) ** (1 / 2.2)), np.uint8)


def from_one_side(photo: Pixels) -> Pixels:
    columns = np.linspace(0, 1, photo.shape[1])
    return in_light(photo, np.exp(-4 * columns)[None, :, None])


LIGHTS: dict[str, Callable[[Pixels], Pixels]] = {
    "dark": lambda photo: in_light(photo, 0.1),
    "blue": lambda photo: in_light(photo, (0.4, 0.7, 1.0)),
    "red": lambda photo: in_light(photo, (1.0, 0.55, 0.5)),
    "one side": from_one_side,
    "dark and blue": lambda photo: in_light(photo, (0.05, 0.08, 0.11)),
    "dark and red": lambda photo: in_light(photo, (0.12, 0.07, 0.06)),
    "dark and from one side": lambda photo: in_light(from_one_side(photo), 0.15),
}


def test_usual_light_is_left_alone() -> None:
    correction = LightCorrection.of(USUAL)
    assert not correction
    crop = np.full((8, 8, 3), 120, np.uint8)
    assert correction.apply(crop) is crop


def test_the_photo_of_the_tests_is_left_alone(face: Face) -> None:
    aligned = AlignedFace.of(face_photo(), face)
    assert aligned.correction.stops == 0
    assert aligned.correction.cast == (0, 0)


@pytest.mark.parametrize("name", LIGHTS)
def test_what_is_graded_lies_in_the_usual_light(name: str, finder: FaceFinder, face: Face) -> None:
    taken = AlignedFace.of(LIGHTS[name](face_photo()), face)
    assert taken.correction
    evened = AlignedFace.of_crop(taken.graded, finder.find_on_crop(taken.graded))
    left = evened.correction
    assert left.stops < 0.3
    assert np.hypot(*left.cast) < 0.1
    assert np.hypot(*left.slope) < 0.25


def test_grades_move_less_than_without(analyser: Analyser) -> None:
    usual = analyser.analyse(face_photo()).attributes
    moved, would_have = [], []
    for light in LIGHTS.values():
        other = analyser.analyse(light(face_photo()))
        left_as_it_was = analyser.grade(other.crop.pixels)
        for one in usual:
            moved.append(other.attributes[one].score - usual[one].score)
            would_have.append(left_as_it_was[one].score - usual[one].score)
    assert np.linalg.norm(moved) < 0.7 * np.linalg.norm(would_have)


def test_red_skin_is_no_red_lamp() -> None:
    assert LightCorrection.of(replace(USUAL, of_skin=(0.8, 0.0))).cast == (0, 0)
    assert LightCorrection.of(replace(USUAL, of_skin=(0.8, 0.0), of_eyes=(-0.2, 0.0))).cast == (
        0,
        0,
    )


def test_red_eyes_are_no_red_lamp() -> None:
    assert LightCorrection.of(replace(USUAL, of_eyes=(0.9, 0.0))).cast == (0, 0)


def test_what_skin_and_eyes_agree_on_is_taken_out_down_to_the_usual() -> None:
    correction = LightCorrection.of(replace(USUAL, of_skin=(0.8, 0.0), of_eyes=(0.65, 0.0)))
    assert correction.cast == pytest.approx((0.5, 0.0))


def test_dark_skin_in_good_light_is_no_dark_photo() -> None:
    assert LightCorrection.of(replace(USUAL, brightness=45.0, eye_white=125.0)).stops == 0


def test_eyes_in_shade_do_not_make_bright_skin_brighter() -> None:
    assert LightCorrection.of(replace(USUAL, brightness=130.0, eye_white=125.0)).stops == 0
    assert LightCorrection.of(replace(USUAL, brightness=101.0, eye_white=95.0)).stops == 0


def test_behind_dark_glasses_nothing_is_known_of_the_exposure() -> None:
    assert LightCorrection.of(replace(USUAL, brightness=60.0, eye_white=30.0)).stops == 0


def test_black_photos_have_an_end() -> None:
    correction = LightCorrection.of(replace(USUAL, brightness=0.0, eye_white=0.0))
    assert correction.stops == 0
    faint = LightCorrection.of(replace(USUAL, brightness=0.2, eye_white=3.0))
    assert np.isfinite(faint.stops)
    assert faint.apply(np.full((8, 8, 3), 3, np.uint8)).max() <= 255


def test_painting_the_eyes_red_changes_no_skin(face: Face) -> None:
    photo = face_photo()
    for ring in EYE_RINGS:
        low = np.floor(face.landmarks[list(ring)].min(axis=0)).astype(int)
        high = np.ceil(face.landmarks[list(ring)].max(axis=0)).astype(int)
        photo[low[1] : high[1], low[0] : high[0], 1:] //= 2
    assert AlignedFace.of(photo, face).correction.cast == (0, 0)
