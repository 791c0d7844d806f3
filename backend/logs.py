"""One JSON object per line on standard error: time, level, request id, event and its numbers.

Photos, file names, keys and query strings are never logged.
"""

from __future__ import annotations

import json
import logging
import sys
from datetime import UTC, datetime
from typing import Final

from asgi_correlation_id import correlation_id

FIELDS: Final = "fields"
"""Name under which `extra` carries numbers and words of an event: `extra={FIELDS: {...}}`."""


class JsonFormatter(logging.Formatter):
    """Writes a record as one line of JSON."""

    def format(self, record: logging.LogRecord) -> str:
        """The line for a record, with its traceback when it has one."""
        line: dict[str, object] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "event": record.getMessage(),
        }
        request_id = correlation_id.get()
        if request_id is not None:
            line["request_id"] = request_id
        line.update(getattr(record, FIELDS, {}))
        if record.exc_info:
            line["traceback"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False, default=str)


def configure_logging(level: str) -> None:
    """Send every logger's messages, the web server's too, to standard error as JSON."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonFormatter())
    logging.basicConfig(level=level, handlers=[handler], force=True)
    for name in ("uvicorn", "uvicorn.error"):
        logger = logging.getLogger(name)
        logger.handlers.clear()
        logger.propagate = True
    # The application logs each request itself, with its id and without the query string.
    logging.getLogger("uvicorn.access").disabled = True
