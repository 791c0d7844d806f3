"""Networks as OpenVINO graphs: exported once for their weights, and never stale.

`python -m backend.vision.engines.graphs --models models --out FOLDER` exports what is missing or
damaged. A server that finds a graph so runs this in a process of its own, so that it need not load
PyTorch itself. A graph is named after its weights' hashes, the version of OpenVINO and `FORMAT`:
other weights have other graphs.
"""

from __future__ import annotations

import argparse
import fcntl
import hashlib
import importlib
import logging
import re
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final, TypeVar

from backend.errors import GraphsUnusableError
from backend.vision.engines.library import import_openvino
from backend.vision.engines.seal import (
    SUFFIX,
    GraphFaultError,
    Seal,
    put_in_place,
    remove,
    remove_unless_in_use,
)
from backend.vision.manifest import GraderEntry, LandmarksEntry, Manifest, read_manifest

FORMAT: Final = 5
"""Counts the ways in which this module has exported graphs."""
_NAME: Final = re.compile(r"(?:landmarks|graders)-[0-9a-f]{16}-(?P<openvino>.+)-(?P<format>\d+)")

_Read = TypeVar("_Read")

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


@dataclass(frozen=True, slots=True)
class _Fault:
    """Why a graph could not be read, and its seal where that was there."""

    path: Path
    reason: str
    seal: Seal | None = None


def read_graphs(
    models_dir: Path, manifest: Manifest, folder: Path, read: Callable[[Part, Path, Seal], _Read]
) -> Mapping[Part, _Read]:
    """Have every graph read; what is missing, damaged or cannot be read is exported anew, once.

    Args:
        models_dir: the folder of the weights, whose hashes were checked.
        manifest: its manifest.
        folder: where graphs are kept; made when missing.
        read: reads one from its `.xml`; keeps its seal as long as the graph is in use. Raises an
            OSError or RuntimeError if it cannot.

    Raises:
        GraphsUnusableError: a graph cannot be made, or was made anew and still cannot be read.
    """
    found, faults = _read_parts(Part, manifest, folder, read)
    if not faults:
        return found
    for fault in faults.values():
        if fault.seal is not None:
            _log.warning("%s: it is exported anew", fault.reason)
    try:
        _withdraw(folder, [fault for fault in faults.values() if fault.seal is not None])
    except OSError as error:
        raise GraphsUnusableError(folder, reason=str(error)) from error
    _export_elsewhere(models_dir, folder, count=len(faults))
    others, faults = _read_parts(list(faults), manifest, folder, read)
    for fault in faults.values():
        raise GraphsUnusableError(folder, reason=f"{fault.reason}, though it was just exported")
    return {**found, **others}


def ensure(models_dir: Path, manifest: Manifest, folder: Path) -> None:
    """Have every graph that is missing or damaged exported by another process.

    Arguments and errors as in `read_graphs`.
    """
    read_graphs(models_dir, manifest, folder, lambda *_given: None)


def _read_parts(
    parts: Iterable[Part],
    manifest: Manifest,
    folder: Path,
    read: Callable[[Part, Path, Seal], _Read],
) -> tuple[dict[Part, _Read], dict[Part, _Fault]]:
    found: dict[Part, _Read] = {}
    faults: dict[Part, _Fault] = {}
    for part in parts:
        path = graph_path(folder, manifest, part)
        try:
            seal = Seal(path)
        except OSError as error:
            faults[part] = _Fault(path, str(error))
            continue
        try:
            seal.check()
            found[part] = read(part, path, seal)
            if not seal.is_in_place:
                raise GraphFaultError(f"{path.name} was replaced while it was read")
        except (GraphFaultError, OSError, RuntimeError) as error:
            found.pop(part, None)
            said = (str(error).strip().splitlines() or [type(error).__name__])[-1]
            faults[part] = _Fault(path, f"{path} cannot be used ({said})", seal)
    return found, faults


def _withdraw(folder: Path, faults: Sequence[_Fault]) -> None:
    """Remove graphs that cannot be used, unless somebody else has put others there meanwhile."""
    if not faults:
        return
    with _alone(folder):
        for fault in faults:
            if fault.seal is not None and fault.seal.is_in_place:
                remove(fault.path)


def _export_elsewhere(models_dir: Path, folder: Path, *, count: int) -> None:
    _log.info("exporting %d graphs for OpenVINO into %s, this once", count, folder)
    command = [sys.executable, "-m", __name__, "--models", str(models_dir), "--out", str(folder)]
    ran = subprocess.run(command, capture_output=True, text=True, check=False)
    if ran.returncode != 0:
        said = (ran.stderr.strip().splitlines() or [f"exit status {ran.returncode}"])[-1]
        raise GraphsUnusableError(folder, reason=said)


def export(models_dir: Path, folder: Path) -> None:
    """Export the graphs that are missing or damaged; loads PyTorch.

    Of several processes that want the same graphs at once, one exports them and the others wait.
    """
    manifest = read_manifest(models_dir)
    folder.mkdir(parents=True, exist_ok=True)
    with _alone(folder):
        lacking = list(_read_parts(Part, manifest, folder, lambda *_given: None)[1])
        if lacking:
            _export(lacking, models_dir, manifest, folder)
            _remove_older(folder)


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """As the only process that changes graphs in a folder."""
    with (folder / "export.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _remove_older(folder: Path) -> None:
    """Remove graphs that no server of this version can read.

    Another server may read them, of an earlier version or with another OpenVINO. That takes no
    harm: it holds a lock on the seal before it looks at the graph and as long as it runs, and what
    is locked stays. If it comes while the graph is being removed, it finds it gone and exports it.
    Graphs of formats up to 4 have no seal, and whether one is about to be read nobody can tell:
    they stay, and whoever runs no server of that time any more may delete them.
    """
    present = (version("openvino"), FORMAT)
    for sealed in folder.glob(f"*{SUFFIX}"):
        named = _NAME.fullmatch(sealed.stem)
        if named is None:
            continue
        its = (named["openvino"], int(named["format"]))
        # A later format is that of a server newer than this one.
        if its != present and its[1] <= FORMAT:
            remove_unless_in_use(sealed.with_suffix(".xml"))


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
            put_in_place(Path(name) / path.name, path)


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
