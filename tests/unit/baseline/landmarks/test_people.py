"""Who is in which split, and how their photos and points are read."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest

from baseline.faces.folder import FaceFile, FacesUnusableError
from baseline.faces.photos import load_photo
from baseline.splits import Split, people, split_of


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
