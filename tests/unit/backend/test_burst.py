"""Which of several photos of one moment is shown."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageFilter

from backend.vision.burst import Frame, best_first
from backend.vision.face import Face
from backend.vision.geometry import Photo
from backend.vision.portrait import Portrait
from backend.vision.prediction import Analyser
from tests.support.photos import face_photo


@pytest.fixture(scope="module")
def face(tiny_models: Path) -> Face:
    """The face in the test photo."""
    return Analyser.load(tiny_models).analyse(face_photo()).face


def portrait(photo: Photo, face: Face) -> Portrait:
    return Portrait(photo, face, (photo.shape[1], photo.shape[0]))


def blurred(radius_px: float) -> Photo:
    soft = Image.fromarray(face_photo()).filter(ImageFilter.GaussianBlur(radius_px))
    return np.asarray(soft, np.uint8)


@pytest.mark.parametrize("place", [0, 1, 2])
def test_the_sharpest_is_shown_wherever_it_stands(face: Face, place: int) -> None:
    photos = [blurred(1.2), blurred(1.5)]
    photos.insert(place, face_photo())
    frames = [Frame.measured(portrait(photo, face)) for photo in photos]
    burst = best_first(frames)
    assert burst.best is frames[place]
    assert [crop.shape for crop in burst.beside] == [(512, 512, 3)] * 2


def test_what_is_better_taken_again_counts_only_among_its_like(face: Face) -> None:
    sharp, soft, shaken, worse = (
        Frame.measured(portrait(photo, face))
        for photo in (face_photo(), blurred(1.2), blurred(4), blurred(8))
    )
    burst = best_first([worse, soft, shaken, sharp])
    assert burst.best is sharp
    assert [id(crop) for crop in burst.beside] == [id(soft.aligned.graded)]
    assert burst.count == 2
    assert best_first([worse, soft]).beside == ()
    assert best_first([worse, shaken]).count == 2


def test_one_photo_has_none_beside_it(face: Face) -> None:
    burst = best_first([Frame.of(portrait(face_photo(), face))])
    assert burst.beside == ()
