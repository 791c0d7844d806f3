"""Colour depths, channels and profiles: the same face gets the same grades in each of them."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image, ImageCms

from backend.settings import DEFAULT_MODELS_DIR
from backend.vision.photo import decode_photo
from backend.vision.prediction import Analyser
from tests.support.photos import (
    Pixels,
    as_display_p3,
    display_p3_profile,
    encode,
    encode_image,
)


@pytest.fixture(scope="module")
def analyser() -> Analyser:
    return Analyser.load(DEFAULT_MODELS_DIR)


@pytest.fixture(scope="module")
def sample(sample_photo: Path) -> Image.Image:
    return Image.open(sample_photo).convert("RGB")


def scores(analyser: Analyser, file: bytes) -> dict[str, float]:
    found = analyser.analyse(decode_photo(file)).attributes
    return {attribute.value: result.score for attribute, result in found.items()}


def sixteen_bit_png(pixels: Pixels) -> bytes:
    """A PNG of the given channels (blue first) with 16 bits each, written by OpenCV."""
    _, encoded = cv2.imencode(".png", pixels.astype(np.uint16) * 257)
    return encoded.tobytes()


def test_a_photo_in_display_p3_gets_the_grades_of_the_same_photo_in_srgb(
    analyser: Analyser, sample: Image.Image
) -> None:
    srgb = encode_image(sample, "PNG")
    p3 = encode_image(as_display_p3(sample), "PNG", icc_profile=display_p3_profile())
    assert scores(analyser, p3) == pytest.approx(scores(analyser, srgb), abs=0.1)


@pytest.mark.parametrize("format_name", ["JPEG", "PNG", "WEBP", "HEIF", "AVIF"])
def test_display_p3_is_converted_in_every_format(format_name: str) -> None:
    blush = (230, 120, 90)
    wide = as_display_p3(Image.new("RGB", (64, 64), blush))
    file = encode_image(wide, format_name, quality=95, icc_profile=display_p3_profile())
    # By the two profiles' matrices this colour is (216, 125, 97) in Display P3.
    assert np.allclose(np.asarray(wide)[32, 32], (216, 125, 97), atol=2)
    assert np.allclose(decode_photo(file)[32, 32], blush, atol=4)


def test_a_profile_for_other_channels_than_the_picture_s_is_ignored() -> None:
    srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    grey = encode(np.full((16, 16), 77, np.uint8), "PNG", icc_profile=srgb)
    assert decode_photo(grey)[8, 8].tolist() == [77, 77, 77]


@pytest.mark.parametrize("channels", [1, 3, 4])
def test_sixteen_bits_a_channel_keep_their_high_bytes(channels: int) -> None:
    pixels = np.full((16, 16, channels), 255, np.uint8)
    pixels[:, :, : min(channels, 3)] = 128
    assert decode_photo(sixteen_bit_png(pixels))[8, 8].tolist() == [128, 128, 128]


def test_depth_and_an_opaque_alpha_channel_change_no_grade(
    analyser: Analyser, sample: Image.Image
) -> None:
    plain = scores(analyser, encode_image(sample, "PNG"))
    with_alpha = sample.copy()
    with_alpha.putalpha(255)
    deep = sixteen_bit_png(np.asarray(sample, np.uint8)[:, :, ::-1])
    assert scores(analyser, encode_image(with_alpha, "PNG")) == pytest.approx(plain, abs=0.001)
    assert scores(analyser, deep) == pytest.approx(plain, abs=0.001)


@pytest.mark.parametrize("mode", ["L", "LA", "CMYK"])
def test_grey_and_print_colours_are_analysed(
    analyser: Analyser, sample: Image.Image, mode: str
) -> None:
    file = encode_image(sample.convert(mode), "JPEG" if mode == "CMYK" else "PNG")
    assert len(scores(analyser, file)) == 5
