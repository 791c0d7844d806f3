"""The aligned crop and the smaller copies it is cut from."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from backend.vision.geometry import (
    Photo,
    align,
    eye_positions,
    shrink,
    transform_points,
)

SIDE_PX = 64


def _slope(width: int, height: int) -> Photo:
    """Red rises to the right by one a pixel, green downwards by one: a pixel tells its place."""
    y, x = np.mgrid[:height, :width]
    return np.stack([x, y, np.zeros_like(x)], axis=2).astype(np.uint8)


@pytest.mark.parametrize("factor", [1.0, 1.3, 2.0, 3.7, 8.0, 13.9])
def test_a_smaller_copy_shows_the_photos_mean_at_the_place_its_factors_say(factor: float) -> None:
    copy, factors = shrink(_slope(251, 243), factor)
    assert factors == pytest.approx([factor, factor], rel=0.1)
    y, x = np.mgrid[: copy.shape[0], : copy.shape[1]]
    # Half a grey level is lost by rounding at each of up to three halvings and at the rest.
    np.testing.assert_allclose(copy[..., 0], (x + 0.5) * factors[0] - 0.5, atol=1.7)
    np.testing.assert_allclose(copy[..., 1], (y + 0.5) * factors[1] - 0.5, atol=1.7)


@pytest.mark.parametrize("factor", [2.0, 5.5, 400.0])
def test_a_copy_of_a_tiny_photo_keeps_at_least_one_pixel(factor: float) -> None:
    copy, _ = shrink(np.full((3, 1, 3), 77, np.uint8), factor)
    assert min(copy.shape[:2]) == 1
    assert (copy == 77).all()


@pytest.mark.parametrize("distance_px", [30.0, 46.0, 61.0, 90.0])
@pytest.mark.parametrize("tilt_deg", [0.0, 20.0])
def test_a_crop_shows_what_lies_at_its_places_in_the_photo_at_every_scale(
    distance_px: float, tilt_deg: float
) -> None:
    photo = _slope(251, 243)
    turn = np.radians(tilt_deg)
    half = distance_px / 2 * np.array([np.cos(turn), np.sin(turn)])
    middle = np.array([120.0, 110.0])
    crop = align(photo, left_eye=middle - half, right_eye=middle + half, side_px=SIDE_PX)
    y, x = np.mgrid[:SIDE_PX, :SIDE_PX]
    places = transform_points(np.stack([x, y], axis=-1).reshape(-1, 2), crop.to_photo)
    # Away from the photo's border, which is repeated outside it.
    inside = ((places > 8) & (places < (242, 234))).all(axis=1)
    assert inside.mean() > 0.6
    shown = crop.pixels.reshape(-1, 3)[inside]
    np.testing.assert_allclose(shown[:, :2], places[inside], atol=2.0)


def test_only_the_needed_part_of_a_large_photo_is_read() -> None:
    large = np.zeros((1200, 1600, 3), np.uint8)
    large[300:900, 500:1100] = np.random.default_rng(3).integers(0, 256, (600, 600, 3))
    eyes = np.array([(750.0, 560.0), (830.0, 566.0)])
    crop = align(large, left_eye=eyes[0], right_eye=eyes[1], side_px=SIDE_PX)
    # The same face in a photo without its surroundings gives the same crop.
    alone = align(
        large[300:900, 500:1100],
        left_eye=eyes[0] - (500, 300),
        right_eye=eyes[1] - (500, 300),
        side_px=SIDE_PX,
    )
    np.testing.assert_array_equal(crop.pixels, alone.pixels)


def test_fine_texture_is_averaged_and_not_skipped() -> None:
    chequers = np.indices((800, 800)).sum(axis=0) % 2 * 255
    photo = np.repeat(chequers[..., None], 3, axis=2).astype(np.uint8)
    crop = align(photo, left_eye=(300, 380), right_eye=(500, 380), side_px=SIDE_PX)
    assert np.abs(crop.pixels.astype(int) - 128).max() <= 3


def test_a_face_at_the_edge_repeats_the_photos_border() -> None:
    photo = np.full((200, 200, 3), 90, np.uint8)
    crop = align(photo, left_eye=(150, 20), right_eye=(210, 20), side_px=SIDE_PX)
    assert (crop.pixels == 90).all()


def test_the_eyes_lie_where_the_crop_wants_them() -> None:
    photo = np.zeros((400, 400, 3), np.uint8)
    eyes = np.array([(150.0, 200.0), (250.0, 210.0)])
    for x, y in eyes:
        cv2.circle(photo, (round(x), round(y)), 6, (255, 255, 255), -1)
    crop = align(photo, left_eye=eyes[0], right_eye=eyes[1], side_px=SIDE_PX)
    for x, y in eye_positions(SIDE_PX):
        assert crop.pixels[round(y), round(x)].min() > 200
