"""The app compares visits by the limits that were measured."""

from __future__ import annotations

import math
from dataclasses import fields

from backend.api.schemas import CaptureOut
from backend.vision.portrait import ENOUGH_PX
from baseline.gate import pairs
from frontend import comparable
from frontend.circumstances import Circumstances
from frontend.comparable import LIMITS


def test_the_limits_are_those_of_the_measurement() -> None:
    assert {name: (each.care, each.never) for name, each in LIMITS.items()} == pairs.LIMITS


def test_both_call_the_same_number_of_pixels_enough() -> None:
    assert math.isclose(comparable.ENOUGH_PX, ENOUGH_PX)


def test_the_app_asks_for_nothing_that_the_server_does_not_tell() -> None:
    assert {field.name for field in fields(Circumstances)} <= set(CaptureOut.model_fields)
