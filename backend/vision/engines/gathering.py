"""One thread that feeds a GPU: what is asked while it is busy is run together afterwards.

A GPU takes hardly longer for sixteen crops than for one. Nobody waits for company: a request that
finds the GPU idle is run at once, and one that finds it busy waits for the batch in progress, at
most `MOST` crops of each network, and then goes along with all others that waited.

Some errors of a GPU leave its context unusable until the process ends, so that whatever is asked
afterwards fails too (https://docs.nvidia.com/cuda/cuda-runtime-api, e.g. cudaErrorIllegalAddress).
Others are of one batch. After a failure the network is therefore run on nothing but zeros.
"""

from __future__ import annotations

import collections
import logging
import threading
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from typing import Final, Protocol

import numpy as np

from backend.vision.engines.base import Array

MOST: Final = 32
"""Most crops of one network in one batch."""

_log = logging.getLogger(__name__)

Outputs = Sequence[Array]
"""A network's outputs, each float32 (N, ...)."""


class BatchNetwork(Protocol):
    """A network that can be begun on a batch and waited for later."""

    def launch(self, inputs: Array) -> Callable[[], Outputs]:
        """Begin on float32 (N, 3, S, S), N up to `MOST`; the result waits for the outputs."""
        ...


@dataclass(frozen=True, slots=True)
class _Asked:
    network: str
    inputs: Array
    answer: Future[Outputs]


class Gatherer:
    """Runs networks for any number of threads, batch by batch, in one thread of its own.

    Attributes:
        batches: how many batches of each size have been run.
        broken: what a network said that failed on zeros too, right after it had failed on a batch:
            nothing can be computed any more. None as long as all is well.
    """

    def __init__(self, networks: Mapping[str, BatchNetwork]) -> None:
        """Start the thread; it ends with the process.

        Args:
            networks: by name; only that thread touches them from now on.
        """
        self._networks = dict(networks)
        self._asked: SimpleQueue[_Asked] = SimpleQueue()
        self._left: list[_Asked] = []
        self.batches: Final[collections.Counter[int]] = collections.Counter()
        self.broken: str | None = None
        threading.Thread(target=self._serve, name="gatherer", daemon=True).start()

    def ask(self, network: str, inputs: Array) -> Future[Outputs]:
        """Have a network run on float32 (N, 3, S, S), N up to `MOST`.

        Raises:
            ValueError: there are more than `MOST` inputs.
        """
        if len(inputs) > MOST:
            raise ValueError(f"expected up to {MOST} inputs, got {len(inputs)}")
        asked = _Asked(network, inputs, Future())
        self._asked.put(asked)
        return asked.answer

    def _serve(self) -> None:
        while True:
            launched = [self._launched(name, ones) for name, ones in self._next_batches().items()]
            for finish in launched:
                finish()

    def _next_batches(self) -> dict[str, list[_Asked]]:
        """Everything that was asked up to now, first come first served, up to the bound."""
        waiting = self._left or [self._asked.get()]
        try:
            while True:
                waiting.append(self._asked.get_nowait())
        except Empty:
            pass
        self._left = []
        batches: dict[str, list[_Asked]] = {}
        sizes: collections.Counter[str] = collections.Counter()
        for one in waiting:
            if sizes[one.network] + len(one.inputs) > MOST:
                self._left.append(one)
                # What came later must not overtake it.
                sizes[one.network] = MOST
            else:
                batches.setdefault(one.network, []).append(one)
                sizes[one.network] += len(one.inputs)
        return batches

    def _launched(self, network: str, asked: Sequence[_Asked]) -> Callable[[], None]:
        try:
            inputs = asked[0].inputs
            if len(asked) > 1:
                inputs = np.concatenate([one.inputs for one in asked])
            self.batches[len(inputs)] += 1
            outputs = self._networks[network].launch(inputs)
        except Exception as error:  # noqa: BLE001  # those who asked have to hear of it
            failure = error
            return lambda: self._failed(network, asked, failure)

        def finish() -> None:
            try:
                found = outputs()
            except Exception as error:  # noqa: BLE001  # likewise
                self._failed(network, asked, error)
                return
            begin = 0
            for one in asked:
                end = begin + len(one.inputs)
                one.answer.set_result([output[begin:end] for output in found])
                begin = end

        return finish

    def _failed(self, network: str, asked: Sequence[_Asked], error: Exception) -> None:
        for one in asked:
            one.answer.set_exception(error)
        if self.broken is not None:
            return
        zeros = np.zeros_like(asked[0].inputs[:1])
        try:
            self._networks[network].launch(zeros)()
        except Exception as again:  # noqa: BLE001  # whatever it is, it does not go away
            self.broken = (str(again).strip().splitlines() or [type(again).__name__])[0]
            _log.exception("the network %s fails on zeros too", network)
