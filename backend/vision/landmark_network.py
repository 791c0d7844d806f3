"""The landmark network: from a crop of a face to a map for each point, and from maps to places.

Each point has a map that says where on the crop it may lie; its place is the map's centre of mass
(integral regression, Sun et al. 2018, arXiv:1711.08229; with the maps held together in training as
Nibali et al. 2018 do, arXiv:1801.07372). A map follows the picture when the picture moves, so few
faces teach what a fully connected head would need many for.

The body is the stem and the first eleven blocks of EfficientNet-Lite0 (Tan & Le 2019,
arXiv:1905.11946; the Lite variant has ReLU6 and no squeeze-and-excite), so that training can start
from ImageNet weights. A decoder brings its coarse features, which know where the face is, back to
the fine ones, which know where an edge is (Lin et al. 2017, arXiv:1612.03144).
"""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from typing import Final, NamedTuple, Self

import torch
from torch import nn
from torch.nn import functional
from torch.nn.utils.fusion import fuse_conv_bn_eval

from backend.vision.landmarks import INPUT_PX, POINT_COUNT
from backend.vision.network import load_weights
from backend.vision.regions import WHOLE_FACE

MAP_CELLS: Final = INPUT_PX // 4
"""Side of a point's map, in cells."""
MAP_REACH: Final = 1.1
"""Side of a map as a share of the crop's: points a little outside the crop have a place too."""

# Per block: input channels, output channels, expansion, kernel side, stride.
_BLOCKS: Final = (
    (32, 16, 1, 3, 1),
    (16, 24, 6, 3, 2),
    (24, 24, 6, 3, 1),
    (24, 40, 6, 5, 2),
    (40, 40, 6, 5, 1),
    (40, 80, 6, 3, 2),
    (80, 80, 6, 3, 1),
    (80, 80, 6, 3, 1),
    (80, 112, 6, 5, 1),
    (112, 112, 6, 5, 1),
    (112, 112, 6, 5, 1),
)
_FINE_END, _MIDDLE_END = 3, 5
_FINE_CHANNELS, _MIDDLE_CHANNELS, _COARSE_CHANNELS = 24, 40, 112
_DECODER_CHANNELS: Final = 96


class InvertedResidual(nn.Module):
    """Expand, filter each channel, project; add the input where the shapes allow it."""

    def __init__(
        self, inputs: int, outputs: int, expansion: int, kernel_px: int, stride: int
    ) -> None:
        """Build one block of MobileNetV2's kind (Sandler et al. 2018, arXiv:1801.04381, fig. 4)."""
        super().__init__()
        width = inputs * expansion
        layers: list[nn.Module] = []
        if expansion != 1:
            layers += [
                nn.Conv2d(inputs, width, 1, bias=False),
                _norm(width),
                nn.ReLU6(inplace=True),
            ]
        layers += [
            nn.Conv2d(width, width, kernel_px, stride, kernel_px // 2, groups=width, bias=False),
            _norm(width),
            nn.ReLU6(inplace=True),
            nn.Conv2d(width, outputs, 1, bias=False),
            _norm(outputs),
        ]
        self.layers = nn.Sequential(*layers)
        self.adds_input = stride == 1 and inputs == outputs

    def forward(self, features: torch.Tensor) -> torch.Tensor:
        """From float32 (N, inputs, H, W) to float32 (N, outputs, H / stride, W / stride)."""
        out: torch.Tensor = self.layers(features)
        return features + out if self.adds_input else out


class Join(nn.Module):
    """Enlarges coarse features to the next finer ones, adds those, and mixes both."""

    def __init__(self, finer_channels: int) -> None:
        """Build a join of a decoder's features with `finer_channels` of the body's."""
        super().__init__()
        width = _DECODER_CHANNELS
        self.finer = nn.Sequential(nn.Conv2d(finer_channels, width, 1, bias=False), _norm(width))
        self.mix = nn.Sequential(
            nn.ReLU6(),
            nn.Conv2d(width, width, 5, 1, 2, groups=width, bias=False),
            _norm(width),
            nn.Conv2d(width, width, 1, bias=False),
            _norm(width),
        )

    def forward(self, coarse: torch.Tensor, finer: torch.Tensor) -> torch.Tensor:
        """From float32 (N, 96, H, W) and (N, finer_channels, 2 H, 2 W) to (N, 96, 2 H, 2 W)."""
        enlarged = functional.interpolate(
            coarse, scale_factor=2.0, mode="bilinear", align_corners=False
        )
        joined: torch.Tensor = enlarged + self.finer(finer)
        mixed: torch.Tensor = self.mix(joined)
        return joined + mixed


def _norm(channels: int) -> nn.BatchNorm2d:
    # Epsilon and momentum of the ImageNet weights.
    return nn.BatchNorm2d(channels, eps=1e-3, momentum=0.01)


def _fold_norms(network: nn.Module) -> None:
    # A trained norm is one factor and one summand per channel, which the convolution before it can
    # take over: the same numbers, a quarter faster.
    for layers in network.modules():
        if isinstance(layers, nn.Sequential):
            for index, (layer, after) in enumerate(pairwise(list(layers))):
                if isinstance(layer, nn.Conv2d) and isinstance(after, nn.BatchNorm2d):
                    layers[index] = fuse_conv_bn_eval(layer, after)
                    layers[index + 1] = nn.Identity()


class Located(NamedTuple):
    """What the network says of crops.

    Attributes:
        points: float32 (N, 189, 2), x and y as shares of the crop's side; 0 and 1 are its edges.
        maps: float32 (N, 189, 32, 32), how likely each cell is, summing to 1 per point.
    """

    points: torch.Tensor
    maps: torch.Tensor


class LandmarkNetwork(nn.Module):
    """A small network from a face crop to the places of its landmarks.

    Attributes:
        mean_shape: float32 (189, 2), the mean face as shares of the crop's side; the second
            pass's crop is placed by it.
        mirror: int64 (189,), which point takes each point's place in a mirrored picture.
        pose_weights: float32 (2 N, 2), how the head's turn is read off the N points of the whole
            face (see `backend/vision/pose.py`).
    """

    mean_shape: torch.Tensor
    mirror: torch.Tensor
    pose_weights: torch.Tensor

    def __init__(self) -> None:
        """Build the network with untrained weights; mean shape and pose weights are zeros."""
        super().__init__()
        self.stem = nn.Sequential(
            nn.Conv2d(3, 32, 3, 2, 1, bias=False), _norm(32), nn.ReLU6(inplace=True)
        )
        self.blocks = nn.Sequential(*(InvertedResidual(*block) for block in _BLOCKS))
        self.top = nn.Sequential(
            nn.Conv2d(_COARSE_CHANNELS, _DECODER_CHANNELS, 1, bias=False), _norm(_DECODER_CHANNELS)
        )
        self.to_middle = Join(_MIDDLE_CHANNELS)
        self.to_fine = Join(_FINE_CHANNELS)
        self.head = nn.Sequential(nn.ReLU6(), nn.Conv2d(_DECODER_CHANNELS, POINT_COUNT, 1))
        self.register_buffer("mean_shape", torch.zeros(POINT_COUNT, 2))
        self.register_buffer("mirror", torch.arange(POINT_COUNT))
        self.register_buffer("pose_weights", torch.zeros(2 * len(WHOLE_FACE), 2))

    @classmethod
    def load(cls, path: Path, *, device: torch.device | str = "cpu") -> Self:
        """A trained network, ready to locate.

        Args:
            path: a safetensors file; float16 tensors become float32 in memory.
            device: where it shall run.

        Raises:
            WeightsUnusableError: the file cannot be read or its tensors do not fit.
        """
        network = cls()
        load_weights(network, path)
        _fold_norms(network.eval())
        # Channels last is a third faster on the CPU, where depthwise filters are most of the work.
        return network.to(memory_format=torch.channels_last).to(device)

    def forward(self, crops: torch.Tensor) -> Located:
        """Where the landmarks lie on each crop.

        Args:
            crops: RGB float32 (N, 3, 128, 128), scaled to [-1, 1].
        """
        fine = self.blocks[:_FINE_END](self.stem(crops))
        middle = self.blocks[_FINE_END:_MIDDLE_END](fine)
        coarse = self.blocks[_MIDDLE_END:](middle)
        joined = self.to_fine(self.to_middle(self.top(coarse), middle), fine)
        logits: torch.Tensor = self.head(joined)
        maps = functional.softmax(logits.flatten(2), dim=2).view_as(logits)
        return Located(points=centres_of_mass(maps), maps=maps)


def cell_centres(device: torch.device | str = "cpu") -> torch.Tensor:
    """Where the columns (or rows) of a map lie, float32 (32,), shares of the crop's side.

    >>> [round(float(place), 4) for place in cell_centres()[[0, 16, 31]]]
    [-0.0328, 0.5172, 1.0328]
    """
    shares = (torch.arange(MAP_CELLS, device=device, dtype=torch.float32) + 0.5) / MAP_CELLS
    return 0.5 + (shares - 0.5) * MAP_REACH


def centres_of_mass(maps: torch.Tensor) -> torch.Tensor:
    """The mean place of each map.

    Args:
        maps: float32 (N, P, 32, 32), each summing to 1.

    Returns:
        float32 (N, P, 2), x and y as shares of the crop's side.
    """
    places = cell_centres(maps.device)
    return torch.stack([maps.sum(dim=2) @ places, maps.sum(dim=3) @ places], dim=2)
