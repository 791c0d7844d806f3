"""Forgetting a photo once it has been dealt with.

Streamlit keeps the bytes of an upload in this process's memory until the page's session ends,
which is long after the analysis. Nobody can read them from outside, but a photo that is no longer
needed should be nowhere.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
from streamlit.runtime.scriptrunner import get_script_run_ctx

from frontend.memory import Memory

if TYPE_CHECKING:
    from streamlit.runtime.uploaded_file_manager import UploadedFile


def hold_upload(memory: Memory, photo: UploadedFile | None) -> None:
    """Note the photo that is wanted next, and drop one that was wanted before and no longer is.

    Args:
        memory: What the open page remembers.
        photo: The photo in the page's widget, or None where the page has no photo or no widget.
    """
    wanted = None if photo is None else photo.file_id
    if memory.held is not None and memory.held != wanted:
        _forget(memory.held)
    memory.held = wanted


def forget_upload(photo: UploadedFile) -> None:
    """Drop a photo's bytes from Streamlit's memory; the page has to show a new widget after it."""
    _forget(photo.file_id)


def _forget(file_id: str) -> None:
    context = get_script_run_ctx()
    if context is None:
        return
    manager = context.uploaded_file_mgr
    # Streamlit's interface for managers has no way to drop one file; the one it ships has.
    if isinstance(manager, MemoryUploadedFileManager):
        manager.remove_file(session_id=context.session_id, file_id=file_id)
