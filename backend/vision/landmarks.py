"""The landmark network: where 189 points of a face lie, found in two passes.

The points are those of the Face Research Lab London Set, in its order (DeBruine & Jones 2017,
https://doi.org/10.6084/m9.figshare.5047666.v5). The first pass looks at a crop placed by the
detector's box, the second at a crop placed by the first pass's points, which is level and centred
and therefore easier.

The body is the stem and the first eleven blocks of EfficientNet-Lite0 (Tan & Le 2019,
arXiv:1905.11946; the Lite variant has ReLU6 and no squeeze-and-excite), so that training can start
from ImageNet weights.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final, Self

import numpy as np
import numpy.typing as npt
import torch
from torch import nn

from backend.vision import geometry
from backend.vision.geometry import FloatArray, Photo
from backend.vision.network import load_weights

ARCHITECTURE: Final = "lite0-112-189"
"""The name under which the manifest lists this network."""
POINT_COUNT: Final = 189
INPUT_PX: Final = 128
"""Side of the square that the network reads, in pixels."""

LEFT_EYE: Final = 0
"""The eye centre on the image's left, which is the person's own right."""
RIGHT_EYE: Final = 1
"""The eye centre on the image's right."""

CROP_EYE_DISTANCE: Final = 0.28
"""Distance between the eye centres as a share of the network's crop.

Less than the 0.36 of the aligned crop: hair, ears and chin must still be inside when the
detector's box is a fifth off.
"""

_BOX_EYE_X, _BOX_EYE_Y, _BOX_EYE_DISTANCE = 0.504, 0.275, 0.423
"""Where the point between the eyes lies in the detector's box, and how far they are apart, as
shares of its width: means over the 52 training people."""

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
_HEAD_CHANNELS: Final = 48
_HEAD_WIDTH: Final = 256

Box = tuple[float, float, float, float]
"""x, y of the upper left corner, width, height; photo pixels."""
Landmarks = npt.NDArray[np.float32]
"""float32 (189, 2), x and y."""


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
            layers += [nn.Conv2d(inputs, width, 1, bias=False), _norm(width), nn.ReLU6()]
        layers += [
            nn.Conv2d(width, width, kernel_px, stride, kernel_px // 2, groups=width, bias=False),
            _norm(width),
            nn.ReLU6(),
            nn.Conv2d(width, outputs, 1, bias=False),
            _norm(outputs),
        ]
        self.layers = nn.Sequential(*layers)
        self.adds_input = stride == 1 and inputs == outputs

    def forward(self, features: torch.Tensor) -> torch.Tensor:
        """From float32 (N, inputs, H, W) to float32 (N, outputs, H / stride, W / stride)."""
        out: torch.Tensor = self.layers(features)
        return features + out if self.adds_input else out


def _norm(channels: int) -> nn.BatchNorm2d:
    # Epsilon and momentum of the ImageNet weights.
    return nn.BatchNorm2d(channels, eps=1e-3, momentum=0.01)


class LandmarkNetwork(nn.Module):
    """A small network from a face crop to the places of its landmarks.

    Attributes:
        mean_shape: float32 (189, 2), the mean face as shares of the crop's side; the network
            predicts departures from it, and the second pass's crop is placed by it.
    """

    mean_shape: torch.Tensor

    def __init__(self, *, drop_rate: float = 0.0) -> None:
        """Build the network with untrained weights and a mean shape of zeros.

        Args:
            drop_rate: share of the head's inner features dropped in training.
        """
        super().__init__()
        self.stem = nn.Sequential(nn.Conv2d(3, 32, 3, 2, 1, bias=False), _norm(32), nn.ReLU6())
        self.blocks = nn.Sequential(*(InvertedResidual(*block) for block in _BLOCKS))
        cells = (INPUT_PX // 16) ** 2
        self.head = nn.Sequential(
            nn.Conv2d(_BLOCKS[-1][1], _HEAD_CHANNELS, 1, bias=False),
            nn.BatchNorm2d(_HEAD_CHANNELS),
            nn.ReLU(),
            nn.Flatten(),
            nn.Linear(_HEAD_CHANNELS * cells, _HEAD_WIDTH),
            nn.ReLU(),
            nn.Dropout(drop_rate),
            nn.Linear(_HEAD_WIDTH, POINT_COUNT * 2),
        )
        self.register_buffer("mean_shape", torch.zeros(POINT_COUNT, 2))

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
        # Channels last is a third faster on the CPU, where depthwise filters are most of the work.
        return network.to(memory_format=torch.channels_last).to(device).eval()

    def forward(self, crops: torch.Tensor) -> torch.Tensor:
        """Where the landmarks lie on each crop.

        Args:
            crops: RGB float32 (N, 3, 128, 128), scaled to [-1, 1].

        Returns:
            float32 (N, 189, 2), x and y as shares of the crop's side; 0 and 1 are its edges, and
            points outside the crop lie beyond them.
        """
        departures: torch.Tensor = self.head(self.blocks(self.stem(crops)))
        return self.mean_shape + departures.view(-1, POINT_COUNT, 2)

    @torch.inference_mode()
    def locate(self, photo: Photo, box: Box) -> Landmarks:
        """Find the landmarks of the face in a box.

        Args:
            photo: RGB uint8 (H, W, 3).
            box: the detector's box of the face, photo pixels.

        Returns:
            float32 (189, 2), photo pixels; points may lie outside the photo.
        """
        first = self._locate_on_crop(photo, eyes_in_box(box))
        return self._locate_on_crop(photo, self._level_eyes(first)).astype(np.float32)

    def _locate_on_crop(self, photo: Photo, eyes: FloatArray) -> FloatArray:
        crop, to_photo = cut_crop(photo, eyes)
        tensor = pixels_to_tensor(crop)[None].to(self.mean_shape.device)
        shares = self(tensor)[0].double().cpu().numpy()
        return geometry.transform_points(shares * INPUT_PX, to_photo)

    def _level_eyes(self, landmarks: FloatArray) -> FloatArray:
        # The eyes of the mean face laid over all points: one badly placed eye moves it little.
        mean = self.mean_shape.double().cpu().numpy()
        return geometry.transform_points(crop_eyes(), fit_similarity(mean, landmarks))


def crop_eyes() -> FloatArray:
    """Where the eye centres belong on the network's crop, float64 (2, 2), shares of its side.

    >>> crop_eyes().round(2).tolist()
    [[0.36, 0.42], [0.64, 0.42]]
    """
    half = CROP_EYE_DISTANCE / 2
    height = geometry.EYE_HEIGHT
    return np.array([[0.5 - half, height], [0.5 + half, height]])


def eyes_in_box(box: Box) -> FloatArray:
    """Where a detector's box lets the eye centres be expected.

    Args:
        box: x, y, width, height.

    Returns:
        float64 (2, 2), left then right, in the box's unit.

    >>> eyes_in_box((100.0, 50.0, 200.0, 200.0)).round(1).tolist()
    [[158.5, 105.0], [243.1, 105.0]]
    """
    x, y, width, height = box
    centre = np.array([x + _BOX_EYE_X * width, y + _BOX_EYE_Y * height])
    half = np.array([_BOX_EYE_DISTANCE * width / 2, 0.0])
    return np.stack([centre - half, centre + half])


def cut_crop(photo: Photo, eyes: npt.ArrayLike) -> tuple[Photo, FloatArray]:
    """Cut the square that the network reads.

    Args:
        photo: RGB uint8 (H, W, 3).
        eyes: (2, 2), the eye centres, left then right, photo pixels.

    Returns:
        The crop RGB uint8 (128, 128, 3), and float64 (2, 3), the map from its pixels to the
        photo's.

    Raises:
        ValueError: the two eyes coincide.
    """
    left, right = np.asarray(eyes, float)
    # The aligned crop puts its eyes further apart; eyes moved outwards make it cut a wider square.
    centre, half = (left + right) / 2, (right - left) / 2
    wider = half * geometry.EYE_DISTANCE / CROP_EYE_DISTANCE
    crop = geometry.align(
        photo, left_eye=centre - wider, right_eye=centre + wider, side_px=INPUT_PX
    )
    return crop.pixels, crop.to_photo


def pixels_to_tensor(crop: Photo) -> torch.Tensor:
    """Scale a crop RGB uint8 (S, S, 3) to float32 (3, S, S) in [-1, 1]."""
    return torch.from_numpy(crop).permute(2, 0, 1).float() / 127.5 - 1.0


def fit_similarity(source: npt.ArrayLike, target: npt.ArrayLike) -> FloatArray:
    """The shift, turn and scale that lay one set of points best over another.

    Least squares with complex numbers, where turn and scale are one factor; no reflection.

    Args:
        source: points (N, 2).
        target: points (N, 2), in the same order.

    Returns:
        float64 (2, 3), from source to target.

    Raises:
        ValueError: all source points coincide.

    >>> fit_similarity([(0, 0), (1, 0)], [(5, 5), (5, 7)]).round(6).tolist()
    [[0.0, -2.0, 5.0], [2.0, 0.0, 5.0]]
    """
    start, end = (np.asarray(points, float) @ np.array([1.0, 1.0j]) for points in (source, target))
    start_centre, end_centre = start.mean(), end.mean()
    spread = float((np.abs(start - start_centre) ** 2).sum())
    if not spread > 0:
        raise ValueError(f"expected at least two distinct points, got {len(start)} equal ones")
    turn = complex(((end - end_centre) * (start - start_centre).conj()).sum() / spread)
    shift = complex(end_centre - turn * start_centre)
    return np.array([[turn.real, -turn.imag, shift.real], [turn.imag, turn.real, shift.imag]])
