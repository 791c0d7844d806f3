"""The sample face: one photo that anybody may try the service with, without an account."""

from __future__ import annotations

import io
from functools import cache
from pathlib import Path
from typing import Final

from PIL import Image

from frontend.components.face_map import data_address

SAMPLE_FACE: Final = Path(__file__).with_name("assets") / "sample_face.jpg"
_TEASER_SIDE_PX: Final = 560


def sample_photo(path: Path = SAMPLE_FACE) -> bytes:
    """The photo's file.

    Raises:
        OSError: if it is missing.
    """
    return path.read_bytes()


@cache
def sample_teaser(path: Path = SAMPLE_FACE) -> str:
    """The photo, small, as an address that holds it whole.

    Raises:
        OSError: if it is missing or no picture.
    """
    buffer = io.BytesIO()
    with Image.open(path) as picture:
        picture.thumbnail((_TEASER_SIDE_PX, _TEASER_SIDE_PX))
        picture.convert("RGB").save(buffer, "JPEG", quality=84)
    return data_address(buffer.getvalue(), "image/jpeg")
