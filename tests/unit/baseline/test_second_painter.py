"""The second painter: what it changes, where, and how agreement with the graders is counted."""

from __future__ import annotations

import json
from pathlib import Path

import cv2
import numpy as np
import pytest

from backend.vocabulary import GRADES, Attribute
from baseline.dataset import NOT_RATED, read_folder
from baseline.faces.photos import load_photo
from baseline.second_painter.__main__ import paint_folder
from baseline.second_painter.agreement import Score, agree, rank_correlation
from baseline.second_painter.painter import grade_of, paint
from baseline.second_painter.portrait import Portrait

SIDE_PX = 300


@pytest.fixture(scope="module")
def portrait(faces_folder: Path) -> Portrait:
    photo = load_photo(faces_folder, "002", side_px=SIDE_PX)
    return Portrait.of(photo.pixels, photo.landmarks)


@pytest.mark.parametrize("attribute", list(Attribute))
def test_no_strength_leaves_the_photo_as_it_is(portrait: Portrait, attribute: Attribute) -> None:
    painted = paint(portrait, attribute, strength=0, seed=1)
    np.testing.assert_array_equal(painted.pixels, portrait.photo)
    assert not painted.mask.any()


@pytest.mark.parametrize("attribute", list(Attribute))
def test_a_stronger_sign_changes_the_photo_more(portrait: Portrait, attribute: Attribute) -> None:
    changes = [
        int(
            np.abs(
                paint(portrait, attribute, strength=strength, seed=1).pixels.astype(int)
                - portrait.photo
            ).sum()
        )
        for strength in GRADES
    ]
    assert changes == sorted(changes)
    assert changes[0] == 0 < changes[1]


@pytest.mark.parametrize("attribute", list(Attribute))
def test_the_mask_is_what_changed_and_lies_in_the_face(
    portrait: Portrait, attribute: Attribute
) -> None:
    painted = paint(portrait, attribute, strength=4, seed=1)
    np.testing.assert_array_equal(painted.mask, (painted.pixels != portrait.photo).any(axis=2))
    outside = np.ones(painted.mask.shape, bool)
    outside[portrait.rows, portrait.columns] = False
    assert not painted.mask[outside].any()


def test_a_seed_is_a_pattern(portrait: Portrait) -> None:
    first, again, other = (
        paint(portrait, Attribute.PIGMENTATION, strength=3, seed=seed).pixels for seed in (5, 5, 6)
    )
    np.testing.assert_array_equal(first, again)
    assert not np.array_equal(first, other)


def test_redness_is_red_and_dryness_is_pale(portrait: Portrait) -> None:
    def mean_change(attribute: Attribute) -> np.ndarray:
        painted = paint(portrait, attribute, strength=4, seed=1)
        change = painted.pixels.astype(float) - portrait.photo
        return np.asarray(change[painted.mask].mean(axis=0))

    red = mean_change(Attribute.SENSITIVITY)
    assert red[1] < red[0]
    assert red[2] < red[0]
    shine = mean_change(Attribute.OIL)
    assert (shine > 0).all()


def test_a_strength_beyond_four_is_refused(portrait: Portrait) -> None:
    with pytest.raises(ValueError, match="from 0 to 4"):
        paint(portrait, Attribute.OIL, strength=5, seed=1)


def test_a_folder_holds_photos_labels_and_masks(faces_folder: Path, tmp_path: Path) -> None:
    assert paint_folder(faces_folder, tmp_path, ["002"], seed=0, side_px=SIDE_PX) == 25
    samples = read_folder(tmp_path)
    assert len(samples) == 25
    assert all(len(sample.grades) == 1 for sample in samples)
    label = json.loads((tmp_path / "002_hydration_4.json").read_text())
    assert label["hydration"] == 0
    assert label["oil"] == NOT_RATED
    mask = cv2.imread(str(tmp_path / label["mask"]), cv2.IMREAD_UNCHANGED)
    assert mask is not None
    assert set(np.unique(mask)) == {0, 255}


def _scores(attribute: Attribute, scores: list[float], person: str) -> list[Score]:
    return [
        Score(person, attribute, strength, dict.fromkeys(Attribute, score))
        for strength, score in zip(GRADES, scores, strict=True)
    ]


def test_agreement_of_a_perfect_grader_is_one_in_both_directions() -> None:
    oil = _scores(Attribute.OIL, [0, 1, 2, 3, 4], "001")
    dry = _scores(Attribute.HYDRATION, [4, 3, 2, 1, 0], "001")
    assert agree(oil, Attribute.OIL).spearman == pytest.approx(1)
    assert agree(dry, Attribute.HYDRATION).spearman == pytest.approx(1)
    assert agree(dry, Attribute.HYDRATION).moved[Attribute.OIL] == -4


def test_people_of_other_natural_skin_are_told_apart_from_disagreement() -> None:
    rows = _scores(Attribute.OIL, [0, 0.125, 0.25, 0.375, 0.5], "001")
    rows += _scores(Attribute.OIL, [3, 3.125, 3.25, 3.375, 3.5], "002")
    found = agree(rows, Attribute.OIL)
    assert found.within_person == pytest.approx(1)
    assert found.added == pytest.approx(1)
    assert found.spearman < 0.6
    assert found.mean_scores[0] == pytest.approx(1.5)


def test_a_score_that_never_changes_agrees_with_nothing() -> None:
    assert rank_correlation([0, 1, 2], [1, 1, 1]) == 0
    with pytest.raises(ValueError, match="got none"):
        agree([], Attribute.OIL)


def test_dryness_of_four_is_hydration_of_none() -> None:
    assert grade_of(Attribute.HYDRATION, 4.0) == 0
