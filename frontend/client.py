"""The app's only way to the model server: HTTP with `requests`, a time limit on every call.

    ServerError
    ├── ServerAwayError        nothing answers at the address, or not in time
    ├── ServerAnswerError      something answered, but not as the contract says
    └── ServerRefusedError     the server said why it cannot analyse this photo

Each has a `code` and `params`, like the errors of `frontend.errors`; a refusal carries the
server's own. The sentences for them are in the language catalogues.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final

import requests

from frontend.analysis import Analysis, AnswerUnreadableError, parse_analysis

CONNECT_TIMEOUT_S: Final = 3.05
"""Just above three seconds, the wait after which a lost TCP packet is sent again."""
API_KEY_HEADER: Final = "X-API-Key"

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
        timeout_s: Longest wait between two pieces of its answer, seconds.
    """

    url: str
    api_key: str | None = field(default=None, repr=False)
    timeout_s: float = 60.0

    def analyse(self, photo: bytes) -> Analysis:
        """Have a photo analysed.

        Args:
            photo: The file's bytes, as the person chose or took it.

        Returns:
            Grades, heat maps and the aligned face.

        Raises:
            ServerAwayError: if nothing answers in time.
            ServerRefusedError: if the server cannot analyse this photo.
            ServerAnswerError: if the answer is not one of a model server.
        """
        started_at = time.monotonic()
        response = self._post("/v1/analyses", files={"photo": ("photo", photo)})
        if response.status_code != requests.codes.ok:
            raise _refusal(response)
        try:
            analysis = parse_analysis(response.json())
        except (requests.JSONDecodeError, AnswerUnreadableError) as error:
            raise ServerAnswerError(f"the answer of {self.url} is unreadable: {error}") from error
        _log.info("analysed %d bytes in %.2f s", len(photo), time.monotonic() - started_at)
        return analysis

    def _post(self, path: str, *, files: Mapping[str, tuple[str, bytes]]) -> requests.Response:
        headers = {"Accept": "application/json, application/problem+json"}
        if self.api_key is not None:
            headers[API_KEY_HEADER] = self.api_key
        try:
            # A session of its own per call: requests' sessions are not made for several threads.
            with requests.Session() as session:
                return session.post(
                    self.url + path,
                    files=files,
                    headers=headers,
                    timeout=(CONNECT_TIMEOUT_S, self.timeout_s),
                    allow_redirects=False,
                )
        except requests.RequestException as error:
            raise ServerAwayError(f"no answer from {self.url}: {error}") from error


def _refusal(response: requests.Response) -> ServerError:
    try:
        problem = response.json()
    except requests.JSONDecodeError:
        problem = None
    code = problem.get("code") if isinstance(problem, dict) else None
    if not isinstance(code, str):
        # A body over the server's hard limit is cut off before any handler of its own runs.
        if response.status_code == requests.codes.request_entity_too_large:
            return ServerRefusedError(
                "the photo is too large",
                code="photo_too_large",
                params={},
                status=response.status_code,
            )
        return ServerAnswerError(f"status {response.status_code} without a problem code")
    params = problem.get("params")
    return ServerRefusedError(
        str(problem.get("detail") or problem.get("title") or code),
        code=code,
        params=_params(params) if isinstance(params, dict) else {},
        status=response.status_code,
    )


def _params(params: Mapping[object, object]) -> dict[str, Param]:
    return {
        str(name): value for name, value in params.items() if isinstance(value, str | int | float)
    }
