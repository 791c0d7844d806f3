"""What is measured of a photo that is good in every way."""

from __future__ import annotations

from backend.vision.capture import Capture
from backend.vision.quality_limits import LIMITS, Check, Preset

GOOD = Capture(
    eye_distance_px=190.0,
    outside=0.0,
    yaw_deg=0.0,
    pitch_deg=0.0,
    roll_deg=0.0,
    eyes_open=1.0,
    focus=LIMITS[Preset.NORMAL][Check.SHARPNESS].ideal,
    eye_white=150.0,
    clipped=0.0,
    unevenness=0.3,
    brighter=(0.0, -0.1),
    tint=0.1,
    colour=(0.03, -0.04),
    covered=0.0,
    texture=LIMITS[Preset.NORMAL][Check.SMOOTHING].ideal,
    blocks=0.0,
)
