"""GET /healthz and /readyz: for whoever starts, watches and restarts this process. Need no key."""

from __future__ import annotations

from fastapi import APIRouter

from backend.api.dependencies import AnalyserDep
from backend.api.problems import documented
from backend.api.schemas import Health
from backend.errors import ErrorCode

router = APIRouter(tags=["health"])


@router.get("/healthz", summary="Is the process alive?")
async def alive() -> Health:
    """Alive as soon as it listens."""
    return Health(status="alive")


@router.get("/readyz", summary="Can it analyse photos?", responses=documented(ErrorCode.NOT_READY))
async def ready(_analyser: AnalyserDep) -> Health:
    """Ready when every network is loaded and has run once."""
    return Health(status="ready")
