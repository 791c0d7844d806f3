"""PyTorch layer by layer: the reference that every other engine is held against."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path

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
    outputs_by_attribute,
)
from backend.vision.engines.graders_graph import GradersGraph
from backend.vision.grad_cam import CamMethod, Heatmap
from backend.vision.landmark_network import LandmarkNetwork
from backend.vision.landmarks import LandmarkLocator, MeanFace
from backend.vision.library_cam import LibraryExplainer
from backend.vision.manifest import GraderEntry, LandmarksEntry, Manifest
from backend.vision.network import load_grader
from backend.vocabulary import Attribute


class TorchGraders:
    """Graders run by PyTorch."""

    def __init__(
        self,
        networks: Mapping[Attribute, nn.Module],
        *,
        device: torch.device | str = "cpu",
        precision: Precision = Precision.FLOAT32,
    ) -> None:
        """Move graders to their device and freeze them.

        Args:
            networks: EfficientNets of timm in evaluation mode that look at the same input.
            device: where they run.
            precision: in what numbers.
        """
        self.attributes = tuple(networks)
        graph = GradersGraph(list(networks.values()))
        self._graph = graph.to(device).eval().requires_grad_(requires_grad=False)
        self._device = torch.device(device)
        self._in_bfloat16 = precision is Precision.BFLOAT16
        self._explainers = {
            attribute: LibraryExplainer(
                network.to(device).requires_grad_(requires_grad=False), device=device
            )
            for attribute, network in networks.items()
        }

    @torch.inference_mode()
    def run(self, inputs: Array) -> Mapping[Attribute, GraderOutput]:
        """One forward pass over float32 (N, 3, S, S)."""
        with torch.autocast(self._device.type, torch.bfloat16, enabled=self._in_bfloat16):
            found = self._graph(torch.from_numpy(inputs).to(self._device))
        outputs = [output.float().cpu().numpy() for output in found]
        return outputs_by_attribute(self.attributes, outputs)

    def start(self, inputs: Array) -> Callable[[], Mapping[Attribute, GraderOutput]]:
        """See `GradersEngine`."""
        return partial(self.run, inputs)

    def explain(
        self,
        attribute: Attribute,
        inputs: Array,
        *,
        method: CamMethod,
        grade_weights: tuple[float, ...],
        still_wanted: Callable[[], None],
    ) -> Heatmap:
        """A map by pytorch-grad-cam, see `LibraryExplainer`."""
        explainer = self._explainers[attribute]
        return explainer.explain(
            inputs, method=method, grade_weights=grade_weights, still_wanted=still_wanted
        )


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
    networks = {
        attribute: _network(models_dir, entry) for attribute, entry in manifest.attributes.items()
    }
    graders = TorchGraders(networks, precision=precision)
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


def load_landmarks_graph(models_dir: Path, entry: LandmarksEntry) -> nn.Module:
    """The module that other engines run: from crops to what `TorchLandmarks` gives.

    Raises:
        WeightsUnusableError: the weights cannot be used.
    """
    return _PointsOnly(LandmarkNetwork.load(models_dir / entry.file)).eval()


def load_graders_graph(models_dir: Path, entries: Sequence[GraderEntry]) -> GradersGraph:
    """The module that other engines run: what `TorchGraders` runs of these graders.

    Raises:
        WeightsUnusableError: a file of weights cannot be used.
    """
    return GradersGraph([_network(models_dir, entry) for entry in entries]).eval()


def _network(models_dir: Path, entry: GraderEntry) -> nn.Module:
    return load_grader(
        models_dir / entry.file, entry.architecture, output_stride=entry.output_stride
    )
