"""The choice between the screen's languages."""

from __future__ import annotations

from typing import Final

import streamlit as st

from frontend.i18n import Language, catalogue
from frontend.memory import open_memory
from frontend.screen import Screen

_KEY: Final = "language"


def choose_language(screen: Screen) -> None:
    """Draw the choice; choosing redraws the whole page in that language."""
    st.segmented_control(
        screen.words.account.language,
        list(Language),
        default=Language(screen.words.code),
        required=True,
        format_func=lambda language: catalogue(language).endonym,
        key=_KEY,
        on_change=_remember,
    )


def _remember() -> None:
    open_memory().language = Language(st.session_state[_KEY])
