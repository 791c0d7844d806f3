"""What is loaded when it is first asked for."""

from __future__ import annotations

import functools
import threading
from collections.abc import Callable
from typing import TypeVar

_Loaded = TypeVar("_Loaded")


def once(load: Callable[[], _Loaded]) -> Callable[[], _Loaded]:
    """Load at the first call, and give the same from then on.

    >>> numbers = iter([1, 2])
    >>> first = once(lambda: next(numbers))
    >>> first(), first()
    (1, 1)
    """
    lock = threading.Lock()
    loaded = functools.cache(load)

    def given() -> _Loaded:
        # Two threads that come first together would load it twice.
        with lock:
            return loaded()

    return given
