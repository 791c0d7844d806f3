"""The words of the app: attributes, grades, regions, and where a photo came from.

The attributes, grades and regions are the model server's; they are spelled again here because the
app reaches the server over HTTP alone. A contract test holds the lists equal.
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


class Region(StrEnum):
    """A part of the face; left is the person's own."""

    FOREHEAD = "forehead"
    CHEEK_RIGHT = "cheek_right"
    CHEEK_LEFT = "cheek_left"
    CHIN = "chin"
    MOUTH = "mouth"
    NOSE = "nose"
    UNDER_EYE_RIGHT = "under_eye_right"
    UNDER_EYE_LEFT = "under_eye_left"
    GLABELLA = "glabella"


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
