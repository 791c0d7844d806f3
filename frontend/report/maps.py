"""The face with its maps as pictures for paper."""

from __future__ import annotations

import io
from typing import Final

from PIL import Image

from frontend.analysis import Analysis
from frontend.components.face_map import grey_picture, map_picture
from frontend.vocabulary import Attribute

_PIXELS_PER_MM: Final = 8
"""About 200 to the inch."""


def side_of(side_mm: float) -> int:
    """Side in pixels of a picture that is printed this large.

    >>> side_of(50.0)
    400
    """
    return round(side_mm * _PIXELS_PER_MM)


def face_picture(analysis: Analysis, side_px: int) -> Image.Image:
    """The aligned face in colour, RGB (side_px, side_px)."""
    return _small(analysis.crop, side_px)


def map_pictures(analysis: Analysis, side_px: int) -> dict[Attribute, Image.Image]:
    """For each attribute the grey face with its map on it, RGB (side_px, side_px)."""
    face = grey_picture(_small(analysis.crop, side_px))
    pictures = {}
    for attribute, result in analysis.attributes.items():
        picture = face.convert("RGBA")
        picture.alpha_composite(map_picture(result.heatmap, side_px))
        pictures[attribute] = picture.convert("RGB")
    return pictures


def jpeg(picture: Image.Image) -> io.BytesIO:
    """The picture as a JPEG file to be put into a document, which keeps such a file as it is."""
    buffer = io.BytesIO()
    picture.save(buffer, "JPEG", quality=86)
    buffer.seek(0)
    return buffer


def _small(picture_file: bytes, side_px: int) -> Image.Image:
    with Image.open(io.BytesIO(picture_file)) as picture:
        # A JPEG can be read at a half or a quarter of its size, which is much quicker.
        picture.draft("RGB", (side_px, side_px))
        return picture.convert("RGB").resize((side_px, side_px), Image.Resampling.LANCZOS)
