"""The faces of two dates over each other: left of a handle the earlier one, right of it the later.

The handle is an `<input type="range">`, which keyboards and screen readers know; the finger and the
mouse move it from anywhere on the picture. A finger that moves up or down scrolls the page.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from functools import cache
from typing import Any, Final

import streamlit as st

from frontend.i18n import Words
from frontend.theme import asset_text

_KEY: Final = "compare_wipe"


@dataclass(frozen=True, slots=True, kw_only=True)
class WipedFace:
    """One of the two faces.

    Attributes:
        caption: Which of the two, and its date.
        below: Address of the face.
        above: Address of what lies on it, or "" for nothing.
        alternative: What both show, for those who do not see it.
    """

    caption: str
    below: str
    above: str
    alternative: str


def show_wipe(words: Words, earlier: WipedFace, later: WipedFace) -> None:
    """Draw both faces; what is drawn anew leaves the handle where it is.

    Args:
        words: The language.
        earlier: The face left of the handle.
        later: The face right of it, of the same cut and kind.
    """
    name = words.differences.slider_name.format(before=earlier.caption, after=later.caption)
    _widget()(
        key=_KEY,
        data={
            "name": name,
            "value": words.differences.slider_value,
            "earlier": asdict(earlier),
            "later": asdict(later),
        },
    )


@cache
def _widget() -> Callable[..., Any]:
    html, css, js = (asset_text(f"wipe.{ending}") for ending in ("html", "css", "js"))
    return st.components.v2.component(
        "skin_notes_wipe", html=html, css=css, js=js, isolate_styles=False
    )
