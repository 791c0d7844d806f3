"""The face with its maps as pictures for paper."""

from __future__ import annotations

import io
from typing import Final

from PIL import Image

from frontend.analysis import Analysis
from frontend.components.face_map import grey_face, map_picture
from frontend.vocabulary import Attribute

SIDE_PX: Final = 400
"""Side of a printed map: about 200 pixels to the inch at 50 mm."""


def face_picture(analysis: Analysis) -> Image.Image:
    """The aligned face in colour, RGB (SIDE_PX, SIDE_PX)."""
    return _small(analysis.crop)


def map_pictures(analysis: Analysis) -> dict[Attribute, Image.Image]:
    """For each attribute the grey face with its map on it, RGB (SIDE_PX, SIDE_PX)."""
    face = _small(grey_face(analysis.crop))
    pictures = {}
    for attribute, result in analysis.attributes.items():
        picture = face.convert("RGBA")
        picture.alpha_composite(map_picture(result.heatmap, SIDE_PX))
        pictures[attribute] = picture.convert("RGB")
    return pictures


def jpeg(picture: Image.Image) -> io.BytesIO:
    """The picture as a JPEG file to be put into a document, which keeps such a file as it is."""
    buffer = io.BytesIO()
    picture.save(buffer, "JPEG", quality=86)
    buffer.seek(0)
    return buffer


def _small(picture_file: bytes) -> Image.Image:
    with Image.open(io.BytesIO(picture_file)) as picture:
        return picture.convert("RGB").resize((SIDE_PX, SIDE_PX), Image.Resampling.LANCZOS)
