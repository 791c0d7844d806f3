"""What every engine answers."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final, Protocol

import numpy as np
import numpy.typing as npt

from backend.vision.grad_cam import CamMethod, Heatmap
from backend.vocabulary import Attribute

Array = npt.NDArray[np.float32]


class EngineName(StrEnum):
    """What may run the networks."""

    TORCH = "torch"
    OPENVINO = "openvino"


class Device(StrEnum):
    """Where they may run."""

    CPU = "cpu"
    CUDA = "cuda"


class Precision(StrEnum):
    """In what numbers graders may be computed."""

    FLOAT32 = "float32"
    BFLOAT16 = "bfloat16"
    FLOAT16 = "float16"


ON_CPU: Final = (Precision.FLOAT32, Precision.BFLOAT16)
"""What a CPU computes in; float16 is for GPUs alone."""


@dataclass(frozen=True, slots=True)
class GraderOutput:
    """What a grader says of crops.

    Attributes:
        logits: float32 (N, 5).
        evidence: float32 (N, 5, H, W), how much each cell adds to each grade's logit: the
            activations weighted by the last layer's weights, over the number of cells.
    """

    logits: Array
    evidence: Array


def outputs_by_attribute(
    attributes: Sequence[Attribute], outputs: Sequence[Array]
) -> dict[Attribute, GraderOutput]:
    """Whose logits and evidence are whose, of all that a graph of several graders gives."""
    pairs = zip(outputs[::2], outputs[1::2], strict=True)
    return {one: GraderOutput(*its) for one, its in zip(attributes, pairs, strict=True)}


class GradersEngine(Protocol):
    """Graders, loaded. Safe to share between threads.

    Attributes:
        attributes: what they grade.
    """

    @property
    def attributes(self) -> tuple[Attribute, ...]:  # noqa: D102  # above
        ...

    def start(self, inputs: Array) -> Callable[[], Mapping[Attribute, GraderOutput]]:
        """Ask for one forward pass over float32 (N, 3, S, S); the result waits for it.

        Who has several inputs starts all before waiting for any: some engines then run them
        together, and others do nothing before they are waited for.
        """
        ...

    def explain(
        self,
        attribute: Attribute,
        inputs: Array,
        *,
        method: CamMethod,
        grade_weights: tuple[float, ...],
        still_wanted: Callable[[], None],
    ) -> Heatmap:
        """A map by pytorch-grad-cam, which runs on PyTorch whatever the engine.

        Args:
            attribute: whose grader is explained.
            inputs: float32 (1, 3, S, S).
            method: any but the closed form.
            grade_weights: the target's weight of each logit.
            still_wanted: called before each forward pass, in this thread; raises to end the work.

        Returns:
            float32 (S, S) in [0, 1].
        """
        ...


class LandmarkEngine(Protocol):
    """The landmark network, loaded. Safe to share between threads."""

    def run(self, crops: Array) -> Array:
        """Where the landmarks lie.

        Args:
            crops: RGB float32 (N, 3, 128, 128), scaled to [-1, 1].

        Returns:
            float32 (N, 189, 2), x and y as shares of the crop's side.
        """
        ...


@dataclass(frozen=True, slots=True)
class EngineFacts:
    """What runs the networks, as logs and clients are told.

    Attributes:
        name: of the engine.
        device: where it runs.
        precision: of the graders.
    """

    name: EngineName
    device: Device
    precision: Precision


def never_broken() -> None:
    """Of an engine that does not break for good: each run on a CPU begins anew."""


@dataclass(frozen=True, slots=True)
class Engines:
    """Every network of a models folder, loaded.

    Attributes:
        facts: what runs them.
        graders: of all attributes.
        landmarks: the landmark network.
        batches: how many batches of each size have been run so far, where requests are gathered
            into batches.
        broken: asks why nothing can be computed any more, until the process ends; None as long as
            all is well, and where that cannot happen.
    """

    facts: EngineFacts
    graders: GradersEngine
    landmarks: LandmarkEngine
    batches: Mapping[int, int] = field(default_factory=dict)
    broken: Callable[[], str | None] = never_broken
