"""Mixed precision that pays on a CPU.

bfloat16 halves the time of most of EfficientNet's layers where the processor has instructions
for it, but the backward pass of its depthwise convolutions with 5 x 5 kernels or a stride of 2
takes 2 to 9 times as long as in float32 (torch 2.15 on a CPU with AVX-512 BF16, batches of 32).
Those layers stay in float32.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn


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
            groups=layer.groups,
            bias=layer.bias is not None,
        )
        exchanged.load_state_dict(layer.state_dict())
        exchanged.requires_grad_(layer.weight.requires_grad)
        network.set_submodule(name, exchanged)
