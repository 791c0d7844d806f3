"""The addresses that hand a person's history out as files.

| address                            | answers                                        |
|------------------------------------|------------------------------------------------|
| GET /export/history.csv?zone=      | the whole history as CSV                       |
| GET /export/history.json?zone=     | the same as JSON                               |
| GET /export/history.pdf?lang=&zone=| the same as a report                           |
| GET /export/visit.pdf?id=&lang=&zone= | the report of one check                     |

Only the session cookie opens them, and only to its owner's data. Without one they answer 401; 404
stands for a check of somebody else as well as for one that does not exist, and for a report of an
empty history. `lang` is `ko` or `en`, by default what the browser prefers; `zone` is the name of
the time zone to write moments in, and the day in a file's name, by default UTC; in CSV and JSON
moments are in UTC always. Nothing of the answers may be stored on the way.

They are routes of their own because Streamlit's download button puts the file below `/media`,
where everybody who has its address can fetch it.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Final
from urllib.parse import urlencode
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from frontend.accounts import User
from frontend.analysis import Analysis
from frontend.errors import PhotoStoreUnusableError
from frontend.export import history_csv, history_json
from frontend.i18n import Language, Words, catalogue, language_of
from frontend.moments import utc_now
from frontend.report import PicturesOf, history_report, visit_report
from frontend.services import Services
from frontend.serving_version import last_version
from frontend.sessions import COOKIE_NAME
from frontend.store import Visit
from frontend.store.failures import DATABASE_FAILURES

CSV_PATH: Final = "/export/history.csv"
JSON_PATH: Final = "/export/history.json"
HISTORY_REPORT_PATH: Final = "/export/history.pdf"
VISIT_REPORT_PATH: Final = "/export/visit.pdf"

_METHODS: Final = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]
_HEADERS: Final = {
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Resource-Policy": "same-origin",
}
_log = logging.getLogger(__name__)

_Answer = Callable[[Request, Services, User, Words], Response]


def export_routes(get_services: Callable[[], Services]) -> list[BaseRoute]:
    """The routes that hand files out.

    Args:
        get_services: Hands over the services when a request needs them, which lets the routes be
            made before the database is open.
    """

    def guarded(answer: _Answer) -> Callable[[Request], Response]:
        def respond(request: Request) -> Response:
            return _respond(request, get_services, answer)

        return respond

    answers: dict[str, _Answer] = {
        CSV_PATH: _csv,
        JSON_PATH: _json,
        HISTORY_REPORT_PATH: _history_report,
        VISIT_REPORT_PATH: _visit_report,
    }
    # Streamlit answers every address nobody else claims with its own page, so the wrong method
    # has to be claimed as well.
    return [Route(path, guarded(answer), methods=_METHODS) for path, answer in answers.items()]


def file_path(path: str, zone: str) -> str:
    """The address of a file of the whole history.

    Args:
        path: `CSV_PATH` or `JSON_PATH`.
        zone: Name of the reader's time zone.

    >>> file_path(CSV_PATH, "Asia/Seoul")
    '/export/history.csv?zone=Asia%2FSeoul'
    """
    return f"{path}?{urlencode({'zone': zone})}"


def report_path(words: Words, zone: str, *, visit_id: str | None = None) -> str:
    """The address of a report.

    Args:
        words: The language of the report.
        zone: Name of the reader's time zone.
        visit_id: Of which check; by default of the whole history.

    >>> report_path(catalogue(Language.KOREAN), "Asia/Seoul", visit_id="ab")
    '/export/visit.pdf?lang=ko&zone=Asia%2FSeoul&id=ab'
    """
    query = {"lang": words.code, "zone": zone}
    if visit_id is None:
        return f"{HISTORY_REPORT_PATH}?{urlencode(query)}"
    return f"{VISIT_REPORT_PATH}?{urlencode(query | {'id': visit_id})}"


def _respond(request: Request, get_services: Callable[[], Services], answer: _Answer) -> Response:
    words = _words_of(request)
    if request.method not in {"GET", "HEAD"}:
        return _sentence(words.report.not_found, status=405, Allow="GET, HEAD")
    services = get_services()
    try:
        token = request.cookies.get(COOKIE_NAME)
        user = None if token is None else services.sessions.user_of(token)
        if user is None:
            return _sentence(words.report.signed_out, status=401)
        return answer(request, services, user, words)
    except DATABASE_FAILURES:
        _log.exception("the database failed while a file was made")
        return _sentence(words.report.unusable, status=503)


def _csv(request: Request, services: Services, user: User, _words: Words) -> Response:
    content = history_csv(services.repository.visits(user.id))
    return _file(content, "text/csv; charset=utf-8", f"{_stem(request)}.csv")


def _json(request: Request, services: Services, user: User, _words: Words) -> Response:
    visits = services.repository.visits(user.id)
    content = history_json(visits, login_id=user.login_id, made_at=utc_now())
    return _file(content, "application/json", f"{_stem(request)}.json")


def _history_report(request: Request, services: Services, user: User, words: Words) -> Response:
    visits = services.repository.visits(user.id)
    if not visits:
        return _sentence(words.report.not_found, status=404)
    shown = {each.id for each in visits if services.shown_pictures.pictures_of(each) is not None}
    content = history_report(
        words,
        visits,
        login_id=user.login_id,
        made_at=utc_now(),
        time_zone=_zone_of(request),
        pictures_of=_pictures_of(services),
        pictured=services.repository.pictured(user.id) | shown,
        # The page with the link has asked just before; nobody waits for the answer here.
        version=services.serving_version.told or last_version(visits),
    )
    return _file(content, "application/pdf", f"{_stem(request)}.pdf")


def _visit_report(request: Request, services: Services, user: User, words: Words) -> Response:
    visit = services.repository.visit(user.id, request.query_params.get("id", ""))
    if visit is None:
        return _sentence(words.report.not_found, status=404)
    content = visit_report(
        words,
        visit,
        earlier=services.repository.visits(user.id, before=visit),
        login_id=user.login_id,
        made_at=utc_now(),
        time_zone=_zone_of(request),
        pictures_of=_pictures_of(services),
    )
    day = visit.taken_at.astimezone(_zone_of(request))
    return _file(content, "application/pdf", f"skin-notes-check-{day:%Y-%m-%d}.pdf")


def _pictures_of(services: Services) -> PicturesOf:
    away: PhotoStoreUnusableError | None = None

    def pictures_of(visit: Visit) -> Analysis | None:
        nonlocal away
        pictures = services.shown_pictures.pictures_of(visit)
        if pictures is None:
            # A store that is away is waited for once, and not once for each check of a history.
            if away is not None:
                raise away
            try:
                pictures = services.kept_photos.pictures_of(visit.user_id, visit.id)
            except PhotoStoreUnusableError as error:
                _log.exception("kept photos are missing from a report")
                away = error
                raise
        return None if pictures is None else pictures.analysis

    return pictures_of


def _words_of(request: Request) -> Words:
    wanted = request.query_params.get("lang")
    if wanted in set(Language):
        return catalogue(Language(wanted))
    return catalogue(language_of(request.headers.get("accept-language")))


def _zone_of(request: Request) -> ZoneInfo:
    try:
        return ZoneInfo(request.query_params.get("zone") or "UTC")
    except (ZoneInfoNotFoundError, ValueError, OSError):
        # A name that is a folder of the time-zone database, or much too long, is an OSError.
        return ZoneInfo("UTC")


def _stem(request: Request) -> str:
    today = utc_now().astimezone(_zone_of(request))
    return f"skin-notes-{today:%Y-%m-%d}"


def _file(content: bytes, media_type: str, name: str) -> Response:
    disposition = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(content, media_type=media_type, headers=_HEADERS | disposition)


def _sentence(text: str, *, status: int, **headers: str) -> Response:
    return PlainTextResponse(text, status_code=status, headers=_HEADERS | headers)
