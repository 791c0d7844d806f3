"""Working for a client only as long as it holds the line."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Final, TypeVar

import anyio
from starlette.types import Receive

_Result = TypeVar("_Result")

HUNG_UP_STATUS: Final = 499
"""What the log says of a request whose client hung up; nobody receives it. No standard has one."""


class HungUpError(Exception):
    """The client is gone, so that nothing can be answered."""


async def while_connected(receive: Receive, work: Callable[[], Awaitable[_Result]]) -> _Result:
    """Do something for a client as long as it holds the line.

    Args:
        receive: of the request, whose body has been read.
        work: cancelled when the client hangs up.

    Raises:
        HungUpError: it did.
    """
    results: list[_Result] = []

    async def hang_up_with_the_client(scope: anyio.CancelScope) -> None:
        while (await receive())["type"] != "http.disconnect":
            pass
        scope.cancel()

    try:
        async with anyio.create_task_group() as group:
            group.start_soon(hang_up_with_the_client, group.cancel_scope)
            results.append(await work())
            group.cancel_scope.cancel()
    except ExceptionGroup as several:
        # The listener raises nothing, so that there is one error: that of the work.
        raise several.exceptions[0] from several.exceptions[0].__cause__
    if not results:
        raise HungUpError
    return results[0]
