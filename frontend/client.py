"""The app's only way to the model server: HTTP with `requests`, a time limit on every call.

The server is asked for its answer in lines, a stage as it begins and the outcome last, and the
plain answer of one document is understood as well.

    ServerError
    ├── ServerAwayError        nothing answers at the address, or not in time
    ├── ServerAnswerError      something answered, but not as the contract says
    └── ServerRefusedError     the server said why it cannot analyse this photo

Each has a `code` and `params`, like the errors of `frontend.errors`; a refusal carries the
server's own. The sentences for them are in the language catalogues.
"""

from __future__ import annotations

import ipaddress
import json
import logging
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Final
from urllib.parse import urlsplit

import requests

from frontend.analysis import (
    Analysis,
    AnswerUnreadableError,
    parse_analysis,
    parse_version,
)
from frontend.vocabulary import Stage

CONNECT_TIMEOUT_S: Final = 3.05
"""Just above three seconds, the wait after which a lost TCP packet is sent again."""
API_KEY_HEADER: Final = "X-API-Key"
LINES: Final = "application/x-ndjson"
_VERSION_TIMEOUT_S: Final = 5.0
"""No page waits for it: see `frontend.serving_version`."""
MAX_ANSWER_BYTES: Final = 4 * 1024 * 1024
"""Twenty times what the server promises to stay below."""
_ACCEPT: Final = f"{LINES}, application/json;q=0.5, application/problem+json;q=0.5"
_WISH: Final = MappingProxyType({"mirror": "true"})
"""How stable the maps are is asked too; a person waits as long again, and knows more."""
_STAGES: Final = frozenset(stage.value for stage in Stage)

Param = str | int | float

_log = logging.getLogger(__name__)


class ServerError(Exception):
    """Base of everything that can go wrong between the app and the model server.

    Attributes:
        code: The stable name of the error.
        params: The numbers and words that a sentence about it needs.
    """

    def __init__(self, message: str, *, code: str, params: Mapping[str, Param]) -> None:
        """Keep the message for logs, the code and the parameters for the screen."""
        super().__init__(message)
        self.code = code
        self.params: Mapping[str, Param] = MappingProxyType(dict(params))


class ServerAwayError(ServerError):
    """Nothing answers at the server's address, or not in time."""

    def __init__(self, message: str) -> None:
        """Keep the message for logs."""
        super().__init__(message, code="server_away", params={})


class ServerAnswerError(ServerError):
    """Something answered, but not as the contract of the model server says."""

    def __init__(self, message: str) -> None:
        """Keep the message for logs."""
        super().__init__(message, code="server_answer", params={})


class ServerRefusedError(ServerError):
    """The server answered with a problem (RFC 9457): its own code and parameters."""

    def __init__(
        self, message: str, *, code: str, params: Mapping[str, Param], status: int
    ) -> None:
        """Keep the problem's `detail`, `code`, `params` and HTTP status."""
        super().__init__(message, code=code, params=params)
        self.status = status


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelServer:
    """The model server at an address.

    Attributes:
        url: Address without a slash at the end.
        api_key: Key it asks for, or None.
        timeout_s: Longest wait for its answer, seconds.
    """

    url: str
    api_key: str | None = field(default=None, repr=False)
    timeout_s: float = 60.0

    def analyse(
        self, photo: bytes, *more: bytes, on_stage: Callable[[Stage], None] | None = None
    ) -> Analysis:
        """Have a photo analysed, or several of one face at one moment as one.

        Args:
            photo: The file's bytes, as the person chose or took it.
            more: Further photos of the moment; the grades are those of the mean.
            on_stage: Told each stage as it begins, if the server tells them.

        Returns:
            Grades, heat maps and the aligned face.

        Raises:
            ServerAwayError: if nothing answers in time, or the connection breaks.
            ServerRefusedError: if the server cannot analyse this photo.
            ServerAnswerError: if the answer is not one of a model server.
        """
        path, name = ("/v1/analyses:burst", "photos") if more else ("/v1/analyses", "photo")
        return self._analysed(path, name, (photo, *more), on_stage)

    def analyse_crop(self, crop: bytes) -> Analysis:
        """Have the aligned face of an earlier analysis graded anew, as it is.

        Args:
            crop: Its file, as it came.

        Raises:
            ServerError: as `analyse` does.
        """
        return self._analysed("/v1/analyses?framing=crop", "photo", (crop,), None)

    def _analysed(
        self,
        path: str,
        name: str,
        photos: Sequence[bytes],
        on_stage: Callable[[Stage], None] | None,
    ) -> Analysis:
        started_at = time.monotonic()
        files = [(name, ("photo", content)) for content in photos]
        with self._asked(
            "POST", path, files=files, data=_WISH, timeout_s=self.timeout_s
        ) as response:
            pieces = _bounded(response, deadline_s=started_at + self.timeout_s)
            if response.status_code != requests.codes.ok:
                raise _refusal(b"".join(pieces), response.status_code)
            if response.headers.get("Content-Type", "").startswith(LINES):
                answer = _follow(pieces, on_stage)
            else:
                answer = _decode(b"".join(pieces))
        with self._understood():
            analysis = parse_analysis(answer)
        spent_s = time.monotonic() - started_at
        _log.info("analysed %d bytes in %.2f s", sum(map(len, photos)), spent_s)
        return replace(analysis, round_trip_ms=spent_s * 1000)

    def version(self) -> str:
        """Ask which version of the networks grades now.

        Raises:
            ServerError: as `analyse` does.
        """
        deadline_s = time.monotonic() + _VERSION_TIMEOUT_S
        with self._asked("GET", "/v1/model", timeout_s=_VERSION_TIMEOUT_S) as response:
            content = b"".join(_bounded(response, deadline_s=deadline_s))
            if response.status_code != requests.codes.ok:
                raise _refusal(content, response.status_code)
        with self._understood():
            return parse_version(_decode(content))

    @contextmanager
    def _understood(self) -> Iterator[None]:
        try:
            yield
        except AnswerUnreadableError as error:
            raise ServerAnswerError(f"the answer of {self.url} is unreadable: {error}") from error

    @contextmanager
    def _asked(
        self,
        method: str,
        path: str,
        *,
        files: Sequence[tuple[str, tuple[str, bytes]]] | None = None,
        data: Mapping[str, str] | None = None,
        timeout_s: float,
    ) -> Iterator[requests.Response]:
        headers = {"Accept": _ACCEPT}
        if self.api_key is not None:
            headers[API_KEY_HEADER] = self.api_key
        try:
            # A session of its own per call: requests' sessions are not made for several threads.
            with requests.Session() as session:
                # A proxy for the web cannot reach this machine's own addresses.
                session.trust_env = not is_loopback(self.url)
                with session.request(
                    method,
                    self.url + path,
                    files=files,
                    data=data,
                    headers=headers,
                    timeout=(CONNECT_TIMEOUT_S, timeout_s),
                    allow_redirects=False,
                    stream=True,
                ) as response:
                    yield response
        except requests.RequestException as error:
            raise ServerAwayError(f"no whole answer from {self.url}: {error}") from error


def is_loopback(url: str) -> bool:
    """Whether an address is this machine's own, which no proxy leads to.

    >>> [is_loopback(f"http://{host}:8000") for host in ("127.0.0.1", "[::1]", "localhost", "srv")]
    [True, True, True, False]
    """
    host = urlsplit(url).hostname or ""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        # A name; what it stands for is the resolver's and the proxy's business.
        return False


def _bounded(response: requests.Response, *, deadline_s: float) -> Iterator[bytes]:
    """The pieces of an answer as they come, as long as they are within size and time."""
    received = 0
    for piece in response.iter_content(chunk_size=None):
        received += len(piece)
        if received > MAX_ANSWER_BYTES:
            raise ServerAnswerError(f"the answer has more than {MAX_ANSWER_BYTES} bytes")
        if time.monotonic() > deadline_s:
            raise ServerAwayError("the answer takes too long")
        yield piece


def _follow(pieces: Iterator[bytes], on_stage: Callable[[Stage], None] | None) -> object:
    """Read lines up to the outcome; give the analysis, not yet parsed, or raise the refusal."""
    for line in _lines(pieces):
        content = _decode(line)
        if not isinstance(content, dict):
            raise ServerAnswerError(f"expected an object in each line, got {str(content)[:40]!r}")
        if "analysis" in content:
            return content["analysis"]
        if "problem" in content:
            raise _problem(content["problem"], requests.codes.ok)
        # A newer server may have more stages; they are not worth failing for.
        if on_stage is not None and content.get("stage") in _STAGES:
            on_stage(Stage(content["stage"]))
    raise ServerAnswerError("the lines ended without an analysis or a problem")


def _lines(pieces: Iterator[bytes]) -> Iterator[bytes]:
    rest = b""
    for piece in pieces:
        *whole, rest = (rest + piece).split(b"\n")
        yield from filter(None, whole)
    if rest:
        yield rest


def _decode(content: bytes) -> object:
    try:
        return json.loads(content)
    except (ValueError, RecursionError) as error:
        raise ServerAnswerError(f"the answer is no JSON: {error}") from error


def _refusal(content: bytes, status: int) -> ServerError:
    try:
        return _problem(json.loads(content), status)
    except (ValueError, RecursionError):
        return _problem(None, status)


def _problem(problem: object, status: int) -> ServerError:
    """The error for a problem; in a line, whose answer has status 200, it tells its own status."""
    fields = problem if isinstance(problem, dict) else {}
    code, params = fields.get("code"), fields.get("params")
    if isinstance(code, str):
        told = fields.get("status")
        if status == requests.codes.ok and isinstance(told, int):
            status = told
        return ServerRefusedError(
            str(fields.get("detail") or fields.get("title") or code),
            code=code,
            params=_params(params) if isinstance(params, dict) else {},
            status=status,
        )
    # A body over the server's hard limit is cut off before any handler of its own runs.
    if status == requests.codes.request_entity_too_large:
        return ServerRefusedError(
            "the photo is too large", code="photo_too_large", params={}, status=status
        )
    return ServerAnswerError(f"status {status} without a problem code")


def _params(params: Mapping[object, object]) -> dict[str, Param]:
    return {
        str(name): value for name, value in params.items() if isinstance(value, str | int | float)
    }
