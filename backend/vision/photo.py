"""From the bytes of a file to upright sRGB pixels, safely.

Nothing but pixels leaves this module: EXIF, GPS, profiles and comments end here.
"""

from __future__ import annotations

import functools
import io
import logging
import struct
import zlib
from dataclasses import dataclass
from typing import Final

import pillow_heif
from PIL import Image

from backend.errors import (
    PhotoEmptyError,
    PhotoFormatUnsupportedError,
    PhotoTooManyPixelsError,
    PhotoUnreadableError,
)
from backend.vision.geometry import Photo
from backend.vision.jpeg_scans import has_more_scans_than
from backend.vision.srgb import lies_on_its_side, to_upright_srgb

SUPPORTED_FORMATS: Final = ("JPEG", "PNG", "WebP", "HEIC", "AVIF")
"""The kinds of photo that are read, as people call them."""
MAX_PIXELS: Final = 64_000_000
"""Bound on width times height before anything is decoded: the largest phone cameras' usual size."""
MAX_SIDE_PX: Final = 65_535
"""As long as a JPEG's side can be; with more, a photo within `MAX_PIXELS` is a stripe."""
MAX_SCANS: Final = 100
"""Encoders make some ten of a JPEG; each takes the time to go over the whole picture."""
DRAFT_SIDE_PX: Final = 2560
"""As large as the detector's largest copy: no face is found on more."""

_PILLOW_FORMATS: Final = ("JPEG", "PNG", "WEBP", "HEIF", "AVIF")
# What Pillow's decoders raise on damaged files, found by feeding them damaged files.
_DECODING_ERRORS: Final = (
    OSError,
    SyntaxError,
    ValueError,
    EOFError,
    RuntimeError,
    MemoryError,
    LookupError,
    TypeError,
    ArithmeticError,
    struct.error,
    zlib.error,
)
_FOREIGN_SIGNATURES: Final = (
    (b"GIF8", "GIF"),
    (b"BM", "BMP"),
    (b"II*\x00", "TIFF"),
    (b"MM\x00*", "TIFF"),
    (b"%PDF", "PDF"),
    (b"8BPS", "Photoshop"),
    (b"\x00\x00\x01\x00", "ICO"),
    (b"\xff\x0a", "JPEG XL"),
    (b"\x00\x00\x00\x0cJXL ", "JPEG XL"),
    (b"\x00\x00\x00\x0cjP  ", "JPEG 2000"),
)
_ORIENTATION_TAG: Final = 0x0112
"""EXIF 2.32, 4.6.4 A."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class DecodedPhoto:
    """What a file holds.

    Attributes:
        pixels: RGB uint8 (H, W, 3), upright; of a JPEG maybe a copy smaller than the file's.
        full_size: width and height of the file's, upright.
    """

    pixels: Photo
    full_size: tuple[int, int]

    @property
    def is_whole(self) -> bool:
        """Whether the pixels are all that the file has."""
        height, width = self.pixels.shape[:2]
        return (width, height) == self.full_size


def decode_photo(data: bytes, *, max_pixels: int = MAX_PIXELS) -> Photo:
    """The pixels of a still photo, RGB uint8 (H, W, 3), upright; raises like `decode_sized`."""
    return decode_sized(data, max_pixels=max_pixels).pixels


def decode_sized(
    data: bytes, *, max_pixels: int = MAX_PIXELS, least_side_px: int = DRAFT_SIDE_PX
) -> DecodedPhoto:
    """Read a still photo, and how large its file has it.

    Orientation is applied, the colour profile converted to sRGB, transparency laid over white.

    Args:
        data: the file.
        max_pixels: bound on width times height, checked before decoding.
        least_side_px: a JPEG comes out at a half, a quarter or an eighth of its size, as long as
            both its sides stay at least this long.

    Raises:
        PhotoEmptyError: there are no bytes.
        PhotoFormatUnsupportedError: a picture of another kind, or a moving one.
        PhotoTooManyPixelsError: the file declares more pixels than `max_pixels`.
        PhotoUnreadableError: no picture, a damaged one, or one that nobody's camera makes: with a
            side longer than `MAX_SIDE_PX`, or as a JPEG with more than `MAX_SCANS` scans.
    """
    if not data:
        raise PhotoEmptyError
    with _open(data, max_pixels) as image:
        width, height = image.size
        if width * height > max_pixels:
            raise PhotoTooManyPixelsError(max_megapixels=max_pixels / 1e6)
        if image.format in ("PNG", "WEBP", "AVIF") and getattr(image, "is_animated", False):
            raise _unsupported(f"Animated {'WebP' if image.format == 'WEBP' else image.format}")
        if max(width, height) > MAX_SIDE_PX:
            raise PhotoUnreadableError
        try:
            if image.format in ("JPEG", "MPO"):
                if has_more_scans_than(MAX_SCANS, data):
                    raise PhotoUnreadableError
                image.draft(None, (least_side_px, least_side_px))
            declared = image.size
            image.load()
            if image.size != declared:
                # A HEIC's box and its stream may disagree; the bound holds for the box alone.
                raise PhotoUnreadableError
            # Asked of a loaded picture: a PNG may say it after its pixels.
            orientation = _orientation(image)
            pixels = to_upright_srgb(image, orientation)
        except _DECODING_ERRORS as error:
            raise PhotoUnreadableError from error
    full_size = (height, width) if lies_on_its_side(orientation) else (width, height)
    return DecodedPhoto(pixels, full_size)


def _open(data: bytes, max_pixels: int) -> Image.Image:
    _register_heif()
    try:
        return Image.open(io.BytesIO(data), formats=_PILLOW_FORMATS)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise PhotoTooManyPixelsError(max_megapixels=max_pixels / 1e6) from error
    except _DECODING_ERRORS as error:
        format_name = _foreign_format(data)
        if format_name is None:
            raise PhotoUnreadableError from error
        raise _unsupported(format_name) from error


@functools.cache
def _register_heif() -> None:
    pillow_heif.register_heif_opener()


def _foreign_format(data: bytes) -> str | None:
    for signature, name in _FOREIGN_SIGNATURES:
        if data.startswith(signature):
            return name
    start = data[:1024].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if start.startswith(b"<") and b"<svg" in start:
        return "SVG"
    return None


def _unsupported(format_name: str) -> PhotoFormatUnsupportedError:
    return PhotoFormatUnsupportedError(format_name=format_name, supported=SUPPORTED_FORMATS)


def _orientation(image: Image.Image) -> int:
    try:
        value = image.getexif().get(_ORIENTATION_TAG, 1)
    except _DECODING_ERRORS as error:
        # The pixels may be sound although the notes beside them are not; viewers show such a
        # photo as it is stored.
        _log.info("EXIF cannot be read (%s); the photo is taken as upright", type(error).__name__)
        return 1
    return value if isinstance(value, int) else 1
