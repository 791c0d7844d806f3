"""Makes a good photo worse in one way at a time, from not at all to hopeless."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import Final

import cv2
import numpy as np
import numpy.typing as npt

from backend.vision.geometry import FloatArray
from backend.vision.landmarks import LEFT_EYE, RIGHT_EYE
from backend.vision.regions import OUTLINE
from baseline.faces.changes import as_jpeg, scaled, seen, tilted
from baseline.faces.photos import LabelledPhoto
from baseline.faces.view import HeadView
from baseline.gate.covering import closed_eyes, covered
from baseline.landmarks.points import eye_distance
from baseline.synthetic.noise import edge_preserving
from baseline.synthetic.optics import Light, to_linear, to_srgb


class Degradation(StrEnum):
    """One way in which a photo gets worse."""

    SMALL = "small"
    CUT = "cut"
    TURNED = "turned"
    NODDING = "nodding"
    TILTED = "tilted"
    EYES_CLOSED = "eyes_closed"
    BLURRED = "blurred"
    DARK = "dark"
    BRIGHT = "bright"
    UNEVEN = "uneven"
    TINTED = "tinted"
    COVERED = "covered"
    SMOOTHED = "smoothed"
    COMPRESSED = "compressed"


Degrade = Callable[[LabelledPhoto, float, np.random.Generator], LabelledPhoto]

SMALLEST_EYE_DISTANCE_PX: Final = 41.0
"""Just above what the server refuses."""
_CUT_DEEPEST: Final = 0.5
"""Of the face's width or height."""
_YAW_DEG, _PITCH_DEG, _ROLL_DEG = 40.0, 32.0, 45.0
_BLUR: Final = 0.07
"""Deviation of the widest Gaussian, and a quarter of the longest smear; eye distances."""
_DARKEST_STOPS: Final = 6.0
_BRIGHTEST_STOPS: Final = 2.5
_SENSOR_NOISE: Final = (0.004, 0.0015)
"""Deviation of the noise at white that grows with the root of the light, and of that which is
there in the dark; of linear white."""
_DEEPEST_SHADE: Final = 0.985
_STRONGEST_TINT: Final = 0.7
"""Of the logarithm of a channel's light."""
_SMOOTHEST: Final = (0.03, 0.004)
"""Window of the filter, shares of the photo's side, and variance that it takes for texture."""
_BEST_QUALITY, _WORST_QUALITY = 95.0, 2.0


def degrade(
    photo: LabelledPhoto, kind: Degradation, strength: float, rng: np.random.Generator
) -> LabelledPhoto:
    """A worse photo, its landmarks moved with it.

    Args:
        photo: a good one.
        kind: what happens.
        strength: 0 nothing to 1 the worst.
        rng: draws to which side, in which colour and so on.
    """
    return _DEGRADE[kind](photo, strength, rng)


def _with(photo: LabelledPhoto, pixels: npt.NDArray[np.uint8]) -> LabelledPhoto:
    return LabelledPhoto(photo.person, pixels, photo.landmarks)


def _side(rng: np.random.Generator) -> float:
    return 1.0 if rng.random() < 0.5 else -1.0


def _small(photo: LabelledPhoto, strength: float, _: np.random.Generator) -> LabelledPhoto:
    smallest = SMALLEST_EYE_DISTANCE_PX / eye_distance(photo.landmarks)
    return scaled(photo, float(smallest**strength))


def _cut(photo: LabelledPhoto, strength: float, rng: np.random.Generator) -> LabelledPhoto:
    outline = photo.landmarks[list(OUTLINE)]
    low, high = outline.min(axis=0), outline.max(axis=0)
    depth = strength * _CUT_DEEPEST * (high - low)
    left, top = 0, 0
    bottom, right = photo.pixels.shape[:2]
    edge = int(rng.integers(3))
    if edge == 0:
        left = max(0, round(low[0] + depth[0]))
    elif edge == 1:
        right = min(right, round(high[0] - depth[0]))
    else:
        top = max(0, round(low[1] + depth[1]))
    pixels = np.ascontiguousarray(photo.pixels[top:bottom, left:right])
    return LabelledPhoto(photo.person, pixels, photo.landmarks - np.array([left, top]))


def _turned(photo: LabelledPhoto, strength: float, rng: np.random.Generator) -> LabelledPhoto:
    return seen(photo, HeadView(yaw_deg=_YAW_DEG * strength * _side(rng)))


def _nodding(photo: LabelledPhoto, strength: float, rng: np.random.Generator) -> LabelledPhoto:
    return seen(photo, HeadView(pitch_deg=_PITCH_DEG * strength * _side(rng)))


def _tilted(photo: LabelledPhoto, strength: float, rng: np.random.Generator) -> LabelledPhoto:
    return tilted(photo, _ROLL_DEG * strength * _side(rng))


def _eyes_closed(photo: LabelledPhoto, strength: float, _: np.random.Generator) -> LabelledPhoto:
    return _with(photo, closed_eyes(photo.pixels, photo.landmarks, strength))


def _blurred(photo: LabelledPhoto, strength: float, rng: np.random.Generator) -> LabelledPhoto:
    width = strength * _BLUR * eye_distance(photo.landmarks)
    if width < 0.3:
        return photo
    if rng.random() < 0.5:
        soft = cv2.GaussianBlur(photo.pixels, (0, 0), width)
    else:
        soft = cv2.filter2D(photo.pixels, -1, _smear(4 * width, float(rng.uniform(0, np.pi))))
    return _with(photo, np.asarray(soft, dtype=np.uint8))


def _smear(length: float, angle: float) -> npt.NDArray[np.float32]:
    """A line of light as a moving hand draws it, float32 (n, n), sum 1."""
    half = int(np.ceil(length / 2)) + 1
    kernel = np.zeros((2 * half + 1,) * 2, np.float32)
    reach = length / 2 * np.array([np.cos(angle), np.sin(angle)])
    bits = 4
    ends = [np.round((half + sign * reach) * 2**bits).astype(int).tolist() for sign in (-1, 1)]
    cv2.line(kernel, ends[0], ends[1], 1.0, 1, cv2.LINE_AA, bits)
    return np.asarray(kernel / kernel.sum(), dtype=np.float32)


def _dark(photo: LabelledPhoto, strength: float, rng: np.random.Generator) -> LabelledPhoto:
    return _exposed(photo, -strength * _DARKEST_STOPS, rng)


def _bright(photo: LabelledPhoto, strength: float, rng: np.random.Generator) -> LabelledPhoto:
    return _exposed(photo, strength * _BRIGHTEST_STOPS, rng)


def _exposed(photo: LabelledPhoto, stops: float, rng: np.random.Generator) -> LabelledPhoto:
    light = to_linear(photo.pixels) * np.float32(2.0**stops)
    of_light, of_dark = _SENSOR_NOISE
    noise = rng.standard_normal(light.shape, dtype=np.float32)
    spread = np.sqrt(of_light**2 * np.clip(light, 0, 1) + of_dark**2)
    return _with(photo, to_srgb(np.asarray(light + noise * spread, dtype=np.float32)))


def _uneven(photo: LabelledPhoto, strength: float, rng: np.random.Generator) -> LabelledPhoto:
    eyes = photo.landmarks[[LEFT_EYE, RIGHT_EYE]]
    unit = eye_distance(photo.landmarks)
    middle = eyes.mean(axis=0) + np.array([0.0, 0.4 * unit])
    height, width = photo.pixels.shape[:2]
    x = (np.arange(width) - middle[0]) / unit
    y = (np.arange(height) - middle[1]) / unit
    angle = float(rng.uniform(0, 2 * np.pi))
    along = np.cos(angle) * x[None, :] + np.sin(angle) * y[:, None]
    softness = float(rng.uniform(0.08, 0.5))
    shade = 1 - strength * _DEEPEST_SHADE / (1 + np.exp(-along / softness))
    # A camera makes up for some of what is lost.
    gain = shade.mean() ** -0.5
    return _with(photo, to_srgb(_scaled(to_linear(photo.pixels), shade * gain)))


def _scaled(light: Light, factor: FloatArray) -> Light:
    return np.asarray(light * factor[..., None], dtype=np.float32)


def _tinted(photo: LabelledPhoto, strength: float, rng: np.random.Generator) -> LabelledPhoto:
    hue = float(rng.uniform(0, 2 * np.pi))
    thirds = hue + np.array([0.0, 2.0, 4.0]) * np.pi / 3
    gains = np.exp(strength * _STRONGEST_TINT * np.cos(thirds)).astype(np.float32)
    return _with(photo, to_srgb(to_linear(photo.pixels) * (gains / gains.mean())))


def _covered(photo: LabelledPhoto, strength: float, rng: np.random.Generator) -> LabelledPhoto:
    return _with(photo, covered(photo.pixels, photo.landmarks, strength, rng))


def _smoothed(photo: LabelledPhoto, strength: float, _: np.random.Generator) -> LabelledPhoto:
    light = to_linear(photo.pixels)
    share, variance = _SMOOTHEST
    smooth = edge_preserving(light, max(3, round(share * light.shape[0])), variance)
    return _with(photo, to_srgb(light + np.float32(strength) * (smooth - light)))


def _compressed(photo: LabelledPhoto, strength: float, _: np.random.Generator) -> LabelledPhoto:
    quality = round(_BEST_QUALITY * (_WORST_QUALITY / _BEST_QUALITY) ** strength)
    return _with(photo, as_jpeg(photo.pixels, quality))


_DEGRADE: Final[Mapping[Degradation, Degrade]] = {
    Degradation.SMALL: _small,
    Degradation.CUT: _cut,
    Degradation.TURNED: _turned,
    Degradation.NODDING: _nodding,
    Degradation.TILTED: _tilted,
    Degradation.EYES_CLOSED: _eyes_closed,
    Degradation.BLURRED: _blurred,
    Degradation.DARK: _dark,
    Degradation.BRIGHT: _bright,
    Degradation.UNEVEN: _uneven,
    Degradation.TINTED: _tinted,
    Degradation.COVERED: _covered,
    Degradation.SMOOTHED: _smoothed,
    Degradation.COMPRESSED: _compressed,
}
