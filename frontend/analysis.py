"""The model server's answer as typed values: parsed once, here, and trusted everywhere else."""

from __future__ import annotations

import base64
import binascii
import io
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final, TypeVar

from PIL import Image

from frontend.circumstances import Circumstances
from frontend.light_correction import LightCorrection
from frontend.vocabulary import GRADES, Attribute, Evidence, Region, Stage, Verdict

_TOLERANCE: Final = 0.01
_LONGEST_VERSION: Final = 64
_LARGEST_SIDE_PX: Final = 2048
_LONGEST_STAGE_MS: Final = 1e9
_Word = TypeVar("_Word", bound=StrEnum)


class AnswerUnreadableError(Exception):
    """The server's answer is not what its contract says: where, what was expected, what came."""


class Severity(StrEnum):
    """How much one check of the photo matters."""

    OK = "ok"
    WARNING = "warning"
    SERIOUS = "serious"


@dataclass(frozen=True, slots=True)
class QualityCheck:
    """One thing that was looked at before trusting the photo.

    Attributes:
        code: What was measured, such as `sharpness`.
        severity: How far it is from what the networks need.
        advice_key: Name of the sentence that says what to do better, or "" for none.
    """

    code: str
    severity: Severity
    advice_key: str


@dataclass(frozen=True, slots=True)
class Quality:
    """How fit the photo is.

    Attributes:
        verdict: The short answer.
        score: 0 to 100, higher is better.
        checks: What it is made of.
    """

    verdict: Verdict
    score: float
    checks: tuple[QualityCheck, ...]


@dataclass(frozen=True, slots=True)
class AttributeAnalysis:
    """What the server says about one attribute.

    Attributes:
        grade: 0 to 4.
        score: Expected grade, 0 to 4.
        standard_error: Of the score, grades; None where it is not known.
        probabilities: Of the five grades, lowest first.
        evidence: What its grades were checked on.
        heatmap: PNG file, 8-bit grey, square, lying on the crop; brighter means more of the sign.
        regions: Share of the map's evidence in each region, 0 to 1; empty where it is not known,
            as of photos that were kept before the server told it.
        skin_share: Share of the evidence that lies on skin; None of an empty map or where it is
            not known.
        stability: How far the map agrees with that of the mirror image, 0 to 1; None of two empty
            maps or where it is not known.
        region_errors: Standard error of each region's amount (see `frontend.region_changes`) over
            photos of the same skin, above 0; without the regions where it is not known.
    """

    grade: int
    score: float
    standard_error: float | None
    probabilities: tuple[float, ...]
    evidence: Evidence
    heatmap: bytes
    regions: Mapping[Region, float]
    skin_share: float | None
    stability: float | None
    region_errors: Mapping[Region, float]


@dataclass(frozen=True, slots=True)
class Analysis:
    """One analysed photo.

    Attributes:
        model_version: Version of the networks.
        trained_on: Sentence that says what they learned from.
        quality: How fit the photo was.
        attributes: All five.
        crop: JPEG file, the aligned face as a square.
        circumstances: How the photo was taken; None where it is not known, as of photos that were
            kept before the server told it.
        correction: What the server took back of the photo's light; nothing where it is not known.
        timings_ms: Time of the stages that the server told of, milliseconds, in their order.
        round_trip_ms: From asking to having the answer, milliseconds; 0 if nobody measured.
    """

    model_version: str
    trained_on: str
    quality: Quality
    attributes: Mapping[Attribute, AttributeAnalysis]
    crop: bytes
    circumstances: Circumstances | None = None
    correction: LightCorrection = field(default_factory=LightCorrection)
    timings_ms: Mapping[Stage, float] = field(default_factory=dict)
    round_trip_ms: float = 0.0


def parse_analysis(answer: object) -> Analysis:
    """Turn the decoded JSON of an analysis into values.

    Args:
        answer: What `json.loads` made of the body.

    Returns:
        The analysis, with all five attributes.

    Raises:
        AnswerUnreadableError: if anything is missing or out of range.
    """
    fields = _mapping(answer, "answer")
    model = _mapping(fields.get("model"), "model")
    attributes = _mapping(fields.get("attributes"), "attributes")
    return Analysis(
        model_version=_version(model.get("version")),
        trained_on=_text(model.get("trained_on"), "model.trained_on"),
        quality=_quality(fields.get("quality")),
        attributes={
            attribute: _attribute(attributes.get(attribute.value), f"attributes.{attribute}")
            for attribute in Attribute
        },
        crop=_picture(fields.get("crop"), "crop", "JPEG"),
        circumstances=_circumstances(fields.get("capture")),
        correction=_correction(fields.get("correction")),
        timings_ms=_timings(fields.get("timings_ms", {})),
    )


def parse_version(answer: object) -> str:
    """The version in a decoded answer about the server's networks.

    Raises:
        AnswerUnreadableError: if there is none.
    """
    return _version(_mapping(answer, "answer").get("version"))


def _attribute(value: object, where: str) -> AttributeAnalysis:
    fields = _mapping(value, where)
    grade = fields.get("grade")
    if not isinstance(grade, int) or isinstance(grade, bool) or grade not in GRADES:
        raise _unreadable(f"{where}.grade", f"one of {GRADES}", grade)
    raw = _list(fields.get("probabilities"), f"{where}.probabilities")
    probabilities = tuple(_number(item, f"{where}.probabilities", highest=1) for item in raw)
    if len(probabilities) != len(GRADES) or abs(sum(probabilities) - 1) > _TOLERANCE:
        raise _unreadable(f"{where}.probabilities", "five that sum to 1", probabilities)
    quality = _mapping(fields.get("heatmap_quality", {}), f"{where}.heatmap_quality")
    return AttributeAnalysis(
        grade=grade,
        score=_number(fields.get("score"), f"{where}.score", highest=GRADES[-1]),
        standard_error=_error(
            fields.get("standard_error"), f"{where}.standard_error", highest=GRADES[-1]
        ),
        probabilities=probabilities,
        evidence=_word(Evidence, fields.get("evidence"), f"{where}.evidence"),
        heatmap=_picture(fields.get("heatmap"), f"{where}.heatmap", "PNG"),
        regions=_regions(fields.get("regions", {}), f"{where}.regions"),
        skin_share=_share(quality, "skin_share", f"{where}.heatmap_quality"),
        stability=_share(quality, "stability", f"{where}.heatmap_quality"),
        region_errors=_region_errors(fields.get("region_errors"), f"{where}.region_errors"),
    )


def _error(value: object, where: str, *, highest: float) -> float | None:
    if value is None:
        return None
    error = _number(value, where, highest=highest)
    if error == 0:
        raise _unreadable(where, "a number above 0", value)
    return error


def _regions(value: object, where: str) -> dict[Region, float]:
    fields = _mapping(value, where)
    if not fields:
        return {}
    return {
        region: _number(fields.get(region.value), f"{where}.{region}", highest=1)
        for region in Region
    }


def _region_errors(value: object, where: str) -> dict[Region, float]:
    told = _mapping({} if value is None else value, where)
    errors = {
        region: _error(told.get(region.value), f"{where}.{region}", highest=1) for region in Region
    }
    return {region: error for region, error in errors.items() if error is not None}


def _share(fields: Mapping[str, object], name: str, where: str) -> float | None:
    share = fields.get(name)
    return None if share is None else _number(share, f"{where}.{name}", highest=1)


def _quality(value: object) -> Quality:
    fields = _mapping(value, "quality")
    checks = (
        _mapping(item, "quality.checks") for item in _list(fields.get("checks"), "quality.checks")
    )
    return Quality(
        verdict=_word(Verdict, fields.get("verdict"), "quality.verdict"),
        score=_number(fields.get("score"), "quality.score", highest=100),
        checks=tuple(
            QualityCheck(
                code=_text(check.get("code"), "quality.checks.code"),
                severity=_word(Severity, check.get("severity"), "quality.checks.severity"),
                advice_key=_text(check.get("advice_key") or "", "quality.checks.advice_key"),
            )
            for check in checks
        ),
    )


def _circumstances(value: object) -> Circumstances | None:
    if value is None:
        return None
    try:
        return Circumstances.read(value)
    except ValueError as error:
        raise AnswerUnreadableError(f"capture.{error}") from error


def _correction(value: object) -> LightCorrection:
    if value is None:
        return LightCorrection()
    try:
        return LightCorrection.read(value)
    except ValueError as error:
        raise AnswerUnreadableError(f"correction.{error}") from error


def _timings(value: object) -> dict[Stage, float]:
    fields = _mapping(value, "timings_ms")
    return {
        stage: _number(fields[stage.value], f"timings_ms.{stage}", highest=_LONGEST_STAGE_MS)
        for stage in Stage
        if stage.value in fields
    }


def _mapping(value: object, where: str) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise _unreadable(where, "an object", value)
    return value


def _list(value: object, where: str) -> list[Any]:
    if not isinstance(value, list):
        raise _unreadable(where, "a list", value)
    return value


def _text(value: object, where: str) -> str:
    if not isinstance(value, str):
        raise _unreadable(where, "text", value)
    return value


def _number(value: object, where: str, *, highest: float) -> float:
    if not isinstance(value, int | float) or isinstance(value, bool):
        raise _unreadable(where, "a number", value)
    if not -_TOLERANCE <= value <= highest + _TOLERANCE:
        raise _unreadable(where, f"a number from 0 to {highest:g}", value)
    return min(max(float(value), 0.0), float(highest))


def _word(words: type[_Word], value: object, where: str) -> _Word:
    try:
        return words(_text(value, where))
    except ValueError as error:
        raise _unreadable(where, f"one of {[word.value for word in words]}", value) from error


def _version(value: object) -> str:
    version = _text(value, "model.version")
    if not 1 <= len(version) <= _LONGEST_VERSION:
        raise _unreadable("model.version", f"1 to {_LONGEST_VERSION} characters", version)
    return version


def _picture(value: object, where: str, file_format: str) -> bytes:
    """A picture file; looked into here, because the page has no use for an error while drawing."""
    expected = f"a square {file_format} file in base64"
    try:
        content = base64.b64decode(_text(value, where), validate=True)
        with Image.open(io.BytesIO(content), formats=(file_format,)) as picture:
            if picture.width != picture.height or picture.width > _LARGEST_SIDE_PX:
                raise _unreadable(where, expected, picture.size)
            picture.load()
    except (
        binascii.Error,
        OSError,
        SyntaxError,
        ValueError,
        zlib.error,
        Image.DecompressionBombError,
    ) as error:
        raise _unreadable(where, expected, value) from error
    return content


def _unreadable(where: str, expected: str, got: object) -> AnswerUnreadableError:
    # The picture of a face must never reach a log, so what came is cut short.
    return AnswerUnreadableError(f"{where}: expected {expected}, got {str(got)[:40]!r}")
