"""A tiny complete models folder with seeded, untrained graders, for tests of mechanics.

The landmark network is the shipped one; the graders' answers mean nothing.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import torch
from safetensors.torch import save_file
from torch import nn

from backend.vision import geometry
from backend.vision.network import ARCHITECTURE, build_grader
from backend.vision.regions import Region
from backend.vocabulary import GRADES, Attribute

Json = dict[str, Any]

SHIPPED: Final = Path(__file__).resolve().parents[2] / "models"
LANDMARKS: Final = "landmarks.safetensors"


def write_models(folder: Path, *, input_px: int = 64, seed: int = 42) -> Path:
    """Write five graders, the shipped landmark network and their manifest.

    Args:
        folder: where to; made if missing.
        input_px: side of the graders' input; small, to be quick.
        seed: of the weights.

    Returns:
        The folder.
    """
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copy(SHIPPED / LANDMARKS, folder / LANDMARKS)
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
        "landmarks": read_manifest_json(SHIPPED)["landmarks"],
        "attributes": {
            attribute.value: _save(
                random_grader(seed + index), folder / f"{attribute.value}.safetensors"
            )
            | _grader_entry(input_px, seed + index)
            for index, attribute in enumerate(Attribute)
        },
        "steadiness": {attribute.value: _steadiness_entry() for attribute in Attribute},
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


def _save(network: nn.Module, path: Path) -> Json:
    tensors = {
        name: tensor.half().contiguous() if tensor.is_floating_point() else tensor.contiguous()
        for name, tensor in network.state_dict().items()
    }
    save_file(tensors, path)
    return {"file": path.name, "sha256": hashlib.sha256(path.read_bytes()).hexdigest()}


def _steadiness_entry() -> Json:
    return {
        "deviation": 0.2,
        "photos": 9,
        "regions": {region.value: 0.01 for region in Region} | {Region.GLABELLA.value: 0.0},
    }


def _grader_entry(input_px: int, seed: int) -> Json:
    return {
        "architecture": ARCHITECTURE,
        "input_px": input_px,
        "mean": [0.5, 0.5, 0.5],
        "std": [0.5, 0.5, 0.5],
        "interpolation": "area",
        "grades": list(GRADES),
        "decision": "argmax",
        "class_shares": [0.2, 0.2, 0.2, 0.2, 0.2],
        "interval": {"mass": 0.9, "coverage": 0.9},
        "temperature": 1.0,
        "heatmap_scale": 1.0,
        "evidence": "simulated",
        "metrics": {},
        "seed": seed,
        "data_version": "none",
    }
