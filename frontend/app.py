"""The app as an ASGI program: Streamlit's pages, the routes that set cookies, and the files.

Start it from the top folder of the project, with the environment's own Python:

    python -m streamlit run frontend/app.py --server.address 127.0.0.1 --server.port 8501

The address and port are Streamlit's settings: the two options above, or the variables
STREAMLIT_SERVER_ADDRESS and STREAMLIT_SERVER_PORT, or `[server]` in the `config.toml` of
`frontend/.streamlit` (options win over variables, variables over the file). With a port given,
Streamlit stops with exit status 1 if it is taken; without one it tries the next. The app is ready
when `GET /_stcore/health` answers 200 with `ok`: requests are answered only after the database is
open and its tables are up to date. If that fails, the log says why and the exit status is 3.

Behind a proxy that ends HTTPS, the proxy has to pass on Host and X-Forwarded-Proto.

What the app itself can be told, through the environment, is in `frontend/settings.py`.
"""

from __future__ import annotations

import gc
import importlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final

import streamlit as st
from PIL import Image
from starlette.concurrency import run_in_threadpool
from starlette.middleware import Middleware

from frontend.addresses import OnePart
from frontend.compression import CompressedOnce
from frontend.cookie_routes import cookie_routes
from frontend.export_routes import export_routes
from frontend.headers import Guard
from frontend.housekeeping import Chores, house_kept
from frontend.services import services
from frontend.sessions import Sessions
from frontend.upload_memory import keep_uploads_in_memory
from frontend.uploads_guard import UploadsGuard

_NEEDED: Final = ("frontend.main", "pandas", "pyarrow.compute", "plotly.graph_objects")
"""What the pages import, and what Streamlit and Plotly do at the first check and chart."""


@asynccontextmanager
async def _with_database(_app: st.App) -> AsyncIterator[None]:
    """Open the database before the first visitor comes, and close it after the last.

    No photo of theirs is written to disk meanwhile but those they asked to keep.
    """
    keep_uploads_in_memory(max_upload_mb=st.get_option("server.maxUploadSize"))
    shared = await run_in_threadpool(services)
    await run_in_threadpool(_load_pages)
    chores: Chores = {
        "deleted visits removed for good": shared.repository.forget_lost,
        "kept photos moved into their store or sealed anew": shared.kept_photos.renew,
        "photos erased that belonged to nobody": shared.kept_photos.erase,
    }
    try:
        async with house_kept(chores):
            yield
    finally:
        shared.engine.dispose()


def _load_pages() -> None:
    """Load what all pages need, and have it looked through for garbage no more.

    Streamlit collects garbage after each page, so that no photo stays in memory for longer than it
    is needed. Nine tenths of that time would go to modules, which stay anyway.
    """
    for module in _NEEDED:
        importlib.import_module(module)
    Image.init()
    gc.collect()
    gc.freeze()


def _sessions() -> Sessions:
    return services().sessions


# Streamlit finds the app by reading this assignment, so it cannot sit in a function.
app = st.App(
    Path(__file__).with_name("main.py"),
    lifespan=_with_database,
    routes=[*cookie_routes(_sessions), *export_routes(services)],
    middleware=[
        Middleware(CompressedOnce),
        Middleware(Guard),
        Middleware(UploadsGuard, get_sessions=_sessions),
        Middleware(OnePart),
    ],
)
