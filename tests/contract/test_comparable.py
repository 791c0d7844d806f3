"""The app compares visits by the limits that were measured."""

from __future__ import annotations

from dataclasses import fields

from backend.api.schemas import CaptureOut
from baseline.gate import pairs
from frontend.circumstances import Circumstances
from frontend.comparable import LIMITS


def test_the_limits_are_those_of_the_measurement() -> None:
    assert {name: (each.care, each.never) for name, each in LIMITS.items()} == pairs.LIMITS


def test_the_app_asks_for_nothing_that_the_server_does_not_tell() -> None:
    assert {field.name for field in fields(Circumstances)} <= set(CaptureOut.model_fields)
