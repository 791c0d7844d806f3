"""Networks as OpenVINO graphs: exported once for their weights, and never stale.

`python -m backend.vision.engines.graphs --models models --out FOLDER` exports what is missing. A
server that finds a graph missing runs this in a process of its own, so that it need not load
PyTorch itself. A graph is named after its weights' hashes, the version of OpenVINO and `FORMAT`:
other weights have other graphs.
"""

from __future__ import annotations

import argparse
import fcntl
import hashlib
import importlib
import logging
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from enum import StrEnum
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

from backend.errors import GraphsUnusableError
from backend.vision.engines.library import import_openvino
from backend.vision.manifest import GraderEntry, LandmarksEntry, Manifest, read_manifest

FORMAT: Final = 4
"""Counts the ways in which this module has exported graphs."""

_log = logging.getLogger(__name__)


class Part(StrEnum):
    """What is one graph."""

    LANDMARKS = "landmarks"
    GRADERS = "graders"
    """All of them, so that what some have in common is computed once."""


def graph_path(folder: Path, manifest: Manifest, part: Part) -> Path:
    """Where a graph lies, or would lie: the `.xml` beside its `.bin`."""
    networks = [
        f"{entry.sha256} {entry.architecture} {entry.input_px} {_stride(entry)}"
        for entry in _entries(manifest, part)
    ]
    digest = hashlib.sha256("\n".join(networks).encode()).hexdigest()
    return folder / f"{part}-{digest[:16]}-{version('openvino')}-{FORMAT}.xml"


def missing(folder: Path, manifest: Manifest) -> list[Part]:
    """The graphs that are not there yet."""
    return [part for part in Part if not graph_path(folder, manifest, part).exists()]


def ensure(models_dir: Path, manifest: Manifest, folder: Path) -> None:
    """Have every graph that is missing exported by another process.

    Args:
        models_dir: the folder of the weights, whose hashes were checked.
        manifest: its manifest.
        folder: where graphs are kept; made when missing.

    Raises:
        GraphsUnusableError: the export failed; the sentence ends with what it said last.
    """
    lacking = missing(folder, manifest)
    if not lacking:
        return
    _log.info("exporting %d graphs for OpenVINO into %s, this once", len(lacking), folder)
    command = [sys.executable, "-m", __name__, "--models", str(models_dir), "--out", str(folder)]
    ran = subprocess.run(command, capture_output=True, text=True, check=False)
    if ran.returncode != 0:
        said = (ran.stderr.strip().splitlines() or [f"exit status {ran.returncode}"])[-1]
        raise GraphsUnusableError(folder, reason=said)


def export(models_dir: Path, folder: Path) -> None:
    """Export the graphs that are missing; loads PyTorch.

    Of several processes that want the same graphs at once, one exports them and the others wait.
    """
    manifest = read_manifest(models_dir)
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "export.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        lacking = missing(folder, manifest)
        if lacking:
            _export(lacking, models_dir, manifest, folder)


def _export(lacking: Sequence[Part], models_dir: Path, manifest: Manifest, folder: Path) -> None:
    reference: Any = importlib.import_module("backend.vision.engines.reference")
    openvino = import_openvino()
    torch: Any = importlib.import_module("torch")
    for part in lacking:
        entries = _entries(manifest, part)
        if part is Part.LANDMARKS:
            network = reference.load_landmarks_graph(models_dir, manifest.landmarks)
        else:
            network = reference.load_graders_graph(models_dir, entries)
        shape = [1, 3, entries[0].input_px, entries[0].input_px]
        example = torch.zeros(shape)
        # OpenVINO would trace it itself, and by default a trace is checked by a second one.
        traced = torch.jit.trace(network, example, strict=False, check_trace=False)
        converted = openvino.convert_model(traced, example_input=example, input=shape)
        path = graph_path(folder, manifest, part)
        with tempfile.TemporaryDirectory(dir=folder) as name:
            # The weights of graders are float16 on disk, but what is folded into them is not.
            openvino.save_model(converted, Path(name) / path.name, compress_to_fp16=False)
            # A graph is there when its .xml is.
            for suffix in (".bin", ".xml"):
                (Path(name) / path.with_suffix(suffix).name).chmod(0o644)
                (Path(name) / path.with_suffix(suffix).name).replace(path.with_suffix(suffix))


def _entries(manifest: Manifest, part: Part) -> Sequence[GraderEntry | LandmarksEntry]:
    if part is Part.LANDMARKS:
        return [manifest.landmarks]
    return list(manifest.attributes.values())


def _stride(entry: GraderEntry | LandmarksEntry) -> int | None:
    return entry.output_stride if isinstance(entry, GraderEntry) else None


def main() -> None:
    """Read the command line and export."""
    parser = argparse.ArgumentParser(prog=f"python -m {__spec__.name}", description=__doc__)
    parser.add_argument("--models", type=Path, default=Path("models"))
    parser.add_argument("--out", type=Path, required=True, help="folder of the graphs")
    given = parser.parse_args()
    export(given.models, given.out)


if __name__ == "__main__":
    main()
