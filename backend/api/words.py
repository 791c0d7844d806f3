"""GET /v1/errors and /v1/quality: every word an answer can carry, for translators to cover."""

from __future__ import annotations

from fastapi import APIRouter

from backend.api.problems import STATUS, TITLES, documented
from backend.api.schemas import ErrorInfo, ErrorsOut, QualityWordsOut
from backend.errors import ErrorCode
from backend.vision.quality import Advice, Severity, Verdict
from backend.vision.quality_limits import Check

router = APIRouter(tags=["words"], responses=documented(ErrorCode.UNAUTHORISED))


@router.get("/errors", summary="The codes of problems")
async def list_errors() -> ErrorsOut:
    """Every code with its HTTP status and title."""
    return ErrorsOut(
        errors=[ErrorInfo(code=code, status=STATUS[code], title=TITLES[code]) for code in ErrorCode]
    )


@router.get("/quality", summary="The words of a photo's quality")
async def list_quality_words() -> QualityWordsOut:
    """Every check, severity, verdict and piece of advice."""
    return QualityWordsOut(
        checks=list(Check),
        severities=list(Severity),
        verdicts=list(Verdict),
        advice=list(Advice),
    )
