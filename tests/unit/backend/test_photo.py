"""Decoding: every accepted format, every way a file can be wrong, and nothing but pixels after."""

from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image, ImageCms

from backend.errors import (
    PhotoEmptyError,
    PhotoFormatUnsupportedError,
    PhotoTooManyPixelsError,
    PhotoUnreadableError,
)
from backend.vision.photo import decode_photo, decode_sized
from tests.support.photos import (
    Pixels,
    animation,
    encode,
    encode_image,
    exif_with_orientation,
    png_bomb,
)

RED, GREEN, BLUE, WHITE = (255, 0, 0), (0, 255, 0), (0, 0, 255), (255, 255, 255)

# Where the upright picture's corners (upper left, upper right, lower left, lower right) lie in the
# stored one, by EXIF orientation; from the table of EXIF 2.32, 4.6.4 A.
STORED_CORNERS = {
    1: ("ul", "ur", "ll", "lr"),
    2: ("ur", "ul", "lr", "ll"),
    3: ("lr", "ll", "ur", "ul"),
    4: ("ll", "lr", "ul", "ur"),
    5: ("ul", "ll", "ur", "lr"),
    6: ("ll", "ul", "lr", "ur"),
    7: ("lr", "ur", "ll", "ul"),
    8: ("ur", "lr", "ul", "ll"),
}


def four_colours(height: int = 32, width: int = 48) -> Pixels:
    """Red and green above blue and white, RGB uint8."""
    pixels = np.empty((height, width, 3), np.uint8)
    pixels[: height // 2, : width // 2] = RED
    pixels[: height // 2, width // 2 :] = GREEN
    pixels[height // 2 :, : width // 2] = BLUE
    pixels[height // 2 :, width // 2 :] = WHITE
    return pixels


def corners(pixels: Pixels) -> dict[str, tuple[int, ...]]:
    """The colour in the middle of each quarter."""
    height, width = pixels.shape[:2]
    places = {"u": height // 4, "d": height * 3 // 4, "l": width // 4, "r": width * 3 // 4}
    return {
        name: tuple(int(value) for value in pixels[places["d" if row == "l" else "u"], places[x]])
        for name, row, x in (
            ("ul", "u", "l"),
            ("ur", "u", "r"),
            ("ll", "l", "l"),
            ("lr", "l", "r"),
        )
    }


@pytest.mark.parametrize("format_name", ["JPEG", "PNG", "WEBP", "HEIF", "AVIF"])
def test_every_accepted_format_gives_the_same_picture(format_name: str) -> None:
    decoded = decode_photo(encode(four_colours(), format_name))
    assert decoded.shape == (32, 48, 3)
    assert decoded.dtype == np.uint8
    found = corners(decoded)
    for name, expected in zip(("ul", "ur", "ll", "lr"), (RED, GREEN, BLUE, WHITE), strict=True):
        assert np.allclose(found[name], expected, atol=8), name


@pytest.mark.parametrize("orientation", range(1, 9))
def test_each_exif_orientation_is_turned_upright(orientation: int) -> None:
    data = encode(four_colours(), "PNG", exif=exif_with_orientation(orientation))
    photo = decode_sized(data)
    stored, upright = corners(four_colours()), corners(photo.pixels)
    expected = [stored[name] for name in STORED_CORNERS[orientation]]
    assert [upright[name] for name in ("ul", "ur", "ll", "lr")] == expected
    assert photo.full_size == ((48, 32) if orientation < 5 else (32, 48))


@pytest.mark.parametrize("format_name", ["JPEG", "WEBP", "HEIF", "AVIF"])
def test_a_phone_photo_on_its_side_is_turned_upright_in_every_format(format_name: str) -> None:
    data = encode(four_colours(), format_name, exif=exif_with_orientation(6))
    decoded = decode_sized(data)
    assert decoded.pixels.shape == (48, 32, 3)
    assert decoded.full_size == (32, 48)
    assert np.allclose(corners(decoded.pixels)["ul"], BLUE, atol=8)
    assert np.allclose(corners(decoded.pixels)["ur"], RED, atol=8)


@pytest.mark.filterwarnings("ignore:Corrupt EXIF data")
def test_a_damaged_exif_block_leaves_the_picture_as_it_is_stored() -> None:
    data = encode(four_colours(), "PNG", exif=b"Exif\x00\x00MM\x00*\xff\xff\xff\xff")
    assert corners(decode_photo(data))["ul"] == RED


def test_another_colour_profile_is_converted_to_srgb() -> None:
    # In CIE XYZ, D50, the profile's connection space, mid grey of sRGB is (.2075 .2140 .1766).
    lab = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB"))
    srgb = ImageCms.createProfile("sRGB")
    orange = Image.new("RGB", (16, 16), (200, 120, 40))
    as_lab = ImageCms.profileToProfile(orange, srgb, lab, outputMode="LAB")
    assert as_lab is not None
    pixels = np.asarray(as_lab.convert("LAB"))
    assert tuple(pixels[8, 8]) != (200, 120, 40)
    swapped = ImageCms.ImageCmsProfile(io.BytesIO(_swapped_profile()))
    data = encode_image(orange, "PNG", icc_profile=swapped.tobytes())
    assert np.allclose(decode_photo(data)[8, 8], (40, 120, 200), atol=3)


def _swapped_profile() -> bytes:
    # sRGB with the tags of its red and blue primaries exchanged: red means blue and blue red.
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    return profile.replace(b"rXYZ", b"tmp_").replace(b"bXYZ", b"rXYZ").replace(b"tmp_", b"bXYZ")


def test_a_broken_colour_profile_is_ignored() -> None:
    data = encode(four_colours(), "PNG", icc_profile=b"no profile at all")
    assert corners(decode_photo(data))["ul"] == RED


def test_cmyk_becomes_rgb() -> None:
    # Full yellow and nothing else reflects red and green.
    data = encode_image(Image.new("CMYK", (16, 16), (0, 0, 255, 0)), "JPEG", quality=100)
    assert np.allclose(decode_photo(data)[8, 8], (255, 255, 0), atol=3)


def test_sixteen_bit_grey_keeps_its_high_byte() -> None:
    grey = np.full((16, 16), 0x8040, np.uint16)
    assert decode_photo(encode_image(Image.fromarray(grey), "PNG"))[8, 8].tolist() == [128] * 3


def test_grey_becomes_three_equal_channels() -> None:
    data = encode(np.full((16, 16), 77, np.uint8), "PNG")
    assert decode_photo(data)[8, 8].tolist() == [77, 77, 77]


@pytest.mark.parametrize(
    ("mode", "colour", "expected"),
    [
        ("RGBA", (255, 0, 0, 0), [255, 255, 255]),
        ("RGBA", (255, 0, 0, 255), [255, 0, 0]),
        ("RGBA", (0, 0, 0, 51), [204, 204, 204]),
        ("LA", (0, 51), [204, 204, 204]),
    ],
)
def test_transparency_is_laid_over_white(
    mode: str, colour: tuple[int, ...], expected: list[int]
) -> None:
    data = encode_image(Image.new(mode, (16, 16), colour), "PNG")
    assert decode_photo(data)[8, 8].tolist() == expected


def test_a_transparent_palette_entry_is_laid_over_white() -> None:
    palette = Image.new("P", (16, 16), 1)
    palette.putpalette([0, 0, 0, 255, 0, 0])
    assert decode_photo(encode_image(palette, "PNG"))[8, 8].tolist() == [255, 0, 0]
    transparent = encode_image(palette, "PNG", transparency=1)
    assert decode_photo(transparent)[8, 8].tolist() == [255, 255, 255]


def test_a_big_jpeg_is_halved_while_it_is_decoded_and_its_full_size_is_known() -> None:
    data = encode(np.full((5200, 5400, 3), 90, np.uint8), "JPEG")
    photo = decode_sized(data)
    assert photo.pixels.shape == (2600, 2700, 3)
    assert photo.full_size == (5400, 5200)
    assert not photo.is_whole


def test_no_bytes_are_an_empty_photo() -> None:
    with pytest.raises(PhotoEmptyError):
        decode_photo(b"")


@pytest.mark.parametrize(
    "data",
    [b"This is no photo, whatever its name says.", b"\xff\xd8\xff", b"\x00" * 4096],
    ids=["text", "start of a JPEG", "zeros"],
)
def test_what_is_no_picture_is_unreadable(data: bytes) -> None:
    with pytest.raises(PhotoUnreadableError):
        decode_photo(data)


@pytest.mark.parametrize("format_name", ["JPEG", "PNG", "WEBP", "HEIF", "AVIF"])
def test_half_a_file_is_unreadable(format_name: str) -> None:
    noise = np.random.default_rng(1).integers(0, 256, (64, 64, 3), np.uint8)
    data = encode(noise, format_name)
    with pytest.raises(PhotoUnreadableError):
        decode_photo(data[: len(data) // 2])


def test_a_png_that_declares_900_million_pixels_is_refused_before_decoding() -> None:
    data = png_bomb(30_000)
    assert len(data) < 200
    with pytest.raises(PhotoTooManyPixelsError) as refusal:
        decode_photo(data, max_pixels=64_000_000)
    assert refusal.value.params == {"max_megapixels": 64.0}


def test_the_bound_on_pixels_is_inclusive() -> None:
    data = encode(np.zeros((10, 10, 3), np.uint8), "PNG")
    assert decode_photo(data, max_pixels=100).shape == (10, 10, 3)
    with pytest.raises(PhotoTooManyPixelsError):
        decode_photo(data, max_pixels=99)


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (animation("GIF"), "GIF"),
        (animation("WEBP"), "Animated WebP"),
        (animation("PNG"), "Animated PNG"),
        (animation("AVIF"), "Animated AVIF"),
        (b"<?xml version='1.0'?><svg xmlns='http://www.w3.org/2000/svg'/>", "SVG"),
        (encode(np.zeros((8, 8, 3), np.uint8), "BMP"), "BMP"),
        (encode(np.zeros((8, 8, 3), np.uint8), "TIFF"), "TIFF"),
        (b"%PDF-1.7\n", "PDF"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_other_kinds_of_picture_are_named_in_the_refusal(data: bytes, name: str) -> None:
    with pytest.raises(PhotoFormatUnsupportedError) as refusal:
        decode_photo(data)
    assert refusal.value.params["format"] == name
    assert refusal.value.params["supported"] == "JPEG, PNG, WebP, HEIC, AVIF"
