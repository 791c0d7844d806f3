"""POST /v1/analyses, :burst and :batch: photos in, analyses out, nothing kept."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from functools import partial
from typing import Final

from fastapi import APIRouter, Request, Response

from backend.api.connection import while_connected
from backend.api.dependencies import (
    AnalyserDep,
    BurstDep,
    Framing,
    FramingQuery,
    MetricsDep,
    PhotoDep,
    PhotosDep,
    SettingsDep,
    WishDep,
    WorkersDep,
    framing_of,
)
from backend.api.encoding import encode_analysis, with_timings
from backend.api.metrics import Metrics
from backend.api.problems import documented, to_problem
from backend.api.schemas import AnalysisOut, BatchItem, BatchOut, BurstOut
from backend.api.streaming import StageLines, TellStage, Work, documented_lines, wants_stages
from backend.api.uploads import PHOTO_FIELD, PHOTOS_FIELD, documented_form
from backend.api.workers import Workers, forget_locals, still_wanted
from backend.errors import ErrorCode, FaceError, PhotoError, PhotoTooLargeError, UserFacingError
from backend.logs import FIELDS
from backend.settings import Settings
from backend.vision.burst import Burst, Frame, best_first
from backend.vision.grad_cam import ExplanationRequest
from backend.vision.portrait import Portrait
from backend.vision.prediction import Analyser
from backend.vision.quality_limits import Preset
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
    framing: FramingQuery = Framing.PHOTO,
) -> AnalysisOut | Response:
    """Grade five attributes of the skin in a photo of one face and show why.

    The photo is a JPEG, PNG, WebP, HEIC or AVIF file. It is not kept.
    """
    wish, asked = wished.with_fields(upload.fields), wished.over(settings, upload.fields)
    sent = framing_of(framing, upload.fields)

    def work(on_stage: TellStage) -> AnalysisOut:
        return analyse_file(
            upload.photos[0],
            analyser,
            asked,
            wish,
            stopwatch=Stopwatch(on_stage, still_wanted=still_wanted),
            framing=sent,
        )

    return await _answer(request, work, workers, metrics)


@router.post(
    "/analyses:burst",
    summary="Analyse several photos of one face at one moment as one",
    response_model=BurstOut,
    responses={
        200: documented_lines(BurstOut.__name__),
        **documented(*_REQUEST_CODES, *_PHOTO_CODES),
    },
    openapi_extra=documented_form(PHOTOS_FIELD, several=True),
)
async def create_burst_analysis(
    request: Request,
    upload: BurstDep,
    analyser: AnalyserDep,
    settings: SettingsDep,
    workers: WorkersDep,
    metrics: MetricsDep,
    wished: WishDep,
) -> AnalysisOut | Response:
    """Average the probabilities of up to five photos.

    Grade, score and interval follow from the mean; crop, face, quality and maps are those of the
    photo of the highest quality; `standard_error` and `region_errors` are those of one photo.
    Photos that cannot be analysed are left out; if none can, the first one's problem is the answer.
    So are photos with the verdict `retake` of the normal gate, such as blurred ones or those with
    closed eyes, unless all have it. `photos_used` says how many count.
    """
    wish, asked = wished.with_fields(upload.fields), wished.over(settings, upload.fields)

    def work(on_stage: TellStage) -> AnalysisOut:
        return analyse_burst(upload.photos, analyser, asked, wish, on_stage=on_stage)

    return await _answer(request, work, workers, metrics)


async def _answer(
    request: Request, work: Work, workers: Workers, metrics: Metrics
) -> AnalysisOut | Response:
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
    """Answer each photo by an analysis or, if it cannot be analysed, by a problem.

    All photos together may be eight times as large as one alone.
    """
    wish, asked = wished.with_fields(upload.fields), wished.over(settings, upload.fields)

    def work(data: bytes) -> AnalysisOut:
        stopwatch = Stopwatch(lambda _stage: still_wanted(), still_wanted=still_wanted)
        return analyse_file(data, analyser, asked, wish, stopwatch=stopwatch)

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
    stopwatch: Stopwatch | None = None,
    framing: Framing = Framing.PHOTO,
) -> AnalysisOut:
    """Decode, analyse, encode. Blocks: call it from a worker thread.

    Args:
        data: the file.
        analyser: the loaded networks.
        settings: for the bounds on size, and how much is asked of a photo.
        wish: which maps to draw.
        stopwatch: told each stage as it begins, and asked within long ones whether to go on.
        framing: whether it is a photo or an aligned crop.

    Raises:
        PhotoError: the file cannot be used.
        FaceError: there is no single whole face in it.
        RequestInvalidError: it is said to be a crop, and is none.
    """
    stopwatch = stopwatch or Stopwatch()
    if framing is Framing.CROP:
        _check_size(data, settings)
        portrait = analyser.read_crop(data, max_pixels=settings.max_pixels, stopwatch=stopwatch)
        frame = Frame.of_crop(portrait)
    else:
        portrait = _read(data, analyser, settings, stopwatch)
        with stopwatch.stage(Stage.DETECT):
            frame = Frame.of(portrait)
    answer = _analyse(Burst(frame), analyser, wish, settings.gate, stopwatch)
    _note(answer, photo_bytes=len(data), photos=1)
    return answer


def analyse_burst(
    files: Sequence[bytes],
    analyser: Analyser,
    settings: Settings,
    wish: ExplanationRequest,
    *,
    on_stage: TellStage,
) -> BurstOut:
    """The same for several photos of one moment, of which one at least can be analysed.

    Raises:
        PhotoError: the first file cannot be used, and no other one can be analysed either.
        FaceError: there is no single whole face in it, nor can another one be analysed.
    """
    stopwatch = Stopwatch(_forwards(on_stage), still_wanted=still_wanted)
    frames: list[Frame] = []
    first_problem: UserFacingError | None = None
    for data in files:
        try:
            frames.append(_measure(data, analyser, settings, stopwatch))
        except (PhotoError, FaceError) as error:
            forget_locals(error)
            first_problem = first_problem or error
    if not frames and first_problem is not None:
        raise first_problem
    with stopwatch.stage(Stage.DETECT):
        burst = best_first(frames)
    answer = _analyse(burst, analyser, wish, settings.gate, stopwatch)
    _note(answer, photo_bytes=sum(map(len, files)), photos=burst.count)
    return BurstOut.model_validate({**answer.model_dump(), "photos_used": burst.count})


def _measure(data: bytes, analyser: Analyser, settings: Settings, stopwatch: Stopwatch) -> Frame:
    """What is kept of one photo while the next one is decoded: a crop, not its pixels."""
    portrait = _read(data, analyser, settings, stopwatch)
    with stopwatch.stage(Stage.DETECT):
        return Frame.measured(portrait)


def _forwards(on_stage: TellStage) -> TellStage:
    """Tells each stage once: the second photo is decoded after the first one's face was found."""
    told: set[Stage] = set()

    def tell(stage: Stage) -> None:
        still_wanted()
        if stage not in told:
            told.add(stage)
            on_stage(stage)

    return tell


def _read(data: bytes, analyser: Analyser, settings: Settings, stopwatch: Stopwatch) -> Portrait:
    _check_size(data, settings)
    return analyser.read(data, max_pixels=settings.max_pixels, stopwatch=stopwatch)


def _check_size(data: bytes, settings: Settings) -> None:
    if len(data) > settings.max_photo_bytes:
        raise PhotoTooLargeError(max_mb=settings.max_photo_mb)


def _analyse(
    burst: Burst,
    analyser: Analyser,
    wish: ExplanationRequest,
    gate: Preset,
    stopwatch: Stopwatch,
) -> AnalysisOut:
    best = burst.best
    analysis = analyser.analyse_face(
        best.aligned, wish, preset=gate, beside=burst.beside, stopwatch=stopwatch
    )
    with stopwatch.stage(Stage.ENCODE):
        answer = encode_analysis(
            analysis,
            analyser.manifest,
            photo_size=best.photo_size,
            full_size=best.full_size,
            wish=wish,
        )
    return with_timings(answer, stopwatch.timings_ms)


def _note(answer: AnalysisOut, *, photo_bytes: int, photos: int) -> None:
    _log.info(
        "analysed",
        extra={
            FIELDS: {
                "bytes": photo_bytes,
                "photos": photos,
                "width_px": answer.capture.photo_px[0],
                "height_px": answer.capture.photo_px[1],
                "quality": answer.quality.score,
                **answer.timings_ms.model_dump(),
            }
        },
    )
