"""The graders as the server runs them, and the same server with graders that learned nothing."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Self

import numpy as np
import torch
from torch import nn

from backend.vision.engines.base import Device
from backend.vision.engines.choice import EngineWish
from backend.vision.engines.reference import TorchGraders
from backend.vision.geometry import Photo
from backend.vision.grad_cam import ExplanationRequest, class_activation
from backend.vision.manifest import GraderEntry, Manifest
from backend.vision.network import build_grader, load_grader
from backend.vision.prediction import Analyser
from backend.vision.preprocess import to_array
from backend.vocabulary import Attribute


@dataclass(frozen=True, slots=True)
class Graders:
    """The server's analysis, and the networks in it.

    Attributes:
        analyser: everything between photo and maps.
        networks: one per attribute that is graded, in evaluation mode.
        weights: what tells the weights of each from any others.
        device: where they are.
    """

    analyser: Analyser
    networks: Mapping[Attribute, nn.Module]
    weights: Mapping[Attribute, str]
    device: torch.device

    @classmethod
    def load(cls, models: Path, *, device: Device | None = None) -> Self:
        """Load a models folder; raises what `Analyser.load` raises.

        Args:
            models: the folder.
            device: where the graders run; None takes a GPU when there is one.
        """
        wish = EngineWish(device=device)
        analyser = Analyser.load(models, wish)
        where = torch.device(wish.chosen_device)
        networks = {
            attribute: load_grader(
                models / entry.file, entry.architecture, output_stride=entry.output_stride
            ).to(where)
            for attribute, entry in analyser.manifest.attributes.items()
        }
        weights = {one: entry.sha256 for one, entry in analyser.manifest.attributes.items()}
        return cls(analyser, networks, weights, where)

    def untrained(self, crops: Sequence[Photo], *, seed: int) -> Graders:
        """The same with random weights, and maps on a scale of their own.

        On the trained graders' scale their maps would be empty, and unlike any other whatever a
        way of drawing looks at.

        Args:
            crops: RGB uint8 (S, S, 3) each; the highest peak of their maps is shown in full.
            seed: of the weights.
        """
        torch.manual_seed(seed)
        networks = {
            attribute: build_grader(entry.architecture, output_stride=entry.output_stride).eval()
            for attribute, entry in self.analyser.manifest.attributes.items()
        }
        manifest = self.analyser.manifest
        entries = {
            attribute: replace(
                entry, heatmap_scale=_peak(networks[attribute], attribute, entry, crops)
            )
            for attribute, entry in manifest.attributes.items()
        }
        names = dict.fromkeys(networks, f"untrained {seed}")
        return self._with(networks, names, replace(manifest, attributes=entries))

    def only(self, attributes: Collection[Attribute]) -> Graders:
        """The same graders of some attributes alone."""
        networks = {one: its for one, its in self.networks.items() if one in attributes}
        return self._with(networks, {one: self.weights[one] for one in networks})

    def _with(
        self,
        networks: Mapping[Attribute, nn.Module],
        weights: Mapping[Attribute, str],
        manifest: Manifest | None = None,
    ) -> Graders:
        graders = TorchGraders(networks, device=self.device)
        analyser = self.analyser.with_graders(graders, manifest)
        return Graders(analyser, networks, weights, self.device)


def _peak(
    network: nn.Module, attribute: Attribute, entry: GraderEntry, crops: Sequence[Photo]
) -> float:
    grader = TorchGraders({attribute: network})
    weights = ExplanationRequest().grade_weights(attribute)
    peaks = [
        float(
            class_activation(
                grader.run(to_array(crop, entry.input_spec)[None])[attribute].evidence[0], weights
            ).max()
        )
        for crop in crops
    ]
    return max([*peaks, float(np.finfo(np.float32).tiny)])
