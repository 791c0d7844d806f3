"""GET /healthz and /readyz: for whoever starts, watches and restarts this process. Need no key."""

from __future__ import annotations

from fastapi import APIRouter, Depends

from backend.api.dependencies import AnalyserDep, require_unbroken
from backend.api.problems import documented
from backend.api.schemas import Health
from backend.errors import ErrorCode

router = APIRouter(tags=["health"])


@router.get(
    "/healthz",
    summary="Is the process alive?",
    responses=documented(ErrorCode.NOT_READY),
    dependencies=[Depends(require_unbroken)],
)
async def alive() -> Health:
    """Alive as soon as it listens, and until nothing but a new start helps."""
    return Health(status="alive")


@router.get("/readyz", summary="Can it analyse photos?", responses=documented(ErrorCode.NOT_READY))
async def ready(_analyser: AnalyserDep) -> Health:
    """Ready when every network is loaded and has run once, and as long as they can run."""
    return Health(status="ready")
