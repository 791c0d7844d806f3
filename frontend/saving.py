"""What is kept of an analysis: its numbers, and none of its pictures."""

from __future__ import annotations

from collections.abc import Mapping

from frontend.analysis import Analysis
from frontend.moments import utc_now
from frontend.store import AttributeResult, NewVisit
from frontend.vocabulary import Attribute, Source


def new_visit(analysis: Analysis, *, source: Source, request_key: str) -> NewVisit:
    """The visit of an analysis that was made just now."""
    return NewVisit(
        taken_at=utc_now(),
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
