"""Results and visits to fill a history with."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from frontend.accounts import User
from frontend.circumstances import Circumstances
from frontend.services import Services
from frontend.store import AttributeResult, NewVisit, Visit
from frontend.vocabulary import Attribute, Evidence, Source, Verdict

JUNE = datetime(2026, 6, 26, 0, 3, tzinfo=UTC)
FACING = Circumstances(
    photo_px=(1200, 1600),
    eye_distance_px=190.0,
    yaw=1.0,
    pitch=-2.0,
    roll=0.5,
    focus=-3.2,
    eye_white=130.0,
    clipped=0.0,
    unevenness=1.0,
    brighter=(0.1, -0.2),
    colour=(0.05, -0.02),
    covered=0.1,
    texture=-4.5,
    blocks=0.1,
)
"""How the photos of these visits were taken: facing the camera, in even light."""


def result(grade: int = 2) -> AttributeResult:
    """A result the network is sure of."""
    return AttributeResult(
        grade=grade,
        score=float(grade),
        probabilities=tuple(float(other == grade) for other in range(5)),
        evidence=Evidence.SIMULATED,
        standard_error=0.25,
    )


def save_visit(
    shared: Services,
    user: User,
    *,
    day: int = 0,
    grade: int = 2,
    verdict: Verdict = Verdict.GOOD,
    version: str = "2026.11.0",
    circumstances: Circumstances | None = FACING,
    key: str | None = None,
) -> Visit:
    """Save a visit of some day after 26 June 2026, 09:03 in Seoul, under the key of the day."""
    return shared.repository.save_visit(
        user.id,
        NewVisit(
            taken_at=JUNE + timedelta(days=day),
            source=Source.UPLOAD,
            model_version=version,
            quality_verdict=verdict,
            quality_score=90.0,
            results=dict.fromkeys(Attribute, result(grade)),
            request_key=key or f"day-{day}",
            circumstances=circumstances,
        ),
    )
