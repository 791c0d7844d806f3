"""The graders as the server runs them, and the same server with graders that learned nothing."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import torch
from torch import nn

from backend.vision.engines.base import Device
from backend.vision.engines.choice import EngineWish
from backend.vision.engines.reference import TorchGraders
from backend.vision.network import build_grader, load_grader
from backend.vision.prediction import Analyser
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

    def untrained(self, *, seed: int) -> Graders:
        """The same with random weights."""
        torch.manual_seed(seed)
        networks = {
            attribute: build_grader(entry.architecture, output_stride=entry.output_stride).eval()
            for attribute, entry in self.analyser.manifest.attributes.items()
        }
        return self._with(networks, dict.fromkeys(networks, f"untrained {seed}"))

    def only(self, attributes: Collection[Attribute]) -> Graders:
        """The same graders of some attributes alone."""
        networks = {one: its for one, its in self.networks.items() if one in attributes}
        return self._with(networks, {one: self.weights[one] for one in networks})

    def _with(
        self, networks: Mapping[Attribute, nn.Module], weights: Mapping[Attribute, str]
    ) -> Graders:
        graders = TorchGraders(networks, device=self.device)
        return Graders(self.analyser.with_graders(graders), networks, weights, self.device)
