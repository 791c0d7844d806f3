"""Graphs on disk: damaged ones are exported anew, older ones go, none that is in use."""

from __future__ import annotations

import hashlib
import logging
import shutil
import subprocess
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest

from backend.errors import GraphsUnusableError
from backend.vision.engines import graphs
from backend.vision.engines.base import EngineName
from backend.vision.engines.choice import EngineWish
from backend.vision.engines.graphs import Part
from backend.vision.engines.seal import GraphFaultError, Seal
from backend.vision.manifest import Manifest, read_manifest
from backend.vision.prediction import Analyser
from tests.support.graphs import export_nothing, write_graph
from tests.support.photos import face_photo

MODELS = Path(__file__).resolve().parents[3] / "models"


def zero_second_half(graph: Path) -> None:
    weights = graph.with_suffix(".bin")
    whole = weights.read_bytes()
    weights.write_bytes(whole[: len(whole) // 2] + bytes(len(whole) - len(whole) // 2))


def cut_weights(graph: Path) -> None:
    weights = graph.with_suffix(".bin")
    weights.write_bytes(weights.read_bytes()[: weights.stat().st_size // 2])


def remove_weights(graph: Path) -> None:
    graph.with_suffix(".bin").unlink()


def cut_graph(graph: Path) -> None:
    graph.write_bytes(graph.read_bytes()[: graph.stat().st_size // 2])


def cut_seal(graph: Path) -> None:
    graph.with_suffix(".sha256").write_bytes(b"\xff")


def remove_seal(graph: Path) -> None:
    graph.with_suffix(".sha256").unlink()


DAMAGES = [zero_second_half, cut_weights, remove_weights, cut_graph, cut_seal]


@pytest.fixture
def exports(monkeypatch: pytest.MonkeyPatch) -> list[list[Part]]:
    """Of which parts graphs were exported; another process that is asked to exports in this one."""
    made: list[list[Part]] = []

    def export(parts: list[Part], models: Path, manifest: Manifest, folder: Path) -> None:
        made.append(list(parts))
        export_nothing(parts, models, manifest, folder)

    def run(command: list[str], **_options: object) -> subprocess.CompletedProcess[str]:
        graphs.export(Path(command[-3]), Path(command[-1]))
        return subprocess.CompletedProcess(command, 0, "", "")

    monkeypatch.setattr(graphs, "_export", export)
    monkeypatch.setattr(subprocess, "run", run)
    return made


@pytest.mark.parametrize("damage", [*DAMAGES, remove_seal])
def test_a_damaged_graph_is_exported_anew_and_the_other_one_is_not(
    tiny_models: Path, tmp_path: Path, exports: list[list[Part]], damage: Callable[[Path], None],
    caplog: pytest.LogCaptureFixture,
) -> None:  # fmt: skip
    manifest = read_manifest(tiny_models)
    graphs.ensure(tiny_models, manifest, tmp_path)
    graph = graphs.graph_path(tmp_path, manifest, Part.GRADERS)
    damage(graph)
    caplog.clear()
    graphs.ensure(tiny_models, manifest, tmp_path)
    graphs.ensure(tiny_models, manifest, tmp_path)
    assert exports == [[Part.LANDMARKS, Part.GRADERS], [Part.GRADERS]]
    assert graph.with_suffix(".bin").read_bytes() == b"weights"
    warnings = [each.getMessage() for each in caplog.records if each.levelno == logging.WARNING]
    # Without a seal it is no graph, as after an export that was interrupted.
    assert len(warnings) == (damage is not remove_seal)
    for said in warnings:
        assert said.startswith(f"{graph} cannot be used (")
        assert said.endswith("): it is exported anew")


def test_damaged_weights_of_the_shipped_networks_change_no_grade(
    graphs_dir: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    wish = EngineWish(EngineName.OPENVINO, graphs_dir=tmp_path)
    manifest = read_manifest(MODELS)
    graphs.ensure(MODELS, manifest, graphs_dir)
    shutil.copytree(graphs_dir, tmp_path, dirs_exist_ok=True)
    intact = Analyser.load(MODELS, wish).analyse(face_photo())
    exported: list[Part] = []

    def export(parts: list[Part], _models: Path, _manifest: Manifest, folder: Path) -> None:
        for part in parts:
            exported.append(part)
            graph = graphs.graph_path(graphs_dir, manifest, part)
            write_graph(
                folder / graph.name,
                content=graph.read_bytes(),
                weights=graph.with_suffix(".bin").read_bytes(),
            )

    def run(command: list[str], **_options: object) -> subprocess.CompletedProcess[str]:
        graphs.export(MODELS, tmp_path)
        return subprocess.CompletedProcess(command, 0, "", "")

    monkeypatch.setattr(graphs, "_export", export)
    monkeypatch.setattr(subprocess, "run", run)
    zero_second_half(graphs.graph_path(tmp_path, manifest, Part.GRADERS))
    # Sealed, so that OpenVINO itself finds it unreadable.
    landmarks = graphs.graph_path(tmp_path, manifest, Part.LANDMARKS)
    write_graph(landmarks, content=landmarks.read_bytes()[:1000])
    healed = Analyser.load(MODELS, wish).analyse(face_photo())
    assert exported == [Part.LANDMARKS, Part.GRADERS]
    for attribute, its in intact.attributes.items():
        assert healed.attributes[attribute].probabilities == its.probabilities


def test_a_graph_that_cannot_be_read_when_made_anew_is_named(
    tiny_models: Path, tmp_path: Path, exports: list[list[Part]]
) -> None:
    manifest = read_manifest(tiny_models)
    graph = graphs.graph_path(tmp_path, manifest, Part.LANDMARKS)

    def read(part: Part, _path: Path, _seal: Seal) -> None:
        if part is Part.LANDMARKS:
            raise RuntimeError("Exception from core.cpp:126:\nno such operation\n")

    with pytest.raises(GraphsUnusableError) as unusable:
        graphs.read_graphs(tiny_models, manifest, tmp_path, read)
    assert str(unusable.value) == (
        f"the graphs in {tmp_path} cannot be made: {graph} cannot be used (no such operation), "
        "though it was just exported. Choose another folder that can be written, or the engine "
        "torch, which needs none"
    )
    with pytest.raises(GraphsUnusableError):
        graphs.read_graphs(tiny_models, manifest, tmp_path, read)
    assert exports == [[Part.LANDMARKS, Part.GRADERS], [Part.LANDMARKS]]


def test_two_servers_that_find_a_graph_damaged_at_once_have_it_exported_once(
    tiny_models: Path, tmp_path: Path, exports: list[list[Part]]
) -> None:
    manifest = read_manifest(tiny_models)
    graphs.ensure(tiny_models, manifest, tmp_path)
    graph = graphs.graph_path(tmp_path, manifest, Part.GRADERS)
    # Sealed as it is, so that each server learns of it only when it reads.
    write_graph(graph, weights=b"other")
    both = Barrier(2, timeout=30)

    def start() -> bytes:
        def read(_part: Part, path: Path, _seal: Seal) -> bytes:
            weights = path.with_suffix(".bin").read_bytes()
            if weights == b"other":
                both.wait()
                raise RuntimeError("cannot be compiled")
            return weights

        return graphs.read_graphs(tiny_models, manifest, tmp_path, read)[Part.GRADERS]

    with ThreadPoolExecutor(2) as servers:
        started = [servers.submit(start) for _ in range(2)]
        assert [one.result(timeout=60) for one in started] == [b"weights"] * 2
    assert exports == [[Part.LANDMARKS, Part.GRADERS], [Part.GRADERS]]


def test_a_graph_that_is_replaced_while_it_is_read_is_read_once_more(
    tiny_models: Path, tmp_path: Path, exports: list[list[Part]]
) -> None:
    manifest = read_manifest(tiny_models)
    graphs.ensure(tiny_models, manifest, tmp_path)
    read: list[Part] = []

    def replaced(part: Part, path: Path, _seal: Seal) -> None:
        if part not in read:
            write_graph(path)
        read.append(part)

    graphs.read_graphs(tiny_models, manifest, tmp_path, replaced)
    assert read == [*Part, *Part]
    assert len(exports) == 1


def test_a_seal_is_what_sha256sum_reads(tmp_path: Path) -> None:
    graph = tmp_path / "graph.xml"
    write_graph(graph, content=b"text", weights=b"numbers")
    hashes = [hashlib.sha256(each).hexdigest() for each in (b"numbers", b"text")]
    assert graph.with_suffix(".sha256").read_text() == (
        f"{hashes[0]}  graph.bin\n{hashes[1]}  graph.xml\n"
    )
    seal = Seal(graph)
    seal.check()
    assert seal.is_in_place
    cut_weights(graph)
    with pytest.raises(GraphFaultError, match=r"graph\.bin is not as it was exported"):
        seal.check()


def test_older_graphs_go_after_an_export_but_for_those_in_use(
    tiny_models: Path, tmp_path: Path, exports: list[list[Part]], monkeypatch: pytest.MonkeyPatch
) -> None:
    hexes = "0123456789abcdef"
    monkeypatch.setattr(graphs, "version", lambda _package: "2026.4.1")
    monkeypatch.setattr(graphs, "FORMAT", 7)
    older, other_openvino, in_use = "2026.4.1-6", "2026.3.0-7", "2026.3.0-5"
    others_weights, newer, unknown = "2026.4.1-7", "2026.5.0-8", "notes.sha256"
    for name in (older, other_openvino, in_use, others_weights, newer):
        write_graph(tmp_path / f"graders-{hexes}-{name}.xml")
    unsealed = tmp_path / f"graders-{hexes}-2026.4.1-4.xml"
    unsealed.touch()
    (tmp_path / unknown).touch()
    seal = Seal(tmp_path / f"graders-{hexes}-{in_use}.xml")
    graphs.ensure(tiny_models, read_manifest(tiny_models), tmp_path)
    assert len(exports) == 1
    left = {path.name.removeprefix(f"graders-{hexes}-") for path in tmp_path.glob(f"*{hexes}*")}
    expected = {name + end for name in (in_use, others_weights, newer) for end in (
        ".xml", ".bin", ".sha256")}  # fmt: skip
    assert left == {*expected, "2026.4.1-4.xml"}
    assert (tmp_path / unknown).exists()
    assert seal.is_in_place


def test_a_graph_is_in_use_as_long_as_its_seal_is_held(
    tiny_models: Path, tmp_path: Path, exports: list[list[Part]], monkeypatch: pytest.MonkeyPatch
) -> None:
    manifest = read_manifest(tiny_models)
    held = graphs.read_graphs(tiny_models, manifest, tmp_path, lambda _part, _path, seal: seal)
    monkeypatch.setattr(graphs, "FORMAT", graphs.FORMAT + 1)
    before = set(tmp_path.glob("*.xml"))
    graphs.ensure(tiny_models, manifest, tmp_path)
    assert before < set(tmp_path.glob("*.xml"))
    del held
    monkeypatch.setattr(graphs, "FORMAT", graphs.FORMAT + 1)
    graphs.ensure(tiny_models, manifest, tmp_path)
    assert len(exports) == 3
    assert len(list(tmp_path.glob("*.xml"))) == 2
