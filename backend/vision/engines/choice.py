"""Which engine runs the networks, by itself or as wished."""

from __future__ import annotations

import importlib
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from backend.errors import DeviceMissingError, EngineMissingError
from backend.vision.engines.base import ON_CPU, Device, EngineName, Engines, Precision
from backend.vision.engines.gpu import gpu_count
from backend.vision.manifest import Manifest


@dataclass(frozen=True, slots=True)
class EngineWish:
    """What shall run the networks. By default PyTorch on the CPU: the reference.

    Attributes:
        engine: None chooses: OpenVINO on a CPU where it is installed, else PyTorch.
        device: None takes a GPU when there is one.
        precision: of the graders.
        graphs_dir: where exported graphs are kept; OpenVINO alone needs it.
    """

    engine: EngineName | None = EngineName.TORCH
    device: Device | None = Device.CPU
    precision: Precision = Precision.FLOAT32
    graphs_dir: Path | None = None

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
    if device is Device.CPU and wish.precision not in ON_CPU:
        raise EngineMissingError(
            f"{wish.precision} is for GPUs alone: set the precision to {' or '.join(ON_CPU)}"
        )
    engine = wish.engine or _fastest(device)
    if engine is EngineName.OPENVINO:
        if device is Device.CUDA:
            raise EngineMissingError("OpenVINO runs on CPUs alone: set the engine to torch or auto")
        if find_spec("openvino") is None:
            raise EngineMissingError("OpenVINO is not installed: set the engine to torch or auto")
        runner: Any = importlib.import_module("backend.vision.engines.openvino_engine")
        if wish.graphs_dir is None:
            raise ValueError("expected a folder for the graphs of OpenVINO, got None")
        return _engines(
            runner.load(models_dir, manifest, folder=wish.graphs_dir, precision=wish.precision)
        )
    if device is Device.CUDA:
        gpu: Any = importlib.import_module("backend.vision.engines.cuda")
        return _engines(gpu.load(models_dir, manifest, precision=wish.precision))
    reference: Any = importlib.import_module("backend.vision.engines.reference")
    return _engines(reference.load(models_dir, manifest, precision=wish.precision))


def _fastest(device: Device) -> EngineName:
    if device is Device.CPU and find_spec("openvino") is not None:
        return EngineName.OPENVINO
    return EngineName.TORCH


def _engines(loaded: Any) -> Engines:
    if not isinstance(loaded, Engines):
        raise TypeError(f"expected Engines, got {type(loaded).__name__}")
    return loaded
