"""Whatever a client sends, the answer is one that OpenAPI tells of, and never a server's error.

Schemathesis makes requests from the server's own description: each parameter's borders, each part
left out or of a wrong kind, each method, and, on top, random ones from a fixed seed. A photo that
it sends is always a good one, and an aligned crop too, so what it takes for a sound request has to
be answered well.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from fastapi import FastAPI
from hypothesis import HealthCheck, Phase, settings, strategies
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import content_type_conformance, status_code_conformance

from backend.api.streaming import MEDIA_TYPE as LINES
from backend.app import create_app
from backend.settings import Settings
from backend.vision.aligned_face import AlignedFace, MeasuredFace
from backend.vision.grad_cam import CamMethod, ExplanationRequest
from backend.vision.prediction import Analyser, Analysis
from tests.support.photos import aligned_face, encode

KEY = "a-key-of-enough-length"
OPEN = Settings(device="cpu", max_photo_mb=2)
LOCKED = Settings(device="cpu", max_photo_mb=2, api_key=KEY)

# A sound request may still hold more photos than are read at once, and an unsound one may be
# refused for that before anything else is looked at.
TOO_LARGE = "413"
CHECKS = schemathesis.Config.from_dict(
    {
        "checks": {
            "positive_data_acceptance": {"expected-statuses": ["2xx", TOO_LARGE]},
            "negative_data_rejection": {"expected-statuses": ["401", "405", "422", TOO_LARGE]},
        }
    }
)
BOUNDED = settings(
    max_examples=20,
    derandomize=True,
    database=None,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)

schemathesis.openapi.format("binary", strategies.just(encode(aligned_face())))


def described(settings: Settings) -> schemathesis.BaseSchema:
    """What a server with these settings says of itself. Calls need the running `app` handed in."""
    app = create_app(settings)
    schema = schemathesis.openapi.from_dict(app.openapi(), config=CHECKS)
    schema.app = app
    return schema


open_api, locked_api = described(OPEN), described(LOCKED)


@pytest.fixture(scope="module")
def analyser(analyser: Analyser) -> Iterator[Analyser]:
    """Real networks that work each kind of map out once: hundreds of requests take seconds."""
    work_out, known = analyser.analyse_face, dict[tuple[bytes, CamMethod], Analysis]()

    def remember(
        aligned: AlignedFace | MeasuredFace, wish: ExplanationRequest, **options: Any
    ) -> Analysis:
        # Of all maps this one alone takes seconds per photo.
        method = CamMethod.GRADCAM if wish.method is CamMethod.SCORECAM else wish.method
        key = (aligned.crop.pixels.tobytes(), method)
        if key not in known:
            asked = ExplanationRequest(method=method, grade=wish.grade)
            known[key] = work_out(aligned, asked, **options)
        return known[key]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(analyser, "analyse_face", remember)
        yield analyser


@pytest.fixture(scope="module")
def open_server(analyser: Analyser) -> FastAPI:
    return create_app(OPEN, analyser=analyser)


@pytest.fixture(scope="module")
def locked_server(analyser: Analyser) -> FastAPI:
    return create_app(LOCKED, analyser=analyser)


@open_api.parametrize()
@BOUNDED
def test_no_request_gets_an_answer_that_openapi_does_not_tell_of(
    case: schemathesis.Case[Any], open_server: FastAPI
) -> None:
    case.call_and_validate(app=open_server)


@open_api.include(path="/v1/analyses").parametrize()
@BOUNDED
def test_no_request_for_lines_gets_an_answer_that_openapi_does_not_tell_of(
    case: schemathesis.Case[Any], open_server: FastAPI
) -> None:
    response = case.call(app=open_server, headers={"Accept": LINES})
    # Their schema is one line's, which schemathesis cannot know; test_stages.py looks at them.
    case.validate_response(
        response, checks=[not_a_server_error, status_code_conformance, content_type_conformance]
    )


@locked_api.include(method="GET").parametrize()
@BOUNDED
def test_a_server_with_a_key_answers_nobody_without_it(
    case: schemathesis.Case[Any], locked_server: FastAPI
) -> None:
    case.call_and_validate(app=locked_server, headers={"X-API-Key": KEY})
