"""What threads hold once their work has ended."""

from __future__ import annotations

import traceback
import weakref
from typing import Any

import anyio
import numpy as np
import pytest

from backend.api.workers import Workers
from backend.errors import FaceNotFoundError, PhotoUnreadableError


@pytest.mark.parametrize("cause", [None, ValueError("what the decoder says")])
def test_an_error_does_not_keep_the_photo_that_led_to_it(cause: Exception | None) -> None:
    photos: list[weakref.ref[Any]] = []

    def look() -> None:
        photo = np.zeros((8, 8, 3), np.uint8)
        photos.append(weakref.ref(photo))
        if cause is None:
            raise FaceNotFoundError
        raise cause

    def work() -> None:
        try:
            look()
        except ValueError as error:
            raise PhotoUnreadableError from error

    async def run() -> None:
        with pytest.raises((FaceNotFoundError, PhotoUnreadableError)) as caught:
            await Workers(1, line=0, patience_s=5).run(work)
        assert photos[0]() is None
        assert "in look" in "".join(traceback.format_exception(caught.value))

    anyio.run(run)
