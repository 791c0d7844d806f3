"""How a photo was taken, in numbers: size, pose, eyes, focus, light, colour, what hides the skin.

Light is told by what is alike in everybody: the white of the eyes for exposure, its colour beside
the skin's for a coloured lamp, and each face's own skin for shadows and for what covers it, so that
dark skin in good light is not taken for a dark photo.
"""

from __future__ import annotations

import functools
import math
from dataclasses import dataclass
from typing import Final, Self

import cv2
import numpy as np
import numpy.typing as npt

from backend.vision.face import Face
from backend.vision.geometry import AlignedCrop, FloatArray, Photo, align, invert, transform_points
from backend.vision.grad_cam import HEATMAP_SIDE_PX
from backend.vision.map_summary import FaceLayout
from backend.vision.regions import EYE_RINGS, Region
from backend.vision.skin_mask import drawn_skin

Grey = npt.NDArray[np.float32]
"""Brightness, float32 (H, W), 0 to 255."""
_Cells = npt.NDArray[np.bool_]
_Cast = tuple[float, float]
"""Redder than usual, and yellower: natural logarithms of ratios of channels."""

_LUMA: Final = np.array([0.2126, 0.7152, 0.0722], np.float32)
_EYE_BAND: Final = (slice(174, 256), slice(92, 420))
"""Rows and columns of the aligned crop that hold eyes and brows."""
_DARKEST: Final = 0.004
"""Of linear white; keeps logarithms finite."""
_WHITE_SHARE: Final = 0.8
"""The brightest fifth of an opening between lids is the white of the eye."""
_CLIPPED, _ALL_CLIPPED = 250, 245
_NEUTRAL: Final = {"skin": (0.562, 0.276), "eye": (0.226, 0.079)}
"""Logarithms of red over green and of green over blue, linear, of good photos' skin and eye whites:
means over simulated photos of validation people under lamps of everyday colours."""
_DARK_COVER, _PALE_COVER, _DARK_LENS = 0.7, 0.2, 0.8
_BLOCK_PX: Final = 8
_LARGEST_STEP: Final = 20.0
"""Steps of brightness beyond it are edges of things, not of a JPEG's blocks."""
_FEW_CELLS: Final = 50
"""With fewer cells of skin the face's whole outline is looked at."""


@dataclass(frozen=True, slots=True)
class Capture:
    """What was measured of one photo.

    Attributes:
        eye_distance_px: between the eye centres, photo pixels.
        outside: share of the face that lies outside the photo, 0 to 1.
        yaw_deg: turn of the head, positive towards the image's right.
        pitch_deg: nod, positive down.
        roll_deg: tilt, positive clockwise on the screen.
        eyes_open: how open the eyes look: about 1 of open ones, 0.5 of closed ones.
        focus: logarithm of the fine structure of eyes and brows beside the skin's brightness.
        eye_white: brightness of the white of the eyes, 0 to 255.
        clipped: share of the skin that is clipped in a channel, and again that is in all three.
        unevenness: how much more light one part of the skin gets than another, natural logarithm.
        brighter: x, y, in which direction the skin gets brighter on the image; its length is that
            logarithm over half the crop's side.
        tint: how far the colours of skin and eye whites lie from good photos', logarithms of
            ratios of channels.
        colour: in which direction, the mean of both: redder than usual, and yellower, counted half.
        covered: share of the face that hair, cloth or dark glasses seem to hide; above 1 possible.
        texture: logarithm of the skin's fine structure beside its brightness.
        blocks: by how much the borders of JPEG blocks stand out of the steps between pixels.
    """

    eye_distance_px: float
    outside: float
    yaw_deg: float
    pitch_deg: float
    roll_deg: float
    eyes_open: float
    focus: float
    eye_white: float
    clipped: float
    unevenness: float
    brighter: tuple[float, float]
    tint: float
    colour: tuple[float, float]
    covered: float
    texture: float
    blocks: float


@dataclass(frozen=True)
class AlignedFace:
    """A face cut out of its photo. What it takes time to measure is measured when first asked for.

    Attributes:
        photo: RGB uint8 (H, W, 3).
        face: the face in it.
        crop: the aligned crop.
    """

    photo: Photo
    face: Face
    crop: AlignedCrop

    @classmethod
    def of(cls, photo: Photo, face: Face) -> Self:
        """Cut a face out.

        Args:
            photo: RGB uint8 (H, W, 3).
            face: the face in it.
        """
        return cls(photo, face, align(photo, left_eye=face.left_eye, right_eye=face.right_eye))

    @classmethod
    def of_crop(cls, crop: Photo, face: Face) -> Self:
        """A face that was cut out before.

        Args:
            crop: RGB uint8 (S, S, 3), the aligned crop.
            face: the face on it.
        """
        return cls(crop, face, AlignedCrop(crop, np.eye(2, 3)))

    @functools.cached_property
    def layout(self) -> FaceLayout:
        """Which cells of the crop's maps are which part of the face."""
        return FaceLayout.of(self.crop.pixels, self._points)

    @functools.cached_property
    def capture(self) -> Capture:
        """How the photo was taken."""
        return measure_capture(self.photo, self.face, self.crop, self._points, self.layout)

    @functools.cached_property
    def _points(self) -> FloatArray:
        return transform_points(self.face.landmarks, invert(self.crop.to_photo))


def measure_capture(
    photo: Photo, face: Face, crop: AlignedCrop, points: FloatArray, layout: FaceLayout
) -> Capture:
    """Measure one photo.

    Args:
        photo: RGB uint8 (H, W, 3).
        face: the face in it.
        crop: the aligned crop.
        points: float64 (189, 2), the landmarks on the crop, pixels.
        layout: the face on the cells of its maps.
    """
    cell_px = crop.pixels.shape[0] / HEATMAP_SIDE_PX
    on_cells = (points + 0.5) / cell_px - 0.5
    drawn = drawn_skin(on_cells, side_px=HEATMAP_SIDE_PX)
    seen = layout.skin > 0.5
    skin = seen if np.count_nonzero(seen) >= _FEW_CELLS else drawn
    size = (HEATMAP_SIDE_PX, HEATMAP_SIDE_PX)
    small = np.asarray(cv2.resize(crop.pixels, size, interpolation=cv2.INTER_AREA), np.uint8)
    grey = np.asarray(cv2.cvtColor(crop.pixels, cv2.COLOR_RGB2GRAY), dtype=np.float32)
    brightness = float((small @ _LUMA)[skin].mean()) if skin.any() else float(grey.mean())
    eyes = [_Eye.of(crop.pixels, grey, points[list(ring)]) for ring in EYE_RINGS]
    eye_white = float(np.mean([eye.white for eye in eyes]))
    shading = _shading(small, skin)
    fine_skin = _skin_structure(grey, skin)
    of_skin, of_eyes = _casts(small, skin, eyes)
    return Capture(
        eye_distance_px=face.eye_distance_px,
        outside=_outside(photo, crop, drawn),
        yaw_deg=face.pose.yaw_deg,
        pitch_deg=face.pose.pitch_deg,
        roll_deg=face.pose.roll_deg,
        eyes_open=float(np.mean([eye.openness(brightness) for eye in eyes])),
        focus=math.log(float(_band(grey[_EYE_BAND], 1.6).std()) + 0.05) - math.log(brightness + 1),
        eye_white=eye_white,
        clipped=_clipped(small, skin),
        unevenness=_unevenness(shading, skin),
        brighter=_slope(shading, skin),
        tint=math.hypot(*of_skin) + math.hypot(*of_eyes),
        colour=((of_skin[0] + of_eyes[0]) / 2, (of_skin[1] + of_eyes[1]) / 2),
        covered=_covered(small, drawn, layout)
        + max(0.0, _DARK_LENS - eye_white / (brightness + 1)),
        texture=math.log(fine_skin + 0.02) - math.log(brightness + 1),
        blocks=_blocks(photo, face.landmarks),
    )


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
        red, green, blue = np.median(_linear(pixels[top:bottom, left:right][bright]), axis=0)
        return cls(
            white=float(np.quantile(values, 0.9)),
            contrast=float(values.std()),
            ratio=float(height / max(width, 1.0)),
            colour=(math.log(red / green), math.log(green / blue)),
        )

    def openness(self, skin_brightness: float) -> float:
        """Half by the opening's shape, half by how white and pupil differ; about 1 of open eyes."""
        return (self.ratio / 0.4 + self.contrast / (skin_brightness + 1) / 0.3) / 2


def _linear(srgb: npt.NDArray[np.uint8]) -> npt.NDArray[np.float32]:
    """Linear light with a little added, so that it has a logarithm; gamma 2.2."""
    return np.asarray((srgb / np.float32(255)) ** np.float32(2.2) + np.float32(_DARKEST))


def _band(grey: Grey, sigma_px: float) -> Grey:
    """What lies between a Gaussian and one twice as wide."""
    fine = cv2.GaussianBlur(grey, (0, 0), sigma_px)
    return np.asarray(fine - cv2.GaussianBlur(fine, (0, 0), math.sqrt(3) * sigma_px))


def _skin_structure(grey: Grey, skin: _Cells) -> float:
    """Typical structure of 1.6 to 6.4 px of the skin itself, without its edges; levels of grey."""
    inner = cv2.erode(skin.astype(np.uint8), np.ones((5, 5), np.uint8))
    place = cv2.resize(inner, grey.shape[::-1], interpolation=cv2.INTER_NEAREST) > 0
    if not place.any():
        return 0.0
    shrunk = cv2.resize(grey, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
    half = np.asarray(shrunk, dtype=np.float32)
    medians = (
        np.median(np.abs(_band(grey, 1.6)[place])),
        np.median(np.abs(_band(half, 1.6)[place[::2, ::2]])),
    )
    return float(np.sqrt(medians[0] * medians[1]))


def _outside(photo: Photo, crop: AlignedCrop, drawn: _Cells) -> float:
    if not drawn.any():
        return 1.0
    height, width = photo.shape[:2]
    corners = [(0, 0), (width - 1, 0), (width - 1, height - 1), (0, height - 1)]
    cell_px = crop.pixels.shape[0] / HEATMAP_SIDE_PX
    on_cells = (transform_points(corners, invert(crop.to_photo)) + 0.5) / cell_px - 0.5
    inside = np.zeros(drawn.shape, np.uint8)
    cv2.fillPoly(inside, [np.round(on_cells).astype(np.int32)], 1)
    return 1.0 - float(inside[drawn].mean())


def _clipped(small: Photo, skin: _Cells) -> float:
    if not skin.any():
        return 0.0
    pixels = small[skin]
    any_channel = (pixels.max(axis=1) >= _CLIPPED).mean()
    return float(any_channel + (pixels.min(axis=1) >= _ALL_CLIPPED).mean())


def _shading(small: Photo, skin: _Cells) -> Grey:
    """Logarithm of the light on the skin, smoothed over 4 cells; float32 (128, 128)."""
    light = np.log(_linear(small) @ _LUMA)
    weight = skin.astype(np.float32)
    total = cv2.GaussianBlur(light * weight, (0, 0), 4.0)
    return np.asarray(total / (cv2.GaussianBlur(weight, (0, 0), 4.0) + np.float32(1e-3)))


def _unevenness(shading: Grey, skin: _Cells) -> float:
    if not skin.any():
        return 0.0
    low, high = np.quantile(shading[skin], (0.05, 0.95))
    return float(high - low)


def _slope(shading: Grey, skin: _Cells) -> tuple[float, float]:
    rows, columns = np.nonzero(skin)
    if rows.size < _FEW_CELLS:
        return 0.0, 0.0
    half = HEATMAP_SIDE_PX / 2
    plane = np.column_stack([columns / half - 1, rows / half - 1, np.ones(rows.size)])
    (x, y, _), *_ = np.linalg.lstsq(plane, shading[rows, columns].astype(np.float64), rcond=None)
    return float(x), float(y)


def _casts(small: Photo, skin: _Cells, eyes: list[_Eye]) -> tuple[_Cast, _Cast]:
    """How far the colours of skin and of eye whites lie from the usual ones."""
    if not skin.any():
        return (0.0, 0.0), (0.0, 0.0)
    red, green, blue = _linear(small[skin]).T
    of_skin = (float(np.median(np.log(red / green))), float(np.median(np.log(green / blue))))
    red_eyes, yellow_eyes = np.mean([eye.colour for eye in eyes], axis=0)
    return _cast(of_skin, "skin"), _cast((float(red_eyes), float(yellow_eyes)), "eye")


def _cast(colour: tuple[float, float], part: str) -> _Cast:
    """How far a colour lies from the usual one; yellow to blue, which differs more, half."""
    usual = _NEUTRAL[part]
    return colour[0] - usual[0], (colour[1] - usual[1]) / 2


def _covered(small: Photo, drawn: _Cells, layout: FaceLayout) -> float:
    """Share that is much darker than the middle of the face, or much less red."""
    regions = (Region.CHEEK_LEFT, Region.CHEEK_RIGHT, Region.NOSE, Region.GLABELLA)
    middle = drawn & np.logical_or.reduce([layout.regions[one] for one in regions])
    if not middle.any():
        return 1.0
    linear = _linear(small)
    light = np.log(linear @ _LUMA)
    redness = np.log(linear[..., 0] / linear[..., 1])
    dark = light < np.median(light[middle]) - _DARK_COVER
    pale = redness < np.median(redness[middle]) - _PALE_COVER
    return float(dark[drawn].mean() + pale[drawn].mean())


def _blocks(photo: Photo, landmarks: npt.ArrayLike) -> float:
    """Mean over both directions of (step at block borders - usual step) / usual step."""
    points = np.asarray(landmarks, dtype=np.float64)
    left, top = np.maximum(np.floor(points.min(axis=0)).astype(int), 0)
    right, bottom = np.ceil(points.max(axis=0)).astype(int)
    face = photo[int(top) : int(bottom), int(left) : int(right)]
    if min(face.shape[:2]) <= 2 * _BLOCK_PX:
        return 0.0
    grey = cv2.cvtColor(face, cv2.COLOR_RGB2GRAY)
    found = []
    for turned in (grey, cv2.transpose(grey)):
        steps_between = cv2.absdiff(turned[1:], turned[:-1])
        _, across = cv2.threshold(steps_between, _LARGEST_STEP, 0, cv2.THRESH_TRUNC)
        steps = cv2.reduce(across, 1, cv2.REDUCE_SUM, dtype=cv2.CV_32S)[:, 0] / across.shape[1]
        whole = steps[: len(steps) // _BLOCK_PX * _BLOCK_PX].reshape(-1, _BLOCK_PX).mean(axis=0)
        usual = float(np.median(whole))
        # Where the blocks begin is not known of a photo that was turned or cut.
        found.append((float(whole.max()) - usual) / (usual + 0.05))
    return sum(found) / len(found)
