"""Is this photo fit? Size of the face, brightness of its skin, sharpness; each with advice.

A photo that can be analysed is analysed whatever is found here; the verdict goes with the answer.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import cv2
import numpy as np
import numpy.typing as npt

from backend.vision.geometry import Photo


class Check(StrEnum):
    """What is looked at."""

    FACE_SIZE = "face_size"
    BRIGHTNESS = "brightness"
    SHARPNESS = "sharpness"


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
    """What the person can do about a finding; the screen has a sentence for each."""

    MOVE_CLOSER = "move_closer"
    MORE_LIGHT = "more_light"
    LESS_LIGHT = "less_light"
    HOLD_STILL = "hold_still"


@dataclass(frozen=True, slots=True)
class Limits:
    """Where a measured value turns into a warning, and where into a serious finding.

    Attributes:
        serious: beyond it the photo should be taken again.
        warning: beyond it the photo is usable, but not good.
        ideal: from here on nothing is gained.
    """

    serious: float
    warning: float
    ideal: float


FACE_SIZE: Final = Limits(serious=60.0, warning=92.0, ideal=184.0)
"""Eye distance in photo pixels: 184 fills the aligned crop of 512, 92 a network input of 256."""
DARKNESS: Final = Limits(serious=35.0, warning=55.0, ideal=80.0)
"""Mean skin brightness, 0 to 255. Low, so that dark skin in good light (87 and more on the
training people of the Face Research Lab London Set) is not called a dark photo."""
BRIGHTNESS: Final = Limits(serious=240.0, warning=225.0, ideal=205.0)
"""Mean skin brightness, 0 to 255, from above; the lightest of the same people has 200."""
SHARPNESS: Final = Limits(serious=0.09, warning=0.14, ideal=0.22)
"""See `sharpness`. The same people have at least 0.22 as taken, 0.10 to 0.16 when blurred by a
Gaussian of 1 % of the eye distance, 0.05 to 0.08 by one of 2 %."""

# Shares of the crop's side: left, top, right, bottom.
_SKIN_BOXES: Final = (
    (0.40, 0.20, 0.60, 0.30),
    (0.24, 0.54, 0.37, 0.66),
    (0.63, 0.54, 0.76, 0.66),
)
_EYE_BAND: Final = (0.18, 0.34, 0.82, 0.50)
_SCORE_SERIOUS, _SCORE_WARNING = 0.5, 0.8


@dataclass(frozen=True, slots=True)
class Finding:
    """One check's outcome.

    Attributes:
        check: what was looked at.
        value: what was measured.
        limit: the value from which on there is nothing to complain about.
        severity: how far it is off.
        advice: what to do; None when all is well.
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


def assess(crop: Photo, *, eye_distance_px: float) -> Quality:
    """Look at an aligned crop.

    Args:
        crop: RGB uint8 (512, 512, 3).
        eye_distance_px: distance between the eye centres in the photo, before alignment.
    """
    grey = np.asarray(cv2.cvtColor(crop, cv2.COLOR_RGB2GRAY), dtype=np.uint8)
    return summarise(
        (
            judge(Check.FACE_SIZE, eye_distance_px, FACE_SIZE, Advice.MOVE_CLOSER),
            _judge_brightness(skin_brightness(grey)),
            judge(Check.SHARPNESS, sharpness(grey), SHARPNESS, Advice.HOLD_STILL),
        )
    )


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

    >>> finding = judge(Check.FACE_SIZE, 76.0, FACE_SIZE, Advice.MOVE_CLOSER)
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


def skin_brightness(grey: npt.NDArray[np.uint8]) -> float:
    """Mean brightness of forehead and cheeks, 0 to 255, of an aligned crop uint8 (S, S)."""
    pixels = [_cut(grey, box).ravel() for box in _SKIN_BOXES]
    return float(np.concatenate(pixels).mean())


def sharpness(grey: npt.NDArray[np.uint8]) -> float:
    """How much fine structure the eyes and brows show, beside their coarse structure.

    The standard deviation of the band between Gaussians of 0.8 and 1.6 px over that of the band
    between 4 and 12 px: independent of contrast and skin colour, and hardly moved by sensor noise.

    Args:
        grey: uint8 (512, 512), an aligned crop.

    Returns:
        0 for a picture without coarse structure, else about 0.04 (blurred) to 0.4 (sharp).
    """
    band = _cut(grey, _EYE_BAND).astype(np.float32)
    coarse = float((_smooth(band, 4.0) - _smooth(band, 12.0)).std())
    if coarse == 0:
        return 0.0
    return float((_smooth(band, 0.8) - _smooth(band, 1.6)).std()) / coarse


def _judge_brightness(value: float) -> Finding:
    dark = judge(Check.BRIGHTNESS, value, DARKNESS, Advice.MORE_LIGHT)
    bright = judge(Check.BRIGHTNESS, value, BRIGHTNESS, Advice.LESS_LIGHT)
    return min(dark, bright, key=lambda finding: finding.share)


def _smooth(values: npt.NDArray[np.float32], sigma_px: float) -> npt.NDArray[np.float32]:
    return np.asarray(cv2.GaussianBlur(values, (0, 0), sigma_px), dtype=np.float32)


def _cut(
    grey: npt.NDArray[np.uint8], box: tuple[float, float, float, float]
) -> npt.NDArray[np.uint8]:
    side_px = grey.shape[0]
    left, top, right, bottom = (round(share * side_px) for share in box)
    return grey[top:bottom, left:right]
