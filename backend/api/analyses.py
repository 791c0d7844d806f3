"""POST /v1/analyses and /v1/analyses:batch: photos in, analyses out, nothing kept."""

from __future__ import annotations

import logging
from functools import partial
from typing import Final

from fastapi import APIRouter, Request, Response

from backend.api.connection import while_connected
from backend.api.dependencies import (
    AnalyserDep,
    MetricsDep,
    PhotoDep,
    PhotosDep,
    SettingsDep,
    WishDep,
    WorkersDep,
)
from backend.api.encoding import encode_analysis, with_timings
from backend.api.problems import documented, to_problem
from backend.api.schemas import AnalysisOut, BatchItem, BatchOut
from backend.api.streaming import StageLines, TellStage, documented_lines, wants_stages
from backend.api.uploads import PHOTO_FIELD, PHOTOS_FIELD, documented_form
from backend.api.workers import still_wanted
from backend.errors import ErrorCode, PhotoTooLargeError, UserFacingError
from backend.logs import FIELDS
from backend.settings import Settings
from backend.vision.grad_cam import ExplanationRequest
from backend.vision.prediction import Analyser
from backend.vision.stopwatch import Stage, Stopwatch

router = APIRouter(tags=["analyses"])

_log = logging.getLogger(__name__)

_REQUEST_CODES: Final = (
    ErrorCode.PHOTO_MISSING,
    ErrorCode.PHOTO_TOO_LARGE,
    ErrorCode.PHOTOS_TOO_MANY,
    ErrorCode.REQUEST_INVALID,
    ErrorCode.UNAUTHORISED,
    ErrorCode.UPLOAD_TOO_SLOW,
    ErrorCode.NOT_READY,
    ErrorCode.OVERLOADED,
    ErrorCode.INTERNAL,
)
_PHOTO_CODES: Final = (
    ErrorCode.PHOTO_EMPTY,
    ErrorCode.PHOTO_TOO_MANY_PIXELS,
    ErrorCode.PHOTO_UNREADABLE,
    ErrorCode.PHOTO_FORMAT_UNSUPPORTED,
    ErrorCode.FACE_NOT_FOUND,
    ErrorCode.FACE_SEVERAL,
    ErrorCode.FACE_TOO_SMALL,
    ErrorCode.FACE_CUT_OFF,
)


@router.post(
    "/analyses",
    summary="Analyse one photo",
    response_model=AnalysisOut,
    responses={200: documented_lines(), **documented(*_REQUEST_CODES, *_PHOTO_CODES)},
    openapi_extra=documented_form(PHOTO_FIELD, several=False),
)
async def create_analysis(
    request: Request,
    upload: PhotoDep,
    analyser: AnalyserDep,
    settings: SettingsDep,
    workers: WorkersDep,
    metrics: MetricsDep,
    wished: WishDep,
) -> AnalysisOut | Response:
    """Grade five attributes of the skin in a photo of one face and show why.

    The photo is a JPEG, PNG, WebP, HEIC or AVIF file. It is not kept.
    """
    wish = wished.with_fields(upload.fields)

    def work(on_stage: TellStage) -> AnalysisOut:
        return analyse_file(upload.photos[0], analyser, settings, wish, on_stage=on_stage)

    if wants_stages(request.headers.get("accept", "")):
        return StageLines(work, workers=workers, metrics=metrics)
    answer = await while_connected(
        request.receive, lambda: workers.run(lambda: work(lambda _stage: still_wanted()))
    )
    metrics.observe(answer.timings_ms.model_dump())
    return answer


@router.post(
    "/analyses:batch",
    summary="Analyse several photos, each on its own",
    responses=documented(*_REQUEST_CODES),
    openapi_extra=documented_form(PHOTOS_FIELD, several=True),
)
async def create_analyses(
    request: Request,
    upload: PhotosDep,
    analyser: AnalyserDep,
    settings: SettingsDep,
    workers: WorkersDep,
    metrics: MetricsDep,
    wished: WishDep,
) -> BatchOut:
    """Answer each photo by an analysis or, if it cannot be analysed, by a problem."""
    wish = wished.with_fields(upload.fields)

    def work(data: bytes) -> AnalysisOut:
        return analyse_file(data, analyser, settings, wish, on_stage=lambda _stage: still_wanted())

    async def answer_each() -> BatchOut:
        results = []
        for index, data in enumerate(upload.photos):
            try:
                answer = await workers.run(partial(work, data))
            except UserFacingError as error:
                metrics.count(error.code)
                results.append(BatchItem(index=index, problem=to_problem(error)))
            else:
                metrics.observe(answer.timings_ms.model_dump())
                results.append(BatchItem(index=index, analysis=answer))
        return BatchOut(results=results)

    return await while_connected(request.receive, answer_each)


def analyse_file(
    data: bytes,
    analyser: Analyser,
    settings: Settings,
    wish: ExplanationRequest,
    *,
    on_stage: TellStage | None = None,
) -> AnalysisOut:
    """Decode, analyse, encode. Blocks: call it from a worker thread.

    Args:
        data: the file.
        analyser: the loaded networks.
        settings: for the bounds on size.
        wish: which maps to draw.
        on_stage: told each stage as it begins.

    Raises:
        PhotoError: the file cannot be used.
        FaceError: there is no single whole face in it.
    """
    if len(data) > settings.max_photo_bytes:
        raise PhotoTooLargeError(max_mb=settings.max_photo_mb)
    stopwatch = Stopwatch(on_stage)
    portrait = analyser.read(data, max_pixels=settings.max_pixels, stopwatch=stopwatch)
    analysis = analyser.analyse(portrait.photo, wish, face=portrait.face, stopwatch=stopwatch)
    with stopwatch.stage(Stage.ENCODE):
        answer = encode_analysis(
            analysis,
            analyser.manifest,
            photo_size=(portrait.photo.shape[1], portrait.photo.shape[0]),
            full_size=portrait.full_size,
        )
    answer = with_timings(answer, stopwatch.timings_ms)
    _log.info(
        "analysed",
        extra={
            FIELDS: {
                "bytes": len(data),
                "width_px": portrait.full_size[0],
                "height_px": portrait.full_size[1],
                "quality": answer.quality.score,
                **answer.timings_ms.model_dump(),
            }
        },
    )
    return answer
