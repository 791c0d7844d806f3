"""An address that has no page."""

from __future__ import annotations

from html import escape

import streamlit as st

from frontend.screen import Screen


def show(screen: Screen) -> None:
    """Say so, with a way home."""
    words = screen.words.platform
    st.title(words.no_page, anchor=False)
    st.html(f'<p class="sn-lead">{escape(words.no_page_why)}</p>')
    if st.button(words.no_page_home, key="to_first_page", type="primary"):
        st.switch_page(screen.pages.check)
