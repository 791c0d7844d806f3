"""Graphs that are sealed as those of OpenVINO are, and made at once."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path

from backend.vision.engines import graphs
from backend.vision.engines.seal import put_in_place
from backend.vision.manifest import Manifest


def write_graph(path: Path, *, content: bytes = b"content", weights: bytes = b"weights") -> None:
    """Put a graph at the place of its `.xml`, sealed."""
    with tempfile.TemporaryDirectory(dir=path.parent) as name:
        made = Path(name) / path.name
        made.write_bytes(content)
        made.with_suffix(".bin").write_bytes(weights)
        put_in_place(made, path)


def export_nothing(
    parts: Sequence[graphs.Part], _models_dir: Path, manifest: Manifest, folder: Path
) -> None:
    """What may stand for `graphs._export` where no graph is going to run."""
    for part in parts:
        write_graph(graphs.graph_path(folder, manifest, part))
