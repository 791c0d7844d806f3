"""Reading a multipart upload: bounded while it arrives, and in memory alone.

FastAPI's own form parsing runs before any dependency, keeps photos above 1 MB in temporary files
and answers a body that is too large in plain text. Here the key is checked first, nothing touches
the disk, and every refusal is a problem.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Final

import anyio
from fastapi import Request
from starlette.datastructures import FormData
from starlette.formparsers import MultiPartException, MultiPartParser

from backend.errors import (
    PhotoMissingError,
    PhotosTooManyError,
    PhotoTooLargeError,
    RequestInvalidError,
    UploadTooSlowError,
)
from backend.settings import Settings

PHOTO_FIELD: Final = "photo"
PHOTOS_FIELD: Final = "photos"
MAX_BURST_PHOTOS: Final = 5
_MAX_TEXT_FIELDS: Final = 10
_OVERHEAD_BYTES: Final = 64_000
"""Room for boundaries, headers and text fields beside the photos."""


@dataclass(frozen=True, slots=True)
class Upload:
    """What a form held.

    Attributes:
        photos: the files, in the order they came.
        fields: the text fields by name; the last one of a name counts.
    """

    photos: tuple[bytes, ...]
    fields: dict[str, str]


async def read_one(request: Request, settings: Settings) -> Upload:
    """Read a form with one photo.

    Raises:
        PhotoMissingError: there is no file in the field `photo`.
        PhotoTooLargeError: it is larger than the settings allow.
        PhotosTooManyError: there are several files.
        RequestInvalidError: the form cannot be read.
        UploadTooSlowError: it does not arrive in time.
    """
    limit = settings.max_photo_bytes
    form = await _read(request, settings, max_bytes=limit + _OVERHEAD_BYTES, max_photos=1)
    upload = await _collect(form, PHOTO_FIELD)
    if len(upload.photos[0]) > limit:
        raise PhotoTooLargeError(max_mb=settings.max_photo_mb)
    return upload


async def read_burst(request: Request, settings: Settings) -> Upload:
    """Read a form with the photos of one moment; raises like `read_many`."""
    return await _read_several(request, settings, count=MAX_BURST_PHOTOS)


async def read_many(request: Request, settings: Settings) -> Upload:
    """Read a form with several photos. Each may be too large: that is for its own answer to say.

    Raises:
        PhotoMissingError: there is no file in the field `photos`.
        PhotoTooLargeError: all together are larger than their number times the limit allows.
        PhotosTooManyError: there are more than the settings allow.
        RequestInvalidError: the form cannot be read.
        UploadTooSlowError: it does not arrive in time.
    """
    return await _read_several(request, settings, count=settings.max_batch_photos)


async def _read_several(request: Request, settings: Settings, *, count: int) -> Upload:
    max_bytes = count * settings.max_photo_bytes + _OVERHEAD_BYTES
    form = await _read(request, settings, max_bytes=max_bytes, max_photos=count)
    return await _collect(form, PHOTOS_FIELD)


async def discard(request: Request, settings: Settings) -> None:
    """Let a form arrive that is not looked at: whoever is still sending hears no answer.

    It is given up when it is longer, or takes longer, than one with a photo may.
    """
    max_bytes = settings.max_photo_bytes + _OVERHEAD_BYTES
    with suppress(PhotoTooLargeError), anyio.move_on_after(settings.upload_timeout_s):
        async for _ in _bounded(request, settings, max_bytes):
            pass


def documented_form(field: str, *, several: bool) -> dict[str, Any]:
    """What OpenAPI says of the form."""
    file = {"type": "string", "format": "binary"}
    schema = {
        "type": "object",
        "required": [field],
        "properties": {
            field: {"type": "array", "items": file, "minItems": 1} if several else file,
            "cam": _same_as_query("CamMethod"),
            "target": _same_as_query("Target"),
            "mirror": _same_as_query("Mirror"),
            "gate": _same_as_query("Preset"),
            **({} if several else {"framing": _same_as_query("Framing")}),
        },
        "maxProperties": 1 + _MAX_TEXT_FIELDS,
        "additionalProperties": {"type": "string", "description": "Not looked at."},
    }
    return {
        "requestBody": {"required": True, "content": {"multipart/form-data": {"schema": schema}}}
    }


def _same_as_query(schema: str) -> dict[str, str]:
    # The query parameters, which FastAPI documents by itself, bring these schemas along.
    return {"$ref": f"#/components/schemas/{schema}", "description": "As the query parameter."}


async def _read(
    request: Request, settings: Settings, *, max_bytes: int, max_photos: int
) -> FormData:
    if not request.headers.get("content-type", "").startswith("multipart/form-data"):
        raise PhotoMissingError
    if _declared_length(request) > max_bytes:
        raise PhotoTooLargeError(max_mb=settings.max_photo_mb)
    parser = MultiPartParser(
        request.headers,
        _bounded(request, settings, max_bytes),
        max_files=max_photos,
        max_fields=_MAX_TEXT_FIELDS,
        max_part_size=_OVERHEAD_BYTES,
    )
    # Larger than anything that may arrive, so that no photo is written to a temporary file.
    parser.spool_max_size = max_bytes + 1
    try:
        with anyio.fail_after(settings.upload_timeout_s):
            return await parser.parse()
    except TimeoutError as error:
        raise UploadTooSlowError(limit_s=settings.upload_timeout_s) from error
    except MultiPartException as error:
        if error.message.startswith("Too many files"):
            raise PhotosTooManyError(max_photos=max_photos) from error
        raise RequestInvalidError(f"The form cannot be read: {error.message}") from error


def _declared_length(request: Request) -> int:
    declared = request.headers.get("content-length", "")
    return int(declared) if declared.isdecimal() else 0


async def _bounded(
    request: Request, settings: Settings, max_bytes: int
) -> AsyncGenerator[bytes, None]:
    received = 0
    async for chunk in request.stream():
        received += len(chunk)
        if received > max_bytes:
            raise PhotoTooLargeError(max_mb=settings.max_photo_mb)
        yield chunk


async def _collect(form: FormData, field: str) -> Upload:
    photos = []
    fields = {}
    for name, value in form.multi_items():
        if isinstance(value, str):
            fields[name] = value
        # A browser sends an empty, nameless file when none was chosen.
        elif name == field and (value.filename or value.size):
            photos.append(await value.read())
    await form.close()
    if not photos:
        raise PhotoMissingError
    return Upload(tuple(photos), fields)
