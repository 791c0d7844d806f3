"""The JSON that clients get. The field descriptions are what `/docs` shows."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from backend.errors import ErrorCode
from backend.vision.engines.base import Device, EngineName, Precision
from backend.vision.manifest import Decision, Evidence
from backend.vision.quality import Advice, Severity, Verdict
from backend.vision.quality_limits import Check
from backend.vision.regions import Region
from backend.vocabulary import Attribute

Point = tuple[float, float]
Probability = Annotated[float, Field(ge=0, le=1)]
GradeOut = Annotated[int, Field(ge=0, le=4)]


class Schema(BaseModel):
    """Base of all schemas: values that do not change."""

    model_config = ConfigDict(frozen=True)


class Problem(Schema):
    """An error as RFC 9457 wants it, with a stable code and the numbers of its sentence."""

    type: str = Field(description="Where the code is listed.")
    title: str = Field(description="The kind of error, in English.")
    status: int = Field(description="HTTP status.")
    detail: str = Field(description="What is wrong here and what to do, in English.")
    code: ErrorCode = Field(description="Stable name of the kind of error.")
    params: dict[str, int | float | str] = Field(description="The numbers in `detail`, by name.")


class ModelBrief(Schema):
    """Which networks answered."""

    version: str
    trained_on: str
    created_at: str = Field(description="ISO 8601, with offset.")


class PoseOut(Schema):
    """How the head is turned, in degrees; 0 looks straight into the camera."""

    yaw: float = Field(description="Positive turns the nose towards the image's right.")
    pitch: float = Field(description="Positive turns the nose down.")
    roll: float = Field(description="Positive turns the head clockwise on the screen.")


class FaceOut(Schema):
    """Where the face lies, in pixels of the upright photo at its full size."""

    box: tuple[float, float, float, float] = Field(description="x, y, width, height.")
    landmarks: list[Point] = Field(description="189 points, x and y.")
    pose: PoseOut
    to_photo: tuple[tuple[float, float, float], tuple[float, float, float]] = Field(
        description="Affine map from crop pixels (x, y, 1) to photo pixels."
    )


class QualityCheckOut(Schema):
    """One thing that was looked at."""

    code: Check
    value: float = Field(description="What was measured.")
    limit: float = Field(description="From here on there is nothing to complain about.")
    severity: Severity
    advice_key: Advice | None = Field(
        description="Name of the advice; null when all is well, or when another check's advice "
        "helps against this too."
    )


class QualityOut(Schema):
    """How fit the photo is. It is analysed whatever is said here."""

    verdict: Verdict
    score: int = Field(ge=0, le=100)
    checks: list[QualityCheckOut]


class CaptureOut(Schema):
    """How the photo was taken, for whoever compares two photos of one face.

    Pose is that of `face.pose`; what else is listed here is what the checks of `quality` are made
    of, with the sides that they leave out.
    """

    photo_px: tuple[int, int] = Field(description="Width and height of the upright photo, pixels.")
    eye_distance_px: float = Field(
        description="Between the eye centres, pixels of the photo as it was analysed: of a large "
        "JPEG a smaller copy. Beyond 184 it says no more of the skin."
    )
    outside: float = Field(description="Share of the face that lies outside the photo.")
    yaw: float = Field(description="Degrees, as in `face.pose`.")
    pitch: float
    roll: float
    eyes_open: float = Field(description="About 1 of open eyes, 0.5 of closed ones.")
    focus: float = Field(description="Natural logarithm of the fine contrasts of eyes and brows.")
    eye_white: float = Field(description="Brightness of the white of the eyes, 0 to 255.")
    clipped: float = Field(
        description="Share of the skin that is clipped in one channel, and again in all three."
    )
    unevenness: float = Field(
        description="How much more light one part of the skin gets than another, natural logarithm."
    )
    brighter: tuple[float, float] = Field(
        description="x and y, in which direction the skin gets brighter on the image; its length "
        "is that logarithm over half the crop's side."
    )
    tint: float = Field(
        description="How far the colours of skin and of the white of the eyes are from those of "
        "good photos under lamps of everyday colours, logarithms, added."
    )
    colour: tuple[float, float] = Field(
        description="In which direction it is: redder than usual, and yellower, counted half."
    )
    covered: float = Field(description="Share of the face that something seems to hide.")
    texture: float = Field(description="Natural logarithm of the skin's own fine contrasts.")
    blocks: float = Field(description="How far the borders of JPEG blocks stand out.")


class CorrectionOut(Schema):
    """What was taken back of the photo's light before it was graded; all 0 where it was usual."""

    stops: float = Field(ge=0, description="By how much it was brightened, photographic stops.")
    cast: tuple[float, float] = Field(
        description="Which colour was taken out: redder than usual, and yellower, natural "
        "logarithms of ratios of channels in linear light."
    )
    slope: tuple[float, float] = Field(
        description="x and y, how much of the light from one side: natural logarithm over half the "
        "crop's side, towards where it was brighter on the image."
    )


class HeatmapQualityOut(Schema):
    """How far a heat map can be relied on."""

    skin_share: Annotated[float, Field(ge=0, le=1)] | None = Field(
        description="Share of the evidence that lay on skin (for hydration, on lips too) before "
        "the map was kept to it; null of an empty map."
    )
    stability: Annotated[float, Field(ge=0, le=1)] | None = Field(
        description="How far the map agrees with that of the mirror image: what both have in "
        "common over what either has; null where `mirror` was not asked for, of maps that are "
        "drawn another way than `gradcam`, and where both are empty."
    )


class AttributeOut(Schema):
    """One attribute of the skin."""

    grade: int = Field(ge=0, le=4, description="The amount of the named thing.")
    score: float = Field(ge=0, le=4, description="The expected grade, for trends.")
    standard_error: Annotated[float, Field(gt=0)] | None = Field(
        description="Standard error of measurement of the score, grades: its standard deviation "
        "over photos of the same skin under changing light, pose and camera, measured on "
        "simulated photos when the networks were released; null where it was not measured. Two "
        "scores of the same skin differ by up to 2.77 times that in 95 of 100 cases."
    )
    probabilities: tuple[Probability, Probability, Probability, Probability, Probability]
    interval: tuple[GradeOut, GradeOut] = Field(
        description="Lowest and highest grade of an interval that was calibrated to hold the true "
        "grade of nine photos in ten like those it was calibrated on."
    )
    evidence: Evidence = Field(description="What this attribute's grades were checked on.")
    heatmap: str = Field(
        description="Base64 of an 8-bit grey PNG, at most 128 px, on the crop: where the evidence "
        "for the grade lies; for hydration, the evidence of dryness. What the map's coarse cells "
        "spill over the edges of the skin is left out."
    )
    regions: dict[Region, Annotated[float, Field(ge=0, le=1)]] = Field(
        description="Share of the map's evidence in each region, left being the person's own; what "
        "lies in none of them is missing from their sum. All 0 of an empty map."
    )
    region_errors: dict[Region, Annotated[float, Field(gt=0)]] | None = Field(
        description="Standard error of measurement of each region's amount of evidence. The amount "
        "is the region's share in `regions` times the mean of all pixels of `heatmap`, black being "
        "0 and white 1. The error is its standard deviation over photos of the same skin, measured "
        "as `standard_error` is, but never told as less than 0.0002, a twentieth of one of the "
        "map's 256 cells: where it is that, next to nothing ever showed there. Null where it was "
        "not measured, and for maps other than `gradcam` of the expected grade."
    )
    peak_region: Region | None = Field(
        description="Region of the strongest evidence; null where it lies in none of them."
    )
    heatmap_quality: HeatmapQualityOut


class TimingsOut(Schema):
    """Time per stage, milliseconds."""

    decode: float
    detect: float
    predict: float
    explain: float
    encode: float


class AnalysisOut(Schema):
    """What a photo shows."""

    model: ModelBrief
    face: FaceOut
    quality: QualityOut
    capture: CaptureOut
    correction: CorrectionOut
    attributes: dict[Attribute, AttributeOut] = Field(description="All five.")
    crop: str = Field(description="Base64 of a JPEG, 512 px: the aligned crop.")
    timings_ms: TimingsOut


class BurstOut(AnalysisOut):
    """What the photos of one moment show: grades from those that count, pictures of the best."""

    photos_used: int = Field(
        ge=1,
        description="How many of the photos count: those that could be analysed, without those "
        "that are better taken again while another one is not. The grades follow from the mean of "
        "their probabilities.",
    )


class BatchItem(Schema):
    """The answer to one photo of a batch: either an analysis or a problem."""

    index: int = Field(ge=0, description="Place of the photo in the request, from 0.")
    analysis: AnalysisOut | None = None
    problem: Problem | None = None


class BatchOut(Schema):
    """One item per photo, in the order they were sent."""

    results: list[BatchItem]


class AttributeInfo(Schema):
    """What is known of one attribute's grader."""

    name: Attribute
    grades: list[int]
    evidence: Evidence
    decision: Decision


class AttributesOut(Schema):
    """The attributes this server grades."""

    attributes: list[AttributeInfo]


class GraderInfo(Schema):
    """One network."""

    architecture: str
    input_px: int
    sha256: str
    evidence: Evidence
    metrics: dict[str, object] = Field(description="Measured figures, by name.")
    data_version: str


class ModelOut(Schema):
    """The networks of this server."""

    version: str
    trained_on: str
    created_at: str = Field(description="ISO 8601, with offset.")
    commit: str
    licence: str
    engine: EngineName = Field(description="What runs them.")
    device: Device = Field(description="Where they run.")
    precision: Precision = Field(description="In what numbers they are computed.")
    attributes: dict[Attribute, GraderInfo]


class ErrorInfo(Schema):
    """One kind of error."""

    code: ErrorCode
    status: int
    title: str


class ErrorsOut(Schema):
    """Every code that a problem can carry."""

    errors: list[ErrorInfo]


class QualityWordsOut(Schema):
    """Every word that the quality of a photo can carry."""

    checks: list[Check]
    severities: list[Severity]
    verdicts: list[Verdict]
    advice: list[Advice]


class Health(Schema):
    """A probe's answer."""

    status: str
