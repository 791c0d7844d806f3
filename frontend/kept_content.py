"""What is sealed of a visit: its analysis with the aligned face and the five maps, as bytes."""

from __future__ import annotations

import base64
import json
import zlib

from frontend.analysis import Analysis, AnswerUnreadableError, parse_analysis
from frontend.errors import KeptPhotoUnreadableError


def write_content(analysis: Analysis) -> bytes:
    """An analysis as its server told it, less the times, which mean nothing later, compressed."""
    answer = {
        "model": {"version": analysis.model_version, "trained_on": analysis.trained_on},
        "quality": {
            "verdict": analysis.quality.verdict.value,
            "score": analysis.quality.score,
            "checks": [
                {
                    "code": check.code,
                    "severity": check.severity.value,
                    "advice_key": check.advice_key,
                }
                for check in analysis.quality.checks
            ],
        },
        "attributes": {
            attribute.value: {
                "grade": result.grade,
                "score": result.score,
                "standard_error": result.standard_error,
                "probabilities": list(result.probabilities),
                "evidence": result.evidence.value,
                "heatmap": base64.b64encode(result.heatmap).decode(),
                "regions": {region.value: share for region, share in result.regions.items()},
                "heatmap_quality": {
                    "skin_share": result.skin_share,
                    "stability": result.stability,
                },
                "region_errors": {
                    region.value: error for region, error in result.region_errors.items()
                },
            }
            for attribute, result in analysis.attributes.items()
        },
        "capture": None if analysis.circumstances is None else analysis.circumstances.written(),
        "correction": analysis.correction.written(),
        "crop": base64.b64encode(analysis.crop).decode(),
        "timings_ms": {},
    }
    # Compressing takes back what base64 adds to the pictures.
    return zlib.compress(json.dumps(answer).encode())


def read_content(content: bytes) -> Analysis:
    """The analysis again, through the one reader of answers.

    Raises:
        KeptPhotoUnreadableError: If another version of the app wrote something else.
    """
    try:
        return parse_analysis(json.loads(zlib.decompress(content)))
    except (AnswerUnreadableError, ValueError, zlib.error) as error:
        raise KeptPhotoUnreadableError("another version of the app kept the photo") from error
