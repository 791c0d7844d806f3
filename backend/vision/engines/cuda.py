"""PyTorch on a GPU: each network captured as CUDA graphs, and run batch by batch.

A network of 250 small layers keeps a GPU waiting for Python: launching them one by one takes
several times as long as computing them. A CUDA graph launches all of them at once
(https://pytorch.org/blog/accelerating-pytorch-with-cuda-graphs). It is bound to the size of its
batch, so that there is one for each power of two; a smaller batch is filled up.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
import torch
from torch import nn

from backend.errors import CaptureWrongError
from backend.vision.engines.base import (
    Array,
    Device,
    EngineFacts,
    EngineName,
    Engines,
    GraderOutput,
    Precision,
)
from backend.vision.engines.gathering import MOST, Gatherer, Outputs
from backend.vision.engines.once import once
from backend.vision.engines.reference import load_graders_graph, load_landmarks_graph
from backend.vision.grad_cam import CamMethod, Heatmap
from backend.vision.library_cam import LibraryExplainer, explainer_of
from backend.vision.manifest import GraderEntry, Manifest
from backend.vocabulary import Attribute

_SIZES: Final = (1, 2, 4, 8, 16, MOST)
_WARM_UPS: Final = 3
_LANDMARKS: Final = "landmarks"
_NUMBERS: Final = {
    Precision.FLOAT32: torch.float32,
    Precision.BFLOAT16: torch.bfloat16,
    Precision.FLOAT16: torch.float16,
}
_TOLERANCE: Final = {torch.float32: 1e-3, torch.bfloat16: 5e-2, torch.float16: 1e-2}
"""How far a graph may be from the same layers one by one, shares of the largest output: which
algorithm a convolution takes may depend on how it is called."""


class CapturedNetwork:
    """A network as CUDA graphs, one per size of batch. For one thread alone."""

    def __init__(
        self,
        network: nn.Module,
        *,
        input_px: int,
        precision: Precision = Precision.FLOAT32,
        sizes: Sequence[int] = _SIZES,
    ) -> None:
        """Move a network in evaluation mode to the GPU and capture it.

        Args:
            network: from (N, 3, S, S) to one tensor or several.
            input_px: S.
            precision: in what numbers it is computed.
            sizes: of batches.

        Raises:
            CaptureWrongError: it gives other numbers than layer by layer.
        """
        self._numbers = _NUMBERS[precision]
        frozen = network.to("cuda", self._numbers).requires_grad_(requires_grad=False)
        self._network = frozen.to(memory_format=torch.channels_last)
        self._stream = torch.cuda.Stream()  # type: ignore[no-untyped-call]  # torch leaves it so
        pool = torch.cuda.graph_pool_handle()
        # The largest first: the smaller ones then find its memory in the pool.
        self._captured = {
            size: _Captured(self._computed, size, input_px, self._stream, pool)
            for size in sorted(sizes, reverse=True)
        }
        self._sizes = sorted(sizes)
        self._check(input_px)

    def launch(self, inputs: Array) -> Callable[[], Outputs]:
        """Begin on float32 (N, 3, S, S); the result waits for the outputs, float32 (N, ...).

        Raises:
            ValueError: the batch is larger than the largest that was captured.
        """
        size = next((size for size in self._sizes if size >= len(inputs)), None)
        if size is None:
            raise ValueError(f"expected up to {self._sizes[-1]} inputs, got {len(inputs)}")
        return self._captured[size].launch(inputs)

    def _check(self, input_px: int) -> None:
        generator = np.random.default_rng(0)
        for size in (self._sizes[0], self._sizes[-1]):
            shape = (size, 3, input_px, input_px)
            inputs = generator.standard_normal(shape, dtype=np.float32)
            found = self.launch(inputs)()
            with torch.inference_mode():
                expected = self._computed(torch.from_numpy(inputs).cuda())
            for one, other in zip(expected, found, strict=True):
                plain = one.cpu().numpy()
                difference = float(np.abs(plain - other).max() / np.abs(plain).max())
                if not difference <= _TOLERANCE[self._numbers]:
                    raise CaptureWrongError(difference)

    def _computed(self, inputs: torch.Tensor) -> tuple[torch.Tensor, ...]:
        found = self._network(inputs.to(self._numbers, memory_format=torch.channels_last))
        outputs = found if isinstance(found, tuple) else (found,)
        return tuple(output.float().contiguous() for output in outputs)


class _Captured:
    """One graph with its buffers on both sides."""

    def __init__(
        self,
        compute: Callable[[torch.Tensor], tuple[torch.Tensor, ...]],
        size: int,
        input_px: int,
        stream: torch.cuda.Stream,
        pool: Any,
    ) -> None:
        shape = (size, 3, input_px, input_px)
        self._stream = stream
        self._from_host = torch.zeros(shape, pin_memory=True)
        self._inputs = torch.zeros(shape, device="cuda")
        self._graph = torch.cuda.CUDAGraph()
        with torch.inference_mode():
            # A capture sees only its own stream, which has to wait for what was made on another.
            stream.wait_stream(torch.cuda.current_stream())
            with torch.cuda.stream(stream):
                for _ in range(_WARM_UPS):
                    compute(self._inputs)
            stream.synchronize()
            with torch.cuda.graph(
                self._graph, pool=pool, stream=stream, capture_error_mode="thread_local"
            ):
                self._outputs = compute(self._inputs)
        self._to_host = [torch.empty(out.shape, pin_memory=True) for out in self._outputs]
        self._done = torch.cuda.Event()  # type: ignore[no-untyped-call]  # likewise

    def launch(self, inputs: Array) -> Callable[[], Outputs]:
        count = len(inputs)
        np.copyto(self._from_host.numpy()[:count], inputs)
        with torch.inference_mode(), torch.cuda.stream(self._stream):
            self._inputs.copy_(self._from_host, non_blocking=True)
            self._graph.replay()
            for host, output in zip(self._to_host, self._outputs, strict=True):
                host.copy_(output, non_blocking=True)
            self._done.record()

        def finish() -> Outputs:
            self._done.synchronize()
            return [host.numpy()[:count].copy() for host in self._to_host]

        return finish


class CudaGraders:
    """Graders on a GPU, which share their batches with whoever else asks.

    Each is a graph of its own, stages that all have in common included: a GPU runs them side by
    side.
    """

    def __init__(
        self, gatherer: Gatherer, libraries: Mapping[Attribute, Callable[[], LibraryExplainer]]
    ) -> None:
        """Ask for networks of the gatherer.

        Args:
            gatherer: runs one that is named after each attribute of `libraries`.
            libraries: give the explainer of the same weights, each time the same.
        """
        self.attributes = tuple(libraries)
        self._gatherer = gatherer
        self._libraries = libraries

    def start(self, inputs: Array) -> Callable[[], Mapping[Attribute, GraderOutput]]:
        """See `GradersEngine`."""
        answers = {one: self._gatherer.ask(one, inputs) for one in self.attributes}
        return lambda: {one: GraderOutput(*answer.result()) for one, answer in answers.items()}

    def explain(
        self,
        attribute: Attribute,
        inputs: Array,
        *,
        method: CamMethod,
        grade_weights: tuple[float, ...],
        still_wanted: Callable[[], None],
    ) -> Heatmap:
        """See `GradersEngine`."""
        explainer = self._libraries[attribute]()
        return explainer.explain(
            inputs, method=method, grade_weights=grade_weights, still_wanted=still_wanted
        )


class CudaLandmarks:
    """The landmark network on a GPU."""

    def __init__(self, gatherer: Gatherer) -> None:
        """Ask for the landmark network of the gatherer."""
        self._gatherer = gatherer

    def run(self, crops: Array) -> Array:
        """See `LandmarkEngine`."""
        return self._gatherer.ask(_LANDMARKS, crops).result()[0]


def load(models_dir: Path, manifest: Manifest, *, precision: Precision) -> Engines:
    """Load and capture every network.

    Raises:
        WeightsUnusableError: a file of weights cannot be used.
        CaptureWrongError: a network gives other numbers as a graph.
    """
    # Convolutions in TensorFloat-32 differ from the CPU's in the third digit; the same photo
    # shall get the same grade on both.
    torch.backends.cudnn.allow_tf32 = False
    networks = {
        _LANDMARKS: CapturedNetwork(
            load_landmarks_graph(models_dir, manifest.landmarks),
            input_px=manifest.landmarks.input_px,
        )
    }
    for attribute, entry in manifest.attributes.items():
        networks[attribute] = CapturedNetwork(
            load_graders_graph(models_dir, [entry]), input_px=entry.input_px, precision=precision
        )
    gatherer = Gatherer(networks)
    libraries = {one: _library(models_dir, entry) for one, entry in manifest.attributes.items()}
    return Engines(
        EngineFacts(EngineName.TORCH, Device.CUDA, precision),
        CudaGraders(gatherer, libraries),
        CudaLandmarks(gatherer),
        gatherer.batches,
        lambda: gatherer.broken,
    )


def _library(models_dir: Path, entry: GraderEntry) -> Callable[[], LibraryExplainer]:
    return once(lambda: explainer_of(models_dir, entry, device="cuda"))
