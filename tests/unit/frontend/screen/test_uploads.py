from __future__ import annotations

from streamlit.testing.v1 import AppTest


def _count_files_after_forgetting() -> None:
    import streamlit as st
    from streamlit.runtime.scriptrunner import get_script_run_ctx

    from frontend.uploads import forget_upload

    photo = st.file_uploader("photo", key="photo")
    if photo is not None:
        context = get_script_run_ctx()
        assert context is not None

        def count() -> int:
            manager = context.uploaded_file_mgr
            return len(manager.get_files(context.session_id, [photo.file_id]))

        before = count()
        forget_upload(photo)
        st.text(f"{before} before, {count()} after")


def test_a_forgotten_photo_is_in_streamlits_memory_no_more() -> None:
    page = AppTest.from_function(_count_files_after_forgetting, default_timeout=30).run()

    page.file_uploader[0].set_value(("face.jpg", b"bytes", "image/jpeg")).run()

    assert not page.exception
    assert page.text[0].value == "1 before, 0 after"
