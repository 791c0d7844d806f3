"""GET /v1/attributes: what is graded."""

from __future__ import annotations

from fastapi import APIRouter

from backend.api.dependencies import AnalyserDep
from backend.api.problems import documented
from backend.api.schemas import AttributeInfo, AttributesOut
from backend.errors import ErrorCode

router = APIRouter(tags=["model"])


@router.get(
    "/attributes",
    summary="The attributes that are graded",
    responses=documented(ErrorCode.UNAUTHORISED, ErrorCode.NOT_READY),
)
async def list_attributes(analyser: AnalyserDep) -> AttributesOut:
    """Their names, grades, and what the grades were checked on."""
    return AttributesOut(
        attributes=[
            AttributeInfo(
                name=attribute,
                grades=list(entry.grades),
                evidence=entry.evidence,
                decision=entry.decision,
            )
            for attribute, entry in analyser.manifest.attributes.items()
        ]
    )
