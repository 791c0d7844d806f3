"""A photo is decoded as far as its face needs it, and no further."""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
import pytest
from PIL import Image

from backend.errors import FaceNotFoundError
from backend.settings import DEFAULT_MODELS_DIR
from backend.vision.face import Face, FaceFinder
from backend.vision.landmarks import LandmarkLocator
from backend.vision.photo import MAX_PIXELS, decode_photo
from backend.vision.portrait import Portrait, read_portrait
from backend.vision.prediction import Analyser
from backend.vision.stopwatch import Stage, Stopwatch
from tests.support.photos import Pixels, encode, face_photo


class Watched:
    """A finder that notes the sizes of what it is shown."""

    def __init__(self, finder: FaceFinder) -> None:
        self.finder = finder
        self.sides_px: list[int] = []

    def find(self, photo: Pixels) -> Face:
        self.sides_px.append(photo.shape[0])
        return self.finder.find(photo)


@pytest.fixture
def finder(locator: LandmarkLocator) -> Watched:
    return Watched(FaceFinder(locator))


def head(side_px: int) -> Pixels:
    size = (side_px, side_px)
    return np.asarray(cv2.resize(face_photo(), size, interpolation=cv2.INTER_CUBIC), np.uint8)


def head_on_a_wall(head_px: int, wall_px: int) -> Pixels:
    wall = np.full((wall_px, wall_px, 3), 110, np.uint8)
    start = wall_px // 3
    wall[start : start + head_px, start : start + head_px] = head(head_px)
    return wall


def read(data: bytes, finder: Watched) -> Portrait:
    return read_portrait(data, finder, max_pixels=MAX_PIXELS, stopwatch=Stopwatch())


def test_a_large_face_is_read_from_a_smaller_copy(finder: Watched) -> None:
    data = encode(head(3000), "JPEG", quality=92)
    portrait = read(data, finder)
    assert finder.sides_px == [1500]
    assert portrait.photo.shape == (1500, 1500, 3)
    assert portrait.full_size == (3000, 3000)
    whole = finder.finder.find(decode_photo(data))
    assert np.abs(2 * portrait.face.landmarks + 0.5 - whole.landmarks).max() < 8


def test_grades_are_those_of_the_whole_photo() -> None:
    analyser = Analyser.load(DEFAULT_MODELS_DIR)
    data = encode(head(3000), "JPEG", quality=92)
    portrait = analyser.read(data, max_pixels=MAX_PIXELS, stopwatch=Stopwatch())
    of_copy = analyser.analyse(portrait.photo, face=portrait.face).attributes
    of_whole = analyser.analyse(decode_photo(data)).attributes
    for attribute, result in of_whole.items():
        assert of_copy[attribute].score == pytest.approx(result.score, abs=0.1)


def test_a_face_that_is_small_on_the_copy_is_read_from_the_whole_photo(finder: Watched) -> None:
    portrait = read(encode(head_on_a_wall(1200, 3000), "JPEG", quality=92), finder)
    assert finder.sides_px == [1500, 3000]
    assert portrait.photo.shape == (3000, 3000, 3)
    assert portrait.face.eye_distance_px > 184


def test_a_face_that_only_the_whole_photo_shows_is_found(finder: Watched) -> None:
    portrait = read(encode(head_on_a_wall(450, 4800), "JPEG", quality=92), finder)
    assert finder.sides_px == [1200, 4800]
    assert 60 < portrait.face.eye_distance_px < 90


def test_a_photo_that_comes_whole_is_looked_at_once(finder: Watched) -> None:
    assert read(encode(face_photo(), "PNG"), finder).full_size == (640, 640)
    with pytest.raises(FaceNotFoundError):
        read(encode(np.full((2000, 1900, 3), 90, np.uint8), "JPEG"), finder)
    assert finder.sides_px == [640, 2000]


@pytest.mark.parametrize(("kind", "side_px"), [("PNG", 640), ("JPEG", 640), ("JPEG", 2600)])
def test_a_file_is_opened_once(
    finder: Watched, monkeypatch: pytest.MonkeyPatch, kind: str, side_px: int
) -> None:
    # Pillow decodes a PNG for its EXIF, which may stand behind the pixels.
    data = encode(head(side_px), kind)
    opened: list[object] = []
    open_image = Image.open

    def watched(*args: Any, **options: Any) -> Image.Image:
        opened.append(args)
        return open_image(*args, **options)

    monkeypatch.setattr("backend.vision.photo.Image.open", watched)
    assert read(data, finder).full_size == (side_px, side_px)
    assert len(opened) == 1


def test_both_looks_count_towards_their_stages(locator: LandmarkLocator) -> None:
    told: list[Stage] = []
    data = encode(np.full((3000, 3000, 3), 90, np.uint8), "JPEG")
    with pytest.raises(FaceNotFoundError):
        read_portrait(
            data,
            FaceFinder(locator),
            max_pixels=MAX_PIXELS,
            stopwatch=Stopwatch(told.append),
        )
    assert told == [Stage.DECODE, Stage.DETECT] * 2
