"""The frames of a burst, which travel as one file.

Streamlit's uploader gives each file an ID of its own, and one ID has to stand for one check from
the press of the button to the saved visit. So the capture widget writes the frames of a burst one
after another, and their lengths into the file's name. Whoever knows nothing of that reads the
first frame: a JPEG ends at its end marker.
"""

from __future__ import annotations

import re
from itertools import accumulate, pairwise
from typing import Final

_CAMERA_FILE: Final = re.compile(r"webcam((?:-[1-9][0-9]{0,8}){0,5})\.jpg")


def is_from_camera(name: str) -> bool:
    """Whether the widget gave this name to what its camera took.

    >>> is_from_camera("webcam-3-2-4.jpg"), is_from_camera("webcam.jpg"), is_from_camera("me.jpg")
    (True, True, False)
    """
    return _CAMERA_FILE.fullmatch(name) is not None


def split_frames(name: str, content: bytes) -> tuple[bytes, ...]:
    """The frames in a file; the whole file as one if its name does not tell their lengths.

    >>> split_frames("webcam-3-2-4.jpg", b"onetofour")
    (b'one', b'to', b'four')
    >>> split_frames("webcam-3-2.jpg", b"onetofour"), split_frames("me.jpg", b"me")
    ((b'onetofour',), (b'me',))
    """
    found = _CAMERA_FILE.fullmatch(name)
    lengths = [int(length) for length in found[1].split("-")[1:]] if found else []
    if sum(lengths) != len(content):
        return (content,)
    return tuple(content[start:end] for start, end in pairwise(accumulate(lengths, initial=0)))
