"""A question before something that cannot be undone.

The answer is remembered, and what was asked about is done by the next run of the page, where a
failing database is told like everywhere else:

    if confirmed("delete_photo", visit.id):
        ...
    if st.button(...):
        ask(key="delete_photo", subject=visit.id, ...)
"""

from __future__ import annotations

from html import escape

import streamlit as st


def ask(*, key: str, subject: str, title: str, text: str, confirm: str, cancel: str) -> None:
    """Open a dialog with a question; the page is drawn anew after either answer.

    The button that leaves everything as it is stands out; the style sheet gives the other one the
    look of all that deletes.

    Args:
        key: Names the question; its buttons are `ask_<key>_confirm` and `ask_<key>_cancel`.
        subject: What it is about, so that a late answer counts for nothing else.
        title: The question.
        text: What would happen.
        confirm: Button that has it done.
        cancel: Button that leaves everything as it is.
    """

    def draw() -> None:
        st.html(f'<p class="sn-text">{escape(text)}</p>')
        with st.container(horizontal=True, key=f"ask_{key}_answers"):
            yes = st.button(
                confirm,
                key=f"ask_{key}_confirm",
                width="stretch",
                on_click=_remember,
                args=(key, subject),
            )
            no = st.button(cancel, key=f"ask_{key}_cancel", type="primary", width="stretch")
        if yes or no:
            st.rerun()

    st.session_state[_asked(key)] = subject
    st.dialog(title)(draw)()


def confirmed(key: str, subject: str) -> bool:
    """Whether the question was just answered with yes, about this; true once per answer."""
    return bool(st.session_state.pop(_state(key), None) == subject)


def _remember(key: str, subject: str) -> None:
    # A second press may come when the first one was heard: nobody would expect it to count later.
    if st.session_state.pop(_asked(key), None) == subject:
        st.session_state[_state(key)] = subject


def _asked(key: str) -> str:
    return f"{key}_asked"


def _state(key: str) -> str:
    return f"{key}_confirmed"
