"""What is measured of a photo: a face that may be shown, and the same face taken badly."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import cv2
import numpy as np
import pytest

from backend.vision.aligned_face import AlignedFace
from backend.vision.capture import Capture
from backend.vision.face import FaceFinder
from backend.vision.landmarks import LandmarkLocator
from backend.vision.quality import Advice, assess
from backend.vision.quality_limits import Preset
from backend.vision.regions import EYE_CENTRES
from tests.support.photos import Pixels, face_photo


@dataclass(frozen=True)
class Camera:
    """Measures photos."""

    finder: FaceFinder

    def capture(self, photo: Pixels) -> Capture:
        return AlignedFace.of(photo, self.finder.find(photo)).capture


@pytest.fixture(scope="module")
def camera(locator: LandmarkLocator) -> Camera:
    return Camera(FaceFinder(locator))


@pytest.fixture(scope="module")
def usual(camera: Camera) -> Capture:
    return camera.capture(face_photo())


def blurred(photo: Pixels) -> Pixels:
    return np.asarray(cv2.GaussianBlur(photo, (0, 0), 6), np.uint8)


def dark(photo: Pixels) -> Pixels:
    return np.asarray(photo // 6, np.uint8)


def bright(photo: Pixels) -> Pixels:
    return np.asarray(np.clip(photo.astype(np.float32) * 2.2, 0, 255), np.uint8)


def tinted(photo: Pixels) -> Pixels:
    return np.asarray(photo * np.array([0.55, 0.8, 1.0]), np.uint8)


def compressed(photo: Pixels) -> Pixels:
    _, packed = cv2.imencode(".jpg", photo[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, 8])
    unpacked = np.asarray(cv2.imdecode(packed, cv2.IMREAD_COLOR), np.uint8)
    return np.ascontiguousarray(unpacked[..., ::-1])


def lit_from(side: int, photo: Pixels) -> Pixels:
    """The image's left (-1) or right (+1) half keeps its light, the other loses most of it."""
    places = np.linspace(-1, 1, photo.shape[1])
    share = 0.15 + 0.85 / (1 + np.exp(-8 * side * places))
    return np.asarray(photo * share[None, :, None], np.uint8)


@pytest.mark.parametrize(
    ("change", "measured", "sign"),
    [
        (blurred, "focus", -1),
        (blurred, "texture", -1),
        (dark, "eye_white", -1),
        (bright, "clipped", 1),
        (tinted, "tint", 1),
        (compressed, "blocks", 1),
    ],
)
def test_a_worse_photo_measures_worse(
    camera: Camera, usual: Capture, change: Callable[[Pixels], Pixels], measured: str, sign: int
) -> None:
    before, after = (
        getattr(its, measured) for its in (usual, camera.capture(change(face_photo())))
    )
    assert sign * (after - before) > 0.15 * abs(before)


def test_light_from_one_side_is_seen_with_its_side(camera: Camera, usual: Capture) -> None:
    for side, advice in ((1, Advice.LIGHT_FROM_LEFT), (-1, Advice.LIGHT_FROM_RIGHT)):
        capture = camera.capture(lit_from(side, face_photo()))
        assert capture.unevenness > usual.unevenness + 0.5
        assert side * capture.brighter[0] > 0.3
        assert advice in [one.advice for one in assess(capture, Preset.STRICT).findings]


def test_a_dark_fringe_covers_the_face(camera: Camera, usual: Capture) -> None:
    photo = face_photo()
    eyes = camera.finder.find(photo).landmarks[list(EYE_CENTRES)]
    photo[: int(eyes[:, 1].mean()) - 50] = (24, 20, 18)
    assert camera.capture(photo).covered > usual.covered + 0.1


def test_what_lies_outside_the_photo_is_outside(camera: Camera) -> None:
    photo = face_photo()
    assert camera.capture(photo).outside == pytest.approx(0, abs=0.02)
    face = camera.finder.find(photo)
    crop = AlignedFace.of(photo, face).crop
    # The same place in a photo that ends at the middle between the eyes: half of the face is gone.
    edge = round(float((face.left_eye[0] + face.right_eye[0]) / 2))
    half = np.ascontiguousarray(photo[:, :edge])
    assert AlignedFace(half, face, crop).capture.outside == pytest.approx(0.5, abs=0.1)


def test_brightness_of_a_whole_photo_changes_no_ratio(camera: Camera, usual: Capture) -> None:
    dimmed = camera.capture(np.asarray(face_photo() * 0.7, np.uint8))
    assert dimmed.eyes_open == pytest.approx(usual.eyes_open, abs=0.08)
    assert dimmed.focus == pytest.approx(usual.focus, abs=0.12)
    assert dimmed.unevenness == pytest.approx(usual.unevenness, abs=0.15)
    assert dimmed.tint == pytest.approx(usual.tint, abs=0.12)
