"""The widget that takes or chooses a photo, with Streamlit's own uploader as what carries it.

Components speak by the page's web socket, in JSON: an ArrayBuffer arrives as `{}`, a Uint8Array
of 1 MB takes 12 s, and base64 of a 20 MB photo is more than a message may have, so the connection
breaks. The uploader takes the same 20 MB in one second over HTTP. So the widget holds the camera,
the buttons and the preview, and puts the finished file into the uploader, which is hidden as long
as that works.

While the camera is on, the widget fetches `static/guide` and the face detector beside it from this
app, and says what would help: closer, lower, more light. Nothing of the picture leaves the browser
for that, and without it the camera works as before.
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING, Any, Final

import streamlit as st
from streamlit.runtime.uploaded_file_manager import DeletedFile

from frontend.frames import is_from_camera
from frontend.i18n import Words
from frontend.theme import asset_text
from frontend.vocabulary import Source

if TYPE_CHECKING:
    from streamlit.runtime.uploaded_file_manager import UploadedFile

FILE_TYPES: Final = ("jpg", "jpeg", "png", "webp", "heic", "heif", "avif")
_FORM_BYTES: Final = 4096
"""Room for the form around a file: Streamlit's limit is one for both."""
_SCRIPTS: Final = (
    "capture.js",
    "capture_camera.js",
    "capture_countdown.js",
    "capture_photo.js",
)
"""One script to the browser: what a component brings along cannot import its neighbours."""


def show_capture(
    words: Words, *, number: int, max_photo_mb: int, is_refused: Callable[[str], bool]
) -> tuple[Source, UploadedFile | None]:
    """Draw the widget.

    Args:
        words: The language.
        number: A new one makes a new, empty widget.
        max_photo_mb: Largest file accepted.
        is_refused: Whether the photo of this id could not be analysed: it is not called ready.

    Returns:
        Where the photo came from and the photo, or None before there is one.
    """
    key = _photo_key(number)
    chosen: UploadedFile | None = st.session_state.get(key)
    sentences = dataclasses.asdict(words.capture)
    sentences["too_large"] = words.capture.too_large.format(max_mb=max_photo_mb)
    _widget()(
        key=f"capture_{number}",
        data={
            "words": sentences,
            "types": FILE_TYPES,
            "max_bytes": max_photo_mb * 1024**2 - _FORM_BYTES,
            # A name of its own for each photo, or the widget would not hear of the second one.
            "chosen": "" if chosen is None else chosen.file_id,
            "refused": chosen is not None and is_refused(chosen.file_id),
        },
    )
    photo = st.file_uploader(
        words.check.upload_label,
        type=FILE_TYPES,
        key=key,
        max_upload_size=_streamlit_mb(max_photo_mb),
        label_visibility="collapsed",
    )
    from_camera = photo is not None and is_from_camera(photo.name)
    return (Source.WEBCAM if from_camera else Source.UPLOAD), photo


def stood_in_the_browser(number: int) -> bool:
    """Whether the browser still had the widget of this number when it asked for the page.

    A press that was on its way while a photo's result came names the page as it stood before.
    """
    return _photo_key(number) in st.session_state


def has_lost_its_photo(number: int) -> bool:
    """Whether the browser shows a photo in this widget that this process has forgotten."""
    return isinstance(st.session_state.get(_photo_key(number)), DeletedFile)


def _photo_key(number: int) -> str:
    return f"photo_{number}"


def _streamlit_mb(max_photo_mb: int) -> int:
    """The limit that Streamlit's uploader has to be given, as its megabytes are of 1000 x 1000.

    >>> _streamlit_mb(20)
    21
    """
    return math.ceil(max_photo_mb * 1024**2 / 1000**2)


@cache
def _widget() -> Callable[..., Any]:
    html, css = (asset_text(f"capture.{ending}") for ending in ("html", "css"))
    js = "\n".join(asset_text(name) for name in _SCRIPTS)
    return st.components.v2.component(
        "skin_notes_capture", html=html, css=css, js=js, isolate_styles=False
    )
