"""An analysis as it goes: one JSON document per line, the stages first and the outcome last."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any, Final

import anyio.from_thread
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from backend.api.connection import HungUpError, while_connected
from backend.api.metrics import Metrics
from backend.api.problems import count_refusal, to_problem
from backend.api.schemas import AnalysisOut
from backend.api.workers import Workers, still_wanted
from backend.errors import InternalError, UserFacingError
from backend.vision.stopwatch import Stage

MEDIA_TYPE: Final = "application/x-ndjson"

TellStage = Callable[[Stage], None]
Work = Callable[[TellStage], AnalysisOut]


def wants_stages(accept: str) -> bool:
    """Whether a header `Accept` asks for lines at least as much as for one JSON document.

    Wildcards do not ask for lines: whoever takes anything gets the document.

    >>> wants_stages("application/x-ndjson, application/json;q=0.5"), wants_stages("*/*")
    (True, False)
    """
    wish = {}
    for part in accept.lower().split(","):
        media_type, *parameters = (piece.strip() for piece in part.split(";"))
        wish[media_type] = _weight(parameters)
    lines = wish.get(MEDIA_TYPE, 0.0)
    return lines > 0 and lines >= wish.get("application/json", 0.0)


def documented_lines(schema: str = AnalysisOut.__name__) -> dict[str, Any]:
    """What OpenAPI says of the answer in lines, whose outcome has a schema of this name."""

    def line(name: str, schema: dict[str, Any]) -> dict[str, Any]:
        return {"type": "object", "required": [name], "properties": {name: schema}}

    stages = [stage.value for stage in Stage]
    return {
        "description": "The analysis. Asked for with `Accept: application/x-ndjson`, the answer is "
        "lines of one JSON document each: a `stage` as it begins, and last the `analysis` or the "
        "`problem` that the photo is refused with. Refusals that need no look at the photo have "
        "their own status in both forms.",
        "content": {
            MEDIA_TYPE: {
                "schema": {
                    "title": "One line",
                    "oneOf": [
                        line("stage", {"type": "string", "enum": stages}),
                        line("analysis", {"$ref": f"#/components/schemas/{schema}"}),
                        line("problem", {"$ref": "#/components/schemas/Problem"}),
                    ],
                },
                "example": "".join(_line({"stage": stage}).decode() for stage in stages)
                + '{"analysis": ...}\n',
            }
        },
    }


class StageLines(Response):
    """Does the work while it is being sent, and says how far it is.

    An answer that has begun keeps its status 200, so a refusal found on the way is the last line.
    """

    media_type = MEDIA_TYPE

    def __init__(self, work: Work, *, workers: Workers, metrics: Metrics) -> None:
        """Put off the work until the answer is sent.

        Args:
            work: blocks; is told whom to tell each stage, and gives the answer.
            workers: the threads it runs in.
            metrics: counts its stages or its refusal.
        """
        # A proxy that waits for the whole answer would make the stages pointless.
        super().__init__(headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"})
        del self.headers["content-length"]
        self._work = work
        self._workers = workers
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send the lines."""

        async def send_line(content: dict[str, Any], *, last: bool = False) -> None:
            body = {"body": _line(content), "more_body": not last}
            await send({"type": "http.response.body", **body})

        def tell(stage: Stage) -> None:
            still_wanted()
            anyio.from_thread.run(send_line, {"stage": stage.value})

        await send(
            {
                "type": "http.response.start",
                "status": self.status_code,
                "headers": self.raw_headers,
            }
        )
        try:
            answer = await while_connected(
                receive, lambda: self._workers.run(lambda: self._work(tell))
            )
        except HungUpError:
            return
        except UserFacingError as error:
            count_refusal(error, self._metrics)
            await send_line({"problem": to_problem(error).model_dump(mode="json")}, last=True)
        except Exception:
            # Counted where it is raised to, see `problems.install`.
            await send_line({"problem": to_problem(InternalError()).model_dump(mode="json")})
            raise
        else:
            self._metrics.observe(answer.timings_ms.model_dump())
            await send_line({"analysis": answer.model_dump(mode="json")}, last=True)


def _weight(parameters: list[str]) -> float:
    for parameter in parameters:
        name, _, value = parameter.partition("=")
        if name.strip() == "q":
            try:
                return float(value)
            except ValueError:
                # RFC 9110 has no weight that is no number; such a part asks for nothing.
                return 0.0
    return 1.0


def _line(content: dict[str, Any]) -> bytes:
    return json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"
