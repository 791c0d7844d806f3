"""Regions, the skin mask and the depth of the mean head."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from backend.vision import head
from backend.vision.landmarks import LandmarkLocator
from backend.vision.pose import head_pose
from backend.vision.regions import EYE_CENTRES, LIPS, Region, fill, outline_of, region_masks
from backend.vision.skin_mask import drawn_skin, hidden, skin_mask

SIDE_PX = 256


def test_no_pixel_is_in_two_regions_and_each_region_has_some(
    sample: tuple[np.ndarray, np.ndarray],
) -> None:
    _, landmarks = sample
    masks = region_masks(landmarks, side_px=SIDE_PX)
    assert set(masks) == set(Region)
    assert np.sum(list(masks.values()), axis=0).max() == 1
    assert min(mask.sum() for mask in masks.values()) > 0.002 * SIDE_PX**2


def test_left_is_the_persons_own_left(sample: tuple[np.ndarray, np.ndarray]) -> None:
    _, landmarks = sample
    masks = region_masks(landmarks, side_px=SIDE_PX)
    columns = {region: np.nonzero(mask)[1].mean() for region, mask in masks.items()}
    assert columns[Region.CHEEK_LEFT] > SIDE_PX / 2 > columns[Region.CHEEK_RIGHT]
    assert columns[Region.UNDER_EYE_LEFT] > SIDE_PX / 2 > columns[Region.UNDER_EYE_RIGHT]


def test_the_glabella_reaches_a_quarter_of_the_eye_distance_above_the_brows() -> None:
    landmarks = np.zeros((189, 2))
    landmarks[[0, 1]] = (-50, 0), (50, 0)
    landmarks[[76, 77]] = (-15, -30), (15, -30)
    outline = outline_of(Region.GLABELLA, landmarks)
    assert outline[:, 1].min() == -55.0


def test_regions_far_outside_the_square_are_empty(sample: tuple[np.ndarray, np.ndarray]) -> None:
    _, landmarks = sample
    masks = region_masks(landmarks + 10_000, side_px=SIDE_PX)
    assert not any(mask.any() for mask in masks.values())


def test_eyes_and_lips_are_no_skin_and_cheeks_are(sample: tuple[np.ndarray, np.ndarray]) -> None:
    crop, landmarks = sample
    mask = skin_mask(crop, landmarks)
    assert mask.shape == (SIDE_PX, SIDE_PX)
    assert mask.dtype == np.float32
    for eye in landmarks[list(EYE_CENTRES)]:
        assert mask[round(eye[1]), round(eye[0])] < 0.02
    lips = np.zeros(mask.shape, np.uint8)
    fill(lips, landmarks[list(LIPS)], value=1)
    assert mask[lips == 1].mean() < 0.05
    regions = region_masks(landmarks, side_px=SIDE_PX)
    assert mask[regions[Region.CHEEK_LEFT]].mean() > 0.9


def test_a_dark_frame_of_glasses_is_hidden_skin_and_a_mole_is_not(
    sample: tuple[np.ndarray, np.ndarray],
) -> None:
    crop, landmarks = sample
    unit = float(np.hypot(*(landmarks[1] - landmarks[0])))
    worn = crop.copy()
    frame = np.zeros(crop.shape[:2], np.uint8)
    for eye in landmarks[list(EYE_CENTRES)]:
        centre = (round(eye[0]), round(eye[1]))
        cv2.circle(frame, centre, round(0.36 * unit), 1, round(0.07 * unit))
    cheek = np.argwhere(region_masks(landmarks, side_px=SIDE_PX)[Region.CHEEK_LEFT]).mean(axis=0)
    mole = np.zeros_like(frame)
    cv2.circle(mole, (round(cheek[1]), round(cheek[0]) + 8), 3, 1, -1)
    worn[(frame | mole) == 1] = 12
    drawn = drawn_skin(landmarks, side_px=SIDE_PX)
    covered = hidden(worn, drawn, landmarks)
    assert covered[(frame == 1) & drawn].mean() > 0.95
    assert covered[(mole == 1) & (frame == 0)].max() < 0.05


@pytest.mark.parametrize("gain", [0.25, 0.6, 1.3])
def test_the_mask_hardly_depends_on_how_bright_the_photo_is(
    sample: tuple[np.ndarray, np.ndarray], gain: float
) -> None:
    crop, landmarks = sample
    changed = np.clip(crop * gain, 0, 255).astype(np.uint8)
    difference = np.abs(skin_mask(changed, landmarks) - skin_mask(crop, landmarks))
    assert difference.mean() < 0.01


def test_the_head_is_symmetric_and_its_nose_stands_out_most() -> None:
    places = np.stack(np.meshgrid(np.linspace(0, 1.2, 25), np.linspace(-1.2, 1.8, 61)), axis=-1)
    left, right = head.depth(places), head.depth(places * (-1, 1))
    np.testing.assert_allclose(left, right, atol=1e-3)
    row, column = np.unravel_index(left.argmax(), left.shape)
    assert places[row, column].tolist() == pytest.approx([0.0, 0.6], abs=0.06)


def test_a_tilted_head_has_its_tilt_for_a_roll(locator: LandmarkLocator) -> None:
    face, weights = locator.mean_face.level, locator.mean_face.pose_weights
    turn = head.rotation(roll_deg=10.0)[:2, :2]
    pose = head_pose(face @ turn.T * 60 + 100, mean_face=face, weights=weights)
    assert pose.roll_deg == pytest.approx(10.0, abs=1e-6)
    assert abs(pose.yaw_deg) + abs(pose.pitch_deg) < 1e-6
