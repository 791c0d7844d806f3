from __future__ import annotations

from streamlit.testing.v1 import AppTest

from tests.unit.frontend.screen.conftest import Tabs


def _page() -> None:
    import streamlit as st

    from frontend.components.confirmation import _remember, ask, confirmed

    if confirmed("burn", "letters"):
        st.session_state["burnt"] = st.session_state.get("burnt", 0) + 1
    if st.button("ask", key="open"):
        ask(key="burn", subject="letters", title="?", text="!", confirm="yes", cancel="no")
    # Streamlit hears a press on a dialog that is gone meanwhile.
    st.button("late", key="late", on_click=_remember, args=("burn", "letters"))


def test_an_answer_counts_once_however_often_it_is_given(tabs: Tabs) -> None:
    page = AppTest.from_function(_page).run()
    page.button(key="open").click().run()
    page = tabs.press_in_dialog(page, "ask_burn_confirm")
    page.run()
    assert page.session_state["burnt"] == 1
    page.button(key="late").click().run()
    page.run()
    assert page.session_state["burnt"] == 1
