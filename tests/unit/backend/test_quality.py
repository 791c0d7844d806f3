"""The three checks of a photo: their measures, limits, verdict and score."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from backend.vision.quality import (
    BRIGHTNESS,
    DARKNESS,
    FACE_SIZE,
    SHARPNESS,
    Advice,
    Check,
    Finding,
    Quality,
    Severity,
    Verdict,
    assess,
    judge,
    sharpness,
    skin_brightness,
    summarise,
)
from tests.support.photos import Pixels


def grey_with_detail(level: int = 128, amplitude: int = 30) -> Pixels:
    """A crop with structure at every scale, RGB uint8 (512, 512, 3)."""
    generator = np.random.default_rng(7)
    layers = [
        cv2.resize(generator.normal(0, 1, (side, side)), (512, 512), interpolation=cv2.INTER_CUBIC)
        for side in (32, 128, 512)
    ]
    grey = np.clip(level + amplitude * np.sum(layers, axis=0) / 3, 0, 255).astype(np.uint8)
    return np.asarray(np.stack([grey] * 3, axis=-1))


def finding(quality: Quality, check: Check) -> Finding:
    """The finding of one check."""
    return next(one for one in quality.findings if one.check is check)


def test_skin_brightness_of_an_even_crop_is_its_grey_value() -> None:
    assert skin_brightness(np.full((512, 512), 93, np.uint8)) == 93.0


def test_skin_brightness_ignores_the_background() -> None:
    grey = np.zeros((100, 100), np.uint8)
    grey[20:70, 20:80] = 150
    assert skin_brightness(grey) == 150.0


def test_a_crop_of_one_colour_has_no_sharpness() -> None:
    assert sharpness(np.full((512, 512), 128, np.uint8)) == 0.0


def test_blur_lowers_sharpness_and_contrast_does_not_change_it() -> None:
    grey = grey_with_detail()[:, :, 0]
    flat = (grey // 2 + 40).astype(np.uint8)
    blurred = np.asarray(cv2.GaussianBlur(grey, (0, 0), 3), np.uint8)
    assert sharpness(flat) == pytest.approx(sharpness(grey), rel=0.03)
    assert sharpness(blurred) < 0.3 * sharpness(grey)


@pytest.mark.parametrize(
    ("value", "severity", "share"),
    [
        (28.0, Severity.SERIOUS, 0.0),
        (44.0, Severity.SERIOUS, 0.25),
        (60.0, Severity.WARNING, 0.5),
        (92.0, Severity.OK, 0.8),
        (138.0, Severity.OK, 0.9),
        (184.0, Severity.OK, 1.0),
        (999.0, Severity.OK, 1.0),
    ],
)
def test_eye_distance_is_judged_by_its_limits(
    value: float, severity: Severity, share: float
) -> None:
    found = judge(Check.FACE_SIZE, value, FACE_SIZE, Advice.MOVE_CLOSER)
    assert (found.severity, found.limit) == (severity, 92.0)
    assert found.share == pytest.approx(share)
    assert found.advice == (None if severity is Severity.OK else Advice.MOVE_CLOSER)


def test_a_falling_limit_is_judged_from_above() -> None:
    assert judge(Check.BRIGHTNESS, 250, BRIGHTNESS, Advice.LESS_LIGHT).severity is Severity.SERIOUS
    assert judge(Check.BRIGHTNESS, 230, BRIGHTNESS, Advice.LESS_LIGHT).severity is Severity.WARNING
    assert judge(Check.BRIGHTNESS, 205, BRIGHTNESS, Advice.LESS_LIGHT).share == 1.0


def test_dark_skin_in_good_light_is_no_dark_photo() -> None:
    found = judge(Check.BRIGHTNESS, 87, DARKNESS, Advice.MORE_LIGHT)
    assert (found.severity, found.share) == (Severity.OK, 1.0)


def test_a_good_crop_is_good() -> None:
    quality = assess(grey_with_detail(), eye_distance_px=184)
    assert quality.verdict is Verdict.GOOD
    assert quality.score >= 80
    assert [one.check for one in quality.findings] == list(Check)


@pytest.mark.parametrize(("level", "advice"), [(20, Advice.MORE_LIGHT), (250, Advice.LESS_LIGHT)])
def test_a_badly_lit_crop_should_be_taken_again(level: int, advice: Advice) -> None:
    quality = assess(grey_with_detail(level=level, amplitude=5), eye_distance_px=184)
    assert quality.verdict is Verdict.RETAKE
    assert finding(quality, Check.BRIGHTNESS).advice is advice


def test_a_blurred_crop_should_be_taken_again() -> None:
    crop = np.asarray(cv2.GaussianBlur(grey_with_detail(), (0, 0), 6), np.uint8)
    quality = assess(crop, eye_distance_px=184)
    assert quality.verdict is Verdict.RETAKE
    assert finding(quality, Check.SHARPNESS).advice is Advice.HOLD_STILL


def test_the_worst_finding_decides() -> None:
    small = judge(Check.FACE_SIZE, 76.0, FACE_SIZE, Advice.MOVE_CLOSER)
    sharp = judge(Check.SHARPNESS, 0.3, SHARPNESS, Advice.HOLD_STILL)
    assert summarise((sharp, small)) == Quality(Verdict.USABLE, 65, (sharp, small))
