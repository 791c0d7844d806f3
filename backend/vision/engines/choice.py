"""Which engine runs the networks, by itself or as wished."""

from __future__ import annotations

import importlib
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from backend.errors import DeviceMissingError, EngineMissingError
from backend.vision.engines import graphs
from backend.vision.engines.base import ON_CPU, Device, EngineName, Engines, Precision
from backend.vision.engines.gpu import gpu_count
from backend.vision.engines.threads import limit_threads
from backend.vision.manifest import Manifest


@dataclass(frozen=True, slots=True)
class EngineWish:
    """What shall run the networks. By default PyTorch on the CPU: the reference.

    Attributes:
        engine: None chooses: OpenVINO on a CPU where it is installed, else PyTorch.
        device: None takes a GPU when there is one.
        precision: of the graders.
        graphs_dir: where exported graphs are kept; OpenVINO alone needs it.
        threads: on which one analysis may compute at once. None leaves a CPU to its libraries,
            which take every core, and allows one beside a GPU: there many analyses share the
            cores, each with little to compute.
    """

    engine: EngineName | None = EngineName.TORCH
    device: Device | None = Device.CPU
    precision: Precision = Precision.FLOAT32
    graphs_dir: Path | None = None
    threads: int | None = None

    @property
    def chosen_device(self) -> Device:
        """The device that is wished for, or what there is."""
        return self.device or (Device.CUDA if gpu_count() else Device.CPU)


def load_engines(models_dir: Path, manifest: Manifest, wish: EngineWish) -> Engines:
    """Load the networks of a models folder, whose hashes were checked.

    Raises:
        DeviceMissingError: a GPU is wished for and there is none.
        EngineMissingError: the engine is not installed, or does not run there.
        WeightsUnusableError: a file of weights cannot be used.
        GraphsUnusableError: the engine's graphs cannot be made.
    """
    device = wish.chosen_device
    if device is Device.CUDA and not gpu_count():
        raise DeviceMissingError
    require_possible(wish)
    threads = 1 if wish.threads is None and device is Device.CUDA else wish.threads
    engines = _engines(_load(models_dir, manifest, wish, device=device, threads=threads))
    # Not before: until then PyTorch may not be there.
    if threads is not None:
        limit_threads(threads)
    return engines


def require_possible(wish: EngineWish) -> None:
    """Make sure that a wish does not contradict itself, whatever machine it is for.

    Raises:
        EngineMissingError: the engine or the precision does not run on the device.
    """
    device = wish.chosen_device
    if device is Device.CPU and wish.precision not in ON_CPU:
        raise EngineMissingError(
            f"{wish.precision} is for GPUs alone: set the precision to {' or '.join(ON_CPU)}"
        )
    if device is Device.CUDA and wish.engine is EngineName.OPENVINO:
        raise EngineMissingError("OpenVINO runs on CPUs alone: set the engine to torch or auto")


def make_graphs(models_dir: Path, manifest: Manifest, wish: EngineWish) -> None:
    """Have the graphs made that `load_engines` would have made, and load nothing.

    For whoever starts servers that shall find them; of an engine that needs none, none are made.

    Raises:
        GraphsUnusableError: they cannot be made.
    """
    device = wish.chosen_device
    on_openvino = (wish.engine or _fastest(device)) is EngineName.OPENVINO
    # What else is wrong with the wish, whoever loads the engine is told.
    there = device is Device.CPU and find_spec("openvino") is not None
    if on_openvino and there and wish.graphs_dir is not None:
        graphs.ensure(models_dir, manifest, wish.graphs_dir)


def _load(
    models_dir: Path, manifest: Manifest, wish: EngineWish, *, device: Device, threads: int | None
) -> Any:
    """What the chosen engine's module loads, which is imported here first."""
    engine = wish.engine or _fastest(device)
    if engine is EngineName.OPENVINO:
        if find_spec("openvino") is None:
            raise EngineMissingError("OpenVINO is not installed: set the engine to torch or auto")
        if wish.graphs_dir is None:
            raise ValueError("expected a folder for the graphs of OpenVINO, got None")
        runner = importlib.import_module("backend.vision.engines.openvino_engine")
        return runner.load(
            models_dir, manifest,
            folder=wish.graphs_dir, precision=wish.precision, threads=threads,
        )  # fmt: skip
    name = "cuda" if device is Device.CUDA else "reference"
    torch_engine = importlib.import_module(f"backend.vision.engines.{name}")
    return torch_engine.load(models_dir, manifest, precision=wish.precision)


def _fastest(device: Device) -> EngineName:
    if device is Device.CPU and find_spec("openvino") is not None:
        return EngineName.OPENVINO
    return EngineName.TORCH


def _engines(loaded: Any) -> Engines:
    if not isinstance(loaded, Engines):
        raise TypeError(f"expected Engines, got {type(loaded).__name__}")
    return loaded
