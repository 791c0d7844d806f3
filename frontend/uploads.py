"""Forgetting a photo once it has been dealt with.

Streamlit keeps the bytes of an upload or a camera shot in this process's memory until the page's
session ends, which is long after the analysis. Nobody can read them from outside, but a photo
that is no longer needed should be nowhere.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
from streamlit.runtime.scriptrunner import get_script_run_ctx

if TYPE_CHECKING:
    from streamlit.runtime.uploaded_file_manager import UploadedFile


def forget_upload(photo: UploadedFile) -> None:
    """Drop a photo's bytes from Streamlit's memory; the page has to show a new widget after it."""
    context = get_script_run_ctx()
    if context is None:
        return
    manager = context.uploaded_file_mgr
    # Streamlit's interface for managers has no way to drop one file; the one it ships has.
    if isinstance(manager, MemoryUploadedFileManager):
        manager.remove_file(session_id=context.session_id, file_id=photo.file_id)
