"""The usual way: the same photo, face and networks; pytorch-grad-cam as its documentation shows.

Five forward and backward passes in PyTorch, and five coloured pictures, as tutorials send them; or
five maps as JSON lists of numbers, as the system did that this one replaces.
"""

from __future__ import annotations

import base64
from collections.abc import Callable
from enum import StrEnum
from pathlib import Path
from typing import Any, Final

import cv2
import numpy as np
import torch
from pytorch_grad_cam import GradCAM
from pytorch_grad_cam.utils.image import show_cam_on_image

from backend.vision.engines.reference import load_locator
from backend.vision.face import FaceFinder
from backend.vision.geometry import Photo, align
from backend.vision.manifest import GraderEntry, read_manifest
from backend.vision.network import load_grader, to_tensor
from backend.vision.photo import MAX_PIXELS
from backend.vision.portrait import read_portrait
from backend.vision.stopwatch import Stopwatch

MODELS_VARIABLE: Final = "BENCHMARK_MODELS"
"""The models folder of a server that takes no arguments of its own."""
_LAST_ACTIVATIONS: Final = "bn2"


class Answer(StrEnum):
    """How maps are sent."""

    PICTURES = "pictures"
    LISTS = "lists"


class UsualWay:
    """A photo's five grades and maps."""

    def __init__(self, models: Path, *, device: str = "cpu") -> None:
        """Load the networks of a models folder."""
        manifest = read_manifest(models)
        self._device = device
        self._finder = FaceFinder(load_locator(models / manifest.landmarks.file, device=device))
        self._graders = {
            attribute.value: (entry, _network(models, entry).to(device))
            for attribute, entry in manifest.attributes.items()
        }

    def crop_of(self, data: bytes) -> Photo:
        """The aligned crop of a file, RGB uint8 (512, 512, 3)."""
        found = read_portrait(data, self._finder, max_pixels=MAX_PIXELS, stopwatch=Stopwatch())
        eyes = (found.face.left_eye, found.face.right_eye)
        return align(found.photo, left_eye=eyes[0], right_eye=eyes[1]).pixels

    def bare(self, crop: Photo) -> Callable[[], None]:
        """What runs the five networks on a crop that is prepared here, and nothing else."""
        prepared = [
            (network, self._input(crop, entry)) for entry, network in self._graders.values()
        ]

        def run() -> None:
            with torch.inference_mode():
                for network, tensor in prepared:
                    network(tensor)

        return run

    def grade(self, crop: Photo) -> dict[str, tuple[int, Any]]:
        """Per attribute the likeliest grade and its map, float32 (S, S) in [0, 1]."""
        found = {}
        for name, (entry, network) in self._graders.items():
            layers = [network.get_submodule(_LAST_ACTIVATIONS)]
            with GradCAM(model=network, target_layers=layers) as cam:
                maps = cam(input_tensor=self._input(crop, entry), targets=None)
                found[name] = (int(cam.outputs.argmax()), maps[0])
        return found

    def answer(self, data: bytes, how: Answer) -> dict[str, Any]:
        """What is sent for a file."""
        crop = self.crop_of(data)
        return {
            name: {"grade": grade, "heatmap": _sent(heatmap, crop, how)}
            for name, (grade, heatmap) in self.grade(crop).items()
        }

    def _input(self, crop: Photo, entry: GraderEntry) -> torch.Tensor:
        inputs = to_tensor(crop, entry.input_spec)[None]
        return inputs.to(self._device, memory_format=torch.channels_last)


def _network(models: Path, entry: GraderEntry) -> torch.nn.Module:
    network = load_grader(
        models / entry.file, entry.architecture, output_stride=entry.output_stride
    )
    return network.to(memory_format=torch.channels_last).eval()


def _sent(heatmap: Any, crop: Photo, how: Answer) -> Any:
    if how is Answer.LISTS:
        return heatmap.tolist()
    side_px = heatmap.shape[0]
    under = cv2.resize(crop, (side_px, side_px), interpolation=cv2.INTER_AREA)
    overlay = show_cam_on_image(np.float32(under) / 255, heatmap, use_rgb=True)
    _, encoded = cv2.imencode(".png", overlay[..., ::-1])
    return base64.b64encode(encoded.tobytes()).decode("ascii")
