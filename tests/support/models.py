"""A tiny complete models folder with seeded, untrained networks, for tests of mechanics.

The landmark network answers the same mean face whatever it sees, laid where the detector's box is:
good enough to level and centre the eyes of a frontal face. The graders' answers mean nothing.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import torch
from safetensors.torch import save_file
from torch import nn

from backend.vision import geometry, landmarks
from backend.vision.network import ARCHITECTURE, build_grader
from backend.vocabulary import GRADES, Attribute

Json = dict[str, Any]


def write_models(folder: Path, *, input_px: int = 64, seed: int = 42) -> Path:
    """Write six files of weights and their manifest.

    Args:
        folder: where to; made if missing.
        input_px: side of the graders' input; small, to be quick.
        seed: of the weights.

    Returns:
        The folder.
    """
    folder.mkdir(parents=True, exist_ok=True)
    landmarks_file = _save(mean_face_network(), folder / "landmarks.safetensors")
    manifest = {
        "schema_version": 1,
        "model_version": "0.0.1-test",
        "created_at": "2026-11-23T00:00:00Z",
        "trained_on": "Nothing: these weights are random.",
        "commit": "0" * 40,
        "licence": "MIT",
        "crop": {
            "side_px": geometry.CROP_SIDE_PX,
            "eye_distance": geometry.EYE_DISTANCE,
            "eye_height": geometry.EYE_HEIGHT,
        },
        "landmarks": landmarks_file
        | {
            "architecture": landmarks.ARCHITECTURE,
            "input_px": landmarks.INPUT_PX,
            "points": landmarks.POINT_COUNT,
        },
        "attributes": {
            attribute.value: _save(
                random_grader(seed + index), folder / f"{attribute.value}.safetensors"
            )
            | _grader_entry(input_px, seed + index)
            for index, attribute in enumerate(Attribute)
        },
    }
    write_manifest(folder, manifest)
    return folder


def read_manifest_json(folder: Path) -> Json:
    """The manifest of a folder, decoded."""
    manifest: Json = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    return manifest


def write_manifest(folder: Path, manifest: Json) -> None:
    """Replace the manifest of a folder."""
    (folder / "manifest.json").write_text(json.dumps(manifest, indent=2), encoding="utf-8")


def edit_manifest(folder: Path, edit: Callable[[Json], object]) -> None:
    """Change the manifest of a folder in place."""
    manifest = read_manifest_json(folder)
    edit(manifest)
    write_manifest(folder, manifest)


def random_grader(seed: int) -> nn.Module:
    """A grader with random weights, in evaluation mode.

    Its batch norms have seen noise and its classifier is scaled up, so that activations neither die
    out nor explode, and probabilities and maps differ visibly between photos.
    """
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        network = build_grader().train()
        for module in network.modules():
            if isinstance(module, nn.BatchNorm2d):
                module.momentum = None  # a plain mean over all that it sees
        with torch.no_grad():
            network(torch.rand(8, 3, 64, 64) * 2 - 1)
            network.get_parameter("classifier.weight").normal_(0.0, 0.05)
    return network.eval()


def mean_face_network() -> landmarks.LandmarkNetwork:
    """A landmark network that always answers one face: eyes in place, the rest on rings below."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        network = landmarks.LandmarkNetwork()
    last = network.head[-1]
    if not isinstance(last, nn.Linear):
        raise TypeError(f"expected the head to end in a linear layer, got {last}")
    with torch.no_grad():
        last.weight.zero_()
        last.bias.zero_()
        network.mean_shape.copy_(torch.from_numpy(_mean_shape()))
    return network.eval()


def _mean_shape() -> np.ndarray[Any, np.dtype[np.float32]]:
    angles = np.linspace(0.0, 2 * np.pi, landmarks.POINT_COUNT, endpoint=False)
    ring = np.stack([0.5 + 0.2 * np.cos(angles), 0.55 + 0.25 * np.sin(angles)], axis=1)
    eyes = landmarks.crop_eyes()
    ring[landmarks.LEFT_EYE], ring[landmarks.RIGHT_EYE] = eyes[0], eyes[1]
    return ring.astype(np.float32)


def _save(network: nn.Module, path: Path) -> Json:
    tensors = {
        name: tensor.half().contiguous() if tensor.is_floating_point() else tensor.contiguous()
        for name, tensor in network.state_dict().items()
    }
    save_file(tensors, path)
    return {"file": path.name, "sha256": hashlib.sha256(path.read_bytes()).hexdigest()}


def _grader_entry(input_px: int, seed: int) -> Json:
    return {
        "architecture": ARCHITECTURE,
        "input_px": input_px,
        "mean": [0.5, 0.5, 0.5],
        "std": [0.5, 0.5, 0.5],
        "interpolation": "area",
        "grades": list(GRADES),
        "decision": "argmax",
        "temperature": 1.0,
        "heatmap_scale": 1.0,
        "evidence": "simulated",
        "metrics": {},
        "seed": seed,
        "data_version": "none",
    }
