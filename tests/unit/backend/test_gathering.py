"""Requests of many threads as few batches, each answered on its own."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from backend.vision.engines.base import Array
from backend.vision.engines.gathering import MOST, Gatherer, Outputs


class _Doubler:
    """A network that doubles its input, and can be held up."""

    def __init__(self) -> None:
        self.may_end = threading.Event()
        self.may_end.set()
        self.began = threading.Event()

    def launch(self, inputs: Array) -> Callable[[], Outputs]:
        if float(inputs.max()) < 0:
            raise RuntimeError("cannot begin")
        self.began.set()

        def finish() -> Outputs:
            self.may_end.wait(timeout=30)
            if float(inputs.max()) > 1000:
                raise RuntimeError("cannot end")
            return [inputs * 2, inputs.sum(axis=1)]

        return finish


def _input(value: float, count: int = 1) -> Array:
    return np.full((count, 3), value, np.float32)


def test_everyone_gets_their_own_answer() -> None:
    gatherer = Gatherer({"one": _Doubler(), "other": _Doubler()})

    def ask(value: int) -> tuple[float, float]:
        name = "one" if value % 2 else "other"
        doubled, total = gatherer.ask(name, _input(value)).result(timeout=30)
        return float(doubled[0, 0]), float(total[0])

    with ThreadPoolExecutor(8) as threads:
        assert list(threads.map(ask, range(200))) == [(2 * n, 3 * n) for n in range(200)]
    assert sum(size * count for size, count in gatherer.batches.items()) == 200


def test_what_is_asked_while_a_batch_runs_is_run_together_up_to_the_bound() -> None:
    network = _Doubler()
    gatherer = Gatherer({"one": network})
    network.may_end.clear()
    first = gatherer.ask("one", _input(0))
    assert network.began.wait(timeout=30)
    later = [gatherer.ask("one", _input(value, count=2)) for value in range(1, MOST + 1)]
    network.may_end.set()
    assert first.result(timeout=30)[0][0, 0] == 0
    assert [answer.result(timeout=30)[0].tolist() for answer in later] == [
        [[2.0 * value] * 3] * 2 for value in range(1, MOST + 1)
    ]
    assert gatherer.batches == {1: 1, MOST: 2}


@pytest.mark.parametrize("bad", [-1.0, 2000.0])
def test_a_network_that_fails_tells_those_who_asked_and_goes_on(bad: float) -> None:
    gatherer = Gatherer({"one": _Doubler()})
    with pytest.raises(RuntimeError, match="cannot"):
        gatherer.ask("one", _input(bad)).result(timeout=30)
    assert gatherer.ask("one", _input(4)).result(timeout=30)[0][0, 0] == 8
    assert gatherer.broken is None


class _Broken:
    """A network that fails for good at its second batch, as one on a GPU may."""

    def __init__(self, *, late: bool) -> None:
        self.late = late
        self.launched: list[Array] = []

    def launch(self, inputs: Array) -> Callable[[], Outputs]:
        self.launched.append(inputs)

        def finish() -> Outputs:
            if len(self.launched) > 1:
                raise RuntimeError("CUDA error: an illegal memory access\nCUDA kernel errors might")
            return [inputs]

        if not self.late:
            finish()
        return finish


@pytest.mark.parametrize("late", [False, True])
def test_a_network_that_fails_on_zeros_too_is_broken(late: bool) -> None:
    network = _Broken(late=late)
    gatherer = Gatherer({"one": network, "other": _Doubler()})
    assert gatherer.ask("one", _input(1, count=2)).result(timeout=30)[0].shape == (2, 3)
    assert gatherer.broken is None
    for _ in range(2):
        with pytest.raises(RuntimeError, match="illegal memory access"):
            gatherer.ask("one", _input(1, count=2)).result(timeout=30)
        # Answered after the network was tried on zeros.
        gatherer.ask("other", _input(1)).result(timeout=30)
        assert gatherer.broken == "CUDA error: an illegal memory access"
    # Two batches, one of zeros, and the last batch.
    assert [len(inputs) for inputs in network.launched] == [2, 2, 1, 2]
    assert not network.launched[2].any()
    assert gatherer.batches == {2: 3, 1: 2}


def test_more_than_a_batch_holds_is_refused() -> None:
    with pytest.raises(ValueError, match=f"up to {MOST}"):
        Gatherer({"one": _Doubler()}).ask("one", _input(1, count=MOST + 1))
