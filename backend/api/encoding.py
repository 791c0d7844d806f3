"""From an analysis to the JSON of the answer, small enough for a phone connection."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from typing import Final

import cv2
import numpy as np

from backend.api.schemas import (
    AnalysisOut,
    AttributeOut,
    CaptureOut,
    CorrectionOut,
    FaceOut,
    HeatmapQualityOut,
    ModelBrief,
    PoseOut,
    QualityCheckOut,
    QualityOut,
    TimingsOut,
)
from backend.vision.capture import Capture
from backend.vision.correction import LightCorrection
from backend.vision.geometry import FloatArray, Photo, transform_points
from backend.vision.grad_cam import ExplanationRequest, Heatmap, to_grey
from backend.vision.grader import AttributeResult
from backend.vision.manifest import Manifest
from backend.vision.map_summary import MapSummary
from backend.vision.prediction import Analysis
from backend.vision.quality import Quality
from backend.vision.regions import Region
from backend.vision.stopwatch import Stage

MAX_CROP_BYTES: Final = 96_000
"""Bound on the crop's JPEG, which keeps the whole answer below 200 kB."""
_JPEG_QUALITIES: Final = (90, 80, 70, 55, 40, 25)
_DIGITS: Final = 3
_PNG_LEVEL: Final = 3
"""Level 9 saves a tenth of a map's 3 kB, and takes ten times as long."""


def encode_analysis(
    analysis: Analysis,
    manifest: Manifest,
    *,
    photo_size: tuple[int, int],
    full_size: tuple[int, int],
    wish: ExplanationRequest,
) -> AnalysisOut:
    """The answer, with the timings so far.

    Args:
        analysis: what was found.
        manifest: of the networks that found it.
        photo_size: width and height of the photo as it was analysed.
        full_size: width and height of the photo as it was sent, upright.
        wish: which maps were drawn.
    """
    return AnalysisOut(
        model=model_brief(manifest),
        face=_face(analysis, to_full_size(photo_size, full_size)),
        quality=_quality(analysis.quality),
        capture=_capture(analysis.capture, full_size),
        correction=_correction(analysis.correction),
        attributes={
            attribute: _attribute(
                result,
                analysis.maps[attribute],
                error=manifest.standard_error(attribute),
                region_errors=manifest.region_errors(attribute) if wish.is_measured else None,
            )
            for attribute, result in analysis.attributes.items()
        },
        crop=_base64(encode_crop(analysis.crop.pixels)),
        timings_ms=_timings(analysis.timings_ms),
    )


def with_timings(answer: AnalysisOut, timings_ms: Mapping[Stage, float]) -> AnalysisOut:
    """The same answer with more timings."""
    return answer.model_copy(update={"timings_ms": _timings(timings_ms)})


def model_brief(manifest: Manifest) -> ModelBrief:
    """Which networks answered."""
    return ModelBrief(
        version=manifest.model_version,
        trained_on=manifest.trained_on,
        created_at=manifest.created_at.isoformat(),
    )


def to_full_size(photo_size: tuple[int, int], full_size: tuple[int, int]) -> FloatArray:
    """The affine map from pixels of a shrunk photo to those of the full one, float64 (2, 3).

    Pixel centres lie at whole numbers, so 0 maps to the middle of the first pixels it came from.

    >>> to_full_size((100, 50), (200, 100)).tolist()
    [[2.0, 0.0, 0.5], [0.0, 2.0, 0.5]]
    """
    x_factor, y_factor = (full / used for full, used in zip(full_size, photo_size, strict=True))
    return np.array([[x_factor, 0.0, (x_factor - 1) / 2], [0.0, y_factor, (y_factor - 1) / 2]])


def encode_crop(crop: Photo, *, max_bytes: int = MAX_CROP_BYTES) -> bytes:
    """A JPEG of a crop RGB uint8 (S, S, 3), at the best quality that fits."""
    bgr = cv2.cvtColor(crop, cv2.COLOR_RGB2BGR)
    content = b""
    for quality in _JPEG_QUALITIES:
        _, encoded = cv2.imencode(".jpg", bgr, [cv2.IMWRITE_JPEG_QUALITY, quality])
        content = encoded.tobytes()
        if len(content) <= max_bytes:
            break
    return content


def encode_heatmap(heatmap: Heatmap) -> bytes:
    """An 8-bit grey PNG of a map float32 (H, W) in [0, 1]."""
    _, encoded = cv2.imencode(".png", to_grey(heatmap), [cv2.IMWRITE_PNG_COMPRESSION, _PNG_LEVEL])
    return encoded.tobytes()


def _face(analysis: Analysis, to_full: FloatArray) -> FaceOut:
    x, y, width, height = analysis.face.box
    (left, top), (right, bottom) = transform_points([(x, y), (x + width, y + height)], to_full)
    landmarks = transform_points(analysis.face.landmarks, to_full)
    to_photo = to_full[:, :2] @ analysis.crop.to_photo
    to_photo[:, 2] += to_full[:, 2]
    return FaceOut(
        box=(round(left, 1), round(top, 1), round(right - left, 1), round(bottom - top, 1)),
        landmarks=[(round(float(x), 1), round(float(y), 1)) for x, y in landmarks],
        pose=PoseOut(
            yaw=round(analysis.face.pose.yaw_deg, 1),
            pitch=round(analysis.face.pose.pitch_deg, 1),
            roll=round(analysis.face.pose.roll_deg, 1),
        ),
        to_photo=(_row(to_photo[0]), _row(to_photo[1])),
    )


def _row(row: FloatArray) -> tuple[float, float, float]:
    a, b, c = (round(float(value), 6) for value in row)
    return a, b, c


def _quality(quality: Quality) -> QualityOut:
    return QualityOut(
        verdict=quality.verdict,
        score=quality.score,
        checks=[
            QualityCheckOut(
                code=finding.check,
                value=round(finding.value, 3),
                limit=finding.limit,
                severity=finding.severity,
                advice_key=finding.advice,
            )
            for finding in quality.findings
        ],
    )


def _capture(capture: Capture, full_size: tuple[int, int]) -> CaptureOut:
    return CaptureOut(
        photo_px=full_size,
        eye_distance_px=round(capture.eye_distance_px, 1),
        outside=round(capture.outside, _DIGITS),
        yaw=round(capture.yaw_deg, 1),
        pitch=round(capture.pitch_deg, 1),
        roll=round(capture.roll_deg, 1),
        eyes_open=round(capture.eyes_open, _DIGITS),
        focus=round(capture.focus, _DIGITS),
        eye_white=round(capture.eye_white, 1),
        clipped=round(capture.clipped, _DIGITS),
        unevenness=round(capture.unevenness, _DIGITS),
        brighter=_pair(capture.brighter),
        tint=round(capture.tint, _DIGITS),
        colour=_pair(capture.colour),
        covered=round(capture.covered, _DIGITS),
        texture=round(capture.texture, _DIGITS),
        blocks=round(capture.blocks, _DIGITS),
    )


def _correction(correction: LightCorrection) -> CorrectionOut:
    return CorrectionOut(
        stops=round(correction.stops, _DIGITS),
        cast=_pair(correction.cast),
        slope=_pair(correction.slope),
    )


def _pair(values: tuple[float, float]) -> tuple[float, float]:
    return round(values[0], _DIGITS), round(values[1], _DIGITS)


def _attribute(
    result: AttributeResult,
    summary: MapSummary,
    *,
    error: float | None,
    region_errors: dict[Region, float] | None,
) -> AttributeOut:
    p0, p1, p2, p3, p4 = (round(probability, 6) for probability in result.probabilities)
    return AttributeOut(
        grade=result.grade,
        score=round(result.score, 4),
        standard_error=error,
        probabilities=(p0, p1, p2, p3, p4),
        interval=result.interval,
        evidence=result.evidence,
        heatmap=_base64(encode_heatmap(result.heatmap)),
        regions=dict(summary.regions),
        region_errors=region_errors,
        peak_region=summary.peak_region,
        heatmap_quality=HeatmapQualityOut(
            skin_share=summary.skin_share,
            stability=None if result.stability is None else round(result.stability, 4),
        ),
    )


def _timings(timings_ms: Mapping[Stage, float]) -> TimingsOut:
    return TimingsOut(**{stage.value: round(timings_ms.get(stage, 0.0), 1) for stage in Stage})


def _base64(content: bytes) -> str:
    return base64.b64encode(content).decode("ascii")
