"""A damaged file is read or refused; whatever is wrong with it, nothing else happens."""

from __future__ import annotations

import random
import tracemalloc

import numpy as np
import pytest

from backend.errors import PhotoError, PhotoTooManyPixelsError
from backend.vision.photo import decode_photo, decode_sized
from tests.support.photos import encode, exif_with_orientation, png_bomb

SEED = 20261123


def photo(format_name: str) -> bytes:
    """A file with everything that can be damaged: pixels, EXIF and a profile."""
    noise = np.random.default_rng(SEED).integers(0, 256, (48, 64, 3), np.uint8)
    return encode(noise, format_name, exif=exif_with_orientation(6))


def damaged(file: bytes, generator: random.Random) -> bytes:
    """Some bytes replaced, a piece cut out or doubled, or the end lost."""
    content = bytearray(file)
    kind = generator.randrange(4)
    start = generator.randrange(len(content))
    length = generator.randrange(1, 40)
    if kind == 0:
        for _ in range(length):
            content[generator.randrange(len(content))] = generator.randrange(256)
    elif kind == 1:
        del content[start : start + length]
    elif kind == 2:
        content[start:start] = content[start : start + length]
    else:
        del content[start:]
    return bytes(content)


@pytest.mark.filterwarnings("ignore")  # Pillow warns of the damage
@pytest.mark.parametrize("format_name", ["JPEG", "PNG", "WEBP", "HEIF", "AVIF", "GIF", "TIFF"])
def test_a_damaged_file_is_read_or_refused_and_nothing_else(format_name: str) -> None:
    file, generator = photo(format_name), random.Random(SEED)
    for number in range(150):
        content = damaged(file, generator)
        try:
            decoded = decode_sized(content, max_pixels=1_000_000)
        except PhotoError:
            continue
        width, height = decoded.full_size
        assert decoded.pixels.dtype == np.uint8, number
        assert decoded.pixels.shape == (height, width, 3), number


@pytest.mark.parametrize("side_px", [8_001, 30_000, 2**31 - 1])
def test_a_bomb_is_refused_without_memory_for_its_pixels(side_px: int) -> None:
    bomb = png_bomb(side_px)
    tracemalloc.start()
    with pytest.raises(PhotoTooManyPixelsError):
        decode_photo(bomb)
    _, peak_bytes = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak_bytes < 1_000_000
