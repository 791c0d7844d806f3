"""The person's own page: where they are signed in."""

from __future__ import annotations

from html import escape

import streamlit as st

from frontend import visitor
from frontend.components.notice import done_html
from frontend.i18n import write_day_and_time
from frontend.screen import SignedIn
from frontend.sessions import SignedInDevice


def show_devices(page: SignedIn) -> None:
    """Draw the section: this device first, then the others, each with a button that ends it."""
    words = page.screen.words
    sessions = page.screen.services.sessions
    st.header(words.access.devices_title, anchor=False)
    with st.container(border=True, key="devices", gap=None):
        for device in sessions.devices_of(page.user.id, token=visitor.session_token()):
            # Drawn into a place of its own, which is emptied if the button was pressed.
            place = st.empty()
            with place.container(key=f"device_{device.id}"):
                ended = _show_device(page, device)
            if ended:
                sessions.end(page.user.id, device.id)
                place.html(done_html(words.access.device_ended))
    st.html(f'<p class="sn-note">{escape(words.access.devices_note)}</p>')


def _show_device(page: SignedIn, device: SignedInDevice) -> bool:
    """Draw one row; tell whether its button was pressed."""
    words = page.screen.words.access
    seen = words.device_seen.format(
        when=write_day_and_time(page.screen.words, page.screen.local(device.last_seen_at))
    )
    note = f"{words.device_this} · {seen}" if device.is_this else seen
    with st.container(
        horizontal=True,
        horizontal_alignment="distribute",
        vertical_alignment="center",
        wrap=False,
    ):
        st.html(
            f'<div class="sn-device"><strong>{escape(device.device or words.device_unknown)}'
            f'</strong><span class="sn-note">{escape(note)}</span></div>'
        )
        # This device is logged out at the end of the page, where its cookie goes too.
        if device.is_this:
            return False
        return st.button(words.device_end, key=f"end_{device.id}")
