"""The light on a face: how bright it is, from which side it comes, and its colour.

It is told by what is alike in everybody: the white of the eyes for exposure, its colour beside the
skin's for a coloured lamp, and each face's own skin for shadows, so that dark skin in good light is
not taken for a dark photo.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Self

import cv2
import numpy as np
import numpy.typing as npt

from backend.vision.geometry import FloatArray, Photo
from backend.vision.grad_cam import HEATMAP_SIDE_PX
from backend.vision.map_summary import FaceLayout
from backend.vision.regions import EYE_RINGS
from backend.vision.skin_mask import drawn_skin

Grey = npt.NDArray[np.float32]
"""Brightness, float32 (H, W), 0 to 255."""
Cells = npt.NDArray[np.bool_]
"""Some cells of the crop's copy, bool (H, W)."""
Cast = tuple[float, float]
"""Redder than usual, and yellower: natural logarithms of ratios of channels, of linear light."""

GAMMA: Final = 2.2
"""Linear light is taken for this power of what a photo holds."""
LUMA: Final = np.array([0.2126, 0.7152, 0.0722], np.float32)
_FEW_CELLS: Final = 50
"""With fewer cells of skin the face's whole outline is looked at, and no direction of the light is
told where that has fewer."""
_DARKEST: Final = 0.004
"""Of linear white; keeps logarithms finite."""
_LINEAR: Final = np.asarray((np.arange(256) / 255) ** GAMMA + _DARKEST, np.float32)
_WHITE_SHARE: Final = 0.8
"""The brightest fifth of an opening between lids is the white of the eye."""
_NEUTRAL: Final = {"skin": (0.562, 0.276), "eye": (0.226, 0.079)}
"""Logarithms of red over green and of green over blue, linear, of good photos' skin and eye whites:
means over simulated photos of validation people under lamps of everyday colours."""
_SMOOTH_CELLS: Final = 4.0


@dataclass(frozen=True, slots=True)
class CropCells:
    """A copy of the aligned crop with a pixel to each cell of its maps.

    Attributes:
        small: RGB uint8 (128, 128, 3).
        drawn: bool (128, 128), where the landmarks let skin be expected.
        skin: bool (128, 128), where skin is seen; `drawn` where next to none is.
    """

    small: Photo
    drawn: Cells
    skin: Cells

    @classmethod
    def of(cls, pixels: Photo, points: FloatArray, layout: FaceLayout) -> Self:
        """Copy an aligned crop.

        Args:
            pixels: RGB uint8 (S, S, 3).
            points: float64 (189, 2), the landmarks on it, pixels.
            layout: the face on the cells of its maps.
        """
        cell_px = pixels.shape[0] / HEATMAP_SIDE_PX
        drawn = drawn_skin((points + 0.5) / cell_px - 0.5, side_px=HEATMAP_SIDE_PX)
        seen = layout.skin > 0.5
        size = (HEATMAP_SIDE_PX, HEATMAP_SIDE_PX)
        small = np.asarray(cv2.resize(pixels, size, interpolation=cv2.INTER_AREA), np.uint8)
        return cls(small, drawn, seen if np.count_nonzero(seen) >= _FEW_CELLS else drawn)


@dataclass(frozen=True, slots=True)
class FaceLight:
    """The light on one face.

    Attributes:
        brightness: mean of the skin, 0 to 255; of the whole crop where no skin is seen.
        eye_white: brightness of the white of the eyes, 0 to 255.
        eyes_open: how open the eyes look: about 1 of open ones, 0.5 of closed ones.
        shading: logarithm of the light on the skin, smoothed; float32, a cell each.
        brighter: x, y, in which direction the skin gets brighter on the image; its length is that
            logarithm over half the crop's side.
        of_skin: how far the skin's colour lies from good photos'; yellow, which differs more
            between people, is counted half.
        of_eyes: the same of the white of the eyes.
    """

    brightness: float
    eye_white: float
    eyes_open: float
    shading: Grey
    brighter: tuple[float, float]
    of_skin: Cast
    of_eyes: Cast

    @classmethod
    def of(cls, pixels: Photo, points: FloatArray, cells: CropCells) -> Self:
        """Measure the light on one face.

        Args:
            pixels: RGB uint8 (S, S, 3), the aligned crop.
            points: float64 (189, 2), the landmarks on the crop, pixels.
            cells: the crop's copy with a pixel to a cell.
        """
        small, skin = cells.small, cells.skin
        grey = np.asarray(cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY), np.float32)
        eyes = [_Eye.of(pixels, grey, points[list(ring)]) for ring in EYE_RINGS]
        brightness = float((small @ LUMA)[skin].mean()) if skin.any() else float(grey.mean())
        shading = _shading(small, skin)
        of_skin, of_eyes = _casts(small, skin, eyes)
        return cls(
            brightness=brightness,
            eye_white=float(np.mean([eye.white for eye in eyes])),
            eyes_open=float(np.mean([eye.openness(brightness) for eye in eyes])),
            shading=shading,
            brighter=_slope(shading, skin),
            of_skin=of_skin,
            of_eyes=of_eyes,
        )

    @property
    def white_share(self) -> float:
        """The white of the eyes beside the skin: above 1 but for dark glasses and hidden eyes."""
        return self.eye_white / (self.brightness + 1)


def linear(srgb: npt.NDArray[np.uint8]) -> npt.NDArray[np.float32]:
    """Linear light with a little added, so that it has a logarithm."""
    return _LINEAR[srgb]


@dataclass(frozen=True, slots=True)
class _Eye:
    """What shows between the lids of one eye."""

    white: float
    contrast: float
    ratio: float
    colour: tuple[float, float]

    @classmethod
    def of(cls, pixels: Photo, grey: Grey, ring: FloatArray) -> _Eye:
        width, height = np.ptp(ring, axis=0)
        left, top = np.maximum(np.floor(ring.min(axis=0)).astype(int), 0)
        right, bottom = np.ceil(ring.max(axis=0)).astype(int) + 1
        window = grey[top:bottom, left:right]
        inside = np.zeros(window.shape, np.uint8)
        if window.size:
            cv2.fillPoly(inside, [np.round(ring - (left, top)).astype(np.int32)], 1)
        opening = inside > 0
        if not opening.any():
            return cls(0.0, 0.0, 0.0, _NEUTRAL["eye"])
        values = window[opening]
        bright = opening & (window >= np.quantile(values, _WHITE_SHARE))
        red, green, blue = np.median(linear(pixels[top:bottom, left:right][bright]), axis=0)
        return cls(
            white=float(np.quantile(values, 0.9)),
            contrast=float(values.std()),
            ratio=float(height / max(width, 1.0)),
            colour=(math.log(red / green), math.log(green / blue)),
        )

    def openness(self, skin_brightness: float) -> float:
        """Half by the opening's shape, half by how white and pupil differ; about 1 of open eyes."""
        return (self.ratio / 0.4 + self.contrast / (skin_brightness + 1) / 0.3) / 2


def _shading(small: Photo, skin: Cells) -> Grey:
    """Logarithm of the light on the skin, smoothed."""
    light = np.log(linear(small) @ LUMA)
    weight = skin.astype(np.float32)
    total = cv2.GaussianBlur(light * weight, (0, 0), _SMOOTH_CELLS)
    return np.asarray(total / (cv2.GaussianBlur(weight, (0, 0), _SMOOTH_CELLS) + np.float32(1e-3)))


def _slope(shading: Grey, skin: Cells) -> tuple[float, float]:
    rows, columns = np.nonzero(skin)
    if rows.size < _FEW_CELLS:
        return 0.0, 0.0
    half = skin.shape[0] / 2
    places = np.stack([columns / half - 1, rows / half - 1])
    places -= places.mean(axis=1, keepdims=True)
    light = shading[rows, columns].astype(np.float64)
    # Cells in one line have no direction across it.
    x, y = np.linalg.pinv(places @ places.T) @ (places @ light)
    return float(x), float(y)


def _casts(small: Photo, skin: Cells, eyes: Sequence[_Eye]) -> tuple[Cast, Cast]:
    """How far the colours of skin and of eye whites lie from the usual ones."""
    if not skin.any():
        return (0.0, 0.0), (0.0, 0.0)
    red, green, blue = linear(small[skin]).T
    of_skin = (float(np.median(np.log(red / green))), float(np.median(np.log(green / blue))))
    red_eyes, yellow_eyes = np.mean([eye.colour for eye in eyes], axis=0)
    return _cast(of_skin, "skin"), _cast((float(red_eyes), float(yellow_eyes)), "eye")


def _cast(colour: tuple[float, float], part: str) -> Cast:
    """How far a colour lies from the usual one; yellow to blue, which differs more, half."""
    usual = _NEUTRAL[part]
    return colour[0] - usual[0], (colour[1] - usual[1]) / 2
