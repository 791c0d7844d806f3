"""How a photo was taken, in numbers: size, pose, focus, light, colour, and what hides the skin."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
import numpy.typing as npt

from backend.vision.face import Face
from backend.vision.geometry import AlignedCrop, Photo, invert, transform_points
from backend.vision.grad_cam import HEATMAP_SIDE_PX
from backend.vision.light import LUMA, Cells, CropCells, FaceLight, Grey, linear
from backend.vision.map_summary import FaceLayout
from backend.vision.regions import Region

_EYE_BAND: Final = (slice(174, 256), slice(92, 420))
"""Rows and columns of the aligned crop that hold eyes and brows."""
_LOGARITHMS: Final = np.log(np.arange(256) + 16).astype(np.float32)
"""Of brightness; what is added keeps the noise of dark places small."""
_LEAST_CONTRAST: Final = 1e-4
_CLIPPED, _ALL_CLIPPED = 250, 245
_DARK_COVER, _PALE_COVER, _DARK_LENS = 0.7, 0.2, 0.8
_BLOCK_PX: Final = 8
_LARGEST_STEP: Final = 20.0
"""Steps of brightness beyond it are edges of things, not of a JPEG's blocks."""


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
        focus: logarithm of the fine contrasts of eyes and brows.
        eye_white: brightness of the white of the eyes, 0 to 255.
        clipped: share of the skin that is clipped in a channel, and again that is in all three.
        unevenness: how much more light one part of the skin gets than another, natural logarithm.
        brighter: x, y, in which direction the skin gets brighter on the image; its length is that
            logarithm over half the crop's side.
        tint: how far the colours of skin and eye whites lie from good photos', logarithms of
            ratios of channels.
        colour: in which direction, the mean of both: redder than usual, and yellower, counted half.
        covered: share of the face that hair, cloth or dark glasses seem to hide; above 1 possible.
        texture: logarithm of the skin's own fine contrasts.
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


def measure_capture(
    photo: Photo,
    face: Face,
    crop: AlignedCrop,
    layout: FaceLayout,
    cells: CropCells,
    light: FaceLight,
    graded: Photo,
) -> Capture:
    """Measure one photo.

    Args:
        photo: RGB uint8 (H, W, 3).
        face: the face in it.
        crop: the aligned crop.
        layout: the face on the cells of its maps.
        cells: the crop's copy with a pixel to a cell.
        light: on the face.
        graded: RGB uint8 (S, S, 3), the crop in the usual light, whose sharpness is told.
    """
    contrasts = _contrasts(graded)
    fine_eyes = float(_band(contrasts[_EYE_BAND], 1.6).std())
    return Capture(
        eye_distance_px=face.eye_distance_px,
        outside=_outside(photo, crop, cells.drawn),
        yaw_deg=face.pose.yaw_deg,
        pitch_deg=face.pose.pitch_deg,
        roll_deg=face.pose.roll_deg,
        eyes_open=light.eyes_open,
        focus=math.log(fine_eyes + _LEAST_CONTRAST),
        eye_white=light.eye_white,
        clipped=_clipped(cells.small, cells.skin),
        unevenness=_unevenness(light.shading, cells.skin),
        brighter=light.brighter,
        tint=math.hypot(*light.of_skin) + math.hypot(*light.of_eyes),
        colour=(
            (light.of_skin[0] + light.of_eyes[0]) / 2,
            (light.of_skin[1] + light.of_eyes[1]) / 2,
        ),
        covered=_covered(cells.small, cells.drawn, layout)
        + max(0.0, _DARK_LENS - light.white_share),
        texture=math.log(_skin_structure(contrasts, cells.skin) + _LEAST_CONTRAST),
        blocks=_blocks(photo, face.landmarks),
    )


def _contrasts(pixels: Photo) -> Grey:
    """Logarithm of the brightness: its steps are ratios, alike on dark skin and on light."""
    grey = cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY)
    return np.asarray(_LOGARITHMS[grey], dtype=np.float32)


def _band(picture: Grey, sigma_px: float) -> Grey:
    """What lies between a Gaussian and one twice as wide."""
    fine = cv2.GaussianBlur(picture, (0, 0), sigma_px)
    return np.asarray(fine - cv2.GaussianBlur(fine, (0, 0), math.sqrt(3) * sigma_px))


def _skin_structure(contrasts: Grey, skin: Cells) -> float:
    """Typical contrast of 1.6 to 6.4 px of the skin itself, without its edges."""
    inner = cv2.erode(skin.astype(np.uint8), np.ones((5, 5), np.uint8))
    place = cv2.resize(inner, contrasts.shape[::-1], interpolation=cv2.INTER_NEAREST) > 0
    if not place.any():
        return 0.0
    shrunk = cv2.resize(contrasts, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
    half = np.asarray(shrunk, dtype=np.float32)
    medians = (
        np.median(np.abs(_band(contrasts, 1.6)[place])),
        np.median(np.abs(_band(half, 1.6)[place[::2, ::2]])),
    )
    return float(np.sqrt(medians[0] * medians[1]))


def _outside(photo: Photo, crop: AlignedCrop, drawn: Cells) -> float:
    if not drawn.any():
        return 1.0
    height, width = photo.shape[:2]
    corners = [(0, 0), (width - 1, 0), (width - 1, height - 1), (0, height - 1)]
    cell_px = crop.pixels.shape[0] / HEATMAP_SIDE_PX
    on_cells = (transform_points(corners, invert(crop.to_photo)) + 0.5) / cell_px - 0.5
    inside = np.zeros(drawn.shape, np.uint8)
    cv2.fillPoly(inside, [np.round(on_cells).astype(np.int32)], 1)
    return 1.0 - float(inside[drawn].mean())


def _clipped(small: Photo, skin: Cells) -> float:
    if not skin.any():
        return 0.0
    pixels = small[skin]
    any_channel = (pixels.max(axis=1) >= _CLIPPED).mean()
    return float(any_channel + (pixels.min(axis=1) >= _ALL_CLIPPED).mean())


def _unevenness(shading: Grey, skin: Cells) -> float:
    if not skin.any():
        return 0.0
    low, high = np.quantile(shading[skin], (0.05, 0.95))
    return float(high - low)


def _covered(small: Photo, drawn: Cells, layout: FaceLayout) -> float:
    """Share that is much darker than the middle of the face, or much less red."""
    regions = (Region.CHEEK_LEFT, Region.CHEEK_RIGHT, Region.NOSE, Region.GLABELLA)
    middle = drawn & np.logical_or.reduce([layout.regions[one] for one in regions])
    if not middle.any():
        return 1.0
    colours = linear(small)
    light = np.log(colours @ LUMA)
    redness = np.log(colours[..., 0] / colours[..., 1])
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
        across = cv2.absdiff(turned[1:], turned[:-1])
        cv2.threshold(across, _LARGEST_STEP, 0, cv2.THRESH_TRUNC, dst=across)
        steps = cv2.reduce(across, 1, cv2.REDUCE_SUM, dtype=cv2.CV_32S)[:, 0] / across.shape[1]
        whole = steps[: len(steps) // _BLOCK_PX * _BLOCK_PX].reshape(-1, _BLOCK_PX).mean(axis=0)
        usual = float(np.median(whole))
        # Where the blocks begin is not known of a photo that was turned or cut.
        found.append((float(whole.max()) - usual) / (usual + 0.05))
    return sum(found) / len(found)
