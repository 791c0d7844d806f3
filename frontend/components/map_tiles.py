"""All five maps at once: small faces with a map each, one by one or as a strip."""

from __future__ import annotations

import io
from typing import Final

from PIL import Image

from frontend.analysis import Analysis
from frontend.components.face_map import grey_picture, map_picture
from frontend.vocabulary import Attribute

STRIP_TILE_PX: Final = 192
"""Side of a face in the strip: sharp at twice the pixels of a desktop's column."""


def small_face(analysis: Analysis, side_px: int) -> Image.Image:
    """The aligned face in colour, RGB (side_px, side_px)."""
    with Image.open(io.BytesIO(analysis.crop)) as picture:
        # A JPEG can be read at a half or a quarter of its size, which is much quicker.
        picture.draft("RGB", (side_px, side_px))
        return picture.convert("RGB").resize((side_px, side_px), Image.Resampling.LANCZOS)


def map_pictures(analysis: Analysis, side_px: int) -> dict[Attribute, Image.Image]:
    """For each attribute the grey face with its map on it, RGB (side_px, side_px)."""
    face = grey_picture(small_face(analysis, side_px))
    pictures = {}
    for attribute, result in analysis.attributes.items():
        picture = face.convert("RGBA")
        picture.alpha_composite(map_picture(result.heatmap, side_px))
        pictures[attribute] = picture.convert("RGB")
    return pictures


def map_strip(analysis: Analysis) -> bytes:
    """The five faces side by side, in the order of `Attribute`.

    Returns:
        WebP file, five times as wide as high.
    """
    pictures = map_pictures(analysis, STRIP_TILE_PX)
    strip = Image.new("RGB", (STRIP_TILE_PX * len(Attribute), STRIP_TILE_PX))
    for place, attribute in enumerate(Attribute):
        strip.paste(pictures[attribute], (place * STRIP_TILE_PX, 0))
    buffer = io.BytesIO()
    strip.save(buffer, "WEBP", quality=82)
    return buffer.getvalue()
