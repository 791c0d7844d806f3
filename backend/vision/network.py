"""The graders: one EfficientNet-B0 per attribute, built the same way for training and serving."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import timm
import torch
from safetensors.torch import load_file
from torch import nn

from backend.errors import WeightsUnusableError
from backend.vision.geometry import Photo
from backend.vision.preprocess import InputSpec, to_array
from backend.vocabulary import GRADES

ARCHITECTURE: Final = "efficientnet_b0"
OUTPUT_STRIDE: Final = 32
"""Input pixels to a cell of the last features, as the architecture is published."""


def build_grader(
    architecture: str = ARCHITECTURE,
    *,
    output_stride: int = OUTPUT_STRIDE,
    drop_rate: float = 0.0,
) -> nn.Module:
    """A network with untrained weights and one logit per grade.

    Args:
        architecture: a name that timm knows.
        output_stride: input pixels to a cell of the last features; below 32 the last stages are
            dilated instead of strided, with the same weights.
        drop_rate: share of the pooled features dropped in training.

    Returns:
        A module from float32 (N, 3, S, S) to logits float32 (N, 5).
    """
    network: nn.Module = timm.create_model(
        architecture,
        pretrained=False,
        num_classes=len(GRADES),
        output_stride=output_stride,
        drop_rate=drop_rate,
    )
    return network


def load_grader(
    path: Path, architecture: str = ARCHITECTURE, *, output_stride: int = OUTPUT_STRIDE
) -> nn.Module:
    """A trained grader, ready to grade.

    Args:
        path: a safetensors file; float16 tensors become float32 in memory.
        architecture: the timm name the weights were trained with.
        output_stride: input pixels to a cell of the last features, as they were trained with.

    Raises:
        WeightsUnusableError: the file cannot be read or its tensors do not fit the architecture.
    """
    network = build_grader(architecture, output_stride=output_stride)
    load_weights(network, path)
    return network.eval()


def to_tensor(crop: Photo, spec: InputSpec) -> torch.Tensor:
    """`to_array` for networks of PyTorch, float32 (3, input_px, input_px)."""
    return torch.from_numpy(to_array(crop, spec))


def load_weights(network: nn.Module, path: Path) -> None:
    """Fill a network from a safetensors file, widening float16 to float32.

    Raises:
        WeightsUnusableError: the file cannot be read or its tensors do not fit the network.
    """
    try:
        stored = load_file(path)
        widened = {
            name: tensor.to(torch.float32) if tensor.is_floating_point() else tensor
            for name, tensor in stored.items()
        }
        network.load_state_dict(widened)
    except (OSError, ValueError, RuntimeError, KeyError) as error:
        raise WeightsUnusableError(path, reason=str(error)) from error
