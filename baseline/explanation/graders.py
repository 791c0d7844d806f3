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
from backend.vision.engines.reference import TorchGrader
from backend.vision.network import build_grader, load_grader
from backend.vision.prediction import Analyser
from backend.vocabulary import Attribute


@dataclass(frozen=True, slots=True)
class Graders:
    """The server's analysis, and the networks in it.

    Attributes:
        analyser: everything between photo and maps.
        networks: one per attribute that is graded, in evaluation mode.
        device: where they are.
    """

    analyser: Analyser
    networks: Mapping[Attribute, nn.Module]
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
        return cls(analyser, networks, where)

    def untrained(self, *, seed: int) -> Graders:
        """The same with random weights."""
        torch.manual_seed(seed)
        return self._with(
            {
                attribute: build_grader(
                    entry.architecture, output_stride=entry.output_stride
                ).eval()
                for attribute, entry in self.analyser.manifest.attributes.items()
            }
        )

    def only(self, attributes: Collection[Attribute]) -> Graders:
        """The same graders of some attributes alone."""
        return self._with({one: its for one, its in self.networks.items() if one in attributes})

    def _with(self, networks: Mapping[Attribute, nn.Module]) -> Graders:
        engines = {one: TorchGrader(its, device=self.device) for one, its in networks.items()}
        return Graders(self.analyser.with_graders(engines), networks, self.device)
