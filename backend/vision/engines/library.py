"""OpenVINO as this project imports it: without what it would send home."""

from __future__ import annotations

import importlib
import sys
from typing import Any, Final

TELEMETRY: Final = "openvino_telemetry"


def import_openvino() -> Any:
    """The library, silent.

    By default it reports each import and each conversion over the internet. Without the package
    that does so it falls back on a stub that does nothing; so the package is hidden from it.

    Raises:
        ImportError: it is not installed.
        RuntimeError: somebody imported it before, and it may have reported that.
    """
    if sys.modules.get(TELEMETRY) is not None:
        raise RuntimeError(f"expected nobody to have imported {TELEMETRY}")
    sys.modules[TELEMETRY] = None  # type: ignore[assignment]  # what makes an import fail
    return importlib.import_module("openvino")
