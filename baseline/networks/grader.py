"""Any network of timm with a head for one attribute or for all five."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

import timm
import torch
from torch import Tensor, nn

from backend.errors import SkinXaiError
from backend.vision.network import ARCHITECTURE, OUTPUT_STRIDE
from baseline.losses.base import GRADE_COUNT
from baseline.losses.ordinal import CoralHead
from baseline.networks.start import Start, started_network


class Architecture(StrEnum):
    """The networks that the original compared, by the names timm has for them."""

    SWIN_V2 = "swinv2_base_window8_256"
    SWIN = "swin_tiny_patch4_window7_224"
    TWINS = "twins_pcpvt_base"
    EFFICIENTNET_B4 = "efficientnet_b4"
    EFFICIENTNET_B0 = ARCHITECTURE


class ArchitectureUnknownError(SkinXaiError):
    """timm knows no network of this name."""


class GraderNetwork(nn.Module):
    """A network of timm that gives some numbers for each of some attributes."""

    def __init__(
        self,
        architecture: str = ARCHITECTURE,
        *,
        attributes: int,
        outputs: int = GRADE_COUNT,
        start: Start = Start.LITE0,
        input_px: int = 256,
        output_stride: int = OUTPUT_STRIDE,
        drop_rate: float = 0.2,
        coral: bool = False,
    ) -> None:
        """Build the network and fill in its first weights.

        Args:
            architecture: one of `Architecture` or any other name that timm knows.
            attributes: how many it grades at once.
            outputs: how many numbers the loss wants of each.
            start: where the first weights come from.
            input_px: side of the input; windows of some networks are cut for it.
            output_stride: input pixels to a cell of the last features; another than 32 for an
                EfficientNet alone.
            drop_rate: share of the pooled features dropped in training.
            coral: the outputs of an attribute share their weights, see `CoralHead`.

        Raises:
            ArchitectureUnknownError: timm has no such network.
            StartUnavailableError: the first weights cannot be had here.
        """
        super().__init__()
        self._shape = (attributes, outputs)
        self.network = started_network(
            architecture,
            start,
            outputs=attributes * outputs,
            **_options(
                architecture,
                input_px=input_px,
                output_stride=output_stride,
                drop_rate=drop_rate,
            ),
        )
        if coral:
            name = head_of(self.network)
            features = self.network.get_submodule(name).get_parameter("weight").shape[1]
            self.network.set_submodule(name, _CoralHeads(features, attributes))

    def forward(self, images: Tensor, *, with_maps: bool = False) -> Tensor | tuple[Tensor, Tensor]:
        """Grade images.

        Args:
            images: float (N, 3, S, S).
            with_maps: give the maps too; for a network that ends in average pool and linear
                layer.

        Returns:
            Outputs float (N, attributes, outputs). With maps also float (N, attributes,
            outputs, H, W): the map of each output, whose mean over the cells is that output
            without its bias.
        """
        if not with_maps:
            plain: Tensor = self.network(images)
            return plain.view(-1, *self._shape)
        untyped: Any = self.network  # timm's networks have no types
        features: Tensor = untyped.forward_features(images)
        outputs: Tensor = untyped.forward_head(features)
        weight = self.network.get_submodule(head_of(self.network)).get_parameter("weight")
        maps = torch.einsum("kc,nchw->nkhw", weight, features)
        return outputs.view(-1, *self._shape), maps.view(-1, *self._shape, *maps.shape[-2:])


class _CoralHeads(nn.ModuleList):
    def __init__(self, features: int, attributes: int) -> None:
        super().__init__(CoralHead(features) for _ in range(attributes))

    def forward(self, features: Tensor) -> Tensor:
        return torch.cat([head(features) for head in self], dim=-1)


def head_of(network: nn.Module) -> str:
    """The name of the last layer of a network of timm.

    >>> head_of(timm.create_model("efficientnet_b0"))
    'classifier'
    """
    configuration: Any = network.default_cfg
    return str(configuration["classifier"])


def one_of_joint(
    joint: dict[str, Tensor], *, head: str, attribute: int, outputs: int = GRADE_COUNT
) -> dict[str, Tensor]:
    """The weights of a joint network's grader for one attribute.

    Args:
        joint: state of a `GraderNetwork` of several attributes with plain heads.
        head: name of its last layer.
        attribute: which, by its place.
        outputs: numbers per attribute.

    Returns:
        The state of a `GraderNetwork` of this attribute.
    """
    rows = slice(attribute * outputs, (attribute + 1) * outputs)
    return {
        name: tensor[rows].clone() if name.startswith(f"network.{head}.") else tensor
        for name, tensor in joint.items()
    }


def _options(
    architecture: str, *, input_px: int, output_stride: int, drop_rate: float
) -> dict[str, Any]:
    if not timm.is_model(architecture):
        alike = timm.list_models(f"*{architecture.split('_')[0]}*")[:5]
        hint = f"; some alike: {', '.join(alike)}" if alike else ""
        raise ArchitectureUnknownError(f"timm knows no network named {architecture}{hint}")
    options: dict[str, Any] = {"drop_rate": drop_rate}
    if output_stride != OUTPUT_STRIDE:
        options["output_stride"] = output_stride
    # Transformers with windows or position tables are built for one size; convolutions take any.
    configuration = timm.get_pretrained_cfg(architecture)
    if configuration is not None and configuration.fixed_input_size:
        options["img_size"] = input_px
    return options
