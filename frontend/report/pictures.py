"""Pictures of the face for paper: how large, and as which files."""

from __future__ import annotations

import io
from typing import Final

from PIL import Image

_PIXELS_PER_MM: Final = 8
"""About 200 to the inch."""


def side_of(side_mm: float) -> int:
    """Side in pixels of a picture that is printed this large.

    >>> side_of(50.0)
    400
    """
    return round(side_mm * _PIXELS_PER_MM)


def jpeg(picture: Image.Image) -> io.BytesIO:
    """The picture as a JPEG file to be put into a document, which keeps such a file as it is."""
    buffer = io.BytesIO()
    picture.save(buffer, "JPEG", quality=86)
    buffer.seek(0)
    return buffer
