"""Looks that Streamlit's own theme cannot give: the style sheet and the page's language."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Final

import streamlit as st

from frontend.i18n import Words
from frontend.language_cookie import language_cookie_script

ASSETS: Final = Path(__file__).with_name("assets")
STYLE_SHEET: Final = ASSETS / "theme.css"
FAVICON: Final = ASSETS / "favicon.png"


def logo(words: Words) -> str:
    """Path of the logo in a language; the words in it are outlines and need no font."""
    return str(ASSETS / f"logo.{words.code}.svg")


def asset_text(name: str) -> str:
    """The text of a file in `assets`.

    Raises:
        OSError: if it is missing.
    """
    return (ASSETS / name).read_text(encoding="utf-8")


def apply_style(words: Words, *, max_photo_mb: int) -> None:
    """Load the style sheet, with the texts that only a style sheet can put into widgets."""
    st.html(STYLE_SHEET)
    texts = {
        "upload-button": words.check.upload_button,
        "upload-hint": words.check.upload_hint.format(max_mb=max_photo_mb),
    }
    rules = "".join(
        f"--sn-{name}:{json.dumps(text, ensure_ascii=False)};" for name, text in texts.items()
    )
    st.html(f"<style>:root{{{rules}}}</style>")


def say_language(words: Words, *, remember: bool) -> None:
    """Tell the browser the page's language, for screen readers and hyphenation.

    Streamlit writes `en` whatever the page says, and speaks English by itself. This has to be the
    last element of the page.

    Args:
        words: The language.
        remember: Whether the person chose it; the browser then keeps the choice for a year.
    """
    told = {"lang": words.code, "texts": dict(words.platform.texts)}
    script = f"(\n{asset_text('page.js')})({json.dumps(told, ensure_ascii=False)});"
    if remember:
        script += language_cookie_script(words.code)
    st.html(f"<script>{script}</script>", unsafe_allow_javascript=True)
