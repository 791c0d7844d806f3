"""Photos that the browser uploads stay in memory, as the page about the app promises.

Streamlit's route reads an upload as a form by Starlette's parser, which would write any file above
1 MB into the system's folder for temporary ones.
"""

from __future__ import annotations

from typing import Final

from starlette.formparsers import MultiPartParser

_FORM_MB: Final = 1
"""Room for the form around a file: as much as Streamlit lets arrive beyond its limit."""


def keep_uploads_in_memory(*, max_upload_mb: int) -> None:
    """Write no form of this process to disk from now on.

    The parser is made inside Streamlit and can be told in no other way.

    Args:
        max_upload_mb: Streamlit's `server.maxUploadSize`, megabytes of 1024 x 1024 bytes. What is
            larger it cuts off while it arrives, so that memory has a limit too.
    """
    MultiPartParser.spool_max_size = (max_upload_mb + _FORM_MB) * 1024**2
