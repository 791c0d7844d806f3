"""From a decoded picture to upright sRGB pixels, a few rows at a time.

Each step on a whole picture would make another one: with a profile, transparency and a turn, five
of four bytes for each pixel. Taken in strips, there is the decoder's picture and the result.
"""

from __future__ import annotations

import io
import logging
from collections.abc import Callable
from typing import Final

import numpy as np
from PIL import Image, ImageCms

from backend.vision.geometry import Photo

# EXIF 2.32, tag 0x0112: what turns the stored picture upright.
_UPRIGHT: Final = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
_ENDS_AT_ITS_FIRST_ROW: Final = frozenset({3, 4, 6, 7})
"""Orientations whose upright picture begins with what is stored last."""
_STRIP_PX: Final = 2**19

_Conversion = Callable[[Image.Image], Image.Image]

_log = logging.getLogger(__name__)


def lies_on_its_side(orientation: int) -> bool:
    """Whether width and height of the stored picture are height and width of the upright one.

    Args:
        orientation: EXIF's, 1 to 8; any other number means upright.

    >>> lies_on_its_side(6), lies_on_its_side(3), lies_on_its_side(9)
    (True, False, False)
    """
    return 5 <= orientation <= 8


def to_upright_srgb(image: Image.Image, orientation: int) -> Photo:
    """Convert the colour profile to sRGB, lay transparency over white and turn upright.

    Args:
        image: a loaded picture of any mode.
        orientation: EXIF's, 1 to 8; any other number means upright.

    Returns:
        RGB uint8 (H, W, 3).
    """
    width, height = image.size
    on_its_side = lies_on_its_side(orientation)
    upright = np.empty((width, height, 3) if on_its_side else (height, width, 3), np.uint8)
    turn = _UPRIGHT.get(orientation)
    backwards = orientation in _ENDS_AT_ITS_FIRST_ROW
    to_srgb = _srgb_conversion(image)
    rows = max(1, _STRIP_PX // width)
    for top in range(0, height, rows):
        bottom = min(top + rows, height)
        strip = to_srgb(image.crop((0, top, width, bottom)))
        turned = strip if turn is None else strip.transpose(turn)
        place = slice(height - bottom, height - top) if backwards else slice(top, bottom)
        upright[(slice(None), place) if on_its_side else place] = np.asarray(turned)
    return upright


def _srgb_conversion(image: Image.Image) -> _Conversion:
    # The profile is read, and tried on one pixel, before all strips are converted by it or none.
    sample, _ = _split_alpha(_to_eight_bits(image.crop((0, 0, 1, 1))))
    convert = _profile_conversion(sample, image.info.get("icc_profile"))

    def to_srgb(strip: Image.Image) -> Image.Image:
        opaque, alpha = _split_alpha(_to_eight_bits(strip))
        colours = convert(opaque)
        if alpha is None:
            return colours
        white = Image.new("RGB", colours.size, (255, 255, 255))
        return Image.composite(colours, white, alpha)

    return to_srgb


def _to_eight_bits(image: Image.Image) -> Image.Image:
    # Pillow clips these modes at 255 when it converts them, which turns a photo white.
    if image.mode.startswith("I"):
        values = np.asarray(image, dtype=np.int64) >> 8
        return Image.fromarray(np.clip(values, 0, 255).astype(np.uint8))
    return image


def _split_alpha(image: Image.Image) -> tuple[Image.Image, Image.Image | None]:
    if image.mode == "P" or image.mode == "PA":
        image = image.convert("RGBA" if image.has_transparency_data else "RGB")
    if not image.has_transparency_data:
        return image, None
    with_alpha = image.convert("LA" if image.mode in ("1", "L", "LA") else "RGBA")
    return with_alpha.convert(with_alpha.mode.removesuffix("A")), with_alpha.getchannel("A")


def _profile_conversion(sample: Image.Image, profile: bytes | None) -> _Conversion:
    if profile:
        try:
            transform = ImageCms.buildTransform(
                ImageCms.ImageCmsProfile(io.BytesIO(profile)),
                ImageCms.createProfile("sRGB"),
                sample.mode,
                "RGB",
            )
            transform.apply(sample)
        except (ImageCms.PyCMSError, OSError, TypeError, ValueError) as error:
            # Browsers show a photo with a broken profile as sRGB; so it is read here.
            _log.info("the colour profile cannot be used (%s)", type(error).__name__)
        else:
            return transform.apply
    return _without_profile


def _without_profile(image: Image.Image) -> Image.Image:
    return image if image.mode == "RGB" else image.convert("RGB")
