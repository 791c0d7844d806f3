"""What changes a photo without changing the skin, and the truth that comes with the photo."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from backend.vocabulary import Attribute
from baseline.synthetic.canvas import Canvas
from baseline.synthetic.nuisance import EVERY_NUISANCE, SHARES, WORN, Circumstances, Nuisance
from baseline.synthetic.parts import Part, cut
from baseline.synthetic.severity import clear
from baseline.synthetic.simulator import Simulated, photograph

CLEAR = {attribute: clear(attribute) for attribute in Attribute}
SPOTTED = {**CLEAR, Attribute.PIGMENTATION: 3.0, Attribute.OIL: 2.0}


def _photo(canvas: Canvas, seed: int, allowed: frozenset[Nuisance]) -> Simulated:
    return photograph(canvas, SPOTTED, 9, Circumstances(seed, allowed))


def _seed_of(nuisance: Nuisance) -> int:
    return next(seed for seed in range(300) if Circumstances(seed).draw(nuisance) is not None)


def test_every_nuisance_has_a_share() -> None:
    assert set(SHARES) == set(Nuisance)
    assert all(0 < share <= 1 for share in SHARES.values())


@pytest.mark.parametrize("nuisance", list(Nuisance))
def test_each_changes_the_photo_and_can_be_switched_off(canvas: Canvas, nuisance: Nuisance) -> None:
    seeds = [s for s in range(300) if Circumstances(s).draw(nuisance) is not None][:3]
    changed = []
    for seed in seeds:
        calm = _photo(canvas, seed, frozenset()).photo
        disturbed = _photo(canvas, seed, frozenset({nuisance})).photo
        changed.append(calm.shape != disturbed.shape or bool((calm != disturbed).any()))
    # A head turn may be none and a smaller size the same; not three times in a row.
    assert any(changed)
    np.testing.assert_array_equal(calm, _photo(canvas, seed, frozenset()).photo)


def test_one_nuisance_does_not_stir_the_others() -> None:
    with_all = Circumstances(4).draw(Nuisance.CAMERA_NOISE)
    alone = Circumstances(4, frozenset({Nuisance.CAMERA_NOISE})).draw(Nuisance.CAMERA_NOISE)
    assert with_all is not None
    assert alone is not None
    assert with_all.random() == alone.random()


def test_a_face_keeps_what_it_wears_from_photo_to_photo() -> None:
    first, second = Circumstances(4, worn=1), Circumstances(5, worn=1)
    for nuisance in Nuisance:
        drawn = [each.draw(nuisance) for each in (first, second)]
        numbers = [None if one is None else one.random() for one in drawn]
        assert (numbers[0] == numbers[1]) == (nuisance in WORN or numbers == [None, None])


def test_frames_of_one_moment_differ_by_a_little_movement_and_new_noise(canvas: Canvas) -> None:
    seed = _seed_of(Nuisance.CAMERA_NOISE)

    def taken(frame: int, *allowed: Nuisance, shot: int = seed) -> Simulated:
        return photograph(canvas, SPOTTED, 9, Circumstances(shot, allowed, frame=frame))

    noisy = [taken(frame, Nuisance.CAMERA_NOISE).photo.astype(int) for frame in range(3)]
    np.testing.assert_array_equal(noisy[0], taken(0, Nuisance.CAMERA_NOISE).photo)
    spreads = [np.std(noisy[one] - noisy[other]) for one, other in ((0, 1), (0, 2), (1, 2))]
    assert min(spreads) > 0
    # The sensor is as noisy in each.
    assert max(spreads) < 1.1 * min(spreads)

    moving = (Nuisance.FRAMING, Nuisance.HEAD_TURN)
    first = taken(0, *moving).landmarks
    unit = np.linalg.norm(first[1] - first[0])
    moved = np.linalg.norm(taken(1, *moving).landmarks - first, axis=1).max() / unit
    elsewhere = np.linalg.norm(taken(0, *moving, shot=seed + 1).landmarks - first, axis=1).max()
    assert 0.002 < moved < 0.15
    assert moved < elsewhere / unit
    one, other = (taken(frame, Nuisance.LIGHT_DIRECTION, Nuisance.MOLES) for frame in range(2))
    np.testing.assert_array_equal(one.photo, other.photo)


def test_the_grades_are_those_of_the_skin_whatever_the_circumstances(canvas: Canvas) -> None:
    calm = EVERY_NUISANCE - {Nuisance.EXPRESSION}
    photos = [_photo(canvas, seed, calm) for seed in range(4)]
    assert all(photo.severities == SPOTTED for photo in photos)


def test_a_smile_is_told_in_the_wrinkles_alone(canvas: Canvas) -> None:
    seed = _seed_of(Nuisance.EXPRESSION)
    smiling = _photo(canvas, seed, frozenset({Nuisance.EXPRESSION})).severities
    assert smiling[Attribute.WRINKLE] > 0
    assert {a: s for a, s in smiling.items() if a is not Attribute.WRINKLE} == {
        a: s for a, s in SPOTTED.items() if a is not Attribute.WRINKLE
    }


def test_landmarks_and_masks_move_with_the_face(canvas: Canvas) -> None:
    seed = _seed_of(Nuisance.HEAD_TURN)
    moved = frozenset({Nuisance.HEAD_TURN, Nuisance.FRAMING})
    still, turned = _photo(canvas, seed, frozenset()), _photo(canvas, seed, moved)
    np.testing.assert_allclose(still.landmarks, canvas.anatomy.points, atol=0.1)
    assert np.abs(turned.landmarks - still.landmarks).max() > 2
    # Where the spots went is where they are seen: an affine through the cheeks and eyes tells.
    anchors = [0, 1, 165, 168, 54]
    affine, _ = cv2.estimateAffine2D(still.landmarks[anchors], turned.landmarks[anchors])
    side = still.photo.shape[0]
    expected = cv2.warpAffine(still.masks[Attribute.PIGMENTATION], affine, (side, side))
    found = turned.masks[Attribute.PIGMENTATION]
    one, other = (cv2.GaussianBlur(mask, (0, 0), 4).ravel() for mask in (expected, found))
    assert np.corrcoef(one, other)[0, 1] > 0.8


def test_glasses_hide_what_is_behind_their_frame(canvas: Canvas) -> None:
    seed = _seed_of(Nuisance.GLASSES)
    bare = _photo(canvas, seed, frozenset())
    worn = _photo(canvas, seed, frozenset({Nuisance.GLASSES}))
    hidden = np.abs(worn.photo.astype(int) - bare.photo).max(axis=2) > 80
    assert hidden.any()
    for attribute in Attribute:
        assert worn.masks[attribute][hidden].max() < 0.05


@pytest.mark.parametrize("part", [Part.FOREHEAD, Part.CHEEK, Part.CHIN_AND_LIPS])
def test_a_part_is_cut_with_its_masks(canvas: Canvas, part: Part) -> None:
    whole = _photo(canvas, 1, frozenset())
    piece = cut(whole, part)
    height, width = piece.photo.shape[:2]
    assert height == width < whole.photo.shape[0]
    assert all(mask.shape == (height, width) for mask in piece.masks.values())
    shift = whole.landmarks[0] - piece.landmarks[0]
    left, top = np.round(shift).astype(int)
    np.testing.assert_array_equal(piece.photo, whole.photo[top : top + height, left : left + width])
