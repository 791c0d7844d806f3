from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
import torch

from backend.vision.geometry import CROP_SIDE_PX, EYE_HEIGHT
from backend.vision.photo import decode_photo
from backend.vision.preprocess import InputSpec
from backend.vocabulary import Attribute
from baseline.crops import CropCache, CropDataset, canonical_crop
from baseline.dataset import (
    LabelInvalidError,
    keep_apart,
    read_folder,
    read_label,
    read_photo,
)
from tests.support.photos import display_p3_profile, encode

RATED = {"part": 0, "oil": 2, "sensitive": 1, "pigmentation": 0, "wrinkle": 4, "hydration": -2}


def _write(folder: Path, stem: str = "a", **changes: Any) -> Path:
    picture = np.zeros((200, 200, 3), np.uint8)
    picture[:, 100:] = 255
    cv2.imwrite(str(folder / f"{stem}.png"), picture)
    path = folder / f"{stem}.json"
    path.write_text(json.dumps({"file_name": f"{stem}.png", **RATED, **changes}))
    return path


def test_a_rating_below_0_is_left_out_for_that_attribute(tmp_path: Path) -> None:
    grades = read_label(_write(tmp_path)).grades
    assert grades == {
        Attribute.OIL: 2,
        Attribute.SENSITIVITY: 1,
        Attribute.PIGMENTATION: 0,
        Attribute.WRINKLE: 4,
    }


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("not json", "expected a label file"),
        ("[]", "expected a label file"),
        (json.dumps({"file_name": "a.png", "part": 0}), "'oil'"),
        (json.dumps({"file_name": "a.png", **RATED, "oil": 5}), "'oil': 5"),
        (json.dumps({"file_name": "gone.png", **RATED}), "gone.png is missing"),
        (json.dumps({"file_name": "a.png", **RATED, "eyes": [[1, 2]]}), "two eye centres"),
    ],
)
def test_a_broken_label_is_named_with_what_is_wrong(
    tmp_path: Path, text: str, complaint: str
) -> None:
    path = _write(tmp_path)
    path.write_text(text)
    with pytest.raises(LabelInvalidError, match=complaint) as caught:
        read_label(path)
    assert "a.json" in str(caught.value)


def test_an_unreadable_image_is_named(tmp_path: Path) -> None:
    labelled = read_label(_write(tmp_path))
    labelled.path.write_bytes(b"not a picture")
    with pytest.raises(LabelInvalidError, match=r"a\.png"):
        canonical_crop(labelled)


@pytest.mark.parametrize("name", ["JPEG", "HEIF", "PNG"])
def test_a_photo_is_read_as_the_server_reads_it(tmp_path: Path, name: str) -> None:
    colours = np.full((200, 200, 3), (201, 130, 110), np.uint8)
    file = encode(colours, name, icc_profile=display_p3_profile())
    labelled = read_label(_write(tmp_path))
    labelled.path.write_bytes(file)
    served = decode_photo(file)
    # Wider primaries: the same numbers are a stronger red.
    assert served[0, 0, 0] > 205
    np.testing.assert_array_equal(read_photo(labelled.path), served)
    np.testing.assert_array_equal(canonical_crop(labelled)[256, 256], served[100, 100])


def test_the_eyes_of_a_large_photo_are_where_its_label_says(tmp_path: Path) -> None:
    picture = np.zeros((5200, 5200, 3), np.uint8)
    picture[2000:2400, 1800:3400] = 255
    labelled = read_label(_write(tmp_path, eyes=[[1800, 2200], [3400, 2200]]))
    labelled.path.write_bytes(encode(picture, "JPEG"))
    crop = canonical_crop(labelled)
    level = crop[round(EYE_HEIGHT * CROP_SIDE_PX)]
    assert level[170:340].min() > 200
    assert level[:155].max() < 50
    assert level[360:].max() < 50


def test_half_a_photo_is_named(tmp_path: Path) -> None:
    labelled = read_label(_write(tmp_path))
    whole = labelled.path.read_bytes()
    labelled.path.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(LabelInvalidError, match=r"a\.png is not a readable picture"):
        canonical_crop(labelled)


def test_nobody_may_be_learned_and_held_out(tmp_path: Path) -> None:
    for stem, parents in (("a", ["1", "2"]), ("b", ["2"]), ("c", ["3"]), ("d", [])):
        _write(tmp_path, stem, parents=parents)
    a, b, c, d = read_folder(tmp_path)
    keep_apart([a, d], [c, d])
    with pytest.raises(LabelInvalidError, match=r"2 \(1 in all\).*a\.png"):
        keep_apart([a, c], [b])


def test_an_empty_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(LabelInvalidError, match="expected label files"):
        read_folder(tmp_path)


def test_known_eyes_align_the_crop_as_the_server_does(tmp_path: Path) -> None:
    # Eyes 72 px apart around x = 100 make a crop 200 px wide whose middle column is x = 100.
    crop = canonical_crop(read_label(_write(tmp_path, eyes=[[64, 84], [136, 84]])))
    assert crop.shape == (512, 512, 3)
    assert crop[:, :250].max() == 0
    assert crop[:, 262:].min() == 255


def test_a_region_photo_is_only_resized(tmp_path: Path) -> None:
    crop = canonical_crop(read_label(_write(tmp_path, part=3)))
    assert crop.shape == (512, 512, 3)


def test_items_are_tensors_with_minus_1_where_nobody_rated(tmp_path: Path) -> None:
    _write(tmp_path)
    samples = read_folder(tmp_path)
    crops = CropCache(samples, tmp_path / "cache")
    image, targets = CropDataset(samples, crops, InputSpec(64))[0]
    assert image.shape == (3, 64, 64)
    assert image.dtype == torch.float32
    # White is 1, black is -1 under a mean and deviation of one half.
    assert image.min().item() == -1
    assert image.max().item() == 1
    assert targets.tolist() == [2, -1, 4, 0, 1]


def test_a_severity_is_the_target_where_the_label_tells_it(tmp_path: Path) -> None:
    amounts = {"oil": 2.4, "hydration": 1.0, "wrinkle": 3.6, "pigmentation": 0.2, "sensitive": 1.1}
    _write(tmp_path, severity=amounts)
    samples = read_folder(tmp_path)
    crops = CropCache(samples, tmp_path / "cache")
    dataset = CropDataset(samples, crops, InputSpec(64))
    # Hydration was not rated; its severity is not used either.
    torch.testing.assert_close(dataset[0][1], torch.tensor([2.4, -1.0, 3.6, 0.2, 1.1]))
    grades_alone = CropDataset(samples, crops, InputSpec(64), severities=False)
    assert grades_alone[0][1].tolist() == [2, -1, 4, 0, 1]


def test_the_cache_is_made_once_and_anew_when_a_photo_changes(tmp_path: Path) -> None:
    _write(tmp_path)
    cache = tmp_path / "cache"
    CropCache(read_folder(tmp_path), cache)
    CropCache(read_folder(tmp_path), cache)
    assert len(list(cache.glob("*.npy"))) == 1
    picture = np.full((200, 200, 3), 7, np.uint8)
    cv2.imwrite(str(tmp_path / "a.png"), picture)
    assert CropCache(read_folder(tmp_path), cache)[0].max() == 7


def test_two_trainings_that_want_one_cache_at_once_both_get_it(tmp_path: Path) -> None:
    for stem in "abcdefgh":
        _write(tmp_path, stem)
    samples = read_folder(tmp_path)
    with ThreadPoolExecutor(4) as pool:
        caches = list(pool.map(lambda _: CropCache(samples, tmp_path / "cache"), range(4)))
    assert [cache[7].max() for cache in caches] == [255] * 4
    assert len(list((tmp_path / "cache").glob("*.npy"))) == 1
