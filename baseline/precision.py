"""Mixed precision, where it pays.

bfloat16 halves the time of most of EfficientNet's layers where the processor has instructions
for it, but the backward pass of its depthwise convolutions with 5 x 5 kernels or a stride of 2
takes 2 to 9 times as long as in float32 (torch 2.15 on a CPU with AVX-512 BF16, batches of 32).
Those layers stay in float32. Where the processor has none, a step in bfloat16 takes 15 times as
long as in float32 (torch 2.15 on a CPU with AVX2, EfficientNet-B0 at 160 px, batches of 32).
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Any, Final

import torch
from torch import Tensor, nn

_BFLOAT16_INSTRUCTIONS: Final = ("amx_bf16", "avx512_bf16", "bf16")


class TrainingPrecision(StrEnum):
    """What a network computes in while it learns, in the words of accelerate."""

    AUTO = "auto"
    """bfloat16 where the processor or the GPU has instructions for it, else float32."""
    BFLOAT16 = "bf16"
    FLOAT32 = "no"


def chosen_precision(
    wanted: TrainingPrecision, *, gpu: bool, capabilities: Mapping[str, Any] | None = None
) -> TrainingPrecision:
    """What is computed in, once it is known where.

    Args:
        wanted: anything but `AUTO` stays.
        gpu: whether the GPU computes, not the processor.
        capabilities: of the processor, as `torch.cpu.get_capabilities` tells them; None asks it.

    >>> chosen_precision(TrainingPrecision.AUTO, gpu=False, capabilities={"avx2": True})
    <TrainingPrecision.FLOAT32: 'no'>
    >>> chosen_precision(TrainingPrecision.AUTO, gpu=False, capabilities={"amx_bf16": True})
    <TrainingPrecision.BFLOAT16: 'bf16'>
    """
    if wanted is not TrainingPrecision.AUTO:
        return wanted
    if gpu:
        native = torch.cuda.is_bf16_supported(including_emulation=False)
    else:
        known = torch.cpu.get_capabilities() if capabilities is None else capabilities
        native = any(known.get(name, False) for name in _BFLOAT16_INSTRUCTIONS)
    return TrainingPrecision.BFLOAT16 if native else TrainingPrecision.FLOAT32


class Float32Conv2d(nn.Conv2d):
    """A convolution that computes in float32 also where autocast would lower the precision."""

    def forward(self, input: Tensor) -> Tensor:  # the name is nn.Conv2d's
        """Like `nn.Conv2d.forward`, on the input widened to float32."""
        with torch.autocast(input.device.type, enabled=False):
            return super().forward(input.float())


def keep_slow_depthwise_in_float32(network: nn.Module) -> None:
    """Exchange, in place, the depthwise convolutions that bfloat16 slows down.

    Their weights stay, and frozen ones stay frozen.
    """
    slow = {
        name: layer
        for name, layer in network.named_modules()
        if isinstance(layer, nn.Conv2d)
        and layer.groups == layer.in_channels > 1
        and (layer.kernel_size[0] > 3 or layer.stride[0] > 1)
    }
    for name, layer in slow.items():
        exchanged = Float32Conv2d(
            layer.in_channels,
            layer.out_channels,
            (layer.kernel_size[0], layer.kernel_size[1]),
            stride=(layer.stride[0], layer.stride[1]),
            padding=(int(layer.padding[0]), int(layer.padding[1])),
            dilation=(layer.dilation[0], layer.dilation[1]),
            groups=layer.groups,
            bias=layer.bias is not None,
        )
        exchanged.load_state_dict(layer.state_dict())
        exchanged.requires_grad_(layer.weight.requires_grad)
        network.set_submodule(name, exchanged)
