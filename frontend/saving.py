"""What is kept of an analysis: its numbers, and none of its pictures."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from frontend.analysis import Analysis
from frontend.store import AttributeResult, NewVisit
from frontend.vocabulary import Attribute, Source


def new_visit(
    analysis: Analysis, *, taken_at: datetime, source: Source, request_key: str
) -> NewVisit:
    """The visit of an analysis.

    Args:
        analysis: What the model server said.
        taken_at: When the photo was taken, see `frontend.taken`; aware.
        source: Where the photo came from.
        request_key: Names the request to save.
    """
    return NewVisit(
        taken_at=taken_at,
        source=source,
        model_version=analysis.model_version,
        quality_verdict=analysis.quality.verdict,
        quality_score=analysis.quality.score,
        results=results_of(analysis),
        request_key=request_key,
        circumstances=analysis.circumstances,
    )


def results_of(analysis: Analysis) -> Mapping[Attribute, AttributeResult]:
    """The numbers of all five attributes."""
    return {
        attribute: AttributeResult(
            grade=result.grade,
            score=result.score,
            probabilities=result.probabilities,
            evidence=result.evidence,
            standard_error=result.standard_error,
        )
        for attribute, result in analysis.attributes.items()
    }
