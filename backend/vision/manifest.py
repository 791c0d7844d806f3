"""What `models/manifest.json` says of the networks beside it, checked before anything is loaded."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, Final, Literal

from pydantic import AwareDatetime, ConfigDict, Field, TypeAdapter, ValidationError
from pydantic.dataclasses import dataclass

from backend.errors import ManifestInvalidError, WeightsUnusableError
from backend.vision.geometry import CROP_SIDE_PX, EYE_DISTANCE, EYE_HEIGHT
from backend.vision.preprocess import InputSpec
from backend.vision.regions import Region
from backend.vocabulary import GRADES, Attribute

MANIFEST_NAME: Final = "manifest.json"
SCHEMA_VERSION: Final = 1

_strict = ConfigDict(extra="ignore", strict=True)
_FileName = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*\.safetensors$")]
_Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
_Colour = tuple[float, float, float]
_Share = Annotated[float, Field(gt=0, lt=1)]
_Positive = Annotated[float, Field(gt=0)]
_NotNegative = Annotated[float, Field(ge=0)]

LEAST_REGION_ERROR: Final = 0.0002
"""A twentieth of the evidence in one of the 256 cells that a map has before it is enlarged. Regions
where the measured photos showed next to nothing say little of those that do show something."""


class Decision(StrEnum):
    """How a grade is chosen from the probabilities of the five."""

    ARGMAX = "argmax"
    EXPECTED_CREDIT = "expected_credit"


class Evidence(StrEnum):
    """What an attribute's grades were checked on."""

    REAL = "real"
    SIMULATED = "simulated"


@dataclass(frozen=True, slots=True, kw_only=True, config=_strict)
class CropSpec:
    """The aligned crop that the networks were trained on, see `backend.vision.geometry`."""

    side_px: int
    eye_distance: float
    eye_height: float


@dataclass(frozen=True, slots=True, kw_only=True, config=_strict)
class LandmarksEntry:
    """The landmark network.

    Attributes:
        file: name of its weights in the models folder.
        sha256: of that file, lower-case hexadecimal.
        architecture: what the weights fit.
        input_px: side of the square it looks at.
        points: number of landmarks.
    """

    file: _FileName
    sha256: _Sha256
    architecture: str
    input_px: int = Field(gt=0)
    points: int = Field(gt=0)


@dataclass(frozen=True, slots=True, kw_only=True, config=_strict)
class IntervalSpec:
    """How wide a grader's interval of grades is drawn, and what that was found to hold.

    Attributes:
        mass: see `backend.vision.decision.grade_interval`.
        coverage: share of photos whose true grade it is made to hold.
    """

    mass: float = Field(gt=0, le=1)
    coverage: float = Field(gt=0, lt=1)


@dataclass(frozen=True, slots=True, kw_only=True, config=_strict)
class RepeatSpec:
    """How much an attribute's score moves within the photos of some verdict.

    Attributes:
        deviation: as in `SteadinessSpec`, over the faces with two such photos or more.
        intraclass: share of the scores' variance that lies between those faces.
        detectable_change: two scores of the same skin differ by up to that in 95 of 100 cases.
        slope: of a face's mean score on its true severity.
        faces: how many there were.
        photos: how many of theirs.
    """

    deviation: float = Field(gt=0)
    intraclass: float = Field(le=1)
    detectable_change: float = Field(gt=0)
    slope: float
    faces: int = Field(ge=2)
    photos: int = Field(ge=4)


@dataclass(frozen=True, slots=True, kw_only=True, config=_strict)
class SteadinessSpec:
    """How much an attribute's score moves when the skin stays and only the photo changes.

    What is None or empty was not measured: earlier manifests know the deviation alone.

    Attributes:
        deviation: standard deviation of a face's score over its photos, grades; root mean square
            over the faces.
        detectable_change: two scores of the same skin differ by up to that in 95 of 100 cases.
        slope: of a face's mean score on its true severity.
        good: the same figures within the photos that the gate calls good.
        good_or_usable: within those that need not be taken again.
        regions: standard deviation of each region's amount over a face's photos, root mean square
            over the faces. The amount is the region's share of the map times the map's mean, which
            is 0 to 1; 0 where nothing ever showed.
    """

    deviation: float = Field(gt=0)
    detectable_change: _Positive | None = None
    slope: float | None = None
    good: RepeatSpec | None = None
    good_or_usable: RepeatSpec | None = None
    regions: Mapping[Region, _NotNegative] = Field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True, config=_strict)
class GraderEntry:
    """The grader of one attribute.

    Attributes:
        file: name of its weights in the models folder.
        sha256: of that file, lower-case hexadecimal.
        architecture: name that timm knows.
        input_px: side of its square input.
        output_stride: input pixels to a cell of its last features, and so of its maps.
        mean: per RGB channel, on the scale where white is 1.
        std: per RGB channel, on the same scale.
        interpolation: how the crop is shrunk to the input.
        grades: every grade it tells apart, lowest first.
        decision: how the grade is chosen.
        class_shares: of the grades among the photos that the probabilities were calibrated on.
        interval: how wide the interval of grades is.
        temperature: divides the logits before the softmax (Guo et al. 2017, arXiv:1706.04599).
        bias: of each grade, added to them then (Alexandari et al. 2020, arXiv:1901.06852).
        heatmap_scale: the class-activation value that is shown as full intensity.
        evidence: what its grades were checked on.
        metrics: measured figures, by name.
        seed: of its training.
        data_version: of its training data.
    """

    file: _FileName
    sha256: _Sha256
    architecture: str
    input_px: int = Field(gt=0)
    mean: _Colour
    std: _Colour
    interpolation: Literal["area"]
    grades: tuple[int, ...]
    decision: Decision
    class_shares: tuple[_Share, _Share, _Share, _Share, _Share]
    interval: IntervalSpec
    temperature: float = Field(gt=0)
    heatmap_scale: float = Field(gt=0)
    evidence: Evidence
    bias: tuple[float, float, float, float, float] = (0.0, 0.0, 0.0, 0.0, 0.0)
    output_stride: Literal[8, 16, 32] = 32
    metrics: dict[str, Any] = Field(default_factory=dict)
    seed: int | None = None
    data_version: str = ""

    @property
    def input_spec(self) -> InputSpec:
        """What the weights expect of their input."""
        return InputSpec(input_px=self.input_px, mean=self.mean, std=self.std)


@dataclass(frozen=True, slots=True, kw_only=True, config=_strict)
class Manifest:
    """All of it.

    Attributes:
        schema_version: of the manifest's own shape; this code knows `SCHEMA_VERSION`.
        model_version: of the five graders together.
        created_at: when they were exported, aware.
        trained_on: one sentence about the data.
        commit: of the training code, hexadecimal.
        licence: of the weights.
        crop: what the graders look at.
        landmarks: the landmark network.
        attributes: the five graders.
        steadiness: of their scores, as far as it was measured.
    """

    schema_version: int
    model_version: str
    created_at: AwareDatetime
    trained_on: str
    commit: str
    licence: str
    crop: CropSpec
    landmarks: LandmarksEntry
    attributes: Mapping[Attribute, GraderEntry]
    steadiness: Mapping[Attribute, SteadinessSpec] = Field(default_factory=dict)

    @property
    def input_spec(self) -> InputSpec:
        """What every grader looks at: they look together."""
        return next(iter(self.attributes.values())).input_spec

    def standard_error(self, attribute: Attribute) -> float | None:
        """Standard error of measurement of one score, grades; None where it was not measured."""
        measured = self.steadiness.get(attribute)
        return None if measured is None else measured.deviation

    def region_errors(self, attribute: Attribute) -> dict[Region, float] | None:
        """Standard error of each region's amount, see `SteadinessSpec.regions`.

        Returns:
            At least `LEAST_REGION_ERROR`, also where nothing ever showed; None where it was not
            measured.
        """
        measured = self.steadiness.get(attribute)
        if measured is None or not measured.regions:
            return None
        return {region: max(its, LEAST_REGION_ERROR) for region, its in measured.regions.items()}


def read_manifest(models_dir: Path) -> Manifest:
    """Read the manifest and hold it against what this code knows.

    Args:
        models_dir: the folder with `manifest.json`.

    Raises:
        ManifestInvalidError: it is missing or damaged, of another schema version, made for another
            crop, or does not hold exactly the five attributes with the grades 0 to 4, all graded on
            the same input.
    """
    path = models_dir / MANIFEST_NAME
    try:
        manifest = TypeAdapter(Manifest).validate_json(path.read_bytes())
    except OSError as error:
        raise ManifestInvalidError(path, reason=f"it cannot be read: {error.strerror}") from error
    except ValidationError as error:
        raise ManifestInvalidError(path, reason=_first_complaint(error)) from error
    _check_words(manifest, path)
    return manifest


def verify_files(manifest: Manifest, models_dir: Path) -> None:
    """Hold every file of weights against its hash.

    Raises:
        WeightsUnusableError: a file is missing or has another hash; names the file.
    """
    entries: list[LandmarksEntry | GraderEntry] = [
        manifest.landmarks,
        *manifest.attributes.values(),
    ]
    for entry in entries:
        path = models_dir / entry.file
        try:
            with path.open("rb") as file:
                found = hashlib.file_digest(file, "sha256").hexdigest()
        except OSError as error:
            raise WeightsUnusableError(path, reason=f"cannot be read: {error.strerror}") from error
        if found != entry.sha256:
            raise WeightsUnusableError(
                path, reason=f"expected sha256 {entry.sha256} as in {MANIFEST_NAME}, got {found}"
            )


def _check_words(manifest: Manifest, path: Path) -> None:
    if manifest.schema_version != SCHEMA_VERSION:
        raise ManifestInvalidError(
            path,
            reason=f"expected schema_version {SCHEMA_VERSION}, got {manifest.schema_version}",
        )
    missing = [attribute.value for attribute in Attribute if attribute not in manifest.attributes]
    if missing:
        raise ManifestInvalidError(path, reason=f"no network for {', '.join(missing)}")
    for attribute, entry in manifest.attributes.items():
        if entry.grades != GRADES:
            raise ManifestInvalidError(
                path,
                reason=f"{attribute.value}: expected the grades {GRADES}, got {entry.grades}",
            )
        if entry.input_spec != manifest.input_spec:
            raise ManifestInvalidError(
                path,
                reason=f"{attribute.value}: expected the input of the first grader, "
                f"{manifest.input_spec}, got {entry.input_spec}",
            )
    expected = CropSpec(side_px=CROP_SIDE_PX, eye_distance=EYE_DISTANCE, eye_height=EYE_HEIGHT)
    if manifest.crop != expected:
        raise ManifestInvalidError(
            path, reason=f"expected the crop {expected}, got {manifest.crop}"
        )


def _first_complaint(error: ValidationError) -> str:
    complaint = error.errors(include_url=False, include_context=False)[0]
    where = ".".join(str(part) for part in complaint["loc"])
    return f"{where}: {complaint['msg']}" if where else str(complaint["msg"])
