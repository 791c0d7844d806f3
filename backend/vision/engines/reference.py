"""PyTorch layer by layer: the reference that every other engine is held against."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import torch
from torch import nn

from backend.vision.engines.base import (
    Array,
    Device,
    EngineFacts,
    EngineName,
    Engines,
    GraderOutput,
    Precision,
)
from backend.vision.grad_cam import CamMethod, Heatmap
from backend.vision.landmark_network import LandmarkNetwork
from backend.vision.landmarks import LandmarkLocator, MeanFace
from backend.vision.library_cam import LibraryExplainer
from backend.vision.manifest import GraderEntry, LandmarksEntry, Manifest
from backend.vision.network import load_grader


class GraderGraph(nn.Module):
    """A grader with its evidence as a second output: what engines run, and what is exported.

    The last features are shared by both, so that the evidence costs next to nothing.
    """

    def __init__(self, network: nn.Module) -> None:
        """Wrap a grader.

        Args:
            network: an EfficientNet of timm in evaluation mode.
        """
        super().__init__()
        # timm's methods have no types.
        self.network: Any = network

    def forward(self, inputs: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """From float32 (N, 3, S, S) to logits (N, 5) and evidence (N, 5, H, W)."""
        features = self.network.forward_features(inputs)
        cells = features.shape[-2] * features.shape[-1]
        weight = self.network.classifier.weight[:, :, None, None] / cells
        return self.network.forward_head(features), nn.functional.conv2d(features, weight)


class TorchGrader:
    """A grader run by PyTorch."""

    def __init__(
        self,
        network: nn.Module,
        *,
        device: torch.device | str = "cpu",
        precision: Precision = Precision.FLOAT32,
    ) -> None:
        """Move a grader to its device and freeze it."""
        self._graph = GraderGraph(network).to(device).eval().requires_grad_(requires_grad=False)
        self._device = torch.device(device)
        self._in_bfloat16 = precision is Precision.BFLOAT16
        self._explainer = LibraryExplainer(network, device=device)

    @torch.inference_mode()
    def run(self, inputs: Array) -> GraderOutput:
        """One forward pass over float32 (N, 3, S, S)."""
        with torch.autocast(self._device.type, torch.bfloat16, enabled=self._in_bfloat16):
            logits, evidence = self._graph(torch.from_numpy(inputs).to(self._device))
        return GraderOutput(logits.float().cpu().numpy(), evidence.float().cpu().numpy())

    def start(self, inputs: Array) -> Callable[[], GraderOutput]:
        """See `GraderEngine`."""
        return partial(self.run, inputs)

    def explain(
        self, inputs: Array, *, method: CamMethod, grade_weights: tuple[float, ...]
    ) -> Heatmap:
        """A map by pytorch-grad-cam, see `LibraryExplainer`."""
        return self._explainer.explain(inputs, method=method, grade_weights=grade_weights)


class TorchLandmarks:
    """The landmark network run by PyTorch."""

    def __init__(self, network: LandmarkNetwork, *, device: torch.device | str = "cpu") -> None:
        """Move a network in evaluation mode to its device."""
        self._network = network.to(device)
        self._device = torch.device(device)

    @torch.inference_mode()
    def run(self, crops: Array) -> Array:
        """The landmarks of float32 (N, 3, 128, 128) as shares of the side, float32 (N, 189, 2)."""
        # The network's filters are laid out channels last, which is a third faster on the CPU.
        tensor = torch.from_numpy(crops).to(self._device, memory_format=torch.channels_last)
        points = self._network(tensor).points
        found: Array = points.cpu().numpy()
        return found


def load(
    models_dir: Path,
    manifest: Manifest,
    *,
    precision: Precision = Precision.FLOAT32,
) -> Engines:
    """Load every network onto the CPU.

    Raises:
        WeightsUnusableError: a file of weights cannot be used.
    """
    graders = {}
    for attribute, entry in manifest.attributes.items():
        network = load_grader(
            models_dir / entry.file, entry.architecture, output_stride=entry.output_stride
        )
        graders[attribute] = TorchGrader(network, precision=precision)
    landmarks = LandmarkNetwork.load(models_dir / manifest.landmarks.file)
    facts = EngineFacts(EngineName.TORCH, Device.CPU, precision)
    return Engines(facts, graders, TorchLandmarks(landmarks))


def load_locator(path: Path, *, device: torch.device | str = "cpu") -> LandmarkLocator:
    """A locator whose network PyTorch runs; raises what `LandmarkNetwork.load` raises."""
    network = LandmarkNetwork.load(path)
    return LandmarkLocator(TorchLandmarks(network, device=device), MeanFace.load(path))


class _PointsOnly(nn.Module):
    def __init__(self, network: LandmarkNetwork) -> None:
        super().__init__()
        self.network = network

    def forward(self, crops: torch.Tensor) -> torch.Tensor:
        points: torch.Tensor = self.network(crops).points
        return points


def graph_of(models_dir: Path, entry: GraderEntry | LandmarksEntry) -> nn.Module:
    """The module that other engines export: what `TorchGrader` and `TorchLandmarks` run.

    Raises:
        WeightsUnusableError: the weights cannot be used.
    """
    path = models_dir / entry.file
    if isinstance(entry, LandmarksEntry):
        return _PointsOnly(LandmarkNetwork.load(path)).eval()
    network = load_grader(path, entry.architecture, output_stride=entry.output_stride)
    return GraderGraph(network).eval()
