"""The model server as an ASGI application.

`create_app(settings)` loads the networks when it starts up; given a loaded analyser, it starts at
once. Nothing is read from the environment here.
"""

from __future__ import annotations

import logging
import os
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Final

import anyio
import anyio.to_thread
from asgi_correlation_id import CorrelationIdMiddleware
from fastapi import APIRouter, Depends, FastAPI
from platformdirs import user_cache_path

from backend.api import analyses, attributes, health, model, problems, words
from backend.api.access_log import AccessLogMiddleware
from backend.api.dependencies import require_key
from backend.api.metrics import Metrics
from backend.api.workers import Workers
from backend.settings import Settings
from backend.vision.engines.base import Device, EngineName
from backend.vision.engines.choice import EngineWish
from backend.vision.prediction import Analyser

API_VERSION: Final = "1.0.0"
_LOOK_EVERY_S: Final = 1.0
"""Time in which those who asked are answered, before a process ends that can compute no more."""
_DESCRIPTION: Final = (
    "Grades oil, hydration, wrinkle, pigmentation and sensitivity of facial skin from one photo "
    "and shows where the evidence lies. Not a medical device. Keeps no photo."
)

_log = logging.getLogger(__name__)


def create_app(
    settings: Settings,
    *,
    analyser: Analyser | None = None,
    on_broken: Callable[[], None] | None = None,
) -> FastAPI:
    """Put the application together.

    Args:
        settings: what can be set from outside.
        analyser: loaded networks; when None they are loaded from `settings.models_dir` at start.
        on_broken: called once when what runs the networks has failed for good. It should end the
            process, since a new one is all that helps; without it the probes alone tell.

    Returns:
        An application whose start raises `ModelError` if the models folder cannot be used.
    """

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        if app.state.analyser is None:
            app.state.analyser = await anyio.to_thread.run_sync(load_analyser, settings)
        async with anyio.create_task_group() as group:
            if on_broken is not None:
                group.start_soon(_call_when_broken, app.state.analyser, on_broken)
            yield
            group.cancel_scope.cancel()

    app = FastAPI(
        title="skin-xai model server",
        version=API_VERSION,
        description=_DESCRIPTION,
        lifespan=lifespan,
    )
    app.state.settings = settings
    app.state.analyser = analyser
    app.state.workers = Workers(
        settings.workers, line=settings.max_waiting, patience_s=settings.max_wait_s
    )
    app.state.metrics = Metrics()
    app.state.metrics.watch(
        app.state.workers,
        lambda: {} if app.state.analyser is None else app.state.analyser.batches,
    )
    problems.install(app)
    # Without a key set, OpenAPI must not tell clients that they need one.
    locks = [] if settings.api_key is None else [Depends(require_key)]
    versioned = APIRouter(prefix="/v1", dependencies=locks)
    for resource in (analyses, attributes, model, words):
        versioned.include_router(resource.router)
    app.include_router(versioned)
    app.include_router(health.router)
    app.state.metrics.install(app)
    app.add_middleware(AccessLogMiddleware)
    # Added last, so it is outermost: every line that is logged below it has the request's id.
    app.add_middleware(CorrelationIdMiddleware, header_name=problems.REQUEST_ID_HEADER)
    return app


async def _call_when_broken(analyser: Analyser, on_broken: Callable[[], None]) -> None:
    while (reason := analyser.broken) is None:
        await anyio.sleep(_LOOK_EVERY_S)
    _log.critical(
        "what runs the networks has failed for good (%s): this process ends, and has to be started "
        "anew",
        reason,
    )
    on_broken()


def end_process() -> None:
    """End the process at once, with status 1, whatever it is at: all of that would fail.

    For `on_broken`, where the process is that of somebody else's server. An orderly end could wait
    for threads that wait for a GPU.
    """
    os._exit(1)


def load_analyser(settings: Settings) -> Analyser:
    """Check and load the networks that the settings name.

    Raises:
        ModelError: they cannot be used; the sentence names the file.
        DeviceMissingError: there is no GPU, and one is asked for.
        EngineMissingError: what shall run them is not installed, or does not run there.
        GraphsUnusableError: its graphs cannot be made.
    """
    return Analyser.load(settings.models_dir, engine_wish(settings))


def engine_wish(settings: Settings) -> EngineWish:
    """What shall run the networks, by the settings."""
    return EngineWish(
        engine=None if settings.engine == "auto" else EngineName(settings.engine),
        device=None if settings.device == "auto" else Device(settings.device),
        precision=settings.precision,
        graphs_dir=settings.graphs_dir or user_cache_path("skin-xai") / "graphs",
        threads=settings.threads,
    )
