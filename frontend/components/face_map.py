"""Draws a heat map over the aligned face, as two pictures: a grey face and a map to lay on it.

The face is turned grey and its skin brought to one lightness, so that the map reads alike on
every skin tone; the map runs from pale to deep blue, deeper meaning more of the sign, with two
contour lines. Both are pictures in memory, handed to the page as `data:` addresses, so that no
address on the server ever shows a face.
"""

from __future__ import annotations

import base64
import io
from functools import cache
from typing import Final

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageFilter

SIDE_PX: Final = 768
"""Side of the drawn map: sharp at twice the pixels of a phone's or a desktop's picture."""
SKIN_LIGHTNESS: Final = 0.66
"""Grey value that the skin's median is brought to."""
RAMP: Final = ("#D6FBFF", "#39D0F5", "#1479F0", "#1B3FB8", "#12145E")
"""Colours of the map from faint to clear, evenly spaced."""
LOWEST_SHOWN: Final = 0.12
CONTOURS: Final = (0.4, 0.7)
_STEPS: Final = 80
_GAMMA_LIMITS: Final = (0.25, 2.5)
"""Beyond these the noise of a very dark or the burnt areas of a very bright photo would show."""
_CONTOUR_EDGE: Final = np.array([18.0, 20.0, 60.0], np.float32)
_CONTOUR_INK: Final = np.array([255.0, 255.0, 255.0], np.float32)

FloatArray = npt.NDArray[np.float64]
ByteArray = npt.NDArray[np.uint8]


def data_address(picture: bytes, media_type: str) -> str:
    """A picture as an address that holds it whole.

    >>> data_address(b"abc", "image/png")
    'data:image/png;base64,YWJj'
    """
    return f"data:{media_type};base64,{base64.b64encode(picture).decode()}"


def grey_face(crop: bytes) -> bytes:
    """The aligned face in grey, its skin's median at `SKIN_LIGHTNESS`.

    Args:
        crop: Picture file of the square aligned face.

    Returns:
        JPEG file of the same size.
    """
    with Image.open(io.BytesIO(crop)) as picture:
        return _encode(grey_picture(picture), "JPEG", quality=88)


def grey_picture(face: Image.Image) -> Image.Image:
    """The same as `grey_face` of a picture that is open already: grey, of the same size."""
    grey = np.asarray(face.convert("L"), dtype=np.float64) / 255
    return Image.fromarray(_bytes(level_skin(grey) * 255))


def level_skin(grey: FloatArray) -> FloatArray:
    """Bring the median of the skin to `SKIN_LIGHTNESS` by a gamma curve.

    Args:
        grey: float64 (S, S) in [0, 1], the aligned face.

    Returns:
        float64 (S, S) in [0, 1].
    """
    median = float(np.median(grey[_face_oval(grey.shape[0])]))
    if not 0 < median < 1:
        return grey
    gamma = np.clip(np.log(SKIN_LIGHTNESS) / np.log(median), *_GAMMA_LIMITS)
    return np.asarray(grey**gamma, dtype=np.float64)


def map_layer(heatmap: bytes, side_px: int = SIDE_PX, *, lowest: float = LOWEST_SHOWN) -> bytes:
    """The coloured map with its contour lines on a clear ground.

    Args:
        heatmap: Grey PNG file, square, brighter meaning more of the sign.
        side_px: Side of the picture to draw.
        lowest: Evidence below this is left clear, 0 to 1.

    Returns:
        WebP file with transparency, (side_px, side_px).
    """
    drawn = map_picture(heatmap, side_px, lowest=lowest)
    return _encode(drawn, "WEBP", lossless=True, quality=20, method=1)


def map_picture(heatmap: bytes, side_px: int, *, lowest: float = LOWEST_SHOWN) -> Image.Image:
    """The same as `map_layer` before it becomes a file: RGBA (side_px, side_px)."""
    large = _smooth(heatmap).resize((side_px, side_px), Image.Resampling.BICUBIC)
    strength = np.clip(np.asarray(large, dtype=np.float64) / 255, 0, 1)
    return Image.fromarray(paint(strength, lowest=lowest), "RGBA")


def shows_something(heatmap: bytes) -> bool:
    """Whether the map is anywhere strong enough to be drawn.

    Args:
        heatmap: Grey PNG file, square, brighter meaning more of the sign.
    """
    return float(np.max(np.asarray(_smooth(heatmap)))) / 255 > LOWEST_SHOWN


def paint(strength: FloatArray, *, lowest: float = LOWEST_SHOWN) -> ByteArray:
    """Colour a map.

    Args:
        strength: float64 (S, S) in [0, 1].
        lowest: what is below it is left clear; a contour line below it too.

    Returns:
        RGBA uint8 (S, S, 4); clear below `lowest`, else 0.35 to 0.80 opaque.
    """
    strength = strength.astype(np.float32)
    # Few steps compress well without losing the sharp lines; 80 are too fine to be seen.
    step = np.rint(strength * _STEPS).astype(np.intp)
    colour = _colours_of_steps()[step]
    # The last hundredths before the threshold fade, or its edge would look torn.
    shown = np.clip((strength - lowest) / 0.02, 0, 1)
    opacity = shown * (0.35 + 0.45 / _STEPS * step.astype(np.float32))
    steepness = np.hypot(*np.gradient(strength))
    for level in (level for level in CONTOURS if level >= lowest):
        # To first order, in pixels. A plateau close to the level has no steepness and would turn
        # into a blot.
        distance = np.abs(strength - level) / np.maximum(steepness, 8e-4)
        for width_px, ink in ((5.0, _CONTOUR_EDGE), (2.4, _CONTOUR_INK)):
            line = np.clip((width_px + 1) / 2 - distance, 0, 1)
            colour += (ink - colour) * line[..., None]
            opacity = np.maximum(opacity, line * (0.95 if width_px < 5 else 0.6))
    return np.dstack([_bytes(colour), _bytes(opacity * 255)])


@cache
def _colours_of_steps() -> npt.NDArray[np.float32]:
    """The ramp's colour at each step, float32 (81, 3)."""
    colours = np.array([[int(code[i : i + 2], 16) for i in (1, 3, 5)] for code in RAMP], float)
    stops, steps = np.linspace(0, 1, len(RAMP)), np.linspace(0, 1, _STEPS + 1)
    channels = [np.interp(steps, stops, colours[:, channel]) for channel in range(3)]
    return np.stack(channels, axis=-1).astype(np.float32)


def _smooth(heatmap: bytes) -> Image.Image:
    with Image.open(io.BytesIO(heatmap)) as picture:
        # Networks see the face in a coarse raster; smoothing and then enlarging takes the
        # raster's kinks out of the contour lines without moving them.
        blur = ImageFilter.GaussianBlur(picture.width / 64)
        return picture.convert("L").filter(blur).convert("F")


def _face_oval(side_px: int) -> npt.NDArray[np.bool_]:
    """The part of an aligned square that is face: brows to chin, cheek to cheek."""
    down, right = np.mgrid[0:side_px, 0:side_px] / side_px
    return np.asarray(((right - 0.5) / 0.26) ** 2 + ((down - 0.56) / 0.3) ** 2 < 1)


def _bytes(values: npt.NDArray[np.floating]) -> ByteArray:
    return np.asarray(np.clip(np.rint(values), 0, 255), dtype=np.uint8)


def _encode(picture: Image.Image, file_format: str, **options: int) -> bytes:
    buffer = io.BytesIO()
    picture.save(buffer, file_format, **options)
    return buffer.getvalue()
