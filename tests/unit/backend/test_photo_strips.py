"""A photo converted strip by strip is what Pillow makes of it whole, in far less memory."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import cv2
import numpy as np
import pytest
from PIL import Image, ImageCms, ImageOps

from backend.supervisor import ALLOCATOR
from backend.vision.photo import decode_photo
from tests.support.photos import (
    Pixels,
    display_p3_profile,
    encode_image,
    exif_with_orientation,
)

WIDTH, HEIGHT = 53, 37
SEE_THROUGH = (70, 80, 90)


def colourful(width: int = WIDTH, height: int = HEIGHT) -> Image.Image:
    noise = np.random.default_rng(5).integers(
        0, 256, (height // 8 + 1, width // 8 + 1, 4), np.uint8
    )
    return Image.fromarray(noise, "RGBA").resize((width, height), Image.Resampling.BICUBIC)


def of_mode(mode: str) -> Image.Image:
    picture = colourful()
    if mode == "P":
        return picture.convert("RGB").quantize(16)
    if mode == "I;16":
        grey = np.asarray(picture.convert("L"), np.uint16)
        return Image.fromarray(grey * 256 + 77)
    converted = picture.convert(mode)
    if mode == "RGB":
        converted.paste(SEE_THROUGH, (10, 10, 20, 20))
    return converted


def deep_colour() -> bytes:
    """A PNG of sixteen bits a channel, which Pillow cannot write."""
    deep = np.asarray(colourful().convert("RGB"), np.uint16) * 257 + 3
    return bytes(cv2.imencode(".png", deep)[1])


def whole(data: bytes) -> Pixels:
    """What Pillow makes of a file, each step on the whole picture."""
    with Image.open(io.BytesIO(data)) as image:
        image.load()
        picture: Image.Image = image.copy()
        orientation = image.getexif().get(0x0112, 1)
        profile = image.info.get("icc_profile")
    if picture.mode.startswith("I"):
        picture = Image.fromarray((np.asarray(picture, np.int64) >> 8).astype(np.uint8))
    alpha = None
    if picture.mode == "P":
        picture = picture.convert("RGBA" if picture.has_transparency_data else "RGB")
    if picture.has_transparency_data:
        picture = picture.convert("LA" if picture.mode in ("1", "L", "LA") else "RGBA")
        alpha = picture.getchannel("A")
        picture = picture.convert(picture.mode.removesuffix("A"))
    colours = picture.convert("RGB")
    if profile:
        srgb = ImageCms.createProfile("sRGB")
        try:
            source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            found = ImageCms.profileToProfile(picture, source, srgb, outputMode="RGB")
        except (ImageCms.PyCMSError, OSError):
            found = None
        colours = colours if found is None else found
    if alpha is not None:
        colours = Image.composite(colours, Image.new("RGB", colours.size, "white"), alpha)
    turned = Image.new("RGB", colours.size)
    turned.paste(colours)
    turned.getexif()[0x0112] = orientation
    return np.array(ImageOps.exif_transpose(turned))


@pytest.fixture
def narrow_strips(monkeypatch: pytest.MonkeyPatch) -> None:
    """Five rows each, so that the last strip is shorter."""
    monkeypatch.setattr("backend.vision.srgb._STRIP_PX", 5 * WIDTH + 2)


def saved(kind: str, mode: str, **options: Any) -> Callable[[], bytes]:
    """What writes the picture of a mode; `options` are those of Pillow's `save`."""
    return lambda: encode_image(of_mode(mode), kind, **options)


def in_p3(kind: str, mode: str) -> Callable[[], bytes]:
    return saved(kind, mode, icc_profile=display_p3_profile())


FILES: Final = {
    **{f"PNG {mode}": saved("PNG", mode) for mode in ("1", "L", "LA", "P", "RGB", "RGBA", "I;16")},
    "PNG P, see-through": saved("PNG", "P", transparency=3),
    "PNG L, one grey see-through": saved("PNG", "L", transparency=90),
    "PNG RGB, one colour see-through": saved("PNG", "RGB", transparency=SEE_THROUGH),
    "PNG RGB, 16 bits": deep_colour,
    **{f"JPEG {mode}": saved("JPEG", mode) for mode in ("L", "RGB", "CMYK")},
    **{
        f"{kind} {mode}": saved(kind, mode)
        for kind in ("WEBP", "HEIF", "AVIF")
        for mode in ("RGB", "RGBA")
    },
    **{
        f"{kind} RGB in Display P3": in_p3(kind, "RGB")
        for kind in ("JPEG", "PNG", "WEBP", "HEIF", "AVIF")
    },
    "PNG RGBA in Display P3": in_p3("PNG", "RGBA"),
    "PNG P in Display P3": in_p3("PNG", "P"),
    "PNG L with a profile of colours": in_p3("PNG", "L"),
    "PNG I;16 with a profile of colours": in_p3("PNG", "I;16"),
    "JPEG CMYK with a profile of lights": in_p3("JPEG", "CMYK"),
    "PNG RGB with a broken profile": saved("PNG", "RGB", icc_profile=b"none at all"),
}


@pytest.mark.usefixtures("narrow_strips")
@pytest.mark.parametrize("name", FILES)
def test_each_pixel_is_what_pillow_makes_of_the_whole_picture(name: str) -> None:
    data = FILES[name]()
    expected = whole(data)
    assert expected.shape == (HEIGHT, WIDTH, 3)
    assert np.array_equal(decode_photo(data), expected)


@pytest.mark.usefixtures("narrow_strips")
@pytest.mark.parametrize("orientation", range(10))
@pytest.mark.parametrize("kind", ["PNG", "JPEG", "HEIF", "AVIF", "WEBP"])
def test_each_turn_is_what_pillow_makes_of_the_whole_picture(kind: str, orientation: int) -> None:
    data = encode_image(
        of_mode("RGB"),
        kind,
        exif=exif_with_orientation(orientation),
        icc_profile=display_p3_profile(),
    )
    assert np.array_equal(decode_photo(data), whole(data))


def test_strips_as_they_are_join_without_a_seam() -> None:
    data = encode_image(colourful(1100, 1301), "PNG", exif=exif_with_orientation(7))
    assert np.array_equal(decode_photo(data), whole(data))


STATUS: Final = Path("/proc/self/status")
"""Where Linux tells how much memory a process holds, and the most that it ever held."""
MEASURE: Final = f"""
import sys
from pathlib import Path
from backend.vision.photo import decode_photo

def held_bytes(name):
    lines = Path("{STATUS}").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(name)) * 1024

data = Path(sys.argv[1]).read_bytes()
decode_photo(Path(sys.argv[2]).read_bytes())
peak, held = held_bytes("VmHWM"), held_bytes("VmRSS")
count = decode_photo(data).size / 3
print((held_bytes("VmHWM") - peak) / count, (held_bytes("VmRSS") - held) / count)
"""


def bytes_per_pixel(folder: Path, mode: str, **options: Any) -> tuple[float, float]:
    """What a PNG of 24 megapixels takes while it is decoded, and what is kept of that."""
    large = Image.new(mode, (6000, 4000), 90 if mode in ("L", "I;16") else "tan")
    files = folder / "large.png", folder / "small.png"
    for file, picture in zip(files, (large, large.crop((0, 0, 64, 64))), strict=True):
        file.write_bytes(encode_image(picture, "PNG", compress_level=1, **options))
    run = subprocess.run(
        [sys.executable, "-c", MEASURE, *map(str, files)],
        env={**os.environ, **ALLOCATOR},
        capture_output=True,
        text=True,
        check=True,
    )
    peak, kept = run.stdout.split()
    return float(peak), float(kept)


@pytest.mark.skipif(not STATUS.exists(), reason="needs Linux")
@pytest.mark.parametrize(
    ("mode", "options", "most_bytes_per_pixel"),
    [
        ("RGB", {}, 8),
        ("RGB", {"exif": exif_with_orientation(6), "icc_profile": display_p3_profile()}, 8),
        ("RGBA", {"icc_profile": display_p3_profile()}, 8),
        ("L", {}, 5),
        ("I;16", {}, 6),
    ],
    ids=["RGB", "RGB on its side in Display P3", "RGBA in Display P3", "grey", "grey, 16 bits"],
)
def test_a_photo_takes_the_decoders_picture_and_its_pixels_and_no_more(
    tmp_path: Path, mode: str, options: dict[str, object], most_bytes_per_pixel: int
) -> None:
    # The decoder keeps colours in four bytes and grey in one or two; the pixels take three.
    peak, _ = bytes_per_pixel(tmp_path, mode, **options)
    assert 3 < peak < most_bytes_per_pixel


@pytest.mark.skipif(not STATUS.exists(), reason="needs Linux")
def test_the_server_gives_a_large_photos_memory_back(tmp_path: Path) -> None:
    _, kept = bytes_per_pixel(tmp_path, "RGB")
    assert kept < 1
