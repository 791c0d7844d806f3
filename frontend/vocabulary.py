"""The words of the app: attributes, grades, and where a photo came from.

The attributes and grades are the model server's; they are spelled again here because the app
reaches the server over HTTP alone. A contract test holds the two lists equal.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Final


class Attribute(StrEnum):
    """A graded property of facial skin, spelled as in the server's answers."""

    OIL = "oil"
    HYDRATION = "hydration"
    WRINKLE = "wrinkle"
    PIGMENTATION = "pigmentation"
    SENSITIVITY = "sensitivity"


class Evidence(StrEnum):
    """What an attribute's grades were checked on: real photos, or simulated ones alone."""

    REAL = "real"
    SIMULATED = "simulated"


class Verdict(StrEnum):
    """How fit a photo is for analysis."""

    GOOD = "good"
    USABLE = "usable"
    RETAKE = "retake"


class Stage(StrEnum):
    """What an analysis does, in its order."""

    DECODE = "decode"
    DETECT = "detect"
    PREDICT = "predict"
    EXPLAIN = "explain"
    ENCODE = "encode"


class Source(StrEnum):
    """Where a photo came from."""

    UPLOAD = "upload"
    WEBCAM = "webcam"
    SAMPLE = "sample"


GRADES: Final = (0, 1, 2, 3, 4)
"""Every grade there is, lowest first."""
