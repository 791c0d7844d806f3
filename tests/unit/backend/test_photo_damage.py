"""A damaged file is read or refused; whatever is wrong with it, nothing else happens."""

from __future__ import annotations

import random
import tracemalloc

import numpy as np
import pytest

from backend.errors import PhotoError, PhotoTooManyPixelsError, PhotoUnreadableError
from backend.vision.jpeg_scans import count_scans
from backend.vision.photo import MAX_SCANS, MAX_SIDE_PX, decode_photo, decode_sized
from tests.support.photos import encode, exif_with_orientation, png_bomb, png_chunk

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


def png_with(late_chunk: bytes, content: bytes) -> bytes:
    """A sound PNG with one more chunk after its pixels, of the right checksum."""
    file = encode(np.zeros((8, 8, 3), np.uint8), "PNG")
    end = file.rindex(b"IEND") - 4
    return file[:end] + png_chunk(late_chunk, content) + file[end:]


@pytest.mark.parametrize("kind", [b"iCCP", b"tRNS", b"gAMA", b"pHYs", b"zTXt", b"iTXt", b"eXIf"])
@pytest.mark.parametrize("content", [b"", b"a", b"a\0", b"a\0\0", b"a\0\0\1\2\3", b"\0" * 9])
def test_a_late_chunk_of_a_png_may_be_nonsense(kind: bytes, content: bytes) -> None:
    try:
        decoded = decode_photo(png_with(kind, content))
    except PhotoError:
        return
    assert decoded.shape == (8, 8, 3)


def progressive(side_px: int = 64) -> bytes:
    noise = np.random.default_rng(SEED).integers(0, 256, (side_px, side_px, 3), np.uint8)
    return encode(noise, "JPEG", progressive=True)


def with_scans(file: bytes, more: int) -> bytes:
    """The last scan of a progressive JPEG sent again and again."""
    start = file.rindex(b"\xff\xda")
    return file[:-2] + file[start:-2] * more + file[-2:]


def test_a_jpeg_may_not_go_over_its_picture_as_often_as_it_likes() -> None:
    file = progressive()
    usual = count_scans(file)
    assert 2 < usual < 20
    assert count_scans(with_scans(file, 5)) == usual + 5
    most = with_scans(file, MAX_SCANS - usual)
    assert decode_photo(most).shape == (64, 64, 3)
    with pytest.raises(PhotoUnreadableError):
        decode_photo(with_scans(file, MAX_SCANS - usual + 1))


def test_only_the_scans_of_the_photo_itself_are_counted() -> None:
    file = encode(np.zeros((8, 8, 3), np.uint8), "JPEG")
    fake = 4 * MAX_SCANS * b"\xff\xda"
    # A moving photo's film after its end, and what a note in it holds.
    assert count_scans(file) == 1
    assert decode_photo(file + fake).shape == (8, 8, 3)
    note = b"\xff\xfe" + (len(fake) + 2).to_bytes(2) + fake
    assert decode_photo(file[:2] + note + file[2:]).shape == (8, 8, 3)


@pytest.mark.parametrize("end", range(0, 700, 7))
def test_scans_of_half_a_file_can_be_counted(end: int) -> None:
    assert 0 <= count_scans(progressive(16)[:end]) < 20


def test_a_stripe_is_no_photo() -> None:
    with pytest.raises(PhotoUnreadableError):
        decode_photo(encode(np.zeros((1, MAX_SIDE_PX + 1), np.uint8), "PNG"))
    assert decode_photo(encode(np.zeros((1, MAX_SIDE_PX), np.uint8), "PNG")).shape[1] == MAX_SIDE_PX


@pytest.mark.parametrize("side_px", [8_001, 30_000, 2**31 - 1])
def test_a_bomb_is_refused_without_memory_for_its_pixels(side_px: int) -> None:
    bomb = png_bomb(side_px)
    tracemalloc.start()
    with pytest.raises(PhotoTooManyPixelsError):
        decode_photo(bomb)
    _, peak_bytes = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak_bytes < 1_000_000
