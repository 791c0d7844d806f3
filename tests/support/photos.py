"""Photos to send: a real face that may be shown, and files with one thing wrong each."""

from __future__ import annotations

import io
import struct
import zlib
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt
import pillow_heif
import skimage.data
from PIL import Image, ImageCms

from backend.vision.geometry import align

Pixels = npt.NDArray[np.uint8]


def face_photo() -> Pixels:
    """The head of NASA's public-domain portrait of Eileen Collins, RGB uint8 (640, 640, 3)."""
    astronaut: Pixels = skimage.data.astronaut()  # type: ignore[no-untyped-call]
    head = astronaut[0:256, 96:352]
    return np.asarray(cv2.resize(head, (640, 640), interpolation=cv2.INTER_CUBIC), np.uint8)


def aligned_face() -> Pixels:
    """The same, cut out and aligned by its eyes: what an analysis calls its crop."""
    return align(face_photo(), left_eye=(269.6, 252.2), right_eye=(378.1, 257.5)).pixels


def two_faces() -> Pixels:
    """The same head twice, side by side, RGB uint8 (640, 1280, 3)."""
    return np.hstack([face_photo(), face_photo()])


def encode(pixels: Pixels, format_name: str = "JPEG", **options: Any) -> bytes:
    """A file of pixels (H, W, 3) or (H, W), written by Pillow; `options` are its `save`'s."""
    return encode_image(Image.fromarray(pixels), format_name, **options)


def encode_image(image: Image.Image, format_name: str, **options: Any) -> bytes:
    """A file of a Pillow image; HEIC has the format name `HEIF`."""
    pillow_heif.register_heif_opener()
    if format_name == "HEIF" and "exif" in options:
        # Its writer turns orientation into the container's own rotation, as phones do, only when
        # it finds the EXIF on the image.
        image.info["exif"] = options.pop("exif").tobytes()
    buffer = io.BytesIO()
    image.save(buffer, format_name, **options)
    return buffer.getvalue()


def exif_with_orientation(orientation: int) -> Image.Exif:
    """EXIF that says how the stored picture must be turned, 1 to 8."""
    exif = Image.Exif()
    exif[0x0112] = orientation
    return exif


def png_chunk(kind: bytes, content: bytes) -> bytes:
    """A part of a PNG, of the right checksum."""
    checksum = zlib.crc32(kind + content)
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", checksum)


def png_bomb(side_px: int = 30_000) -> bytes:
    """A PNG of a few bytes that declares `side_px` squared pixels."""
    header = struct.pack(">IIBBBBB", side_px, side_px, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + png_chunk(b"IHDR", header)
        + png_chunk(b"IDAT", zlib.compress(b"\x00" * 1000))
        + png_chunk(b"IEND", b"")
    )


def animation(format_name: str) -> bytes:
    """A moving picture of two frames: a GIF, WebP, PNG or AVIF."""
    frames = [Image.new("RGB", (64, 64), colour) for colour in ("red", "blue")]
    return encode_image(
        frames[0], format_name, save_all=True, append_images=frames[1:], duration=100
    )


def display_p3_profile() -> bytes:
    """An ICC profile of Display P3, what phones take photos in: sRGB's curve, wider primaries."""
    profile = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    # SMPTE EG 432-1 with white D65, adapted to D50, as ICC.1:2022 wants its colorants.
    primaries = {
        b"rXYZ": (0.51512, 0.24120, -0.00105),
        b"gXYZ": (0.29198, 0.69225, 0.04189),
        b"bXYZ": (0.15710, 0.06657, 0.78407),
    }
    (count,) = struct.unpack_from(">I", profile, 128)
    for index in range(count):
        name, offset, _ = struct.unpack_from(">4sII", profile, 132 + 12 * index)
        if name in primaries:
            fixed = [round(value * 65536) for value in primaries[name]]
            struct.pack_into(">3i", profile, offset + 8, *fixed)
    return bytes(profile)


def as_display_p3(image: Image.Image) -> Image.Image:
    """The same colours, written in the numbers of Display P3."""
    converted = ImageCms.profileToProfile(
        image,
        ImageCms.createProfile("sRGB"),
        ImageCms.ImageCmsProfile(io.BytesIO(display_p3_profile())),
    )
    if converted is None:
        raise ValueError("expected a converted copy, got a change in place")
    return converted
