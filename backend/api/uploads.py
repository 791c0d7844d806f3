"""Reading a multipart upload: bounded while it arrives, and in memory alone.

FastAPI's own form parsing runs before any dependency, keeps photos above 1 MB in temporary files
and answers a body that is too large in plain text. Here the key is checked first, nothing touches
the disk, and every refusal is a problem.

A place in the line bounds the memory of a request's files, a batch's too: all its photos together
are at most as large as eight of the largest that is accepted, 160 MB by default, which are 32
photos of 5 MB; and none is held twice, as what is read out of the form is freed there at once. What
they take once they are decoded is far more, and does not depend on their bytes: see `workers`.
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
LARGEST_TOGETHER: Final = 8
"""All photos of a request are at most as large as so many of the largest that is accepted."""
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
    form = await _read(request, settings, max_photos=1)
    upload = await _collect(form, PHOTO_FIELD)
    if len(upload.photos[0]) > settings.max_photo_bytes:
        raise _too_large(settings, 1)
    return upload


async def read_burst(request: Request, settings: Settings) -> Upload:
    """Read a form with the photos of one moment; raises like `read_many`."""
    return await _collect(await _read(request, settings, max_photos=MAX_BURST_PHOTOS), PHOTOS_FIELD)


async def read_many(request: Request, settings: Settings) -> Upload:
    """Read a form with several photos. Each may be too large: that is for its own answer to say.

    Raises:
        PhotoMissingError: there is no file in the field `photos`.
        PhotoTooLargeError: all together are larger than `LARGEST_TOGETHER` of the limit of one.
        PhotosTooManyError: there are more than the settings allow.
        RequestInvalidError: the form cannot be read.
        UploadTooSlowError: it does not arrive in time.
    """
    return await _collect(
        await _read(request, settings, max_photos=settings.max_batch_photos), PHOTOS_FIELD
    )


async def discard(request: Request, settings: Settings) -> None:
    """Let a form arrive that is not looked at: whoever is still sending hears no answer.

    It is given up when it is longer, or takes longer, than one with a photo may.
    """
    with suppress(PhotoTooLargeError), anyio.move_on_after(settings.upload_timeout_s):
        async for _ in _bounded(request, settings, 1):
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


async def _read(request: Request, settings: Settings, *, max_photos: int) -> FormData:
    # RFC 9110, 8.3.1: media types ignore case.
    if not request.headers.get("content-type", "").lower().startswith("multipart/form-data"):
        raise PhotoMissingError
    if _declared_length(request) > _max_bytes(settings, max_photos):
        raise _too_large(settings, max_photos)
    parser = MultiPartParser(
        request.headers,
        _bounded(request, settings, max_photos),
        max_files=max_photos,
        max_fields=_MAX_TEXT_FIELDS,
        max_part_size=_OVERHEAD_BYTES,
    )
    # Larger than anything that may arrive, so that no photo is written to a temporary file.
    parser.spool_max_size = _max_bytes(settings, max_photos) + 1
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


def _max_bytes(settings: Settings, max_photos: int) -> int:
    return min(max_photos, LARGEST_TOGETHER) * settings.max_photo_bytes + _OVERHEAD_BYTES


def _too_large(settings: Settings, max_photos: int) -> PhotoTooLargeError:
    largest = min(max_photos, LARGEST_TOGETHER)
    return PhotoTooLargeError(max_mb=largest * settings.max_photo_mb, together=largest > 1)


async def _bounded(
    request: Request, settings: Settings, max_photos: int
) -> AsyncGenerator[bytes, None]:
    received = 0
    async for chunk in request.stream():
        received += len(chunk)
        if received > _max_bytes(settings, max_photos):
            raise _too_large(settings, max_photos)
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
            # Frees the form's own copy.
            await value.close()
    await form.close()
    if not photos:
        raise PhotoMissingError
    return Upload(tuple(photos), fields)
