"""GET /v1/model: which networks answer here."""

from __future__ import annotations

from fastapi import APIRouter

from backend.api.dependencies import AnalyserDep
from backend.api.problems import documented
from backend.api.schemas import GraderInfo, ModelOut
from backend.errors import ErrorCode

router = APIRouter(tags=["model"])


@router.get(
    "/model",
    summary="The networks",
    responses=documented(ErrorCode.UNAUTHORISED, ErrorCode.NOT_READY),
)
async def show_model(analyser: AnalyserDep) -> ModelOut:
    """Version, training data, licence and measured figures."""
    manifest = analyser.manifest
    return ModelOut(
        version=manifest.model_version,
        trained_on=manifest.trained_on,
        created_at=manifest.created_at.isoformat(),
        commit=manifest.commit,
        licence=manifest.licence,
        engine=analyser.runs.name,
        device=analyser.runs.device,
        precision=analyser.runs.precision,
        attributes={
            attribute: GraderInfo(
                architecture=entry.architecture,
                input_px=entry.input_px,
                sha256=entry.sha256,
                evidence=entry.evidence,
                metrics=entry.metrics,
                data_version=entry.data_version,
            )
            for attribute, entry in manifest.attributes.items()
        },
    )
