"""OpenVINO: the same networks on a CPU, in about three fifths of the time, and without PyTorch."""

from __future__ import annotations

import functools
import importlib
import logging
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Any, Final

import numpy as np

from backend.vision.engines import graphs
from backend.vision.engines.base import (
    Array,
    Device,
    EngineFacts,
    EngineName,
    Engines,
    GraderOutput,
    Precision,
    outputs_by_attribute,
)
from backend.vision.engines.library import import_openvino
from backend.vision.engines.once import once
from backend.vision.engines.seal import Seal
from backend.vision.grad_cam import CamMethod, Heatmap
from backend.vision.manifest import GraderEntry, Manifest
from backend.vocabulary import Attribute

_log = logging.getLogger(__name__)

_HINTS: Final = {Precision.FLOAT32: "f32", Precision.BFLOAT16: "bf16"}


class CompiledGraph:
    """A graph compiled for one input. Safe to share between threads.

    Each call has a request of its own. Requests are kept here, not by the threads, which may end
    after the library does. Several inputs are run one after the other: on a CPU a batch gains
    little, and graphs of any batch size have leaked memory in threads.
    """

    def __init__(self, compiled: Any, seal: Seal) -> None:
        """Keep what OpenVINO compiled, and the seal: weights are read from the disk as they run."""
        self._compiled = compiled
        self._seal = seal
        self._outputs = len(compiled.outputs)
        self._idle: SimpleQueue[Any] = SimpleQueue()

    def __call__(self, inputs: Array) -> Sequence[Array]:
        """The outputs for float32 (N, 3, S, S), copied out of the request's buffers."""
        try:
            request = self._idle.get_nowait()
        except Empty:
            request = self._compiled.create_infer_request()
        try:
            found = [self._run(request, one[None]) for one in np.ascontiguousarray(inputs)]
        finally:
            self._idle.put(request)
        return [np.concatenate(outputs) for outputs in zip(*found, strict=True)]

    @property
    def precision(self) -> Precision:
        """In what numbers it is computed, which the processor has a say in."""
        told = self._compiled.get_property("INFERENCE_PRECISION_HINT").to_string()
        return {hint: precision for precision, hint in _HINTS.items()}[told]

    def _run(self, request: Any, one: Array) -> Sequence[Array]:
        request.infer([one], share_inputs=True)
        return [
            np.array(request.get_output_tensor(index).data, dtype=np.float32)
            for index in range(self._outputs)
        ]


class OpenVinoGraders:
    """Graders run by OpenVINO."""

    def __init__(
        self, graph: CompiledGraph, libraries: Mapping[Attribute, Callable[[], Any]]
    ) -> None:
        """Keep their graph.

        Args:
            graph: with logits and evidence of each attribute of `libraries` in turn.
            libraries: give the `LibraryExplainer` of the same weights, each time the same.
        """
        self.attributes = tuple(libraries)
        self._graph = graph
        self._libraries = libraries

    def start(self, inputs: Array) -> Callable[[], Mapping[Attribute, GraderOutput]]:
        """See `GradersEngine`."""
        return lambda: outputs_by_attribute(self.attributes, self._graph(inputs))

    def explain(
        self,
        attribute: Attribute,
        inputs: Array,
        *,
        method: CamMethod,
        grade_weights: tuple[float, ...],
        still_wanted: Callable[[], None],
    ) -> Heatmap:
        """A map by pytorch-grad-cam; at the first one PyTorch is loaded."""
        heatmap: Heatmap = self._libraries[attribute]().explain(
            inputs, method=method, grade_weights=grade_weights, still_wanted=still_wanted
        )
        return heatmap


class OpenVinoLandmarks:
    """The landmark network run by OpenVINO."""

    def __init__(self, graph: CompiledGraph) -> None:
        """Keep its graph."""
        self._graph = graph

    def run(self, crops: Array) -> Array:
        """The landmarks of float32 (N, 3, 128, 128) as shares of the side, float32 (N, 189, 2)."""
        return self._graph(crops)[0]


def load(
    models_dir: Path,
    manifest: Manifest,
    *,
    folder: Path,
    precision: Precision,
    threads: int | None = None,
) -> Engines:
    """Load every network, after exporting the graphs that are missing or damaged.

    Args:
        models_dir: folder of the weights, whose hashes were checked.
        manifest: its manifest.
        folder: of the graphs.
        precision: of the graders, where the processor has it, else float32; landmarks are always
            float32.
        threads: of one run; None takes every core.

    Raises:
        GraphsUnusableError: a graph cannot be made, or not be used even when it was made anew.
    """
    core = _core()
    numbers = {graphs.Part.GRADERS: precision, graphs.Part.LANDMARKS: Precision.FLOAT32}

    def compiled(part: graphs.Part, path: Path, seal: Seal) -> CompiledGraph:
        hints: dict[str, Any] = {
            "PERFORMANCE_HINT": "LATENCY",
            # Pinned, the runs of two analyses, or of two servers on one machine, would wait for
            # the same cores.
            "ENABLE_CPU_PINNING": False,
            "INFERENCE_PRECISION_HINT": _HINTS[numbers[part]],
        }
        if threads is not None:
            hints["INFERENCE_NUM_THREADS"] = threads
        return CompiledGraph(core.compile_model(str(path), "CPU", hints), seal)

    found = graphs.read_graphs(models_dir, manifest, folder, compiled)
    libraries = {one: _library(models_dir, entry) for one, entry in manifest.attributes.items()}
    computed = found[graphs.Part.GRADERS].precision
    if computed is not precision:
        _log.warning("this processor has no %s: %s is computed", precision, computed)
    return Engines(
        EngineFacts(EngineName.OPENVINO, Device.CPU, computed),
        OpenVinoGraders(found[graphs.Part.GRADERS], libraries),
        OpenVinoLandmarks(found[graphs.Part.LANDMARKS]),
    )


@functools.cache
def _core() -> Any:
    # One for the process: a second one can crash it (ultralytics/ultralytics, pull 25864).
    return import_openvino().Core()


def _library(models_dir: Path, entry: GraderEntry) -> Callable[[], Any]:
    def load() -> Any:
        return importlib.import_module("backend.vision.library_cam").explainer_of(models_dir, entry)

    return once(load)
