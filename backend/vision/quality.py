"""Is this photo fit? Every check a number, a limit, a severity and an advice that says where to.

A photo that can be analysed is analysed whatever is found here; the verdict goes with the answer.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

import numpy as np

from backend.vision.capture import Capture
from backend.vision.quality_limits import LIMITS, Check, Limits, Preset


class Severity(StrEnum):
    """How much a finding matters."""

    OK = "ok"
    WARNING = "warning"
    SERIOUS = "serious"


class Verdict(StrEnum):
    """What follows for the photo as a whole."""

    GOOD = "good"
    USABLE = "usable"
    RETAKE = "retake"


class Advice(StrEnum):
    """What the person can do about a finding; the screen has a sentence for each.

    Left and right are the person's own.
    """

    MOVE_CLOSER = "move_closer"
    WHOLE_FACE = "whole_face"
    TURN_LEFT = "turn_left"
    TURN_RIGHT = "turn_right"
    CHIN_UP = "chin_up"
    CHIN_DOWN = "chin_down"
    TILT_LEFT = "tilt_left"
    TILT_RIGHT = "tilt_right"
    OPEN_EYES = "open_eyes"
    HOLD_STILL = "hold_still"
    MORE_LIGHT = "more_light"
    LESS_LIGHT = "less_light"
    LIGHT_FROM_LEFT = "light_from_left"
    LIGHT_FROM_RIGHT = "light_from_right"
    LIGHT_FROM_ABOVE = "light_from_above"
    LIGHT_FROM_BELOW = "light_from_below"
    WHITE_LIGHT = "white_light"
    UNCOVER = "uncover"
    NO_FILTER = "no_filter"
    ORIGINAL_FILE = "original_file"


_SCORE_SERIOUS, _SCORE_WARNING = 0.5, 0.8
_EXPLAINS: Final[Mapping[Check, frozenset[Check]]] = {
    Check.SHARPNESS: frozenset({Check.EYES, Check.SMOOTHING}),
    Check.DARKNESS: frozenset({Check.EYES, Check.SMOOTHING}),
}
"""A blurred or dark photo shows neither open eyes nor fine structure: what to do is told once."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One check's outcome.

    Attributes:
        check: what was looked at.
        value: what was measured.
        limit: the value from which on there is nothing to complain about.
        severity: how far it is off.
        advice: what to do; None when all is well, or when another finding explains it.
        share: 0 worst to 1 ideal; 0.5 at the serious limit, 0.8 at the warning limit.
    """

    check: Check
    value: float
    limit: float
    severity: Severity
    advice: Advice | None
    share: float


@dataclass(frozen=True, slots=True)
class Quality:
    """How fit a photo is.

    Attributes:
        verdict: good, usable, or better taken again.
        score: 0 to 100, that of the worst finding.
        findings: one per check.
    """

    verdict: Verdict
    score: int
    findings: tuple[Finding, ...]


def assess(capture: Capture, preset: Preset = Preset.NORMAL) -> Quality:
    """Hold what was measured of a photo against the limits of a preset."""
    limits = LIMITS[preset]
    findings = [
        judge(check, measured(capture), limits[check], advice_for(capture))
        for check, (measured, advice_for) in _CHECKS.items()
    ]
    explained = frozenset[Check]().union(
        *(_EXPLAINS.get(one.check, ()) for one in findings if one.advice)
    )
    return summarise(
        [replace(one, advice=None) if one.check in explained else one for one in findings]
    )


def value_of(capture: Capture, check: Check) -> float:
    """What a check looks at."""
    return _CHECKS[check][0](capture)


def summarise(findings: Sequence[Finding]) -> Quality:
    """The verdict that the worst finding asks for."""
    worst = min(findings, key=lambda finding: finding.share)
    verdict = {
        Severity.OK: Verdict.GOOD,
        Severity.WARNING: Verdict.USABLE,
        Severity.SERIOUS: Verdict.RETAKE,
    }[worst.severity]
    return Quality(verdict=verdict, score=round(100 * worst.share), findings=tuple(findings))


def judge(check: Check, value: float, limits: Limits, advice: Advice) -> Finding:
    """Compare a value with its limits, which may rise or fall towards the ideal.

    >>> limits = Limits(serious=60.0, warning=92.0, ideal=184.0)
    >>> finding = judge(Check.FACE_SIZE, 76.0, limits, Advice.MOVE_CLOSER)
    >>> finding.severity.value, round(finding.share, 2)
    ('warning', 0.65)
    """
    sign = 1.0 if limits.ideal > limits.serious else -1.0
    # A range as wide as that from serious to warning leads down to nothing.
    floor = 2 * limits.serious - limits.warning
    scale = [sign * limit for limit in (floor, limits.serious, limits.warning, limits.ideal)]
    share = float(np.interp(sign * value, scale, (0.0, _SCORE_SERIOUS, _SCORE_WARNING, 1.0)))
    if sign * value < scale[1]:
        severity = Severity.SERIOUS
    elif sign * value < scale[2]:
        severity = Severity.WARNING
    else:
        severity = Severity.OK
    return Finding(
        check=check,
        value=float(value),
        limit=limits.warning,
        severity=severity,
        advice=None if severity is Severity.OK else advice,
        share=share,
    )


def _always(advice: Advice) -> Callable[[Capture], Advice]:
    return lambda _: advice


def _light(capture: Capture) -> Advice:
    """Where the light comes from. What is right on the image is the person's left."""
    right, down = capture.brighter
    if abs(right) >= abs(down):
        return Advice.LIGHT_FROM_LEFT if right > 0 else Advice.LIGHT_FROM_RIGHT
    return Advice.LIGHT_FROM_BELOW if down > 0 else Advice.LIGHT_FROM_ABOVE


_CHECKS: Final[Mapping[Check, tuple[Callable[[Capture], float], Callable[[Capture], Advice]]]] = {
    Check.FACE_SIZE: (lambda its: its.eye_distance_px, _always(Advice.MOVE_CLOSER)),
    Check.CUT_OFF: (lambda its: its.outside, _always(Advice.WHOLE_FACE)),
    Check.YAW: (
        lambda its: abs(its.yaw_deg),
        lambda its: Advice.TURN_RIGHT if its.yaw_deg > 0 else Advice.TURN_LEFT,
    ),
    Check.PITCH: (
        lambda its: abs(its.pitch_deg),
        lambda its: Advice.CHIN_UP if its.pitch_deg > 0 else Advice.CHIN_DOWN,
    ),
    Check.ROLL: (
        lambda its: abs(its.roll_deg),
        lambda its: Advice.TILT_RIGHT if its.roll_deg > 0 else Advice.TILT_LEFT,
    ),
    Check.EYES: (lambda its: its.eyes_open, _always(Advice.OPEN_EYES)),
    Check.SHARPNESS: (lambda its: its.focus, _always(Advice.HOLD_STILL)),
    Check.DARKNESS: (lambda its: its.eye_white, _always(Advice.MORE_LIGHT)),
    Check.OVEREXPOSURE: (lambda its: its.clipped, _always(Advice.LESS_LIGHT)),
    Check.UNEVEN_LIGHT: (lambda its: its.unevenness, _light),
    Check.COLOUR_CAST: (lambda its: its.tint, _always(Advice.WHITE_LIGHT)),
    Check.COVERED: (lambda its: its.covered, _always(Advice.UNCOVER)),
    Check.SMOOTHING: (lambda its: its.texture, _always(Advice.NO_FILTER)),
    Check.COMPRESSION: (lambda its: its.blocks, _always(Advice.ORIGINAL_FILE)),
}
