"""The checks of a photo: limits, verdict and score, and whither each advice points."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from backend.vision.quality import (
    Advice,
    Finding,
    Quality,
    Severity,
    Verdict,
    assess,
    judge,
    summarise,
    value_of,
)
from backend.vision.quality_limits import LIMITS, Check, Limits, Preset
from tests.support.captures import GOOD

SIZE = Limits(serious=60.0, warning=92.0, ideal=184.0)


def finding(quality: Quality, check: Check) -> Finding:
    """The finding of one check."""
    return next(one for one in quality.findings if one.check is check)


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
def test_a_rising_value_is_judged_by_its_limits(
    value: float, severity: Severity, share: float
) -> None:
    found = judge(Check.FACE_SIZE, value, SIZE, Advice.MOVE_CLOSER)
    assert (found.severity, found.limit) == (severity, 92.0)
    assert found.share == pytest.approx(share)
    assert found.advice == (None if severity is Severity.OK else Advice.MOVE_CLOSER)


@pytest.mark.parametrize(
    ("value", "severity"),
    [(0.0, Severity.OK), (10.0, Severity.OK), (15.0, Severity.WARNING), (25.0, Severity.SERIOUS)],
)
def test_a_falling_value_is_judged_from_above(value: float, severity: Severity) -> None:
    limits = Limits(serious=20.0, warning=10.0, ideal=0.0)
    assert judge(Check.YAW, value, limits, Advice.TURN_LEFT).severity is severity


def test_a_good_photo_is_good_whatever_the_preset() -> None:
    for preset in Preset:
        quality = assess(GOOD, preset)
        assert quality.verdict is Verdict.GOOD
        assert [one.check for one in quality.findings] == list(Check)


@pytest.mark.parametrize(
    ("changes", "check", "advice"),
    [
        ({"eye_distance_px": 41.0}, Check.FACE_SIZE, Advice.MOVE_CLOSER),
        ({"outside": 0.5}, Check.CUT_OFF, Advice.WHOLE_FACE),
        # The nose points towards the image's right, which is the person's left.
        ({"yaw_deg": 60.0}, Check.YAW, Advice.TURN_RIGHT),
        ({"yaw_deg": -60.0}, Check.YAW, Advice.TURN_LEFT),
        ({"pitch_deg": 60.0}, Check.PITCH, Advice.CHIN_UP),
        ({"pitch_deg": -60.0}, Check.PITCH, Advice.CHIN_DOWN),
        ({"roll_deg": 80.0}, Check.ROLL, Advice.TILT_RIGHT),
        ({"roll_deg": -80.0}, Check.ROLL, Advice.TILT_LEFT),
        ({"eyes_open": 0.0}, Check.EYES, Advice.OPEN_EYES),
        ({"focus": -9.0}, Check.SHARPNESS, Advice.HOLD_STILL),
        ({"eye_white": 5.0}, Check.DARKNESS, Advice.MORE_LIGHT),
        ({"clipped": 2.0}, Check.OVEREXPOSURE, Advice.LESS_LIGHT),
        ({"unevenness": 9.0, "brighter": (2, 0.1)}, Check.UNEVEN_LIGHT, Advice.LIGHT_FROM_LEFT),
        ({"unevenness": 9.0, "brighter": (-2, 0.1)}, Check.UNEVEN_LIGHT, Advice.LIGHT_FROM_RIGHT),
        ({"unevenness": 9.0, "brighter": (0.1, 2)}, Check.UNEVEN_LIGHT, Advice.LIGHT_FROM_BELOW),
        ({"unevenness": 9.0, "brighter": (0.1, -2)}, Check.UNEVEN_LIGHT, Advice.LIGHT_FROM_ABOVE),
        ({"tint": 5.0}, Check.COLOUR_CAST, Advice.WHITE_LIGHT),
        ({"covered": 2.0}, Check.COVERED, Advice.UNCOVER),
        ({"texture": -9.0}, Check.SMOOTHING, Advice.NO_FILTER),
        ({"blocks": 50.0}, Check.COMPRESSION, Advice.ORIGINAL_FILE),
    ],
)
def test_what_is_wrong_is_named_with_what_to_do(
    changes: dict[str, Any], check: Check, advice: Advice
) -> None:
    quality = assess(replace(GOOD, **changes))
    assert finding(quality, check).advice is advice
    assert quality.verdict is not Verdict.GOOD
    assert [one.check for one in quality.findings if one.advice] == [check]


def test_a_blurred_photo_is_not_told_to_open_its_eyes() -> None:
    quality = assess(replace(GOOD, focus=-9.0, eyes_open=0.0, texture=-9.0))
    assert [one.advice for one in quality.findings if one.advice] == [Advice.HOLD_STILL]
    assert finding(quality, Check.EYES).severity is Severity.SERIOUS


@pytest.mark.parametrize("check", list(Check))
def test_a_stricter_preset_asks_for_no_less(check: Check) -> None:
    asked = [LIMITS[preset][check] for preset in (Preset.STRICT, Preset.NORMAL, Preset.RELAXED)]
    towards = 1 if asked[0].ideal > asked[0].serious else -1
    for limit in ("serious", "warning"):
        values = [towards * getattr(limits, limit) for limits in asked]
        assert values == sorted(values, reverse=True)
    for limits in asked:
        assert towards * limits.serious < towards * limits.warning <= towards * limits.ideal


def test_every_check_looks_at_a_number() -> None:
    assert all(isinstance(value_of(GOOD, check), float) for check in Check)


def test_the_worst_finding_decides() -> None:
    small = judge(Check.FACE_SIZE, 76.0, SIZE, Advice.MOVE_CLOSER)
    large = judge(Check.FACE_SIZE, 184.0, SIZE, Advice.MOVE_CLOSER)
    assert summarise((large, small)) == Quality(Verdict.USABLE, 65, (large, small))
