"""What routes ask for by type, so that they read like sentences."""

from __future__ import annotations

import hmac
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, TypeVar

from fastapi import Depends, Query, Request, Security
from fastapi.security import APIKeyHeader

from backend.api.metrics import Metrics
from backend.api.uploads import Upload, discard, read_burst, read_many, read_one
from backend.api.workers import Workers
from backend.errors import (
    EngineBrokenError,
    NotReadyError,
    OverloadedError,
    RequestInvalidError,
    UnauthorisedError,
)
from backend.settings import Settings
from backend.vision.grad_cam import CamMethod, ExplanationRequest
from backend.vision.prediction import Analyser
from backend.vision.quality_limits import Preset

_Word = TypeVar("_Word", bound=StrEnum)


class Target(StrEnum):
    """What a heat map explains: the expected grade, or one grade's logit."""

    EXPECTED = "expected"
    GRADE_0 = "0"
    GRADE_1 = "1"
    GRADE_2 = "2"
    GRADE_3 = "3"
    GRADE_4 = "4"


class Mirror(StrEnum):
    """Whether the mirror image is looked at too."""

    NO = "false"
    YES = "true"


class Framing(StrEnum):
    """What is sent: a photo, or the `crop` of an earlier answer."""

    PHOTO = "photo"
    CROP = "crop"


def get_settings(request: Request) -> Settings:
    """The settings this application was created with."""
    settings: Settings = request.app.state.settings
    return settings


def get_metrics(request: Request) -> Metrics:
    """This application's counters."""
    metrics: Metrics = request.app.state.metrics
    return metrics


def get_workers(request: Request) -> Workers:
    """This application's threads."""
    workers: Workers = request.app.state.workers
    return workers


def get_analyser(request: Request) -> Analyser:
    """The loaded networks.

    Raises:
        NotReadyError: they are not loaded.
        EngineBrokenError: they cannot run any more.
    """
    analyser: Analyser | None = request.app.state.analyser
    if analyser is None:
        raise NotReadyError
    require_unbroken(request)
    return analyser


def require_unbroken(request: Request) -> None:
    """Nothing, unless what runs the networks has failed for good.

    Raises:
        EngineBrokenError: it has.
    """
    analyser: Analyser | None = request.app.state.analyser
    reason = None if analyser is None else analyser.broken
    if reason is not None:
        raise EngineBrokenError(reason)


SettingsDep = Annotated[Settings, Depends(get_settings)]
MetricsDep = Annotated[Metrics, Depends(get_metrics)]
WorkersDep = Annotated[Workers, Depends(get_workers)]
AnalyserDep = Annotated[Analyser, Depends(get_analyser)]

_key_header = APIKeyHeader(
    name="X-API-Key", auto_error=False, description="Needed when the server was given a key."
)


def require_key(
    settings: SettingsDep, sent: Annotated[str | None, Security(_key_header)] = None
) -> None:
    """Let only requests with the right key pass, when the settings have one.

    Raises:
        UnauthorisedError: no key or a wrong one came.
    """
    if settings.api_key is None:
        return
    expected = settings.api_key.get_secret_value().encode()
    # Compared in constant time, so that the answer's delay tells nothing about the key.
    if not hmac.compare_digest((sent or "").encode(), expected):
        raise UnauthorisedError


async def take_place(
    request: Request, settings: SettingsDep, workers: WorkersDep
) -> AsyncIterator[None]:
    """A place in the line until the request is answered, taken before its photo is read.

    Raises:
        OverloadedError: there is none.
    """
    async with AsyncExitStack() as stack:
        try:
            await stack.enter_async_context(workers.place())
        except OverloadedError:
            await discard(request, settings)
            raise
        yield


PlaceDep = Annotated[None, Depends(take_place)]


async def get_photo(request: Request, settings: SettingsDep, _place: PlaceDep) -> Upload:
    """The photo of the form and the fields beside it."""
    return await read_one(request, settings)


async def get_photos(request: Request, settings: SettingsDep, _place: PlaceDep) -> Upload:
    """The photos of the form and the fields beside them."""
    return await read_many(request, settings)


async def get_burst(request: Request, settings: SettingsDep, _place: PlaceDep) -> Upload:
    """The photos of one moment and the fields beside them."""
    return await read_burst(request, settings)


PhotoDep = Annotated[Upload, Depends(get_photo)]
PhotosDep = Annotated[Upload, Depends(get_photos)]
BurstDep = Annotated[Upload, Depends(get_burst)]
CamQuery = Annotated[
    CamMethod,
    Query(
        description="How heat maps are drawn. All but `gradcam` need further passes; `scorecam` "
        "takes minutes on a CPU."
    ),
]
TargetQuery = Annotated[Target, Query(description="What heat maps explain.")]
MirrorQuery = Annotated[
    Mirror,
    Query(
        description="Whether the mirror image is looked at too, which tells how stable each heat "
        "map is and takes half to two thirds longer; of `gradcam` alone."
    ),
]
GateQuery = Annotated[
    Preset | None,
    Query(
        description="How much is asked of a photo before it is called good; without it what the "
        "server was set to. The grades are the same."
    ),
]
FramingQuery = Annotated[
    Framing,
    Query(
        description="What is sent. `crop` is the `crop` of an earlier answer, 512 x 512 px: it is "
        "aligned already, so that only its landmarks are looked for, and its light is evened out "
        "as a photo's is; `quality` and `capture` say little of it."
    ),
]


@dataclass(frozen=True, slots=True)
class Wish:
    """What the query asks for.

    Attributes:
        cam: how maps are drawn.
        target: what they explain.
        mirror: whether the mirror image is looked at too.
        gate: how much is asked of a photo's quality; None leaves that to the settings.
    """

    cam: CamQuery = CamMethod.GRADCAM
    target: TargetQuery = Target.EXPECTED
    mirror: MirrorQuery = Mirror.NO
    gate: GateQuery = None

    def over(self, settings: Settings, fields: Mapping[str, str]) -> Settings:
        """The settings with what the query, or the form field of its name, asks otherwise.

        Raises:
            RequestInvalidError: a form field holds an unknown word.
        """
        gate = _parse(Preset, fields.get("gate", self.gate or settings.gate), "gate")
        return settings.model_copy(update={"gate": gate})

    def with_fields(self, fields: Mapping[str, str]) -> ExplanationRequest:
        """Which maps it asks for; a form field counts more than the query parameter of its name.

        Raises:
            RequestInvalidError: a form field holds an unknown word.
        """
        cam = _parse(CamMethod, fields.get("cam", self.cam.value), "cam")
        target = _parse(Target, fields.get("target", self.target.value), "target")
        mirror = _parse(Mirror, fields.get("mirror", self.mirror.value), "mirror")
        grade = None if target is Target.EXPECTED else int(target.value)
        return ExplanationRequest(method=cam, grade=grade, mirror=mirror is Mirror.YES)


WishDep = Annotated[Wish, Depends()]


def framing_of(query: Framing, fields: Mapping[str, str]) -> Framing:
    """The query's framing, or that of the form field of its name, which counts more.

    Raises:
        RequestInvalidError: the form field holds an unknown word.
    """
    return _parse(Framing, fields.get("framing", query.value), "framing")


def _parse(words: type[_Word], value: str, field: str) -> _Word:
    try:
        return words(value)
    except ValueError as error:
        known = ", ".join(word.value for word in words)
        raise RequestInvalidError(f"{field}: expected one of {known}.", field=field) from error
