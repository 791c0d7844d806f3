"""Start the model server: `python -m backend`.

It loads the networks of SKINXAI_MODELS_DIR (by default `models/` beside this package), then listens
on 127.0.0.1:8000 unless SKINXAI_HOST and SKINXAI_PORT say otherwise; from then on GET /readyz is
answered with 200. SIGTERM and SIGINT stop it cleanly. If a setting or the models folder cannot be
used, it says so in one sentence on standard error and exits with status 2. If the GPU fails for
good while it runs, it exits with status 1, so that what started it starts it anew.

For `uvicorn --factory backend.__main__:build_app` there is a factory without arguments.
"""

from __future__ import annotations

import signal
import sys

import uvicorn
from fastapi import FastAPI

from backend.app import create_app, end_process, load_analyser
from backend.errors import (
    CaptureWrongError,
    DeviceMissingError,
    EngineMissingError,
    GraphsUnusableError,
    ModelError,
    SettingInvalidError,
)
from backend.logs import configure_logging
from backend.settings import load_settings

_EXIT_BROKEN = 1
_EXIT_UNUSABLE = 2
_UNUSABLE = (
    SettingInvalidError,
    DeviceMissingError,
    CaptureWrongError,
    EngineMissingError,
    GraphsUnusableError,
    ModelError,
)


def build_app() -> FastAPI:
    """The application with the settings of the environment; networks load at its start."""
    settings = load_settings()
    configure_logging(settings.log_level)
    return create_app(settings, on_broken=end_process)


def main() -> int:
    """Run until stopped; returns the exit status."""
    try:
        settings = load_settings()
        configure_logging(settings.log_level)
        analyser = load_analyser(settings)
        app = create_app(settings, analyser=analyser, on_broken=_stop)
    except _UNUSABLE as error:
        print(f"skin-xai server: {error}", file=sys.stderr)
        return _EXIT_UNUSABLE
    uvicorn.run(
        app,
        host=settings.host,
        port=settings.port,
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=10,
    )
    return 0 if analyser.broken is None else _EXIT_BROKEN


def _stop() -> None:
    # As Ctrl-C does: uvicorn answers whom it can, and returns.
    signal.raise_signal(signal.SIGINT)


if __name__ == "__main__":
    sys.exit(main())
